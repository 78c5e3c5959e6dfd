"""What changes on either side between a plan and its run is left as it is, and told."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from anki.collection import Collection
from anki.notes import NoteId

from ankivault.sync.deck.options import Side
from ankivault.sync.deck.run import check_file
from tests.desks.deck_desk import HEAD, DeckDesk, note, open_desk

__all__ = ["open_desk"]
_OTHER_CSS = HEAD.replace("20px", "24px")


def _change_type(desk: DeckDesk, how: str) -> None:
    """Change the note type in Anki, as a person does in Manage Note Types."""
    models = desk.col.models
    kind = desk.notetype("Vocab")
    if how == "a field is added":
        models.add_field(kind, models.new_field("Hint"))
    elif how == "a field is renamed":
        models.rename_field(kind, kind["flds"][1], "Deutsch")
    elif how == "fields are swapped":
        models.reposition_field(kind, kind["flds"][2], 1)
    elif how == "a card template is added":
        template = models.new_template("Reverse")
        template["qfmt"], template["afmt"] = "{{English}}", "{{Spanish}}"
        models.add_template(kind, template)
    else:
        kind["name"] = "Words"
    models.update_dict(kind)


_CHANGES = (
    "a field is added",
    "a field is renamed",
    "fields are swapped",
    "a card template is added",
    "it is renamed",
)


@pytest.mark.parametrize("how", _CHANGES)
def test_a_note_type_that_changed_since_the_plan_loses_nothing(desk: DeckDesk, how: str) -> None:
    desk.write(note("uno", "one"))
    desk.sync()
    (uno,) = desk.ids()
    mine = desk.add("mío", "mine", deck="Default")
    desk.write(note("uno", "one", note_id=uno), note("dos", "two"), head=_OTHER_CSS)
    plan = desk.plan(change_models=True, strategy="push_only")
    assert [model.name for model in plan.models if model.to_anki] == ["Vocab"]

    _change_type(desk, how)
    if how == "a field is added":
        desk.edit(mine, Hint="a word of mine")
    before, text = desk.snapshot(), desk.text
    report = desk.apply(plan)

    assert desk.told(report, "note type").level == "error"
    assert (desk.snapshot(), desk.text) == (before, text)
    assert desk.sync(change_models=True).ok
    assert desk.fields(desk.find("dos"))[:1] == ["dos"]
    if how == "a field is added":
        assert desk.fields(mine)[3] == "a word of mine"


@pytest.mark.parametrize("how", _CHANGES)
def test_notes_are_pulled_only_with_the_fields_that_were_planned(desk: DeckDesk, how: str) -> None:
    desk.write(note("uno", "one"))
    desk.sync()
    desk.add("dos", "two")
    plan = desk.plan()
    assert plan.writes_file

    _change_type(desk, how)
    text = desk.text
    assert desk.told(desk.apply(plan), "note type").level == "error"
    assert desk.text == text
    assert desk.sync().ok
    assert "dos" in desk.text
    assert not [p for p in check_file(desk.file) if p.level == "error"]


def _describe(col: Collection, text: str = "") -> Any:
    """The description of the deck, after it was edited to ``text``."""
    deck = col.decks.by_name("Spanish")
    assert deck is not None
    if text:
        deck["desc"] = text
        col.decks.update_dict(deck)
    return deck["desc"]


def test_a_description_that_was_edited_since_the_plan_stays(desk: DeckDesk) -> None:
    old, new = 'name = "Spanish"\ndescription = "Old"', 'name = "Spanish"\ndescription = "New"'
    desk.write(
        note("uno"), head=HEAD.replace('[[decks]]\nname = "Spanish"\n', f"[[decks]]\n{old}\n")
    )
    desk.sync()
    desk.change(old, new)
    plan = desk.plan()
    assert _describe(desk.col) == "Old"
    assert _describe(desk.col, "My own words") == "My own words"
    assert desk.told(desk.apply(plan), "description").level == "warning"
    assert _describe(desk.col) == "My own words"
    desk.sync()
    assert _describe(desk.col) == "My own words"
    assert new in desk.text


def _with_picture(desk: DeckDesk) -> Path:
    """A synced deck with one picture; returns the picture's place beside the deck file."""
    picture = desk.file.parent / "media" / "cat.png"
    picture.parent.mkdir()
    picture.write_bytes(b"a cat")
    media = '\n[[media]]\nname = "cat.png"\npath = "media/cat.png"\n'
    desk.write(note("uno", '<img src="cat.png">'), media)
    assert desk.sync().ok
    return picture


def _in_anki(desk: DeckDesk, name: str = "cat.png") -> Path:
    return Path(desk.col.media.dir()) / name


def test_a_picture_that_was_edited_since_the_plan_stays(desk: DeckDesk) -> None:
    picture = _with_picture(desk)
    _in_anki(desk).write_bytes(b"a cat of Anki")
    plan = desk.plan()
    picture.write_bytes(b"a cat that I draw for hours")
    assert desk.told(desk.apply(plan), "cat.png").level == "warning"
    assert picture.read_bytes() == b"a cat that I draw for hours"
    assert desk.plan().counts["conflicts"] == 1
    assert desk.sync(on_conflict="prefer_anki").ok
    assert picture.read_bytes() == b"a cat of Anki"

    picture.write_bytes(b"a cat of mine")
    plan = desk.plan()
    _in_anki(desk).write_bytes(b"another cat of Anki")
    assert desk.told(desk.apply(plan), "cat.png").level == "warning"
    assert _in_anki(desk).read_bytes() == b"another cat of Anki"
    assert picture.read_bytes() == b"a cat of mine"


def test_a_file_that_came_since_the_plan_stays(desk: DeckDesk) -> None:
    desk.write(note("uno"))
    desk.sync()
    _in_anki(desk, "dog.png").write_bytes(b"a dog")
    desk.add("dos", '<img src="dog.png">')
    plan = desk.plan()
    mine = desk.file.parent / "media" / "dog.png"
    mine.parent.mkdir()
    mine.write_bytes(b"a dog of mine")
    assert desk.told(desk.apply(plan), "dog.png").level == "warning"
    assert mine.read_bytes() == b"a dog of mine"
    assert "dos" in desk.text
    assert desk.plan().counts["conflicts"] == 1


@pytest.mark.parametrize("side", ["anki", "toml"])
def test_a_note_that_undo_brought_back_since_the_plan_is_left(desk: DeckDesk, side: Side) -> None:
    desk.write(note("uno", "one") + "# my comment\n", note("dos", "two"))
    desk.sync()
    uno = desk.find("uno")
    desk.col.remove_notes([NoteId(uno)])
    desk.settle(uno, "note", "", side)
    plan = desk.plan()
    desk.col.undo()
    text, before = desk.text, desk.snapshot()
    assert "left for the next" in desk.told(desk.apply(plan), "uno").text
    assert (desk.text, desk.snapshot()) == (text, before)
    desk.set(choices={})
    desk.assert_settled()
