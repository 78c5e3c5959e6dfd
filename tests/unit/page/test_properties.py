"""Properties: ours are kept right among the user's own, whose every byte stays."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from ankivault.convert.page.properties import (
    OwnProperties,
    PropertiesError,
    edit_properties,
    find_note_id,
    read_own,
    write_new,
)

OWN = OwnProperties(
    1512234567890,
    "Hq>c3&xyz",
    "Book Notes::Economics",
    "Cloze",
    ("economics/poverty", "read"),
    None,
    ("Definition of Poverty Line",),
)
FRONT_MATTER = """\
anki_note_id: 1512234567890
anki_guid: "Hq>c3&xyz"
anki_deck: Book Notes::Economics
anki_note_type: Cloze
tags:
  - economics/poverty
  - read
aliases:
  - Definition of Poverty Line
"""

values = st.one_of(
    st.text(st.characters(codec="utf-8"), max_size=30),
    st.sampled_from(
        "yes No ON off ~ null true 1 0x1F 1_000 1e3 1:30 2021-01-02 .inf = << - -a ? :a a: a:b"
        " #a a#b @a `a %a &a *a !a |a >a [a] {a} 'a' \"a\" a,b a::b \\ y".split(" ")
    ),
    st.sampled_from(["\u2028", "\x85", "\x7f", "\ufeff", "🎉", "\u202e"]),
    st.sampled_from(["a: b", "a #b", " a", "a ", "a\nb", "---", "...", "- a", "a, b"]),
)
full = values.filter(bool)
tag_lists = st.lists(
    st.sampled_from(["a", "b/c", "日本", "2021_", "🎉", "it_s", "A", "-x", "y", "null"]),
    unique_by=str.casefold,
    max_size=4,
).map(tuple)
owns = st.builds(
    OwnProperties,
    note_id=st.integers(1, 10**13),
    guid=values,
    deck=values,
    notetype=values,
    tags=tag_lists,
    anki_tags=st.none()
    | st.lists(values.filter(bool), min_size=1, max_size=3, unique=True).map(tuple),
    aliases=st.lists(values.filter(bool), max_size=2, unique=True).map(tuple),
)


def test_new_properties_are_the_ones_of_the_design() -> None:
    assert write_new(OWN) == FRONT_MATTER


def load(front_matter: str) -> dict[str, Any]:
    return yaml.safe_load(front_matter) or {}


def expected(own: OwnProperties) -> dict[str, Any]:
    """The properties as any YAML reader should find them."""
    found: dict[str, Any] = {
        "anki_note_id": own.note_id,
        "anki_guid": own.guid,
        "anki_deck": own.deck,
        "anki_note_type": own.notetype,
    }
    lists = {"tags": own.tags, "anki_tags": own.anki_tags, "aliases": own.aliases}
    return {**found, **{key: list(items) for key, items in lists.items() if items}}


@given(owns)
def test_new_properties_are_read_as_meant(own: OwnProperties) -> None:
    text = write_new(own)
    assert load(text) == expected(own)
    assert find_note_id(f"---\n{text}---\n") == own.note_id
    found = read_own(text)
    assert (found.note_id, found.guid, found.deck) == (own.note_id, own.guid, own.deck)
    assert (found.tags, found.anki_tags, found.aliases) == (own.tags, own.anki_tags, own.aliases)
    assert found.other_keys == ()


# What a person, Obsidian or a plugin may have put there: (lines, whether they hold our key).
USER_LINES = (
    "status: draft",
    "# a comment",
    "",
    "rating: 5   # out of ten",
    "due: 2021-01-02",
    'quoted: "a \\"b\\": # c"',
    "single: 'it''s'",
    "nested:\n  tags: [not, ours]\n  deeper:\n    - anki_deck: x\n    # in there",
    "block: |\n  tags:\n    - x\n  ---\n  anki_note_id: 7\n\n  end",
    "folded: >-\n  aliases: here\n\n  too",
    "chomped: |+\n  kept\n\n",
    "plain: on two\n  lines",
    "list:\n- a\n- b: c\n  d: e\n# after the list",
    "flow: [a, {b: c}, 'd, e']",
    "multi: [a, # first\n  b\n  ]",
    "empty:",
    "null_value: ~",
    "anchor: &here\n  x: 1",
    "日本: 🎉",
    '"key: quoted": yes',
    "cssclasses: wide",
    "? explicit\n: value",
)
OUR_LINES = {
    "anki_note_id": ("anki_note_id: 7", 'anki_note_id: "1512234567890"  # mine', "anki_note_id:"),
    "anki_guid": ("anki_guid: abc", "anki_guid: 'Hq>c3&xyz'", "anki_guid: |-\n  abc\n  def"),
    "anki_deck": ("anki_deck: Old # was", "anki_deck: >\n  Old\n\n", "anki_deck: ~"),
    "anki_note_type": ("anki_note_type: a\n  b", '"anki_note_type": Cloze', "anki_note_type : x"),
    "tags": (
        "tags:\n  - mine # note\n  - economics/poverty # ours\n  - old",
        "tags:\n- old\n\n# between\n- mine",
        "tags: [old, mine, 'economics/poverty'] # flow",
        "tags: [\n  old, # first\n  mine,\n]",
        "tags: [old]",
        "tags: mine, old",
        "tags: old # only",
        "tags: []",
        "tags:",
        "tags: # none yet",
        'tags:\n  - "#Read"\n  -\n  - 2021',
        "tags:\n    # first\n    - old",
    ),
    "anki_tags": ("anki_tags:\n  - a/b # x\n  - old", "anki_tags: [x, y]", "anki_tags:"),
    "aliases": (
        "aliases:\n  - Mine\n  - Old title",
        "aliases: Old title",
        "aliases: ['Mine, too', Old title]",
        "aliases: [ Old title ,Mine ]",
        'aliases:\n  - "Definition of Poverty Line"',
        "aliases: null",
        "aliases: |-\n  Old title",
    ),
}
PREVIOUS = replace(
    OWN, tags=("old", "economics/poverty"), aliases=("Old title",), anki_tags=("old",)
)
WANTED = replace(OWN, anki_tags=("economics::poverty", "re,ad"))
BARE = replace(OWN, tags=(), aliases=())


@st.composite
def front_matters(draw: st.DrawFn) -> tuple[str, tuple[str, ...]]:
    """Properties as a user may leave them, and the user's own pieces in them."""
    own = draw(st.lists(st.sampled_from(sorted(OUR_LINES)), unique=True))
    user = draw(st.lists(st.sampled_from(USER_LINES), unique=True, max_size=6))
    pieces = [(draw(st.sampled_from(OUR_LINES[key])), True) for key in own]
    pieces += [(lines, False) for lines in user]
    order = draw(st.permutations(pieces))
    newline = draw(st.sampled_from(["\n", "\r\n"]))
    text = "".join(lines + "\n" for lines, _ in order).replace("\n", newline)
    kept = tuple(lines.replace("\n", newline) for lines, ours in order if not ours)
    return text, kept


