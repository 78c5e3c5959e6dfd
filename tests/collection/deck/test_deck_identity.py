"""Which note is which, what a deletion means, and where notes live."""

from __future__ import annotations

import json
from pathlib import Path
from unicodedata import normalize

import pytest

from tests.desks.deck_desk import HEAD, DeckDesk, note, open_desk

__all__ = ["open_desk"]


def test_a_note_deleted_in_anki_is_reported_and_not_made_again(desk: DeckDesk) -> None:
    desk.write(note("uno", "one"), note("dos", "two"))
    desk.sync()
    uno, dos = desk.ids()
    desk.col.remove_notes([uno])
    text = desk.text
    for strategy in ("push_only", "pull_only", "bidirectional"):
        report = desk.sync(strategy=strategy)
        assert "deleted in Anki" in desk.told(report, "uno").text
        assert desk.text == text and desk.ids() == [dos]
    assert desk.sync(remove_missing="anki").ok and desk.text == text
    assert desk.sync(remove_missing="toml").ok
    assert "uno" not in desk.text and "dos" in desk.text
    desk.assert_settled()


def test_a_note_deleted_in_anki_and_edited_in_the_file_is_kept(desk: DeckDesk) -> None:
    desk.write(note("uno", "one"))
    desk.sync()
    (uno,) = desk.ids()
    desk.col.remove_notes([uno])
    desk.change('"one"', '"1"')
    assert "edited in the file" in desk.told(desk.sync(remove_missing="toml"), "uno").text
    assert "uno" in desk.text and not desk.ids()
    desk.settle(uno, "note", "", "toml")
    assert desk.sync().ok
    assert desk.fields(desk.find("uno"))[1] == "1" and str(uno) not in desk.text


def test_a_note_deleted_in_the_file_is_reported_and_not_resurrected(desk: DeckDesk) -> None:
    second = note("dos", "two")
    desk.write(note("uno", "one"), second)
    desk.sync()
    uno, dos = desk.ids()
    desk.file.write_text(desk.text[: desk.text.index("[[notes]]", desk.text.index("uno"))])
    text = desk.text
    for strategy in ("push_only", "pull_only", "bidirectional"):
        report = desk.sync(strategy=strategy)
        assert desk.told(report, "deleted in the file").note_id == dos
        assert desk.text == text and desk.ids() == [uno, dos]
    desk.settle(dos, "note", "", "anki")
    assert desk.plan().group("only_in_anki")[0].action == "add_to_toml"
    desk.set(choices={})
    assert desk.sync(remove_missing="anki").ok
    assert desk.ids() == [uno]
    desk.assert_settled()


ODD_DECKS = ["A_B", "AxB", "A_B*", 'Say "hi"', "It's", "Ünï::c_*", "Spanish::Verbs"]


def test_decks_change_on_either_side(desk: DeckDesk) -> None:
    head = HEAD + "".join(f"\n[[decks]]\nname = '''{name}'''\n" for name in ODD_DECKS[:-1])
    notes = [note(f"n {n}", deck=deck) for n, deck in enumerate(ODD_DECKS)]
    desk.write(note("parent"), *notes, head=head)
    desk.sync()
    assert [desk.deck_of(desk.find(f"n {n}")) for n in range(len(ODD_DECKS))] == ODD_DECKS
    assert desk.deck_of(desk.find("parent")) == "Spanish"
    assert desk.plan().counts["unchanged"] == 1 + len(ODD_DECKS)
    desk.assert_settled()

    moved, other = desk.find("n 0"), desk.find("n 1")
    desk.learn(moved)
    before = desk.col.db.all("select * from cards where nid = ?", moved)[0]
    desk.change('deck = "A_B"\n', 'deck = "A_B*"\n')
    desk.col.set_deck(desk.col.card_ids_of_note(other), desk.col.decks.id("Brand new"))
    assert desk.sync().ok
    assert desk.deck_of(moved) == "A_B*"
    after = desk.col.db.all("select * from cards where nid = ?", moved)[0]
    assert [*after[:2], *after[3:4], *after[6:]] == [*before[:2], *before[3:4], *before[6:]]
    assert 'deck = "Brand new"' in desk.text and 'name = "Brand new"' in desk.text
    desk.assert_settled()

    desk.change('deck = "Brand new"', 'deck = "It\'s"')
    desk.col.set_deck(desk.col.card_ids_of_note(other), desk.col.decks.id("A_B"))
    assert desk.plan().counts["conflicts"] == 1
    assert desk.sync(on_conflict="prefer_anki").ok
    assert desk.deck_of(other) == "A_B"
    desk.assert_settled()


