"""Dynamic notes in a TOML deck: cards pushed, pulled, merged, with their history and their ids."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from ankivault.cli.commands import main
from ankivault.model.notetype import NAME
from ankivault.sync.collection.dynamic_type import find_notetype
from ankivault.sync.deck.run import check_file
from ankivault.sync.deck.words import explain_note, tell_part
from tests.desks.deck_desk import HEAD as SPANISH
from tests.desks.deck_desk import DeckDesk, note
from tests.desks.dynamic_decks import DynamicDeckDesk, card, dynamic
from tests.desks.dynamic_desk import review, reviews_of

BEGINNERS = """\
[package]
name = "Biology"

[[decks]]
name = "Biology"

[[notes]]
deck = "Biology"
model = "Ankivault"
tags = ["cell"]

[notes.fields]
Note = "About the **cell**"

# The first thing to know
[[notes.cards]]
front = "What is *ATP*?"
back = '''
The cell's energy:

- made in mitochondria
- $E = mc^2$ is something else
'''

[[notes.cards]]
id = "dna"
front = "Where is the DNA?"
back = "In the nucleus. ![[cell.png]]"

[[media]]
name = "cell.png"
path = "cell.png"
"""


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[DynamicDeckDesk]:
    desk = DynamicDeckDesk(tmp_path)
    yield desk
    desk.col.close()


@pytest.fixture
def three(desk: DynamicDeckDesk) -> int:
    """A note with the cards a, b and c, on both sides."""
    desk.write(
        dynamic(card("A?", "a", "a"), card("B?", "b", "b"), card("C?", "c", "c"), tags=["t"])
    )
    assert desk.sync().ok
    (note_id,) = desk.ids()
    return note_id


def told(desk: DeckDesk, **values: str) -> list[tuple[str, str]]:
    """What a run would do, part by part: in words, and where to."""
    return [(tell_part(p), p.state) for n in desk.plan(**values).notes for p in n.parts]


def test_a_beginners_file_works_at_once(desk: DynamicDeckDesk) -> None:
    desk.file.write_text(BEGINNERS)
    (desk.file.parent / "cell.png").write_bytes(b"a cell")
    assert find_notetype(desk.col) is None
    assert [m.name for m in desk.plan().models] == [NAME]
    assert desk.sync().ok
    (note_id,) = desk.ids()
    read = desk.read(note_id)
    assert read.content.note == "About the <b>cell</b>"
    first, second = read.content.cards
    assert first.front == "What is <i>ATP</i>?" and "<li>made in mitochondria</li>" in first.back
    assert second.id == "dna" and '<img src="cell.png">' in second.back
    assert (Path(desk.col.media.dir()) / "cell.png").read_bytes() == b"a cell"
    assert set(desk.cards_of(note_id)) == {first.id, "dna"}
    guid = desk.col.get_note(note_id).guid
    assert desk.text == BEGINNERS.replace(
        'tags = ["cell"]\n', f'tags = ["cell"]\nguid = "{guid}"\nnote_id = {note_id}\n'
    ).replace('front = "What', f'id = "{first.id}"\nfront = "What')
    desk.assert_settled()
    desk.lose_base()
    desk.assert_settled()


def test_a_plan_names_the_ids_that_the_run_gives(desk: DynamicDeckDesk) -> None:
    """Those of new notes and new cards, two that say the same, and one that was there before."""
    desk.write(dynamic(card("A?", "a", "a"), card("B?", "b"), card("B?", "b")))
    planned = [[each.id for each in note.cards] for note in desk.plan().notes]
    assert desk.sync().ok
    (note_id,) = desk.ids()
    assert [list(desk.fronts(note_id))] == planned
    (_, second, third), new = planned[0], card("New?", "n")
    for removed in (new, ""):
        desk.write(dynamic(card("A?", "a", "a"), card("B?", "b", second), removed, note_id=note_id))
        before = {part.name for note in desk.plan().notes for part in note.parts}
        assert desk.sync().ok
        assert third not in desk.fronts(note_id)
        if removed:
            (first_id,) = desk.fronts(note_id).keys() - {"a", second}
            assert first_id in before
    desk.write(dynamic(card("A?", "a", "a"), card("B?", "b", second), new, note_id=note_id))
    (planned_id,) = {part.name for note in desk.plan().notes for part in note.parts if part.name}
    assert desk.sync().ok
    assert list(desk.fronts(note_id)) == ["a", second, planned_id]
    assert planned_id != first_id, "an id of a removed card was given to another"


def test_cards_that_go_with_their_reviews_are_told(desk: DynamicDeckDesk, three: int) -> None:
    """With their line, before and after; not in a run that leaves Anki as it is."""
    cards = desk.cards_of(three)
    for _ in range(3):
        review(desk.col, cards["b"], 3)
    for part in ("c", "b"):  # the first was never reviewed
        kept = [card(f"{id_.upper()}?", id_, id_) for id_ in "abc" if id_ not in ("c", part)]
        desk.write(dynamic(*kept, note_id=three))
        warnings = [p for p in desk.plan().problems if p.level == "warning"]
        assert len(warnings) == (part == "b")
    (told,) = warnings
    assert told.note == 1 and "[[notes]]" in desk.text.splitlines()[told.line - 2 : told.line]
    assert "the edit deletes cards b and c and 3 reviews from Anki" in told.message
    assert desk.plan(strategy="pull_only").problems == ()
    (change,) = desk.plan().group("modified")
    assert explain_note(change).endswith("; deletes 3 reviews")
    assert told.message in [message.text for message in desk.sync().messages]


def test_reviews_stay_with_their_cards_through_edits_of_the_file(
    desk: DynamicDeckDesk, three: int
) -> None:
    before = desk.cards_of(three)
    ratings = {"a": [3], "b": [1, 3], "c": [4]}
    for id_, answers in ratings.items():
        for rating in answers:
            review(desk.col, before[id_], rating)
    history = reviews_of(desk.col, before.values())
    desk.write(
        dynamic(
            card("D?", "d"),
            card("C, edited?", "c", "c"),
            card("A?", "a", "a"),
            tags=["t"],
            note_id=three,
        )
    )
    assert desk.sync().ok
    after = desk.cards_of(three)
    (new,) = after.keys() - before.keys()
    assert list(desk.fronts(three).values()) == ["D?", "C, edited?", "A?"]
    assert {id_: after[id_] for id_ in "ac"} == {id_: before[id_] for id_ in "ac"}
    assert reviews_of(desk.col, before.values()) == history
    assert reviews_of(desk.col, [after[new]]) == {after[new]: []}
    desk.assert_settled()

    desk.col.undo()
    assert desk.cards_of(three) == before and list(desk.fronts(three)) == ["a", "b", "c"]
    assert reviews_of(desk.col, before.values()) == history

    assert desk.sync().ok and "C, edited?" not in desk.text and "B?" in desk.text
    desk.assert_settled()


def test_a_card_that_returns_gets_its_own_place_back(desk: DynamicDeckDesk, three: int) -> None:
    b = card("B?", "b", "b")
    desk.change(b, "")
    assert desk.sync().ok and list(desk.cards_of(three)) == ["a", "c"]
    desk.file.write_text(desk.text + card("D?", "d", "d") + b)
    assert desk.sync().ok
    assert desk.read(three).slots == {"a": 1, "c": 3, "d": 4, "b": 2}
    desk.assert_settled()


@pytest.mark.parametrize("strategy", ["bidirectional", "push_only", "pull_only"])
def test_a_run_without_changes_writes_nothing(
    desk: DynamicDeckDesk, three: int, strategy: str
) -> None:
    desk.set(strategy=strategy)
    desk.assert_settled()
    desk.lose_base()
    desk.assert_settled()


def test_every_difference_of_cards_is_told_and_carried(desk: DynamicDeckDesk, three: int) -> None:
    desk.write(
        dynamic(
            card("C?", "c", "c"),
            card("A?", "a", "a"),
            card("B, edited?", "b", "b"),
            card("D?", "d", "d"),
            tags=["t"],
            note_id=three,
        )
    )
    assert told(desk) == [
        ("card b: edited", "to_anki"),
        ("card d: added", "to_anki"),
        ("card c: moved from 3 to 1", "to_anki"),
    ]
    assert told(desk, strategy="pull_only") == [
        ("card b: edited", "to_toml"),
        ("card d: not in Anki; this run only writes the file", "skipped"),
        ("card c: moved from 1 to 4", "to_toml"),
    ]
    assert desk.plan().counts["conflicts"] == 0
    assert desk.sync().ok
    assert list(desk.fronts(three).values()) == ["C?", "A?", "B, edited?", "D?"]
    desk.assert_settled()
    desk.edit_cards(three, ("a", "A?", "<b>a</b>"), ("e", "E?", "e"), ("b", "B, edited?", "b"))
    assert told(desk) == [
        ("card c: removed", "to_toml"),
        ("card a: edited", "to_toml"),
        ("card e: added", "to_toml"),
        ("card d: removed", "to_toml"),
    ]
    assert desk.sync().ok
    assert '"**a**"' in desk.text and "D?" not in desk.text
    desk.assert_settled()


def test_edits_of_different_cards_merge(desk: DynamicDeckDesk, three: int) -> None:
    desk.change('"A?"', '"A in the file?"')
    desk.change('id = "c"\n', 'id = "new"\nfront = "N?"\n\n[[notes.cards]]\nid = "c"\n')
    desk.edit_cards(
        three,
        ("c", "C in Anki?", "c"),
        ("a", "A?", "a <i>too</i>"),
        ("b", "B?", "b"),
        ("more", "M?", "m"),
    )
    assert desk.plan().counts["conflicts"] == 0
    assert told(desk) == [
        ("card a: edited", "merged"),
        ("card more: added", "to_toml"),
        ("card new: added", "to_anki"),
        ("card c: edited", "to_toml"),
        ("card c: moved from 4 to 1", "to_toml"),
    ]
    assert desk.sync().ok
    assert desk.fronts(three) == {
        "c": "C in Anki?",
        "a": "A in the file?",
        "b": "B?",
        "new": "N?",
        "more": "M?",
    }
    assert "a *too*" in desk.text
    desk.assert_settled()


@pytest.mark.parametrize("policy", ["skip", "fail", "prefer_toml", "prefer_anki"])
def test_the_same_card_edited_on_both_sides_is_a_conflict_of_that_card(
    desk: DynamicDeckDesk, three: int, policy: str
) -> None:
    desk.change('"A?"', '"A in the file?"')
    desk.change('"B?"', '"B in the file?"')
    desk.change('id = "c"\nfront = "C?"\nback = "c"\n', 'id = "d"\nfront = "D?"\n')
    desk.edit_cards(three, ("a", "A?", "a"), ("b", "B in Anki?", "b"), ("c", "C in Anki?", "c"))
    text, snapshot = desk.text, desk.snapshot()
    plan = desk.plan(on_conflict=policy)
    settled = policy.startswith("prefer")
    assert plan.counts["conflicts"] == (0 if settled else 1)
    assert [p.name for p in plan.notes[0].parts if p.conflict] == ["b", "c"]
    assert desk.sync(on_conflict=policy).ok == (policy != "fail")
    if policy == "fail":
        assert (desk.text, desk.snapshot()) == (text, snapshot)
        return
    fronts = desk.fronts(three)
    assert fronts["a"] == "A in the file?" and fronts["d"] == "D?"
    if settled:
        side = "the file" if policy == "prefer_toml" else "Anki"
        assert fronts["b"] == f"B in {side}?" and f"B in {side}?" in desk.text
        assert ("c" in fronts) == (side == "Anki") == ("C in Anki?" in desk.text)
        desk.assert_settled()
        return
    assert fronts["b"] == "B in Anki?" and "B in the file?" in desk.text
    assert fronts["c"] == "C in Anki?" and "C in Anki?" not in desk.text
    assert desk.plan().counts["conflicts"] == 1
    desk.settle(three, "card", "b", "toml")
    desk.settle(three, "card", "c", "anki")
    assert desk.sync().ok
    assert desk.fronts(three) == {
        "a": "A in the file?",
        "b": "B in the file?",
        "c": "C in Anki?",
        "d": "D?",
    }
    assert "C in Anki?" in desk.text
    desk.assert_settled()


def test_orders_that_fit_are_merged_and_others_asked_about(
    desk: DynamicDeckDesk, three: int
) -> None:
    desk.edit_cards(three, ("c", "C?", "c"), ("a", "A?", "a"), ("b", "B?", "b"))
    start = desk.text[: desk.text.index("\n[[notes.cards]]")]
    a, b, c = card("A?", "a", "a"), card("B?", "b", "b"), card("C?", "c", "c")
    desk.file.write_text(start + b + a + c)
    assert desk.sync().ok
    assert list(desk.fronts(three)) == ["c", "b", "a"]
    desk.assert_settled()

    desk.edit_cards(three, ("b", "B?", "b"), ("c", "C?", "c"), ("a", "A?", "a"))
    desk.file.write_text(start + c + a + b)
    snapshot = desk.snapshot()
    assert told(desk) == [("order of the cards", "skipped")]
    assert desk.sync().ok and desk.snapshot() == snapshot
    desk.settle(three, "order", "", "toml")
    assert desk.sync().ok and list(desk.fronts(three)) == ["c", "a", "b"]
    desk.assert_settled()


def test_one_way_runs_take_edits_back_and_leave_what_is_new(
    desk: DynamicDeckDesk, three: int
) -> None:
    desk.edit_cards(three, ("new", "N?", "n"), ("b", "B in Anki?", "b"), ("a", "A?", "a"))
    report = desk.sync(strategy="push_only")
    assert desk.told(report, "overwritten")
    assert desk.fronts(three) == {"new": "N?", "a": "A?", "b": "B?", "c": "C?"}
    assert "N?" not in desk.text
    assert told(desk) == [("card new: added", "to_toml")]
    desk.change('"A?"', '"A in the file?"')
    desk.file.write_text(desk.text + card("File?"))
    report = desk.sync(strategy="pull_only")
    assert desk.told(report, "overwritten")
    assert "N?" in desk.text and "A in the file?" not in desk.text and "File?" in desk.text
    assert "File?" not in desk.fronts(three).values()
    assert desk.sync().ok and "File?" in desk.fronts(three).values()
    desk.assert_settled()


def test_a_card_without_its_id_is_found_again(desk: DynamicDeckDesk, three: int) -> None:
    """A killed run wrote Anki, or somebody took the lines out: no card is made twice."""
    before = desk.cards_of(three)
    text = desk.text
    desk.file.write_text("".join(line for line in text.splitlines(True) if line[:4] != "id ="))
    assert desk.sync().ok
    assert desk.text == text and desk.cards_of(three) == before
    desk.lose_base()
    desk.change('id = "b"\nfront = "B?"\nback = "b"', 'front = "B?"\nback = "edited"')
    desk.change('id = "c"\n', "")
    desk.sync(on_conflict="prefer_toml")
    assert desk.cards_of(three) == before and desk.read(three).content.cards[1].back == "edited"
    desk.assert_settled()


def test_cards_added_on_both_sides_are_both_kept(desk: DynamicDeckDesk, three: int) -> None:
    desk.file.write_text(desk.text + card("File?", "yes") + card("Same?", "f", "f"))
    old = [(id_, f"{id_.upper()}?", id_) for id_ in "abc"]
    desk.edit_cards(three, *old, ("k", "Anki?", "yes"), ("s", "Same?", "k"))
    assert desk.plan().counts["conflicts"] == 0
    assert desk.sync().ok
    fronts = list(desk.fronts(three).values())
    assert fronts == ["A?", "B?", "C?", "File?", "Same?", "Anki?", "Same?"]
    desk.assert_settled()


def test_a_note_without_places_left_is_refused_and_the_others_go_on(
    desk: DynamicDeckDesk, three: int
) -> None:
    for n in range(5):  # 19 new cards each time, and all of them deleted
        desk.edit_cards(three, ("a", "A?", "a"), *((f"x{n}-{i}", "?", "") for i in range(19)))
    desk.edit_cards(three, ("a", "A?", "a"))
    assert desk.sync().ok
    text = desk.text
    desk.file.write_text(
        text + "".join(card(f"New {n}?") for n in range(3)) + dynamic(card("Other?"), text="Other")
    )
    snapshot = desk.fields(three)
    report = desk.sync()
    message = desk.told(report, "98 of the 100")
    line = text[: text.index("[[notes]]")].count("\n") + 1
    assert not report.ok and "The cell" in message.text and message.path.endswith(f":{line}")
    assert desk.fields(three) == snapshot and desk.text.startswith(text)
    (other,) = {*desk.ids()} - {three}
    assert desk.fronts(other) == dict.fromkeys(desk.fronts(other), "Other?")
    desk.change(card("New 2?"), "")
    assert desk.sync().ok and len(desk.fronts(three)) == 3
    desk.assert_settled()


def test_a_mistake_in_the_cards_of_a_note_is_told_and_nothing_is_made(
    desk: DynamicDeckDesk, three: int
) -> None:
    desk.change('id = "b"', 'id = "a"')
    desk.file.write_text(desk.text + dynamic(card("Other?"), text="Other"))
    report = desk.sync()
    assert not report.ok and "already that of card 1" in desk.told(report, "“a”").text
    assert list(desk.fronts(three)) == ["a", "b", "c"] and desk.ids() == [three]


def test_damage_in_anki_is_not_carried_into_the_file(desk: DynamicDeckDesk, three: int) -> None:
    text = desk.text
    desk.edit(three, Data="gone")
    report = desk.sync()
    assert not report.ok and desk.told(report, "damaged") and desk.text == text
    assert desk.sync(strategy="push_only").ok
    assert desk.fronts(three) == {"a": "A?", "b": "B?", "c": "C?"} and desk.text == text
    assert desk.read(three).problems == ()
    desk.assert_settled()
    other = desk.add_dynamic(("x", "X?", "x"))
    desk.edit(other, Data="gone")
    assert desk.sync().ok and "note_id = " + str(other) not in desk.text
    report = desk.export("Biology", desk.folder / "exported.toml")
    assert desk.told(report, "damaged").note_id == other


def test_cards_that_are_not_those_of_the_note_are_put_right(
    desk: DynamicDeckDesk, three: int
) -> None:
    """As after a run that was killed, or edits of two computers."""
    before = desk.cards_of(three)
    desk.col.remove_cards_and_orphaned_notes([before["b"]])
    assert desk.sync().ok and list(desk.cards_of(three)) == ["a", "b", "c"]
    desk.assert_settled()
    data = desk.col.get_note(three)["Data"]
    desk.edit(three, Data=data.replace('"slot":2', '"slot":3', 1))
    assert not desk.sync().ok
    assert desk.sync(strategy="push_only").ok
    assert desk.col.get_note(three)["Data"] == data
    desk.assert_settled()


def test_a_note_deleted_on_one_side_comes_back_whole(desk: DynamicDeckDesk, three: int) -> None:
    fronts = desk.fronts(three)
    desk.col.remove_notes([three])
    desk.settle(three, "note", "", "toml")
    assert desk.sync().ok
    (again,) = desk.ids()
    assert desk.fronts(again) == fronts and f"note_id = {again}" in desk.text
    desk.assert_settled()
    desk.file.write_text(desk.text[: desk.text.index("\n[[notes]]")])
    desk.settle(again, "note", "", "anki")
    assert desk.sync().ok and desk.text.count("[[notes.cards]]") == 3
    desk.assert_settled()


def test_all_cards_of_a_note_move_to_its_new_deck(desk: DynamicDeckDesk, three: int) -> None:
    review(desk.col, desk.cards_of(three)["b"])
    borrowed = desk.col.decks.new_filtered("Borrowed")
    deck = desk.col.sched.get_or_create_filtered_deck(borrowed)
    deck.config.search_terms[0].search = "deck:Biology"
    desk.col.sched.add_or_update_filtered_deck(deck)
    assert desk.col.db.scalar("select count() from cards where odid") > 0
    assert desk.sync().ok
    desk.assert_settled()
    head, rest = desk.text.split('[[decks]]\nname = "Biology"\n')
    decks = '[[decks]]\nname = "Biology"\n[[decks]]\nname = "Cells"\n'
    rest = rest.replace('deck = "Biology"', 'deck = "Cells"')
    desk.file.write_text(head + decks + rest + card("New?"))
    assert desk.sync().ok
    homes = desk.col.db.list("select iif(odid, odid, did) from cards where nid = ?", three)
    assert len(homes) == 4 and {desk.col.decks.name(home) for home in homes} == {"Cells"}
    desk.assert_settled()


def test_pulled_and_exported_notes_load_again_elsewhere(
    desk: DynamicDeckDesk, three: int, tmp_path: Path
) -> None:
    desk.col.media.write_data("new cell.png", b"cell")
    hard = 'x<br>{{c1::y}} \\(a_b\\) "q" <img src="new cell.png"> # [[notes]] \'\'\''
    other = desk.add_dynamic(
        ("one", hard, "<ul><li>1</li><li>2</li></ul>"),
        ("zwei", "Ä 漢 😀", ""),
        text="About <i>x</i>",
    )
    assert desk.sync().ok
    assert "[[models]]" not in desk.text and "new cell.png" in desk.text
    assert not [p for p in check_file(desk.file) if p.level == "error"]
    desk.assert_settled()
    exported = tmp_path / "out" / "deck.toml"
    assert desk.export("Biology", exported).ok
    assert "[[models]]" not in exported.read_text() and "Card 1" not in exported.read_text()
    for number, file in enumerate((desk.file, exported)):
        copy = DynamicDeckDesk(tmp_path / f"copy {number}")
        copy.file = file
        report = copy.sync(strategy="push_only")
        assert report.ok, report
        fronts = sorted(list(copy.fronts(id_)) for id_ in copy.ids())
        assert fronts == [["a", "b", "c"], ["one", "zwei"]]
        texts = [copy.read(id_).content for id_ in copy.ids() if "one" in copy.fronts(id_)]
        assert texts == [desk.read(other).content]
        assert (Path(copy.col.media.dir()) / "new cell.png").read_bytes() == b"cell"
        copy.assert_settled()
        copy.col.close()


def test_dynamic_and_usual_notes_share_a_file(desk: DynamicDeckDesk) -> None:
    desk.write(note("uno", "one"), dynamic(card("A?"), deck="Spanish"), head=SPANISH)
    assert desk.sync().ok and desk.col.card_count() == 2
    desk.add("dos", "two")
    desk.add_dynamic(("x", "X?", "x"), deck="Spanish")
    assert desk.sync().ok
    assert desk.text.count("[[models]]") == 1 and desk.text.count("[[notes]]") == 4
    desk.assert_settled()


def test_another_type_of_that_name_is_told(desk: DynamicDeckDesk) -> None:
    data = desk.col.models.by_name("Basic")
    assert data is not None
    data["id"], data["name"] = 0, NAME
    desk.col.models.add_dict(data)
    desk.write(dynamic(card("A?")))
    report = desk.sync()
    assert not report.ok and desk.told(report, "Manage Note Types") and desk.ids() == []


def test_a_pull_that_finds_no_such_type_makes_none(desk: DynamicDeckDesk) -> None:
    desk.write(dynamic(card("A?")))
    text, snapshot = desk.text, desk.snapshot()
    assert desk.sync(strategy="pull_only").ok
    assert (desk.text, desk.snapshot()) == (text, snapshot)


def test_the_command_line_knows_cards(
    desk: DynamicDeckDesk, three: int, capsys: pytest.CaptureFixture[str]
) -> None:
    desk.change('"A?"', '"A in the file?"')
    desk.file.write_text(desk.text + card("New?", "n"))
    desk.col.close()
    where = ["--collection", str(desk.collection), "--state", str(desk.state), str(desk.file)]
    assert main(["deck", "check", str(desk.file)]) == 0
    assert main(["deck", "plan", *where]) == 0
    out = capsys.readouterr().out
    assert "card a: edited (to_anki)" in out and ": added (to_anki)" in out
    assert main(["deck", "sync", *where]) == 0
    exported = desk.folder / "out.toml"
    assert main(["deck", "export", *where[:2], "--deck", "Biology", str(exported)]) == 0
    assert exported.read_text().count("[[notes.cards]]") == 4
    desk.col.reopen()
    assert "New?" in desk.fronts(three).values()
    desk.assert_settled()
