"""Plans the note types of an update: css and templates follow unless the subscriber changed them.

A note type in Anki stands for a model of the author's. One that notes of the subscriber's own have
too is not changed without a question, and one of the same name that differs is left alone: then the
model gets a note type of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Optional

from .....convert.deck_file.definition import ModelDef, Problem, TemplateDef
from ....collection.clean import clean_type_name
from ....collection.reads import NoteRow
from ....deck.models import NotetypeFacts, name_templates, read_notetypes
from ....deck.plan.faults import try_models
from ..base import ModelEntry
from ..changes import Choice, Question, TypePlan
from .sides import Sides

if TYPE_CHECKING:
    from anki.collection import Collection

_SIDES: tuple[Choice, ...] = ("mine", "theirs")


def plan_types(
    sides: Sides, rows: Iterable[NoteRow], used: Mapping[str, set[int]]
) -> tuple[list[TypePlan], list[Problem]]:
    """Plan all models, and save in ``sides`` which note types stand for them.

    ``rows`` are the matched notes in Anki; ``used``: model → the note types of its notes there.
    """
    own = {row.id for row in rows}
    plans, problems = [], []
    for model in sides.author.deck.models:
        plan = _plan_type(sides, model, own, used.get(model.name, set()))
        if isinstance(plan, Problem):
            problems.append(plan)
        elif plan is not None:
            plans.append(plan)
    wanted = {plan.name: plan.wanted for plan in plans if plan.wanted}
    lines = {model.name: model.line for model in sides.author.deck.models}
    refused: dict[str, Problem] = {}
    for name, model in wanted.items():
        for problem in try_models([replace(model, line=lines[name])]):
            refused.setdefault(name, problem)
    for name, problem in refused.items():
        problems.append(replace(problem, level="warning"))
        sides.made.pop(name, None)
        sides.coming.pop(name, None)
    return [plan for plan in plans if plan.name not in refused], problems


def _plan_type(
    sides: Sides, model: ModelDef, own: set[int], used: set[int]
) -> TypePlan | Problem | None:
    model = name_templates(model)
    entry = sides.known_models.get(model.name)
    facts = _find_known(sides.col, entry)
    if facts is None:
        entry = None
        facts = _find_type(sides, model, used)
    if facts is None:
        name = _free_name(sides, model)
        sides.made[model.name] = name
        return TypePlan(
            model.name, 0, replace(model, name=name), ("new note type",), held=model, learns=True
        )
    if facts.definition.model_type != model.model_type:
        text = (
            f"The author made the note type “{model.name}” {model.model_type}, and yours is "
            f"{facts.definition.model_type}. It was left as it is, and its new notes were not added"
        )
        sides.types[model.name] = facts
        sides.unfit.add(model.name)
        return Problem("warning", text, model.line)
    sides.types[model.name] = facts
    owned = entry.owned if entry else _is_owned(sides, facts.id, own)
    held = entry.held if entry else None
    return _Merge(sides, model, facts, held, owned, own).plan()


def _find_known(col: Collection, entry: Optional[ModelEntry]) -> Optional[NotetypeFacts]:
    return read_notetypes(col, [entry.notetype]).get(entry.notetype) if entry else None


def _find_type(sides: Sides, model: ModelDef, used: set[int]) -> Optional[NotetypeFacts]:
    """The note type of the model's notes in Anki, or one of its name that is the same."""
    col = sides.col
    for id_, facts in sorted(read_notetypes(col, used).items()):
        if id_ not in sides.dynamic and set(model.fields) <= set(facts.fields):
            return facts
    for name in (model.name, _own_name(sides, model)):
        data = col.models.by_name(clean_type_name(name))
        if data is not None:
            facts = read_notetypes(col, [int(data["id"])])[int(data["id"])]
            if _is_same(model, facts.definition):
                return facts
    return None


def _is_same(model: ModelDef, anki: ModelDef) -> bool:
    return (
        (model.fields, model.sort_field, model.model_type)
        == (anki.fields, anki.sort_field, anki.model_type)
        and model.templates in ((), anki.templates)
        and model.css in (None, anki.css)
    )


def _own_name(sides: Sides, model: ModelDef) -> str:
    return f"{model.name} ({sides.author.deck.package.name})"


def _free_name(sides: Sides, model: ModelDef) -> str:
    """A name for a new note type that nothing in Anki has."""
    by_name = sides.col.models.by_name
    taken = set(sides.made.values())
    own = _own_name(sides, model)
    more = (f"{own} {number}" for number in range(2, 1000))
    for name in (model.name, own, *more):
        if name not in taken and by_name(clean_type_name(name)) is None:
            return name
    return own


def _is_owned(sides: Sides, id_: int, own: set[int]) -> bool:
    """Whether only notes of the subscription have the note type; ``own`` are ids of such notes."""
    assert sides.col.db is not None
    notes = sides.col.db.all("select id, guid from notes where mid = ?", id_)
    return all(note_id in own or guid in sides.known for note_id, guid in notes)