def test_a_deck_change_leaves_cards_in_filtered_decks(desk: DeckDesk) -> None:
    desk.write(note("uno", "one"))
    desk.sync()
    (uno,) = desk.ids()
    filtered = desk.col.sched.get_or_create_filtered_deck(0)
    filtered.name = "Cramming"
    filtered.config.search_terms[0].search = f"nid:{uno}"
    filtered_id = desk.col.sched.add_or_update_filtered_deck(filtered).id
    assert desk.plan().counts["modified"] == 0
    desk.assert_settled()
    desk.change('deck = "Spanish"', 'deck = "Spanish::Verbs"')
    assert desk.sync().ok
    card = desk.col.get_note(uno).cards()[0]
    assert card.did == filtered_id and desk.deck_of(uno) == "Spanish::Verbs"
    desk.assert_settled()
    desk.col.sched.empty_filtered_deck(filtered_id)
    assert desk.deck_of(uno) == "Spanish::Verbs"


def test_a_filtered_deck_cannot_be_declared(desk: DeckDesk) -> None:
    filtered = desk.col.sched.get_or_create_filtered_deck(0)
    filtered.name, filtered.allow_empty = "Spanish", True
    desk.col.sched.add_or_update_filtered_deck(filtered)
    desk.write(note("uno"))
    report = desk.sync()
    assert desk.told(report, "“Spanish” is a filtered deck in Anki, which has no notes of its own")
    assert not report.ok and not desk.ids()


LOOK_ALIKES = ['<img src="a.png">', '<img src="b.png">', "a < b", "a < c", "Polish", "polish", "a "]


def test_first_fields_that_look_alike_stay_distinct(desk: DeckDesk) -> None:
    desk.write(*(note(first, f"answer {n}") for n, first in enumerate(LOOK_ALIKES)))
    desk.sync()
    assert len(desk.ids()) == len(LOOK_ALIKES)
    bare = HEAD + "".join(note(first, f"new {n}") for n, first in enumerate(LOOK_ALIKES))
    desk.file.write_text(bare)  # the ids are lost: the first fields tell
    desk.lose_base()
    assert desk.sync(on_conflict="prefer_toml").ok
    assert len(desk.ids()) == len(LOOK_ALIKES)
    for n, first in enumerate(LOOK_ALIKES):
        assert desk.fields(desk.find(first))[1] == f"new {n}"
    desk.assert_settled()


def test_an_ambiguous_match_is_reported_and_nothing_is_lost(desk: DeckDesk) -> None:
    desk.write(note("other"))
    desk.sync()
    twins = [desk.add("twin", "1"), desk.add("twin", "2")]
    desk.file.write_text(desk.text + note("twin", "3") + note("lonely", "4"))
    text = desk.text
    report = desk.sync(on_conflict="prefer_toml")
    assert not report.ok and "2 notes in Anki" in desk.told(report, "first field").text
    assert [desk.fields(id_)[1] for id_ in twins] == ["1", "2"]
    assert desk.text.count('"twin"') == text.count('"twin"') == 1
    assert desk.find("lonely")
    desk.change(
        'model = "Vocab"\n\n[notes.fields]\nSpanish = "twin"',
        f'model = "Vocab"\nnote_id = {twins[1]}\n\n[notes.fields]\nSpanish = "twin"',
    )
    assert desk.sync(on_conflict="prefer_toml").ok
    assert [desk.fields(id_)[1] for id_ in twins] == ["1", "3"]
    assert desk.text.count('"twin"') == 2
    desk.assert_settled()


