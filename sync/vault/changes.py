"""The plan of a vault run: each change as a value, made before anything is written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import Literal, Optional

from ..reconcile.note_change import NoteChange
from ..reconcile.question import NO_ANSWERS, Answers, Question
from ..run.report import Message
from ..run.scope import EVERYTHING, Scope
from .rows import Held, PageRow, Stranger, Stretch
from .settings import Settings

# create   the note has no page yet                restore  its page was deleted by hand
# update   the note or a setting has changed       move     the page is in the wrong folder
# rewrite  the managed part was edited by hand     adopt    the page is right; only the base changes
# delete   the note is gone, or its deck left out  forget   the page is gone; only the base changes
PageKind = Literal["create", "restore", "update", "move", "rewrite", "adopt", "delete", "forget"]
QUIET: tuple[PageKind, ...] = ("adopt", "forget")  # they change no file


class Why(Enum):
    """Why a page or an index page changes. The words for the user are in ``words.py``."""

    # A page is created or restored.
    NO_PAGE_YET = "no page yet"
    PAGE_DELETED = "page deleted"
    # A page is updated.
    FIELDS = "fields"
    DECK = "deck"
    TAGS = "tags"
    NOTE_TYPE = "note type"
    STUDY = "study"
    SETTINGS = "settings"
    LINKS = "links"
    PROPERTIES = "properties"
    NEW_NOTE = "new note"  # the page gets the id of the note that was just made from it
    # A page in the wrong folder is moved; one that is right is adopted.
    OTHER_FOLDER = "other folder"
    AS_IT_SHOULD_BE = "as it should be"
    # The text of a page is replaced.
    EDITED_BY_HAND = "edited by hand"
    DIFFERS = "differs"
    ANKI_CHOSEN = "Anki chosen"
    TAKEN_BACK = "taken back"
    WENT_BACK = "went back"  # Anki has an older state, as from a backup
    # A page is removed.
    NOTE_GONE = "note gone"
    NOTE_LOST = "note lost"  # it is not in Anki, and was not deleted there
    DECK_HIDDEN = "deck hidden"
    NEW_ID = "new id"
    # Index pages.
    NEW_DECK = "new deck"
    INDEX_DELETED = "index deleted"
    CONTENTS = "contents"
    CHANGED_ELSEWHERE = "changed elsewhere"  # by another computer, or a person
    DECK_GONE = "deck gone"
    DECK_EMPTY = "deck empty"
    FOLDER_RENAMED = "folder renamed"


@dataclass(frozen=True)
class Direction:
    """What a two-way run may do. Without ``inward``, nothing is written into Anki, and pages with
    edits wait.

    ``answers`` are to questions of an earlier plan, by their keys. ``completes``: this run, which
    is not inward, follows one that was, to write the ids of new notes on their pages. ``refill``: a
    folder that held pages and is now empty gets all pages again.
    """

    inward: bool = True
    answers: Answers = field(default_factory=lambda: NO_ANSWERS)
    completes: bool = False
    refill: bool = False


OUTWARD_AND_INWARD = Direction()


@dataclass(frozen=True)
class PageChange:
    """One page to be written, moved or deleted. Paths are relative to the vault folder."""

    kind: PageKind
    note_id: int
    path: str
    why: tuple[Why, ...]
    deck: str = ""  # of the note; empty when the page is removed
    old_path: Optional[str] = None  # where the page is now, when that is not ``path``
    text: Optional[bytes] = field(default=None, repr=False)  # the whole new page, compressed
    note_digest: bytes = b""  # the note must still have it when this is applied
    file_digest: bytes = b""  # the page must still have it; empty: there must be no page
    trash: bool = False  # the present page has a person's text, and is kept in the trash folder
    trash_name: str = ""  # its path in the trash folder, when that is not the present path
    # Only the place of the page, or our properties on it, were changed, and not in Anki.
    puts_back: bool = False
    # For the base. Size and date are set when the page is written. None: the page is removed.
    row: Optional[PageRow] = field(default=None, repr=False)
    held: Optional[Held] = field(default=None, repr=False)


@dataclass(frozen=True)
class IndexChange:
    """An index page to be written (``text``) or removed (no text)."""

    path: str
    deck: str  # full name; empty for the page of the whole collection
    deck_id: int
    why: Why
    text: Optional[str] = field(default=None, repr=False)
    old_path: Optional[str] = None  # where it is now, if its deck gets another folder
    file_digest: bytes = b""
    managed_digest: bytes = b""
    trash: bool = False
    writes: bool = True  # false: only the base changes


@dataclass(frozen=True)
class MediaChange:
    """A media file to copy into the assets folder, or a copy to remove, which no page uses."""

    kind: Literal["copy", "replace", "adopt", "remove"]
    name: str  # in Anki's media folder
    path: str  # in the vault folder
    note_id: int = 0  # a note that uses it, and that may hold its data in a field
    trash: bool = False  # the present copy goes to the trash: changed by hand, or the last one
    copy: Optional[tuple[int, int]] = None  # size and date of the present copy
    target: str = ""  # the target of its embeds


@dataclass(frozen=True)
class StrangerChanges:
    """What the base learns of foreign files: those that are not as they were, and those gone."""

    learned: tuple[Stranger, ...] = ()
    gone: tuple[str, ...] = ()  # their paths


@dataclass(frozen=True)
class StretchChanges:
    """What the base learns of stretches of notes, and those that tell nothing any more."""

    learned: tuple[Stretch, ...] = ()
    refuted: tuple[Stretch, ...] = ()


@dataclass(frozen=True)
class VaultPlan:
    """All that a run would do, with messages and questions. It holds no open files."""

    folder: Path
    settings: Settings
    pages: tuple[PageChange, ...] = ()
    indexes: tuple[IndexChange, ...] = ()
    media: tuple[MediaChange, ...] = ()
    notes: tuple[NoteChange, ...] = ()
    questions: tuple[Question, ...] = ()  # also those that have an answer
    unchanged: int = 0  # pages that stay as they are
    messages: tuple[Message, ...] = ()
    emptied: int = 0  # number of pages after the last run, if the folder is now empty
    # More that the base saves.
    folders: Mapping[str, str] = field(default_factory=dict, repr=False)
    links: Mapping[str, str] = field(default_factory=dict, repr=False)  # how links are written
    strangers: StrangerChanges = field(default_factory=StrangerChanges, repr=False)
    stale_indexes: tuple[str, ...] = ()  # index pages that were looked at
    leftovers: tuple[str, ...] = ()  # temporary files of a run that was killed
    scope: Scope = EVERYTHING  # what was looked at
    elsewhere: int = 0  # pages that were not looked at
    stretches: StretchChanges = field(default_factory=StretchChanges, repr=False, compare=False)

    @property
    def open_questions(self) -> tuple[Question, ...]:
        """The questions without an answer."""
        return tuple(question for question in self.questions if question.is_open)

    @property
    def told_before(self) -> int:
        """How many open questions an earlier run has told, so that they are only counted."""
        return sum(question.was_told for question in self.open_questions)

    @property
    def is_empty(self) -> bool:
        """Whether applying would leave every file and every note as it is."""
        return not (
            self.notes
            or any(page.kind not in QUIET for page in self.pages)
            or any(index.writes for index in self.indexes)
            or any(media.kind != "adopt" for media in self.media)
            or self.leftovers
            or self.emptied
        )

    def counts(self) -> dict[str, int]:
        """How many pages of each kind, index pages, media files and notes the plan changes.

        Notes and open questions have an entry only if there are any.
        """
        kinds = Counter(page.kind for page in self.pages if page.kind != "forget")
        notes = Counter(change.kind for change in self.notes)
        unchanged = self.unchanged + kinds.pop("adopt", 0)
        return {
            "unchanged": unchanged,
            **{kind: kinds[kind] for kind in sorted(kinds)},
            "index pages": sum(index.writes for index in self.indexes),
            "media": sum(media.kind != "adopt" for media in self.media),
            **{f"note {kind}": n for kind, n in sorted(notes.items())},
            **({"questions": len(self.open_questions)} if self.open_questions else {}),
        }

    @property
    def large_change(self) -> Optional[str]:
        """Why a person must confirm the plan first, for the user; None when nobody must.

        They must if more than 20 pages, and more than 20 % of all, are rewritten or deleted; or as
        many notes; or if the folder held pages and is now empty. A page that only tells of reviews
        loses nothing, so it does not count.
        """
        if self.emptied:
            return (
                f"“{self.folder}” is empty, but held {self.emptied:,} pages after the last run. "
                "If it is on a drive or in a cloud folder, connect it first. "
                "If you emptied it on purpose, confirm, and every page is written again."
            )
        counts = self.counts()
        deleted, moved = counts.get("delete", 0), counts.get("move", 0)
        rewritten = counts.get("update", 0) + counts.get("rewrite", 0)
        harmless = ((Why.NEW_NOTE,), (Why.STUDY,))
        rewritten -= sum(page.why in harmless for page in self.pages if page.kind == "update")
        known = self.elsewhere + counts["unchanged"] + moved + deleted + rewritten
        edited = counts.get("note edit", 0) + counts.get("note delete", 0)
        # Notes that only show embedded files which exist now lose nothing, so they do not count.
        late = {note.note_id for note in self.notes if note.shows_arrived}
        edited -= len(late)
        rewritten -= sum(page.note_id in late for page in self.pages if page.kind == "update")
        touched = deleted + rewritten
        if max(touched, edited) <= 20 or max(touched, edited) <= known * 0.2:
            return None
        does = [f"rewrite {rewritten:,}"] * bool(rewritten) + [f"delete {deleted:,}"] * bool(
            deleted
        )
        pages = f"{' and '.join(does)} of {known:,} pages" if does else ""
        notes = f"change or delete {edited:,} notes in Anki" if edited else ""
        would = ", and ".join(part for part in (pages, notes) if part)
        return f"This run would {would}. If that is what you want, confirm it."
