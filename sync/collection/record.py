"""Records what is written into notes, with the words before and after."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple, Optional, Union, cast

from ..activity.entry import Entry, NoteWords
from ..activity.recorder import Recorder
from ..run.done import Done
from .reads import NoteRow, home_decks

if TYPE_CHECKING:
    from anki.collection import Collection
    from anki.decks import DeckId
    from anki.models import NotetypeId


class About(NamedTuple):
    """What a record says of a note: its title, and the path of its page.

    ``done`` is set where the note was not simply added or updated. ``trash`` is where the version
    before was put.
    """

    title: str
    path: str = ""
    done: Optional[Done] = None
    trash: str = ""


def name_nothing(source: object) -> About:
    """A note without a title."""
    return About("")


class NoteRecorder:
    """Records notes of one collection. Between ``hold`` and the record, a note is written."""

    def __init__(self, col: Collection, recorder: Recorder) -> None:
        self._col, self._recorder = col, recorder
        self._rows: Mapping[int, NoteRow] = {}
        self._types: dict[int, tuple[str, tuple[str, ...]]] = {}
        self._decks: dict[int, str] = {}

    @property
    def is_on(self) -> bool:
        """Whether anything is recorded."""
        return self._recorder.is_on

    def hold(self, rows: Mapping[int, NoteRow]) -> None:
        """Hold notes as they are just before they are written."""
        self._rows = rows

    def added(self, note_id: int, about: About, deck: int) -> None:
        """Record a note that was added."""
        name = self._deck_name(deck)
        done = about.done or Done.NOTE_ADDED
        self._recorder.record(Entry("anki", done, note_id, about.title, about.path, name))

    def updated(
        self,
        note_id: int,
        about: About,
        fields: Union[Mapping[str, str], Sequence[str]],
        tags: Optional[tuple[str, ...]],
        deck: Union[int, str, None],
    ) -> None:
        """Record a note that was changed: its fields by name or all of them, its tags, its deck."""
        row = self._rows.get(note_id)
        if row is None:
            return
        old = dict(zip(self._type_of(row)[1], row.fields.split("\x1f")))
        new = fields if isinstance(fields, Mapping) else dict(zip(old, fields))
        changed = [name for name, text in new.items() if old.get(name) != text]
        was_tags = tuple(row.tags.split())
        retagged = tags is not None and {*tags} != {*was_tags}
        home = self._home(row)
        moved = deck if isinstance(deck, str) or deck is None else self._deck_name(deck)
        before = NoteWords(
            {name: old.get(name, "") for name in changed},
            was_tags if retagged else None,
            home if moved is not None else None,
        )
        after = NoteWords({name: new[name] for name in changed}, tags if retagged else None, moved)
        done = about.done or Done.NOTE_UPDATED
        words = before.pack(), after.pack()
        place = about.path, moved or home, "", about.trash
        self._recorder.record(Entry("anki", done, note_id, about.title, *place, *words))

    def removed(self, note_id: int, about: About) -> None:
        """Record a note that was deleted, with all that it held but its reviews."""
        row = self._rows.get(note_id)
        if row is None:
            return
        notetype, names = self._type_of(row)
        home = self._home(row)
        fields = dict(zip(names, row.fields.split("\x1f")))
        words = NoteWords(fields, tuple(row.tags.split()), home, row.guid, notetype)
        done = about.done or Done.NOTE_DELETED
        self._recorder.record(
            Entry("anki", done, note_id, about.title, about.path, home, before=words.pack())
        )

    def _type_of(self, row: NoteRow) -> tuple[str, tuple[str, ...]]:
        """The name of a note's type, and the names of its fields."""
        if row.notetype not in self._types:
            data = self._col.models.get(cast("NotetypeId", row.notetype))
            names = tuple(field["name"] for field in data["flds"]) if data else ()
            self._types[row.notetype] = (data["name"] if data else ""), names
        return self._types[row.notetype]

    def _home(self, row: NoteRow) -> str:
        decks = home_decks(row.decks)
        return self._deck_name(next(iter(decks))) if decks else ""

    def _deck_name(self, deck: int) -> str:
        if deck not in self._decks:
            self._decks[deck] = self._col.decks.name_if_exists(cast("DeckId", deck)) or ""
        return self._decks[deck]