def test_a_stale_id_is_found_by_guid_or_first_field(desk: DeckDesk) -> None:
    desk.write(note("other"))
    desk.sync()
    uno, dos = desk.add("uno", "one"), desk.add("dos", "two")
    guid = desk.col.get_note(uno).guid
    desk.file.write_text(
        desk.text
        + note("changed", "one", guid=guid, note_id=17)
        + note("dos", "two", note_id=18)
        + note("new", "3", note_id=19)
    )
    assert desk.sync(on_conflict="prefer_toml").ok
    assert len(desk.ids()) == 4 and desk.fields(uno)[0] == "changed"
    for note_id in (uno, dos, desk.find("new")):
        assert f"note_id = {note_id}\n" in desk.text
    desk.assert_settled()


def test_an_id_never_overwrites_another_note(desk: DeckDesk) -> None:
    basic = desk.col.new_note(desk.col.models.by_name("Basic"))
    basic.fields = ["keep", "me"]
    desk.col.add_note(basic, desk.col.decks.id("Elsewhere"))
    desk.write(note("uno", "one"))
    desk.sync()
    uno = desk.find("uno")
    foreign = desk.add("foreign", "keep", deck="Elsewhere")
    snapshot = desk.snapshot()[0]
    desk.write(
        note("wrong model", "x", note_id=basic.id),
        note("another deck, other words", "y", note_id=foreign),
        note("another guid", "z", note_id=uno, guid="not-its-guid"),
    )
    report = desk.sync(strategy="push_only")
    assert not report.ok and desk.snapshot()[0] == snapshot
    for word in ("another note type", "another deck", "another guid in"):
        assert desk.told(report, word).level == "error"
    desk.write(note("first", "x", note_id=uno), note("second", "y", note_id=uno))
    report = desk.sync(strategy="push_only")
    assert not report.ok and desk.snapshot()[0] == snapshot


def test_a_field_left_out_is_left_alone_and_an_empty_one_empties(desk: DeckDesk) -> None:
    desk.write(note("uno", "one", example="x"), note("dos", "two", example="y"))
    desk.sync()
    uno, dos = desk.ids()
    desk.change('English = "one"\n', "")
    desk.change('Example = "y"', 'Example = ""')
    desk.edit(uno, English="edited in Anki")
    text = desk.text
    assert desk.sync().ok
    assert desk.fields(uno) == ["uno", "edited in Anki", "x"]
    assert desk.fields(dos) == ["dos", "two", ""]
    assert desk.text == text
    desk.assert_settled()
    desk.change('Spanish = "uno"\n', 'Spanish = "uno"\nEnglish = ""\n')
    assert desk.sync().ok
    assert desk.fields(uno)[1] == ""
    desk.assert_settled()


def test_models_and_decks_renamed_in_anki_are_still_the_same(
    desk: DeckDesk, tmp_path: Path
) -> None:
    desk.write(note("uno", "one"))
    desk.sync()
    notetype = desk.notetype("Vocab")
    notetype["name"] = "Vocabulary"
    desk.col.models.update_dict(notetype)
    desk.col.decks.rename(desk.col.decks.id("Spanish"), "Español")
    report = desk.sync()
    assert report.ok, report
    assert desk.col.models.by_name("Vocab") is None and len(desk.ids()) == 1
    assert 'deck = "Español"' in desk.text
    assert desk.col.decks.id_for_name("Spanish") is None


MORE_CARDS = """[[models.templates]]
name = "Card 2"
front = "{{English}}"
back = "{{Spanish}}"

[[decks]]"""


@pytest.mark.parametrize("strategy", ["push_only", "bidirectional"])
def test_a_model_that_differs_is_changed_only_when_asked(desk: DeckDesk, strategy: str) -> None:
    desk.write(note("uno", "one"), note("dos", "two"))
    desk.sync()
    desk.change("font-size: 20px", "font-size: 30px")
    desk.change('back = "{{English}}<br>', 'back = "{{English}}')
    desk.change("[[decks]]", MORE_CARDS)
    desk.change('"two"', '"2"')
    desk.change('"English", "Example"]', '"English", "Example", "Hint"]')
    desk.change('"one"\n', '"one"\nHint = "1"\n')
    report = desk.sync(strategy=strategy)
    assert "field “Hint” is only in the file" in desk.told(report, "left as it is").text
    assert len(desk.fields(desk.find("uno"))) == 3
    plan = desk.plan(strategy=strategy, change_models=True)
    assert plan.full_sync == (
        "Vocab: field “Hint” is only in the file",
        "Vocab: card template “Card 2” is only in the file",
    )
    assert desk.sync(strategy=strategy, change_models=True).ok
    assert "30px" in desk.notetype("Vocab")["css"]
    assert desk.fields(desk.find("uno")) == ["uno", "one", "", "1"]
    assert desk.fields(desk.find("dos"))[1] == "2" and desk.col.card_count() == 4
    desk.set(strategy=strategy)
    desk.assert_settled()


