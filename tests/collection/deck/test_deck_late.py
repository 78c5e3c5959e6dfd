"""What changes on either side between a plan and its run is left as it is, and told."""

from __future__ import annotations

from typing import Any

import pytest
from anki.collection import Collection

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
