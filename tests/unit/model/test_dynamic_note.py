"""What a dynamic note's fields keep: its content, its cards' slots, and both after damage."""

from __future__ import annotations

import json
import re
from unicodedata import normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ankivault.model.note import (
    Card,
    DynamicNote,
    NoCards,
    ReadNote,
    UnusableCardId,
    clean_note,
    is_card_id,
    new_card_id,
    read_note,
    write_fields,
)
from ankivault.model.notetype import DATA, FIELDS, FIRST_SLOT_FIELD, MEDIA
from ankivault.model.slots import SlotsExhausted

PIECES = st.sampled_from(
    [
        *(
            "</script>",
            "</SCRIPT ",
            "<b>",
            "<!--",
            "&amp;",
            "&",
            '"',
            "'",
            "\\",
            "\n",
            "\t",
            "word ",
        ),
        *(
            "word ",
            "{{Front}}",
            "{{c1::x}}",
            "}}",
            "[[type:Front]]",
            "[anki:play:q:0]",
            "[sound:a b.mp3]",
        ),
        *("\\(x\\)", "\\[", "[$]x[/$]", "[latex]x[/latex]", "<img src='ä&amp;1.png'>"),
        *("\u2028", "\u00a0", "日本", "🦔", "é", "e\u0301", "<\u0338", "c\u0327", "\u0327"),
        *("\ud800", "\x1f", "\x00"),
    ]
)
HTML = st.one_of(st.lists(PIECES, max_size=6).map("".join), st.text(max_size=20))
IDS = st.lists(
    st.sampled_from("abcdefghijkl") | st.just("ä 1"), unique=True, min_size=1, max_size=8
)


@st.composite
def notes(draw: st.DrawFn) -> DynamicNote:
    cards = tuple(Card(id_, draw(HTML), draw(HTML)) for id_ in draw(IDS))
    return DynamicNote(draw(HTML), cards, draw(HTML))


def make(*ids: str) -> DynamicNote:
    return DynamicNote("N", tuple(Card(id_, f"front {id_}", f"back {id_}") for id_ in ids))


def slots_of(read: ReadNote) -> dict[str, int]:
    return {**read.slots, **read.retired}


@given(notes())
def test_a_note_is_read_as_it_was_written(content: DynamicNote) -> None:
    fields = write_fields((), content)
    read = read_note(fields)
    assert read.content == clean_note(content)
    assert not read.problems
    assert list(read.slots.values()) == list(range(1, len(content.cards) + 1))
    assert write_fields(fields, content) == write_fields(fields, read.content) == fields
    for text in fields:  # what Anki does to every field it stores changes nothing
        assert normalize("NFC", text) == text and not re.search(r"[\x00-\x08\x0b-\x1f\x7f]", text)
        text.encode()


@given(notes())
def test_data_means_nothing_to_anything_but_json(content: DynamicNote) -> None:
    data = write_fields((), content)[DATA]
    told = json.loads(data)
    assert [card["front"] for card in told["cards"]] == [
        card.front for card in clean_note(content).cards
    ]
    shown = data.replace('"maths":"\\\\(\\\\)"', "")
    assert not re.search(r"[<>&'\n\r\t\xa0\u2028\u2029]|\{\{|\}\}|\[[a-z$\[/]|\\[(\[)\]]", shown)
    # Anki loads MathJax for a card whose text has maths in it, and for no other.
    maths = any(re.search(r"\\\(|\\\[|\[\$", f"{card.front} {card.back}") for card in content.cards)
    assert maths == ("\\(" in data)


@given(st.lists(st.tuples(notes(), st.booleans()), min_size=1, max_size=12))
def test_through_any_edits_a_card_keeps_its_slot(edits: list[tuple[DynamicNote, bool]]) -> None:
    fields: tuple[str, ...] = ()
    past: list[tuple[str, ...]] = []
    ever: dict[str, int] = {}
    for content, undone in edits:
        past.append(fields)
        fields = write_fields(fields, content)
        if undone:
            fields = past.pop()
            continue
        read = read_note(fields)
        in_fields = {text: slot for slot, text in enumerate(fields[FIRST_SLOT_FIELD:], 1) if text}
        assert in_fields == read.slots
        assert all(ever.get(id_, slot) == slot for id_, slot in slots_of(read).items())
        assert all(slot >= len(ever) + 1 for id_, slot in read.slots.items() if id_ not in ever)
        ever.update(read.slots)
        assert slots_of(read) == ever
        assert read.next_slot == len(ever) + 1