def test_fields_go_by_their_names_whatever_their_order(desk: DeckDesk) -> None:
    desk.write(note("uno", "one"))
    desk.sync()
    notetype = desk.notetype("Vocab")
    desk.col.models.reposition_field(notetype, notetype["flds"][2], 0)
    desk.col.models.update_dict(notetype)
    dos = desk.add("dos", "two")
    desk.edit(dos, Example="<b>x</b>")
    desk.file.write_text(desk.text + note("tres", "three", example="*y*"))
    desk.change('"one"', '"1"')
    assert desk.sync().ok
    assert 'Spanish = "dos"' in desk.text and 'Example = "**x**"' in desk.text
    assert ["<i>y</i>", "tres", "three"] in [desk.fields(id_) for id_ in desk.ids()]
    assert ["", "uno", "1"] in [desk.fields(id_) for id_ in desk.ids()]
    desk.assert_settled()


@pytest.mark.parametrize("name", (normalize("NFD", "Español"), 'My "own" type'))
def test_a_name_that_anki_writes_another_way_is_one_note_type(desk: DeckDesk, name: str) -> None:
    desk.write(note("uno", "one"))
    desk.file.write_text(
        desk.text.replace('"Vocab"', json.dumps(name, ensure_ascii=False)), "utf-8"
    )
    before = len(desk.col.models.all_names_and_ids())
    for _ in range(2):
        assert desk.sync().ok
        assert len(desk.col.models.all_names_and_ids()) == before + 1
        assert desk.fields(desk.find("uno")) == ["uno", "one", ""]
        desk.assert_settled()
        desk.lose_base()


@pytest.mark.parametrize("name", (normalize("NFD", "Español"), 'My "own" card'))
@pytest.mark.parametrize("strategy", ("bidirectional", "push_only"))
def test_a_card_that_anki_names_another_way_is_one_card(
    desk: DeckDesk, name: str, strategy: str
) -> None:
    desk.set(change_models=True, strategy=strategy)
    desk.write(note("uno", "one"))
    desk.file.write_text(
        desk.text.replace('"Card 1"', json.dumps(name, ensure_ascii=False)), "utf-8"
    )
    for css in ("20px", "21px", "22px"):
        desk.change("20px", css)
        report = desk.sync()
        assert report.ok and not report.messages
        assert len(desk.notetype("Vocab")["tmpls"]) == desk.col.card_count() == 1
        assert css in desk.notetype("Vocab")["css"]
        desk.assert_settled()
        desk.change(css, "20px")
    if strategy == "bidirectional":
        desk.sync()
        kind = desk.notetype("Vocab")
        kind["tmpls"][0]["qfmt"] = "{{Spanish}}!"
        desk.col.models.update_dict(kind)
        assert desk.sync().ok and "{{Spanish}}!" in desk.text
        desk.assert_settled()


@pytest.mark.parametrize("strategy", ("bidirectional", "push_only"))
def test_names_that_anki_shortens_are_in_step_after_one_run(desk: DeckDesk, strategy: str) -> None:
    desk.set(strategy=strategy)
    head = HEAD.replace('name = "Spanish::Verbs"', 'name = "Topic:\\tone"')
    desk.write(note("uno", deck="Topic:\tone", tags=["food::", "::meat"]), head=head)
    assert desk.sync().ok
    assert desk.deck_of(desk.find("uno")) == "Topic:one"
    desk.assert_settled()
    desk.change("Topic:\\tone", "Topic:", 2)
    assert desk.sync().ok
    assert desk.deck_of(desk.find("uno")) == "Topic"
    desk.assert_settled()
