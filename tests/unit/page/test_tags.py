"""Tags: what Anki has, as Obsidian can hold it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ankivault.convert.page.tags import to_obsidian_tags
from tests.judges.page_properties import is_tag

tags = st.one_of(
    st.text(st.characters(), min_size=1, max_size=20),
    st.text(st.sampled_from("aB1::/_-.é日\u200d#!"), min_size=1, max_size=12),
)


@pytest.mark.parametrize(
    ("tag", "mapped"),
    [
        ("verb", "verb"),
        ("economics::poverty", "economics/poverty"),
        ("日本::語-1_a", "日本/語-1_a"),
        ("🎉", "🎉"),
        ("2021::05a", "2021/05a"),
    ],
)
def test_a_tag_that_obsidian_can_hold(tag: str, mapped: str) -> None:
    assert to_obsidian_tags([tag]) == ([mapped], False)


@pytest.mark.parametrize(
    ("tag", "mapped"),
    [
        ("a/b", ["a/b"]),
        ("2021", ["2021_"]),
        ("1::2", ["1/2_"]),
        ("c++", ["c__"]),
        ("it's", ["it_s"]),
        ("a:b", ["a_b"]),
        ("::a::::b::", ["a/b"]),
        ("::", []),
        ("zero\u200bwidth", ["zerowidth"]),
    ],
)
def test_a_tag_that_loses_something(tag: str, mapped: list[str]) -> None:
    assert to_obsidian_tags([tag]) == (mapped, True)


def test_tags_that_become_one() -> None:
    assert to_obsidian_tags(["a.b", "A_B"]) == (["a_b"], True)


@given(st.lists(tags, max_size=6))
def test_obsidian_takes_every_mapped_tag_and_nothing_is_lost_unsaid(given_tags: list[str]) -> None:
    mapped, lossy = to_obsidian_tags(given_tags)
    assert [tag for tag in mapped if not is_tag(tag)] == []
    assert len({tag.casefold() for tag in mapped}) == len(mapped)
    if not lossy:
        assert [tag.replace("/", "::") for tag in mapped] == given_tags
