"""Plans the models and decks of the file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Optional

from ....convert.deck_file.definition import DeckDef, Problem
from ....model.notetype import NAME
from .. import models
from ..changes import DeckChange, DeckNote, ModelChange
from ..dynamic import DYNAMIC
from ..options import DeckOptions, Side
from ..read.sides import Sides, describe, model_entry

if TYPE_CHECKING:
    from anki.collection import Collection


@dataclass
class Declarations:
    """Plans models and decks, after the notes are planned. Adds warnings to ``problems``.

    ``learns`` says whether the base changes, even if nothing else is written.
    """

    col: Collection
    sides: Sides
    notes: Sequence[DeckNote]
    problems: list[Problem]
    learns: bool = False

    def plan_models(self) -> tuple[ModelChange, ...]:
        """The changes of models, also of those that pulled notes need in the file."""
        sides = self.sides
        changes: dict[str, ModelChange] = {}
        for model in sides.file.models:
            known = sides.known_models.get(model.name)
            facts = sides.notetypes.get(model.name)
            change = models.plan_model(model, facts, known, sides.options)
            if change:
                changes[model.name] = change
            elif facts and (known is None or known != model_entry(model, facts)):
                self.learns = True
        pulled = {n.anki.notetype for n in self.notes if n.action == "add_to_toml" and n.anki}
        for id_ in sorted(pulled):
            facts, name = sides.by_id[id_], sides.names[id_]
            declared = sides.declared.get(name)
            if declared is None:
                changes[name] = ModelChange(
                    name, ("the file does not declare it",), notetype=id_, to_toml=facts.definition
                )
            elif set(facts.fields) - set(declared.fields) and not changes[name].to_toml:
                wider = models.add_fields(declared, facts.definition)
                changes[name] = replace(changes[name], to_toml=wider)
        adds = (note for note in self.notes if note.action == "add_to_anki" and note.cards)
        if not sides.dynamic and any(adds):
            why = ("Anki has no such note type",)
            changes[DYNAMIC.name] = ModelChange(NAME, why, to_anki=DYNAMIC)
        return tuple(changes.values())

    def plan_decks(self) -> tuple[DeckChange, ...]:
        """The changes of decks, also of those that pulled and moved notes need in the file."""
        sides = self.sides
        changes: list[DeckChange] = []
        declared = set()
        needed = {
            sides.deck_name(note.toml.deck).casefold()
            for note in self.notes
            if note.toml and note.writes_anki
        }
        for deck in sides.file.decks:
            name = sides.deck_name(deck.name)
            declared.add(name.casefold())
            change = self._plan_deck(deck, name, name.casefold() in needed)
            if change:
                changes.append(change)
        for note in self.notes:
            home = next((p.to_toml for p in note.parts if p.part == "deck" and p.to_toml), None)
            if note.action == "add_to_toml":
                home = note.deck
            if home and home.casefold() not in declared:
                declared.add(home.casefold())
                description = describe(self.col, sides.decks.find(home))
                toml = DeckDef(home, description or None)
                changes.append(DeckChange(home, "declare", description, toml))
        return tuple(changes)

    def _plan_deck(self, deck: DeckDef, name: str, needed: bool) -> Optional[DeckChange]:
        sides = self.sides
        id_ = sides.decks.find(name)
        known = sides.known_decks.get(deck.name)
        if not id_:
            if not sides.pushes:
                return None
            if known and not needed:  # renamed or deleted in Anki, and no note needs it
                text = f"The deck “{deck.name}” is not in Anki any more"
                self.problems.append(Problem("warning", text, deck.line))
                return None
            return DeckChange(name, "create", deck.description, deck)
        if known is None or known.deck_id != id_:
            self.learns = True
        if deck.description is None:
            return None
        theirs = describe(self.col, id_)
        if theirs == deck.description:
            if known is None or known.description != theirs:
                self.learns = True
            return None
        old = known.description if known else None
        in_toml, in_anki = deck.description != old, theirs != old
        side = _describe_side(sides.options, in_toml, in_anki, theirs, deck.description)
        if side == "toml":
            return DeckChange(name, "describe_anki", deck.description, deck, theirs)
        if side == "anki":
            return DeckChange(name, "describe_toml", theirs, replace(deck, description=theirs))
        text = f"The description of the deck “{deck.name}” differs on both sides"
        self.problems.append(Problem("warning", text, deck.line))
        return None


def _describe_side(
    options: DeckOptions, in_toml: bool, in_anki: bool, theirs: str, ours: str
) -> Optional[Side]:
    if not options.rule.one_way and not (ours and theirs) and in_toml and in_anki:
        return "toml" if ours else "anki"
    return options.rule.winner(in_toml, in_anki)
