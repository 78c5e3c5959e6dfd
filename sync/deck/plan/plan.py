"""Plans a run of a TOML deck, from the file, Anki and the base. Writes nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from ....convert.deck_file.definition import Problem
from ....convert.deck_file.items import Layout
from ...collection.clean import clean_deck_name
from ...collection.decks import find_guids, home_of, read_notes
from ...collection.reads import NoteRow
from ...run.done import count_words
from ...run.faults import explain_fault
from ...run.progress import Progress
from .. import models
from ..base import DeckBase
from ..changes import DeckNote, DeckPlan
from ..media import MediaPlace, check_media, check_names, plan_media
from ..options import DeckOptions
from ..read import identity
from ..read.file import ReadFile, read_file
from ..read.identity import Candidate, Matcher, Matches
from ..read.sides import Sides, read_sides
from .card_losses import tell_losses, tell_lost_by_models
from .declarations import Declarations
from .faults import find_faults
from .note_cards import plan_settling
from .note_media import find_coming, plan_note_media
from .note_plan import NotePlanner

if TYPE_CHECKING:
    from anki.collection import Collection


def plan(
    col: Collection, file: Path, options: DeckOptions, base: DeckBase, progress: Progress
) -> DeckPlan:
    """Plan a run. Faults of the file are in the plan's ``problems``. Raises ``Cancelled``."""
    progress("Reading the file", 0, 0)
    read = read_file(file)
    place = MediaPlace(file.parent, Path(col.media.dir()))
    problems = list(read.problems)
    if read.deck is not None:
        problems += check_media(read.deck.media, place, has_to_be_there=options.pushes)
        problems += check_names(read.deck.media, place)
    empty = DeckPlan(
        file, options, valid=False, definition=read.deck, text=read.text, file_digest=read.digest
    )
    if read.deck is None:
        return replace(empty, problems=_sorted(problems))
    progress("Comparing with Anki", 0, 0)
    sides = read_sides(col, read.deck, options, base)
    problems += find_faults(col, sides)
    if any(p.level == "error" and p.note is None for p in problems):
        return replace(empty, problems=_sorted(problems))
    valid = not any(p.level == "error" for p in problems)
    return replace(_Planner(col, sides, base, problems, place).make(file, read), valid=valid)


