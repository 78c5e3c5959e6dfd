"""Plans the notes of an update, one by one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Optional

from .....convert.deck_file.definition import NoteDef, Problem
from .....convert.text.merge import merge_tags, same_tags
from .....model.slots import CardError
from ....collection.card_effects import count_reviews, explain_clozes, find_clozes
from ....collection.clean import ANKIS_TAGS, clean_tags
from ....collection.dynamic_type import ForeignNotetype
from ....collection.reads import NoteRow, home_decks
from ....deck.base import HeldField, HeldNote
from ....run.done import count_words
from ....run.faults import explain_fault
from ..author import AuthorNote
from ..changes import Action, NotePlan, PartPlan, Question, title_of
from .dynamic import DynamicPlanner
from .protected import find_protected
from .settling import merge_fields
from .sides import Sides


@dataclass
class NotePlanner:
    """Plans notes of the author that this subscriber wants. Adds to ``problems``."""

    sides: Sides
    problems: list[Problem] = field(default_factory=list)
    absent_decks: frozenset[str] = frozenset()  # decks of the author's that get no new notes
    asks_absent: bool = False  # a note that is not in Anki may be one that was deleted
    nowhere: dict[tuple[str, str], int] = field(default_factory=dict)  # what a type took away

    def plan(self, theirs: AuthorNote, rows: Sequence[NoteRow]) -> Optional[NotePlan]:
        """Plan one note; None when there is nothing to do. A fault of ours costs this note only.

        ``rows`` are the notes in Anki with its guid.
        """
        told = len(self.problems)
        try:
            return self._plan(theirs, rows)
        except (CardError, ForeignNotetype) as error:
            self._tell(theirs.note, f"“{title_of(self.sides.title_of(theirs.note))}”: {error}")
            return None
        except Exception as error:
            del self.problems[told:]
            text = explain_fault(error, f"note {theirs.note.position} of the file")
            self._tell(theirs.note, text)
            return None

    def _plan(self, theirs: AuthorNote, rows: Sequence[NoteRow]) -> Optional[NotePlan]:
        sides, note = self.sides, theirs.note
        entry = sides.known.get(theirs.guid)
        row = _choose(rows, entry.note_id if entry else 0)
        if row is None:
            if entry and entry.state in ("", "kept"):
                return self._plan_deleted(theirs)
            if note.deck in self.absent_decks:
                return None
            if not sides.is_usable(note.deck):
                text = f"“{sides.deck_name(note.deck)}” is a filtered deck in Anki, or below one"
                self._tell(note, f"{text}. Rename that one; the note was not added")
                return None
            if self.asks_absent or (entry and entry.state == "absent"):
                return self._plan_absent(theirs, entry is not None)
            return self._add(theirs)
        held = sides.base.read_held(entry.guid) if entry else None
        title, deck = title_of(sides.title_in(row)), sides.home_of(row)
        plan = NotePlan("leave", row.guid, title, deck, theirs, row)
        if note.is_dynamic != (row.notetype in sides.dynamic) or not self._fits(note, row):
            self._tell(note, f"“{title}” has another note type in Anki, and was left as it is")
            return None
        return self._compare(plan, note, row, held)

    def _fits(self, note: NoteDef, row: NoteRow) -> bool:
        """Whether a note in Anki has the model's note type, or at least the same fields."""
        if note.is_dynamic:
            return True
        facts = self.sides.types.get(note.model)
        if facts and facts.id == row.notetype:
            return True
        return set(self.sides.models[note.model].fields) <= set(self.sides.facts(row).fields)

    def _plan_deleted(self, theirs: AuthorNote) -> Optional[NotePlan]:
        """A note that the subscriber deleted stays deleted, unless they ask for it."""
        if self.sides.answer(f"deleted:{theirs.guid}") == "add":
            return self._add(theirs)
        return None

    def _plan_absent(self, theirs: AuthorNote, asked_before: bool) -> Optional[NotePlan]:
        """Without the base, nobody knows whether a note is new or was deleted: it is asked."""
        note, sides = theirs.note, self.sides
        key = f"absent:{theirs.guid}"
        question = Question(
            key,
            "absent",
            title_of(sides.title_of(note)),
            "This note is not in Anki. It is new, or you deleted it.",
            ("add", "leave"),
            sides.deck_name(note.deck),
            answer=sides.answers.get(key),
        )
        if question.answer == "add":
            return self._add(theirs)
        plan = NotePlan("learn", theirs.guid, question.title, question.deck, theirs)
        plan = replace(plan, held=self._hold(note, {}, {}))
        if question.answer == "leave":
            return replace(plan, digest=theirs.digest)
        action: Action = "leave" if asked_before else "learn"
        return replace(plan, action=action, state="absent", questions=(question,))

    def _add(self, theirs: AuthorNote) -> Optional[NotePlan]:
        sides, note = self.sides, theirs.note
        title = title_of(sides.title_of(note))
        markdown = sides.markdown(note.model)
        for name, text in note.fields.items():
            loss = sides.values.find_loss(text) if name in markdown else None
            if loss:
                self._tell(note, f"“{title}”, field “{name}”: {loss.sentence} It was not added")
                return None
        fields = {
            name: HeldField(text, sides.values.to_anki(text, name in markdown), name in markdown)
            for name, text in note.fields.items()
        }
        plan = NotePlan("add", theirs.guid, title, sides.deck_name(note.deck), theirs)
        waits = note.model not in sides.made and self._lacks(note)
        plan = replace(plan, digest=b"" if waits else theirs.digest)
        if waits:
            fields = {name: held for name, held in fields.items() if name not in waits}
        if note.is_dynamic:
            return DynamicPlanner(sides).plan_new(plan, note, self._hold(note, fields, {}))
        return replace(plan, held=self._hold(note, fields, {}))

    def _lacks(self, note: NoteDef) -> frozenset[str]:
        """Fields that the note type has not got: their words wait until it has them.

        Some wait for a full sync; others the subscriber renamed or took away, which is told.
        """
        facts = self.sides.types.get(note.model)
        if note.is_dynamic or facts is None:
            return frozenset()
        known = {*facts.fields, *self.sides.coming.get(note.model, ())}
        lacks = frozenset(name for name in note.fields if name not in known)
        entry = self.sides.known_models.get(note.model)
        for name in lacks & {*(entry.held.fields if entry else ())}:
            if note.fields[name]:
                key = (note.model, name)
                self.nowhere[key] = self.nowhere.get(key, 0) + 1
        return lacks

    def tell_nowhere(self) -> Iterator[Problem]:
        """What the author says in fields that the subscriber renamed or took away."""
        for (model, name), count in self.nowhere.items():
            facts = self.sides.types[model]
            text = (
                f"Your note type “{facts.definition.name}” has no field “{name}” any more. What "
                f"the author says there, in {count_words(count, 'note')}, waits until a field "
                "has that name again"
            )
            yield Problem("warning", text, self.sides.models[model].line)

    def _hold(self, note: NoteDef, fields: dict[str, HeldField], cards: dict) -> HeldNote:  # type: ignore[type-arg]
        tags = None if note.tags is None else clean_tags(note.tags)
        return HeldNote(note.model, note.deck, tags, fields, cards)

    def _compare(
        self, plan: NotePlan, note: NoteDef, row: NoteRow, held: Optional[HeldNote]
    ) -> Optional[NotePlan]:
        """Plan a note that is on both sides."""
        sides = self.sides
        tags = tuple(row.tags.split())
        protected = find_protected(sides.subscription, plan.guid, note, tags)
        if note.is_dynamic:
            plan = DynamicPlanner(sides).compare(plan, note, row, held, protected)
        else:
            plan = self._compare_fields(plan, note, row, held, protected)
        parts = [*plan.parts]
        part = self._compare_tags(note, tags, held)
        parts += [part] if part else []
        part = self._compare_deck(note, row, held)
        parts += [part] if part else []
        assert plan.held is not None
        now = replace(self._hold(note, {}, {}), fields=plan.held.fields, cards=plan.held.cards)
        is_open = any(p.state in ("question", "protected", "refused") for p in parts)
        is_open = is_open or bool(self._lacks(note)) or any(q.is_open for q in plan.questions)
        for each in parts:
            if each.state == "refused":
                text = f"“{plan.title}”, {each.part} “{each.name}”: {each.why} It was left as it is"
                self._tell(note, text)
        self._tell_lost_clozes(plan, note, row)
        assert plan.theirs is not None
        digest = b"" if is_open else plan.theirs.digest
        writes = any(p.after is not None for p in parts) or bool(plan.values)
        plan = replace(plan, parts=tuple(parts), held=now, digest=digest)
        if writes:
            return replace(plan, action="update")
        entry = sides.known.get(plan.guid)
        same = entry is not None and entry[2:] == (digest, "") and held == now
        return replace(plan, action="leave" if same else "learn")

    def _compare_fields(
        self,
        plan: NotePlan,
        note: NoteDef,
        row: NoteRow,
        held: Optional[HeldNote],
        protected: frozenset[str],
    ) -> NotePlan:
        sides = self.sides
        in_anki = sides.fields_of(row)
        in_anki.update((name, "") for name in sides.coming.get(note.model, ()))
        markdown = sides.markdown(note.model)
        merged = merge_fields(sides, plan, note.fields, in_anki, held, markdown, protected)
        new = replace(plan, parts=merged.parts, questions=merged.questions)
        return replace(new, held=self._hold(note, merged.held, {}))

    def _tell_lost_clozes(self, plan: NotePlan, note: NoteDef, row: NoteRow) -> None:
        """Tell which clozes an edit of the author's takes out, with the reviews of their cards."""
        edits = {p.name: p.after for p in plan.parts if p.part == "field" and p.after is not None}
        facts = self.sides.facts(row)
        if not edits.keys() & {*facts.cloze_fields}:
            return
        before = self.sides.fields_of(row)
        clozes = facts.cloze_fields
        lost = find_clozes(before, clozes) - find_clozes({**before, **edits}, clozes)
        if lost:
            reviews = count_reviews(self.sides.col, row.id, lost)
            (told,) = explain_clozes((), sorted(lost), reviews)
            self._tell(note, f"“{plan.title}”: the author's edit {told}")

    def _compare_tags(
        self, note: NoteDef, tags: Sequence[str], held: Optional[HeldNote]
    ) -> Optional[PartPlan]:
        if note.tags is None or held is None:
            return None
        theirs, before = clean_tags(note.tags), held.tags or ()
        if same_tags(before, theirs):
            return None
        both = merge_tags((tag for tag in before if tag.casefold() not in ANKIS_TAGS), tags, theirs)
        after = None if same_tags(both, tags) else " ".join(both)
        if after is None:
            return None
        state = "theirs" if same_tags(before, tags) else "merged"
        return PartPlan("tags", "", state, " ".join(tags), " ".join(theirs), after)  # type: ignore[arg-type]

    def _compare_deck(
        self, note: NoteDef, row: NoteRow, held: Optional[HeldNote]
    ) -> Optional[PartPlan]:
        """The author moved the note: its cards follow, unless the subscriber moved them."""
        if held is None or held.deck is None or held.deck == note.deck:
            return None
        sides = self.sides
        old, new = sides.deck_id(held.deck), sides.deck_id(note.deck)
        if not old or old == new or old not in home_decks(row.decks):
            return None
        if not sides.is_usable(note.deck):
            return None
        name = sides.deck_name(note.deck)
        return PartPlan("deck", "", "theirs", sides.decks.names[old], name, name)

    def _tell(self, note: NoteDef, text: str) -> None:
        self.problems.append(Problem("warning", text, note.line, note.position))


def _choose(rows: Sequence[NoteRow], note_id: int) -> Optional[NoteRow]:
    """The note that the base knows, else the oldest."""
    known = next((row for row in rows if row.id == note_id), None)
    return known or min(rows, key=lambda row: row.id, default=None)