def test_the_hundredth_card_is_the_last() -> None:
    full = write_fields((), make(*(f"c{n}" for n in range(100))))
    fewer = write_fields(full, make("c0"))
    assert read_note(fewer).next_slot == 101
    assert write_fields(fewer, make(*(f"c{n}" for n in range(100)))) == full
    with pytest.raises(SlotsExhausted):
        write_fields(fewer, make("c0", "new"))


def test_a_note_without_cards_and_unusable_ids_are_refused() -> None:
    with pytest.raises(NoCards, match="at least one card"):
        write_fields((), make())
    for id_ in ("<b>", "a&b", " a", "a\nb", "a\\b", "{{x}}", "a\u2028", "\ufeffa"):
        with pytest.raises(UnusableCardId):
            write_fields((), make("ok", id_))
    assert is_card_id("Zellkern 1.2: Aufgabe, ⟶ 日本")


def test_new_ids_are_others_than_those_there_ever_were() -> None:
    taken: set[str] = set()
    for _ in range(2000):
        id_ = new_card_id(taken)
        assert id_ not in taken and is_card_id(id_) and len(id_) == 5
        taken.add(id_)


def test_an_id_made_of_what_a_card_says_is_the_same_each_time_and_free() -> None:
    taken: set[str] = set()
    for number in range(500):
        said = f"card {number // 2}"  # each is there twice
        id_ = new_card_id(taken, said)
        assert id_ == new_card_id(taken, said)
        assert id_ not in taken and is_card_id(id_) and len(id_) == 5
        taken.add(id_)


# Damage.

WRITTEN = write_fields(write_fields((), make("a", "b", "c", "d")), make("c", "a", "e"))
SLOTS_BEFORE = {"a": 1, "b": 2, "c": 3, "d": 4, "e": 5}


def damage(**changes: str) -> list[str]:
    fields = list(WRITTEN)
    for name, value in changes.items():
        fields[FIELDS.index(name.replace("_", " "))] = value
    return fields


@given(st.integers(0, len(WRITTEN[DATA])))
def test_a_truncated_data_loses_no_slot(length: int) -> None:
    read = read_note(damage(Data=WRITTEN[DATA][:length]))
    assert read.slots.items() <= SLOTS_BEFORE.items()
    assert read.slots.keys() == {"a", "c", "e"}
    assert read.retired.items() <= SLOTS_BEFORE.items()
    assert read.next_slot == 6
    told = make("c", "a", "e").cards
    for card in read.content.cards:  # whole, or known to be lost
        assert card in told or any(f"“{card.id}” is lost" in text for text in read.problems)
    mended = write_fields(damage(Data=WRITTEN[DATA][:length]), read.content)
    assert slots_of(read_note(mended)) == slots_of(read) and not read_note(mended).problems


@given(st.integers(0, len(WRITTEN[DATA]) - 1), st.text('{}[]",:0129abcde\\ \n<&', max_size=3))
def test_whatever_is_typed_into_data_no_slot_is_lost(place: int, typed: str) -> None:
    data = WRITTEN[DATA][:place] + typed + WRITTEN[DATA][place + 1 :]
    read = read_note(damage(Data=data))
    assert {id_: read.slots[id_] for id_ in "ace"} == {"a": 1, "c": 3, "e": 5}
    assert len({*slots_of(read).values()}) == len(slots_of(read))
    assert read.next_slot >= 6
    write_fields(damage(Data=data), read.content)


@pytest.mark.parametrize("typed", ["", "null", "[]", "7", '{"cards":3,"retired":[]}', "[" * 9999])
def test_a_data_that_says_nothing_is_made_anew(typed: str) -> None:
    read = read_note(damage(Data=typed))
    assert (dict(read.slots), read.next_slot) == ({"a": 1, "c": 3, "e": 5}, 6)
    assert len(read.problems) == 4
    # Cards that were deleted, all of them after the last that is left, are not forgotten either.
    only_a = list(write_fields(WRITTEN, make("a")))
    only_a[DATA] = typed
    assert read_note(only_a).next_slot == 6
    assert read_note(write_fields(only_a, make("a", "new"))).slots == {"a": 1, "new": 6}


def test_swapped_card_fields_do_not_swap_the_histories() -> None:
    read = read_note(damage(Card_1="c", Card_3="a"))
    assert read.slots == {"a": 1, "c": 3, "e": 5}
    assert len(read.problems) == 2
    assert write_fields(damage(Card_1="c", Card_3="a"), make("c", "a", "e")) == WRITTEN


