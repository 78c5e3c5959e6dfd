"""Finds the decks and models of a TOML file that Anki would refuse, before anything is written."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from ....convert.deck_file.definition import ModelDef, Problem
from .. import models
from ..read.sides import Sides

if TYPE_CHECKING:
    from anki.collection import Collection

_MARKUP = re.compile(r"<[^>]*>|[\u2066-\u2069]")


def find_faults(col: Collection, sides: Sides) -> list[Problem]:
    """An error, with its line, for each deck and model that Anki would refuse."""
    return [*_check_decks(sides), *_check_models(col, sides)]


def _check_decks(sides: Sides) -> Iterator[Problem]:
    filtered = {sides.decks.names[id_].casefold() for id_ in sides.decks.filtered}
    for deck in sides.file.decks:
        parts = sides.deck_name(deck.name).split("::")
        above = ["::".join(parts[:count]) for count in range(1, len(parts) + 1)]
        found = next((name for name in above if name.casefold() in filtered), "")
        if found == above[-1]:
            text = (
                f"“{deck.name}” is a filtered deck in Anki, which has no notes of its own; give "
                "this deck another name"
            )
            yield Problem("error", text, deck.line)
        elif found and sides.pushes and not sides.decks.find(above[-1]):
            text = (
                f"“{found}” is a filtered deck in Anki, which can have no decks below it; give "
                f"“{deck.name}” another name"
            )
            yield Problem("error", text, deck.line)


def _check_models(col: Collection, sides: Sides) -> list[Problem]:
    problems = []
    tried: list[ModelDef] = []
    for model in sides.file.models if sides.pushes else ():
        facts = sides.notetypes.get(model.name)
        if facts and facts.definition.model_type != model.model_type:
            text = (
                f"The model “{model.name}” is {model.model_type} here, and Anki's note type of "
                f"this name is {facts.definition.model_type}. One cannot become the other: give "
                "this model another name"
            )
            problems.append(Problem("error", text, model.line))
            continue
        change = models.plan_model(model, facts, sides.known_models.get(model.name), sides.options)
        if change and change.to_anki:
            tried.append(replace(change.to_anki, name=model.name, line=model.line))
    return [*problems, *try_models(tried)]


def try_models(wanted: Iterable[ModelDef]) -> list[Problem]:
    """Make note types in a temporary collection; returns an error for each that Anki refuses."""
    wanted = [model for model in wanted if model.name and model.fields and _has_sort_field(model)]
    if not wanted:
        return []
    from anki.collection import Collection
    from anki.errors import AnkiException

    problems = []
    with TemporaryDirectory(prefix="ankivault-") as folder:
        col = Collection(str(Path(folder) / "collection.anki2"))
        try:
            for model in wanted:
                try:
                    made = models.read_notetypes(col, [models.make_notetype(col, model)])
                except AnkiException as error:
                    reason = " ".join(_MARKUP.sub(" ", str(error)).split())
                    text = f"Anki does not take the model “{model.name}”: {reason}"
                    problems.append(Problem("error", text, model.line))
                    continue
                for facts in made.values():
                    problems += _compare_names(model, facts.fields)
        finally:
            col.close()
    return problems


def _has_sort_field(model: ModelDef) -> bool:
    return model.sort_field in model.fields


def _compare_names(model: ModelDef, made: Iterable[str]) -> Iterator[Problem]:
    for name, other in zip(model.fields, made):
        if name != other:
            text = (
                f"Anki takes no field called “{name}” (model “{model.name}”); call it “{other}”, "
                "here and in the notes"
            )
            yield Problem("error", text, model.line)
