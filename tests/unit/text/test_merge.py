"""Three-way merges, judged by what they promise rather than by how."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ankivault.convert.text.merge import merge_lines, merge_tags, merge_words, same_tags

LINES = st.lists(st.sampled_from("abcdef"), max_size=8).map(
    lambda lines: "".join(f"{x}\n" for x in lines)
)


@given(LINES, LINES)
def test_one_sides_edit_is_the_result(base: str, edited: str) -> None:
    for merge in (merge_lines, merge_words):
        assert merge(base, edited, base) == merge(base, base, edited) == edited
        assert merge(base, edited, edited) == edited


@given(LINES, LINES, LINES)
def test_sides_are_equal_and_nothing_is_made_up(base: str, ours: str, theirs: str) -> None:
    merged = merge_lines(base, ours, theirs)
    assert merged == merge_lines(base, theirs, ours)
    if merged is not None:
        assert {*merged} <= {*ours, *theirs}


def test_edits_apart_merge_and_edits_of_the_same_line_do_not() -> None:
    assert merge_lines("a\nb\nc", "A\nb\nc", "a\nb\nC") == "A\nb\nC"
    assert merge_lines("a\nb", "A\nb", "a\nB") == "A\nB"
    assert merge_lines("a\n\nb", "a\n\nb\n\nnew", "x\n\nb") == "x\n\nb\n\nnew"
    assert merge_lines("a\nb", "A\nb", "X\nb") is None
    assert merge_lines("a", "a\nb", "a\nc") is None
    assert (
        merge_words("<b>a</b> c d", "<b>a</b> c e", '<b id="x">a</b> c d') == '<b id="x">a</b> c e'
    )


def test_a_long_text_of_few_words_takes_no_longer() -> None:
    base = " ".join(f"w{number % 50}" for number in range(20_000))
    assert merge_words(base, base + " end", base) == base + " end"
    merge_words(base, base.replace("w7", "v7", 3), base[:-5] + "zz")


TAGS = st.lists(st.sampled_from(["a", "A", "b", "B::c", "d"]), max_size=4)


@given(TAGS, TAGS, TAGS)
def test_tags_are_added_and_removed_by_either_side(
    base: list[str], ours: list[str], theirs: list[str]
) -> None:
    merged = {tag.casefold() for tag in merge_tags(base, ours, theirs)}
    b, o, t = ({tag.casefold() for tag in tags} for tags in (base, ours, theirs))
    assert merged == (o & t) | (o - b) | (t - b)
    assert same_tags(merge_tags(base, theirs, ours), merged)