class _Planner:
    """Makes one plan."""

    def __init__(
        self,
        col: Collection,
        sides: Sides,
        base: DeckBase,
        problems: list[Problem],
        place: MediaPlace,
    ) -> None:
        self.col, self.sides, self.base = col, sides, base
        self.problems, self.place = problems, place
        self.digests = [sides.toml_digest(note) for note in sides.file.notes]
        self.notes: list[DeckNote] = []

    def make(self, file: Path, read: ReadFile) -> DeckPlan:
        sides = self.sides
        matches, rows = self._match()
        self._find_coming_fields()
        layout = Layout(read.text)
        planner = NotePlanner(self.col, sides, matches, self.digests, layout)
        self.notes = self._plan_notes(planner, rows)
        self.problems += planner.problems
        self._report_missing_fields()
        self.problems += tell_losses(self.notes, layout)
        self.notes = plan_settling(self.col, sides, self.notes)
        coming = find_coming(sides, self.notes)
        known = self.base.media()
        media = plan_media(sides.file.media, self.place, known, sides.options, coming)
        declared = Declarations(self.col, sides, self.notes, self.problems)
        model_changes, deck_changes = declared.plan_models(), declared.plan_decks()
        self.problems += tell_lost_by_models(self.col, sides, model_changes)
        return DeckPlan(
            file,
            sides.options,
            tuple(self.notes),
            model_changes,
            deck_changes,
            (*media, *plan_note_media(sides, self.notes, model_changes, self.place)),
            _sorted(self.problems),
            sides.file,
            read.text,
            read.digest,
            planner.learns or declared.learns or any(m.action == "adopt" for m in media),
            tuple(entry.guid for entry in matches.recovered.values()),
            {id_: facts.definition for id_, facts in sides.by_id.items()},
        )

    def _plan_notes(self, planner: NotePlanner, rows: Mapping[int, NoteRow]) -> list[DeckNote]:
        """Plan the notes of the file in its order, then the notes that only Anki has."""
        sides, matches = self.sides, planner.matches
        faulty = {p.note: p.message for p in self.problems if p.level == "error" and p.note}
        notes = [planner.plan_note(note, faulty.get(note.position)) for note in sides.file.notes]
        claimed = {row.id for row in matches.found.values()} | matches.held_back
        strangers = [row for row in rows.values() if row.id not in claimed]
        self._learn_types(strangers)
        strangers.sort(key=lambda row: (sides.home(row), row.id))
        scope = self._scope()
        notes += [planner.plan_stranger(row) for row in strangers if self._belongs(row, scope)]
        return notes

    def _match(self) -> tuple[Matches, dict[int, NoteRow]]:
        sides, notes = self.sides, self.sides.file.notes
        pending = self.base.pending()
        guids = find_guids(self.col, identity.wanted_guids(notes, pending))
        ids = {note.note_id for note in notes if note.note_id}
        ids.update(sides.known, *guids.values())
        rows = read_notes(self.col, ids, self._scope())
        matcher = Matcher(
            rows, guids, sides.known, pending, self._key_of, sides.first_of, sides.type_of
        )
        candidates = [
            Candidate(note, sides.notetype_of(note.model), mine)
            for note, mine in zip(notes, self.digests)
        ]
        return matcher.match([c for c in candidates if c.note.model in sides.declared]), rows

    def _find_coming_fields(self) -> None:
        """Save in ``sides`` the fields that this run adds to note types, for comparing notes."""
        sides = self.sides
        for name, facts in sides.notetypes.items():
            known = sides.known_models.get(name)
            change = models.plan_model(sides.declared[name], facts, known, sides.options)
            if change and change.to_anki:
                more = (f for f in change.to_anki.fields if f not in facts.fields)
                sides.coming[facts.id] = tuple(more)

    def _key_of(self, candidate: Candidate) -> tuple[int, int, str]:
        note = candidate.note
        deck = self.sides.decks.find(self.sides.deck_name(note.deck))
        try:
            return deck, candidate.notetype, self.sides.first_field(note)
        except Exception as error:  # then the key must match no other note
            explain_fault(error, f"note {note.position} of the file")
            return deck, candidate.notetype, f"\x1f{note.position}"

    def _scope(self) -> set[int]:
        """The ids of Anki's decks that the file declares, also of those renamed since."""
        found = set()
        for deck in self.sides.file.decks:
            id_ = self.sides.decks.find(clean_deck_name(deck.name))
            known = self.sides.known_decks.get(deck.name)
            if not id_ and known and known.deck_id in self.sides.decks.names:
                id_ = known.deck_id
            found.add(id_)
        return found - {0}

    def _belongs(self, row: NoteRow, scope: set[int]) -> bool:
        return row.id in self.sides.known or home_of(row) in scope

    def _learn_types(self, rows: Iterable[NoteRow]) -> None:
        """Save in ``sides`` the note types of these notes that the file does not declare."""
        sides = self.sides
        unknown = {row.notetype for row in rows} - set(sides.by_id)
        for id_, facts in models.read_notetypes(self.col, unknown).items():
            sides.by_id[id_] = facts
            sides.names[id_] = facts.definition.name

    def _report_missing_fields(self) -> None:
        """Warn of fields that have text in the file and that Anki's note type does not have."""
        sides = self.sides
        if not sides.pushes:
            return
        lacking: Counter[tuple[str, str]] = Counter()
        for model, facts in sides.notetypes.items():
            more = [name for name in sides.declared[model].fields if name not in facts.fields]
            for change in self.notes if more else ():
                if change.toml and change.model == model and change.action != "none":
                    lacking.update((model, n) for n in more if change.toml.fields.get(n))
        change_models = sides.options.change_models
        for (model, name), times in lacking.items():
            if not change_models:
                text = (
                    f"Anki's note type “{model}” has no field “{name}”, so the text of "
                    f"{count_words(times, 'note')} there is not carried. Let "
                    "this run change note types, or add the field in Anki"
                )
                line = sides.declared[model].line
                self.problems.append(Problem("warning", text, line))


def _sorted(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    return tuple(sorted(problems, key=lambda problem: problem.line))
