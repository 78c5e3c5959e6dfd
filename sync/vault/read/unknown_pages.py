"""Markdown files at paths that the base does not know: moved pages, copies, the user's own."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from typing import NamedTuple, Optional, Union

from ....convert.page.properties import find_guid, find_note_id, names_notetype
from ...collection.reader import CollectionReader
from ...reconcile.question import Answers, Choice, Question
from ...run.disk import explain
from ...run.encodings import decode_any
from ...run.report import Message
from ..rows import THEIRS, TOLD, PageRow, Stranger
from .base_rows import BaseRows
from .files import PageTexts
from .layout import COLLECTION_INDEX, Layout
from .scan import Scan, is_conflict_copy

SHOWN = 20  # how many pages of notes that are not in the collection get a message


@dataclass(frozen=True)
class Strangers:
    """What was found: pages by note id, the files that the base remembers, and messages.

    ``copies`` are further pages with the id of a note that has a page. ``new`` are pages that name
    a note type but no note.
    """

    pages: Mapping[int, str]
    learned: tuple[Stranger, ...]  # those that are not as they were
    gone: tuple[str, ...]  # the paths of those that are no more
    messages: tuple[Message, ...]
    copies: tuple[Copy, ...] = ()
    new: tuple[str, ...] = ()
    found: Mapping[str, Stranger] = field(default_factory=dict)  # ``pages``, by path

    def remember(
        self, known: Mapping[str, Stranger], settled: Set[int], copies: Set[str]
    ) -> tuple[tuple[Stranger, ...], tuple[str, ...]]:
        """The rows that the base is to learn, and the paths of those that it is to forget.

        ``settled`` are the notes whose pages get a row of their own. A page that waits for an
        answer is remembered here, like the ``copies``: a narrow run would not find it otherwise.
        """
        waiting = {path for note_id, path in self.pages.items() if note_id not in settled}
        rows = [self.found[path] for path in sorted(waiting) if path in self.found]
        learned = (row for row in rows if known.get(row.path) != row)
        gone = tuple(path for path in self.gone if path not in waiting | copies)
        return (*self.learned, *learned), gone


class Copy(NamedTuple):
    """A page with the id of a note that has another page."""

    path: str
    note_id: int
    page: str  # the note's own page
    row: Stranger

    @property
    def was_told(self) -> bool:
        """Whether a run before has told that it is a copy."""
        return self.row.stance == TOLD

    def tell(self) -> Message:
        """The warning for a copy that the run leaves alone; it says what to do."""
        return Message(
            "warning",
            f"This is a copy of the page “{self.page}” (both carry note {self.note_id}). The copy "
            "is left alone and not updated: delete it, or say in Preview Changes that it is a page "
            "of your own.",
            self.path,
            self.note_id,
        )

    def ask(self, answers: Answers, text: str, choices: tuple[Choice, ...]) -> Question:
        """The question what becomes of a copy, with the answer that a person gave."""
        key = f"copy:{self.path}"
        return Question(
            key=key,
            kind="copy",
            note_id=self.note_id,
            path=self.path,
            title=self.path.rpartition("/")[2].removesuffix(".md"),
            text=text,
            choices=choices,
            answer=answers.get(key),
            was_told=self.was_told,
        )


def _tell_conflict(path: str) -> Message:
    return Message(
        "warning",
        "A sync tool put this second version beside a page when two devices edited it. It is left "
        "alone: take from it what you need, then delete it.",
        path,
    )


def find_reborn(
    anki: CollectionReader, base: BaseRows, gone: Sequence[int], scan: Scan
) -> dict[int, int]:
    """Deleted notes that an import or a restore brought back: new id → old id.

    They are known by their guid, and keep their page. ``gone`` are the notes with pages that the
    collection lacks.
    """
    known = base.pages
    guids = {
        held.properties.guid: note_id
        for note_id, held in base.held(gone).items()
        if scan.spelled(known[note_id].path)
    }
    notes = anki.find_notes_by_guid(guids)
    reborn = {new: guids[guid] for guid, new in notes.items()}
    return {
        new: old
        for new, old in reborn.items()
        # Both ids have the same path when a run was killed before it removed the old one.
        if new not in known or known[new].path == known[old].path
    }


def find_strangers(
    anki: CollectionReader,
    base: BaseRows,
    present: Set[int],
    scan: Scan,
    foreign_files: Iterable[str],
    files: PageTexts,
    *,
    two_way: bool,
) -> Strangers:
    """Look at each of the ``foreign_files``, of which the base knows no page.

    ``present`` are the ids of all notes. Only files that are new or changed since the last run
    are opened. If the page of a file's note is not at its path, the file is that page, which was
    moved or renamed; otherwise it is a copy. Pages for new notes are found only with ``two_way``.
    """
    known, remembered = base.pages, base.strangers
    finder = _Finder(scan, known, files)
    finder.messages += map(_tell_conflict, scan.conflicts)
    rows: list[Stranger] = []
    for path in foreign_files:
        row = finder.look(path, remembered.get(path))
        if row is not None:
            rows.append(row)
            finder.rows[path] = row
    owners = anki.find_notes_by_guid(row.guid for row in rows if row.guid)
    carried: dict[int, list[str]] = {}
    foreign: list[Stranger] = []
    for row in rows:
        if row.stance == THEIRS:
            continue
        if row.note_id is None:
            foreign += [row] if row.typed and two_way else []
        elif two_way and owners.get(row.guid, row.note_id) != row.note_id:
            foreign.append(row)  # a copy that has become a note of its own
        elif row.note_id in known or row.note_id in present:
            carried.setdefault(row.note_id, []).append(row.path)
        else:
            foreign.append(row)
    for note_id, paths in sorted(carried.items()):
        paths.sort(key=lambda path: (not path.endswith(f"_{note_id}.md"), path))
        page = finder.page_of(note_id)
        if page is None:
            page = finder.pages[note_id] = paths.pop(0)
        finder.note_copies(note_id, page, paths)
    finder.settle(
        sorted(foreign, key=lambda row: (row.note_id or 0, row.path)), owners, two_way=two_way
    )
    unclaimed = set(finder.pages.values())
    found = {row.path: row for row in rows if row.path in unclaimed}
    rows = [row for row in rows if row.path not in unclaimed]
    stay = {row.path for row in rows}
    asked = remembered if scan.asked is None else scan.asked
    return Strangers(
        finder.pages,
        tuple(row for row in rows if remembered.get(row.path) != row),
        tuple(path for path in asked if path not in stay and path in remembered),
        tuple(finder.messages),
        tuple(finder.copies),
        tuple(finder.new),
        found,
    )


def find_unknown(base: BaseRows, scan: Scan) -> set[str]:
    """The Markdown files that are looked at, at paths where the base has no page."""
    if scan.asked is not None:
        return {path for path in scan.candidates if not base.base.page_at(path)}
    return scan.pages.keys() - base.iterate_paths()


def find_foreign(unknown: Set[str], base: BaseRows, scan: Scan, layout: Layout) -> list[str]:
    """Those of the ``unknown`` files that are not where our index pages are, or are to be."""
    indexes = {*base.indexes, *map(layout.index_of, layout.folders), COLLECTION_INDEX}
    foreign = unknown - indexes
    if not all(path.isascii() for path in foreign):
        ours = indexes.union(
            scan.candidates - unknown if scan.asked is not None else base.iterate_paths()
        )
        normalised = {unicodedata.normalize("NFC", path) for path in ours}
        foreign = {p for p in foreign if unicodedata.normalize("NFC", p) not in normalised}
    return sorted(foreign)


def _claim_of(row: Stranger) -> Union[int, str]:
    """Which note a file says that it is."""
    return row.guid if row.note_id is None else row.note_id


@dataclass
class _Finder:
    """Opens files that the base does not know, and collects what they are."""

    scan: Scan
    known: Mapping[int, PageRow]
    files: PageTexts
    pages: dict[int, str] = field(default_factory=dict)
    copies: list[Copy] = field(default_factory=list)
    new: list[str] = field(default_factory=list)
    messages: list[Message] = field(default_factory=list)
    rows: dict[str, Stranger] = field(default_factory=dict)

    def look(self, path: str, remembered: Optional[Stranger]) -> Optional[Stranger]:
        """The file's row for the base, or None with a message when the file cannot be read.

        The file is opened only when it is not as ``remembered``.
        """
        size, mtime = self.scan.pages[path]
        if remembered is not None and remembered[1:3] == (size, mtime):
            return remembered
        try:
            text = decode_any(self.files.read(path) or b"")
        except OSError as error:
            text = f"The file cannot be read: {explain(error)}."
            self.messages.append(Message("error", text, path))
            return None
        note_id = find_note_id(text)
        typed = note_id is None and names_notetype(text)
        guid = find_guid(text) if typed or note_id is not None else ""
        row = Stranger(path, size, mtime, note_id, typed, guid)
        same = remembered is not None and _claim_of(row) == _claim_of(remembered)
        return row._replace(stance=remembered.stance) if remembered and same else row

    def page_of(self, note_id: Optional[int]) -> Optional[str]:
        """The path of a note's page in the base; None when it is gone or now another note's."""
        row = self.known.get(note_id or 0)
        path = self.scan.spelled(row.path) if row else None
        if row is None or path is None or self.scan.pages[path] == (row.size, row.mtime):
            return path
        try:
            carried = find_note_id(decode_any(self.files.read(path) or b""))
        except OSError:
            return path
        return None if carried in self.known and carried != note_id else path

    def note_copies(self, note_id: int, page: str, paths: Iterable[str]) -> None:
        """Record the copies of a page. A sync tool's copy only gets a warning."""
        for path in paths:
            if is_conflict_copy(path, page):
                self.messages.append(_tell_conflict(path))
            else:
                self.copies.append(Copy(path, note_id, page, self.rows[path]))

    def settle(
        self, foreign: Iterable[Stranger], owners: Mapping[str, int], *, two_way: bool
    ) -> None:
        """Sort files whose note is not known by its id.

        They are the page, or a copy, of the note with their guid (``owners``), a page for a new
        note, or a page of another collection, which gets a warning.
        """
        strange: list[tuple[int, str]] = []
        for row in foreign:
            owner = owners.get(row.guid)
            if owner is not None:
                page = self.pages.get(owner) or self.page_of(owner)
                if page is None:
                    self.pages[owner] = row.path
                else:
                    self.note_copies(owner, page, [row.path])
            elif row.note_id is None:
                self.new.append(row.path)
            else:
                strange.append((row.note_id, row.path))
        self._tell_strange(strange, two_way=two_way)

    def _tell_strange(self, strange: list[tuple[int, str]], *, two_way: bool) -> None:
        if len(strange) > SHOWN:
            self.messages.append(
                Message(
                    "warning",
                    f"{len(strange):,} pages here are of notes that are not in this collection; "
                    f"the first {SHOWN} are named. They are left alone: if they are another "
                    "device's, sync with AnkiWeb; if they are another profile's, give that profile "
                    "a folder of its own; if their notes were deleted, delete them.",
                )
            )
        again = ", or its lines anki_note_id and anki_guid to make a new note of it"
        for note_id, path in strange[:SHOWN]:
            self.messages.append(
                Message(
                    "warning",
                    f"This page says it is note {note_id}, which is not in this collection. "
                    "It is left alone: if it is another device's, sync with AnkiWeb; if it is "
                    "another profile's, give that profile a folder of its own; if the note was "
                    f"deleted, delete the page{again if two_way else ''}.",
                    path,
                    note_id,
                )
            )