@dataclass
class _Merge:
    """Merges one model: what the author said (``held``) and says, and what Anki has."""

    sides: Sides
    model: ModelDef
    facts: NotetypeFacts
    held: Optional[ModelDef]
    owned: bool  # when it was first seen, only notes of the subscription had it
    own: set[int]  # ids of notes of the subscription
    details: list[str] = field(default_factory=list)
    waits: list[str] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)

    @cached_property
    def _follows(self) -> bool:
        """Whether the note type is the author's to change: no note of the subscriber's has it."""
        return self.owned and _is_owned(self.sides, self.facts.id, self.own)

    def plan(self) -> Optional[TypePlan]:
        anki, model, held = self.facts.definition, self.model, self.held
        wanted, now = anki, held or replace(model, css=None, templates=(), fields=())
        costly = self._merge_structure(anki)
        if costly is not None:
            self.sides.coming[model.name] = tuple(
                name for name in costly.fields if name not in anki.fields
            )
            wanted = costly
            now = replace(now, fields=model.fields, sort_field=model.sort_field)
        elif not self.waits:
            now = replace(now, fields=model.fields, sort_field=model.sort_field)
        css = self._merge_text(
            "css", "the styling (css)", held.css if held else None, model.css, anki.css or ""
        )
        if css is not None:
            wanted = replace(wanted, css=css)
        if not self._is_open("css"):
            now = replace(now, css=model.css)
        wanted, now = self._merge_templates(wanted, now, costly is not None)
        now = replace(now, name=model.name, model_type=model.model_type)
        now = replace(now, markdown_fields=model.markdown_fields)
        changes = wanted != anki
        learns = now != held or self.sides.known_models.get(model.name) is None
        if not (changes or learns or self.waits or self.questions):
            return None
        return TypePlan(
            model.name,
            self.facts.id,
            wanted if changes else None,
            tuple(self.details),
            tuple(self.waits),
            tuple(self.questions),
            costly is not None,
            now,
            self.owned,
            learns,
            anki,
        )

    def _merge_structure(self, anki: ModelDef) -> Optional[ModelDef]:
        """The note type with the author's new fields and templates, when the run may add them."""
        model, held = self.model, self.held
        old = held.fields if held else ()
        fields = [n for n in model.fields if n not in old and n not in anki.fields]
        known = {template.name for template in (*(held.templates if held else ()), *anki.templates)}
        templates = [each for each in model.templates if each.name not in known]
        costs = [f"new field “{name}”" for name in fields]
        costs += [f"new card template “{each.name}”" for each in templates]
        sort_field = anki.sort_field
        follows = held is not None and anki.sort_field == held.sort_field != model.sort_field
        if follows and model.sort_field in (*anki.fields, *fields):
            sort_field = model.sort_field
            costs.append(f"sort field “{sort_field}”")
        if not costs:
            return None
        if not self.sides.change_types:
            self.waits += costs
            return None
        self.details += costs
        return replace(
            anki,
            fields=(*anki.fields, *fields),
            templates=(*anki.templates, *templates),
            sort_field=sort_field,
        )

    def _merge_templates(
        self, wanted: ModelDef, now: ModelDef, structure: bool
    ) -> tuple[ModelDef, ModelDef]:
        held = {each.name: each for each in (self.held.templates if self.held else ())}
        mine = {each.name: each for each in wanted.templates}
        remembered = dict(held)
        for theirs in self.model.templates:
            name = theirs.name
            if name not in mine:
                if name in held:  # the subscriber removed it
                    remembered[name] = theirs
                continue
            if name not in {each.name for each in self.facts.definition.templates}:
                remembered[name] = theirs
                continue
            if self._mentions_waiting(theirs):
                continue
            old = held.get(name)
            texts = [
                self._merge_text(
                    f"{side}:{name}",
                    f"the {side} of the card template “{name}”",
                    getattr(old, side) if old else None,
                    getattr(theirs, side),
                    getattr(mine[name], side),
                )
                for side in ("front", "back")
            ]
            front, back = texts
            mine[name] = TemplateDef(
                name,
                mine[name].front if front is None else front,
                mine[name].back if back is None else back,
            )
            if not (self._is_open(f"front:{name}") or self._is_open(f"back:{name}")):
                remembered[name] = theirs
        kept = tuple(mine[each.name] for each in wanted.templates)
        return replace(wanted, templates=kept), replace(now, templates=(*remembered.values(),))

    def _mentions_waiting(self, template: TemplateDef) -> bool:
        """Whether a template shows a field that the note type has not got yet."""
        there = {*self.facts.fields, *self.sides.coming.get(self.model.name, ())}
        lacking = [name for name in self.model.fields if name not in there]
        return any(name in template.front + template.back for name in lacking)

    def _merge_text(
        self, key: str, what: str, old: Optional[str], theirs: Optional[str], mine: str
    ) -> Optional[str]:
        """The new text; None when it stays. Asks where both changed it."""
        if theirs is None or theirs in (old, mine):
            return None
        if old is not None and mine == old and self._follows:
            self.details.append(f"{what} changes")
            return theirs
        key = f"type:{self.model.name}:{key}"
        answer = self.sides.answers.get(key)
        answer = answer if answer in _SIDES else None
        reason = (
            f"The author changed {what}, and so did you."
            if self._follows
            else f"The author changed {what}. Notes of your own, or of another "
            "deck, have this note type too."
        )
        self.questions.append(
            Question(
                key,
                "type",
                self.facts.definition.name,
                reason,
                _SIDES,
                base=old or "",
                mine=mine,
                theirs=theirs,
                answer=answer,
            )
        )
        if answer == "theirs":
            self.details.append(f"{what} changes")
            return theirs
        return None

    def _is_open(self, key: str) -> bool:
        wanted = f"type:{self.model.name}:{key}"
        return any(each.key == wanted and each.is_open for each in self.questions)