@given(
    front_matters(),
    st.sampled_from([WANTED, OWN, replace(OWN, tags=(), aliases=())]),
    st.booleans(),
)
@example((FRONT_MATTER, ()), WANTED, True)
@example(("", ()), OWN, False)
def test_an_edit_sets_our_properties_and_keeps_every_byte_of_the_users(
    page: tuple[str, tuple[str, ...]], own: OwnProperties, known: bool
) -> None:
    text, kept = page
    newline = "\r\n" if "\r" in text else "\n"
    previous = PREVIOUS if known else None
    edited = edit_properties(text, own, previous, newline)

    position = 0
    for piece in kept:
        position = edited.index(piece + newline, position) + len(piece)
    for comment in re.findall("#(?: |$).*", text):
        assert comment.rstrip() in edited
    assert edited.count("\r") == (edited.count("\n") if newline == "\r\n" else 0)

    before, after = load(text), load(edited)
    ours = {
        "anki_note_id",
        "anki_guid",
        "anki_deck",
        "anki_note_type",
        "tags",
        "anki_tags",
        "aliases",
    }
    assert {k: v for k, v in after.items() if k not in ours} == {
        k: v for k, v in before.items() if k not in ours
    }
    found = read_own(edited)
    assert (found.note_id, found.guid, found.deck) == (own.note_id, own.guid, own.deck)
    assert found.notetype == own.notetype
    assert set(found.anki_tags or ()) == set(own.anki_tags or ())
    had = read_own(text)
    tags = {tag.strip("#").casefold() for tag in had.tags}
    if known:
        tags -= set(PREVIOUS.tags)
    assert {tag.strip("#").casefold() for tag in found.tags} == tags | set(own.tags)
    aliases = set(had.aliases) - set(PREVIOUS.aliases if known else ())
    assert set(found.aliases) == aliases | set(own.aliases)

    assert edit_properties(edited, own, own, newline) == edited
    assert edit_properties(edited, own, previous, newline) == edited


