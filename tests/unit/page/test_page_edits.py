"""What a person changed among our properties, however Obsidian or a plugin wrote it down."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ankivault.convert.page.note import NoteText, PageStyle
from ankivault.convert.page.page_text import split_page, update_page
from ankivault.convert.page.properties import PropertiesError, write_new
from ankivault.convert.page.property_edits import PropertyEdits, read_edits, to_anki_tag
from ankivault.convert.page.render import own_properties

NOTE = NoteText(7, "g:{", "Book Notes::Economics", "Cloze", (), ("a::b", "c"))
STYLE = PageStyle()
HELD = own_properties(NOTE, STYLE, "Title")
WRITTEN = write_new(HELD)
LOSSY = replace(NOTE, tags=("it's", "its", "it!s", "c"))
HELD_LOSSY = own_properties(LOSSY, STYLE, "Title")


def edit(*changes: tuple[str, str], held: object = None) -> PropertyEdits:
    own = HELD_LOSSY if held is not None else HELD
    text = write_new(own)
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return read_edits(text, own)


@pytest.mark.parametrize(
    ("old", "new", "added", "removed"),
    [
        ("", "", (), ()),
        ("  - a/b\n", "", (), ("a::b",)),
        ("  - c\n", "", (), ("c",)),
        ("tags:\n  - a/b\n  - c\n", "", (), ("a::b", "c")),
        ("tags:\n  - a/b\n  - c\n", "tags: []\n", (), ("a::b", "c")),
        ("tags:\n  - a/b\n  - c\n", "tags: [c, 'A/b']\n", (), ()),
        ("tags:\n  - a/b\n  - c\n", "tags: a/b, c new/tag\n", ("new::tag",), ()),
        ("tags:\n  - a/b\n  - c\n", 'tags: "#a/b, #c"\n', (), ()),
        ("tags:\n  - a/b\n  - c\n", "tags: c\n", (), ("a::b",)),
        (
            "  - c\n",
            "  - c\n  - 2024\n  - two words\n  - ü/中\n",
            ("2024", "two_words", "ü::中"),
            (),
        ),
        ("  - c\n", "  - c\n  - c++\n  - leech\n  - Marked\n", ("c++",), ()),
        ("  - c\n", "  - C\n  -\n", (), ()),
        ("tags:", "anki_tags:\n  - d::e\ntags:", ("d::e",), ()),
        ("tags:", "tag: mine\ntags:", (), ()),
    ],
)
def test_tags(old: str, new: str, added: tuple[str, ...], removed: tuple[str, ...]) -> None:
    found = edit((old, new))
    assert (found.tags_added, found.tags_removed) == (added, removed)
    assert (found.deck, found.problems) == (None, ())


@pytest.mark.parametrize(
    ("changes", "added", "removed"),
    [
        ([("\n  - c\nanki", "\nanki")], (), ("c",)),
        ([("  - its\n", "")], (), ("its",)),
        # Two tags look the same on the page: one of them can only be taken from the exact list.
        ([("  - it_s\n", "")], (), ("it's", "it!s")),
        ([("  - it's\n", "")], (), ("it's",)),
        ([("  - it!s\n  - c\n", "  - c\n")], (), ("it!s",)),
        # The exact list is ours to write: what stands in it and not in the tags is no matter.
        ([("  - its\n  - it!s\n  - c\n", "  - it!s\n")], (), ()),
        ([("  - its\n  - it!s\n", "  - its\n  - it!s\n  - new!\n")], ("new!",), ()),
        ([("tags:\n  - it_s\n", "tags:\n  - new_\n  - it_s\n"),
          ("  - it!s\n", "  - it!s\n  - new!\n")], ("new!",), ()),
    ],
)  # fmt: skip
def test_tags_that_a_page_cannot_show(
    changes: list[tuple[str, str]], added: tuple[str, ...], removed: tuple[str, ...]
) -> None:
    text = write_new(HELD_LOSSY)
    assert text.count("anki_tags") == 1
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    found = read_edits(text, HELD_LOSSY)
    assert (found.tags_added, found.tags_removed) == (added, removed)


@pytest.mark.parametrize(
    ("written", "deck"),
    [
        ("Book Notes::Economics", None),
        ("'book notes::economics'", None),
        ("'Book Notes :: Economics'", None),
        ("Book Notes::History", "Book Notes::History"),
        ('"A:: B"', "A::B"),
        ("2024", "2024"),
        ("", None),
    ],
)
def test_the_deck(written: str, deck: str | None) -> None:
    found = edit(("anki_deck: Book Notes::Economics", f"anki_deck: {written}"))
    assert (found.deck, found.problems) == (deck, ())


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ("_id: 7", "_id: 8", 2, "It was “7”"),
        ('guid: "g:{"', 'guid: "g:"', 3, "It was “g:{”"),
        ("Book Notes::Economics", "'Book Notes::'", 4, "no name for a deck"),
        ("note_type: Cloze", "note_type: Basic", 5, "in Anki only"),
    ],
)
def test_what_a_page_cannot_change_is_said(old: str, new: str, line: int, words: str) -> None:
    (problem,) = edit((old, new)).problems
    assert problem.line == line
    assert words in problem.text


def test_what_is_missing_or_rewritten_says_nothing() -> None:
    assert edit(("anki_guid: ", "#"), ("anki_deck: ", "x: "), ("anki_note_type: ", "y: ")) == edit()
    assert edit(("anki_note_id: 7", 'anki_note_id: "7"'), ("\n", "\r\n")) == edit()
    shuffled = "\n".join(sorted(WRITTEN.partition("tags")[0].splitlines(), reverse=True))
    found = read_edits(f"{shuffled}\ntags: [c, a/b]\n", HELD)
    assert (found.tags_added, found.tags_removed, found.problems) == ((), (), ())
    with pytest.raises(PropertiesError):
        read_edits(WRITTEN + "tags: [", HELD)


tags = st.lists(
    st.sampled_from(
        ["a", "A::b", "a::b", "it's", "it`s", "c++", "2024", "é", "::", "x/y", "🙂", "_"]
    ),
    unique_by=str.casefold,
    max_size=4,
)


@given(tags, tags)
def test_a_page_that_took_the_edits_says_no_more(before: list[str], typed: list[str]) -> None:
    """Once edits are in Anki and on the page, all tags of the page are ours, in our spelling."""
    note = replace(NOTE, tags=tuple(before))
    own = own_properties(note, STYLE, "")
    assert read_edits(write_new(own), own, before) == PropertyEdits(present=own.tags)
    page = update_page(f"---\n{write_new(own)}---\n", own, own, "x")
    shown = "".join(f"  - '{tag}'\n" for tag in typed).replace("''", "'")
    text = page.replace("---\n%%", "other: 1\n---\n%%").replace("tags:\n", f"tags:\n{shown}")
    try:
        found = read_edits(split_page(text).front_matter, own, before)
    except PropertiesError:
        return
    merged = tuple(tag for tag in before if tag not in found.tags_removed) + found.tags_added
    after = own_properties(replace(note, tags=merged), STYLE, "")
    again = update_page(text, after, replace(own, tags=found.present), "x")
    settled = read_edits(split_page(again).front_matter, after, merged)
    assert (settled.tags_added, settled.tags_removed) == ((), ())


@pytest.mark.parametrize(
    ("tag", "anki"),
    [("#a/b", "a::b"), ("a::b", "a::b"), (" two words", "two_words"), ("a//b/", "a::b")],
)
def test_a_tag_as_anki_spells_it(tag: str, anki: str) -> None:
    assert to_anki_tag(tag) == anki