def test_swapped_slots_in_data_do_not_swap_them_either() -> None:
    told = json.loads(WRITTEN[DATA])
    for card in told["cards"]:
        card["slot"] = {1: 3, 3: 1}.get(card["slot"], card["slot"])
    read = read_note(damage(Data=json.dumps(told)))
    assert read.slots == {"a": 1, "c": 3, "e": 5} and read.problems


def test_a_text_edited_by_hand_in_data_is_the_cards_text() -> None:
    read = read_note(damage(Data=WRITTEN[DATA].replace("front a", "<b>new</b> front a &lt;")))
    assert read.content.cards[1].front == "<b>new</b> front a &lt;"
    assert (read.slots, read.problems) == ({"a": 1, "c": 3, "e": 5}, ())


@pytest.mark.parametrize("typed", ['"', '"x", "y"', "\\", "{{c1::x}}", '"}', "\n", "\\u00x"])
def test_what_a_replace_in_all_fields_did_to_a_text_loses_none(typed: str) -> None:
    fields = damage(Data=WRITTEN[DATA].replace("front a", f"front {typed}a"))
    read = read_note(fields)
    assert [card.id for card in read.content.cards] == ["c", "a", "e"]
    assert read.content.cards[1].front.replace(typed, "") == "front a"
    assert [card.back for card in read.content.cards] == ["back c", "back a", "back e"]
    assert (read.slots, read.retired) == ({"a": 1, "c": 3, "e": 5}, {"b": 2, "d": 4})
    assert write_fields(write_fields(fields, read.content), make("c", "a", "e")) == WRITTEN


def test_tags_around_data_do_no_harm() -> None:
    for data in (f"<div>{WRITTEN[DATA]}</div>", WRITTEN[DATA].replace('"', "&quot;")):
        assert read_note(damage(Data=data)) == read_note(WRITTEN)


def test_emptied_and_foreign_card_fields_are_put_right() -> None:
    fields = damage(Card_1="", Card_3="<div>c</div>", Card_8="&nbsp;", Card_40="by hand")
    fields[FIELDS.index("Card 2")], fields[FIELDS.index("Card 41")] = "b", "no &amp; id"
    read = read_note(fields)
    assert read.slots == {"a": 1, "c": 3, "e": 5, "by hand": 40}
    assert read.next_slot == 42
    assert read.content.cards[:3] == make("c", "a", "e").cards
    mended = read_note(write_fields(fields, make("c", "a", "e")))
    assert mended.retired == {"b": 2, "d": 4, "by hand": 40} and not mended.problems


def test_a_note_of_another_type_is_no_dynamic_note() -> None:
    with pytest.raises(ValueError, match="2 fields"):
        read_note(("Front", "Back"))


# Media.


def test_media_names_every_file_where_anki_looks_for_names() -> None:
    content = DynamicNote(
        "",
        (
            Card("a", '<img src="x%20y.png"><img src=plain.jpg>', "[sound:100% & more.mp3]"),
            Card("b", "<IMG alt='>' src='é&amp;1.svg'>", '<img src="https://x.org/far.png">'),
            Card("c", '<video src="v.mp4"></video><img src="x y.png">', '<img src="data:,x">'),
        ),
    )
    fields = write_fields((), content)
    assert fields[MEDIA] == (
        '<img src="x y.png"><img src="plain.jpg"><audio src="100% &amp; more.mp3"></audio>'
        '<img src="é&amp;1.svg"><img src="v.mp4">'
    )
    assert json.loads(fields[DATA])["media"] == [
        *("x y.png", "plain.jpg", "100% & more.mp3", "é&1.svg", "v.mp4"),
    ]


def test_files_that_anki_renamed_have_their_new_names_in_the_cards() -> None:
    front = '<b>1</b><img alt="x.png" src="x.png"><img src="far.png">'
    content = DynamicNote("", (Card("a", front, "[sound:a&amp;b.mp3] x.png"),))
    fields = list(write_fields((), content))
    fields[MEDIA] = fields[MEDIA].replace("x.png", "x-1#1.png").replace("a&amp;b", "a&amp;c")
    card = read_note(fields).content.cards[0]
    assert card.front == '<b>1</b><img alt="x.png" src="x-1%231.png"><img src="far.png">'
    assert card.back == "[sound:a&amp;c.mp3] x.png"
    mended = write_fields(fields, read_note(fields).content)
    assert mended[MEDIA] == fields[MEDIA]
    assert read_note(mended).content.cards[0] == card