@given(owns, owns)
def test_one_note_becomes_another(first: OwnProperties, second: OwnProperties) -> None:
    for before in (write_new(first), "status: mine\n" + write_new(first)):
        edited = edit_properties(before, second, first)
        found = load(edited)
        assert found.pop("status", "mine") == "mine"
        wanted = expected(second)
        for key in ("tags", "anki_tags", "aliases"):
            assert sorted(found.pop(key, [])) == sorted(wanted.pop(key, []))
        assert found == wanted
        assert edit_properties(edited, second, second) == edited


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("tags:\n- old\n- mine # why\n", "tags:\n- mine # why\n- economics/poverty\n- read\n"),
        ("tags: [mine, old]  # x\n", "tags: [mine, economics/poverty, read]  # x\n"),
        ("tags: mine\n", "tags: [mine, economics/poverty, read]\n"),
        ("tags: # mine\n", "tags: # mine\n  - economics/poverty\n  - read\n"),
        ('tags:\n  - "#Read"\n  - old # o\n', 'tags:\n  - "#Read"\n  # o\n  - economics/poverty\n'),
    ],
)
def test_tags_merge_in_the_users_own_style(before: str, after: str) -> None:
    rest = FRONT_MATTER.replace("tags:\n  - economics/poverty\n  - read\n", "")
    assert edit_properties(before + rest, OWN, PREVIOUS) == after + rest


def test_what_obsidian_writes_in_brackets_is_read() -> None:
    """A question mark is a letter to YAML 1.2, and a mark to the parser of 1.1."""
    text = "aliases: [What is x?, Why?]\nwhy?: yes?\ntags: [a, b]\n"
    found = read_own(text)
    assert found.aliases == ("What is x?", "Why?")
    assert found.other_keys == ("why?",)
    edited = edit_properties(text, replace(OWN, tags=("a",), aliases=("Why?",)), None)
    assert edited.startswith(text)
    assert read_own("aliases: ['\ue03f?']\n").aliases == ("\ue03f?",)


def test_tags_that_were_all_ours_go_with_their_key() -> None:
    without = replace(OWN, tags=())
    assert edit_properties("x: 1\n" + FRONT_MATTER, without, OWN) == "x: 1\n" + write_new(without)


def test_a_value_in_another_quoting_stays() -> None:
    text = "anki_deck: 'Book Notes::Economics'\n" + FRONT_MATTER.replace(
        "anki_deck: Book Notes::Economics\n", ""
    )
    assert edit_properties(text, OWN, OWN) == text


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a: 1\nb: [x\n", 3),
        ("a: 1\nb: c: d\n", 3),
        ("just text\n", 2),
        ("- a\n- b\n", 2),
        ("{a: 1}\n", 2),
        ("a: 1\nb: 2\na: 3\n", 4),
        ("a: 1\nb: \x07\n", 3),
        ("a: *gone\n", 2),
        ("[" * 5000, 2),
        ("anki_deck:\n  - not\n  - text\n", 2),
        ("tags:\n  a: b\n", 2),
        ("x: &t [a]\ntags: *t\n", 3),
    ],
)
def test_properties_that_cannot_be_changed_are_refused_with_the_line(text: str, line: int) -> None:
    with pytest.raises(PropertiesError) as refused:
        edit_properties(text, OWN, None)
    assert refused.value.line == line
    assert refused.value.message


@given(st.text(st.sampled_from("ab: -[]{},#&*!|>'\"%@`\n\t\r\\?~=1"), max_size=60))
def test_whatever_stands_there_is_edited_right_or_refused(text: str) -> None:
    try:
        edited = edit_properties(text, OWN, PREVIOUS)
    except PropertiesError:
        return
    found = read_own(edited)
    assert (found.note_id, found.guid, found.deck) == (OWN.note_id, OWN.guid, OWN.deck)
    assert edit_properties(edited, OWN, OWN) == edited


@pytest.mark.parametrize(
    ("head", "note_id"),
    [
        ("---\nanki_note_id: 12\n---\n", 12),
        ("\ufeff---\r\nx: 1\r\nanki_note_id: '12' # x\r\n---\r\n", 12),
        ('---\n"anki_note_id": "12"\n', 12),
        ("---\nanki_note_id: twelve\n---\n", None),
        ("---\nx:\n  anki_note_id: 12\n---\n", None),
        ("---\nx: 1\n---\nanki_note_id: 12\n", None),
        ("anki_note_id: 12\n", None),
        ("", None),
    ],
)
def test_the_note_id_of_a_page(head: str, note_id: int | None) -> None:
    assert find_note_id(head) == note_id
