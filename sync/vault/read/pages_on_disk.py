"""Finds and opens the page of a note, also after a person or a cloud drive moved it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b

from ....convert.page.properties import find_note_id
from ....convert.page.torn_properties import find_torn_properties
from ...run.disk import explain
from ...run.encodings import decode_page, find_odd_bytes
from ...run.report import Level, Message
from ..rows import PageRow
from .files import PageTexts
from .scan import Scan

IN_THE_CLOUD = (
    "The page is in the cloud and not on this computer yet; it is left alone until it has been "
    "downloaded."
)
LEFT_ALONE = "The page and its note are left as they are."
BEHIND_A_LINK = (
    "The page, or its folder, is a link now. Links are not followed, so nothing was done with the "
    "page and its note: put the file or folder itself back here, or take the link away."
)
GONE_ODD = "is no file any more, and nothing was done with its note"
_ID_IN_NAME = re.compile(r"_([0-9]{1,18})(?: [0-9]+)?\.md\Z")


def digest_of(data: bytes) -> bytes:
    """The digest of a file's content, 16 bytes."""
    return blake2b(data, digest_size=16).digest()


def find_damage(data: bytes) -> str:
    """Why a page cannot be read and written safely, and what to do, for the user; or ""."""
    odd = find_odd_bytes(data)
    if odd:
        return f"Line {odd[0]}: {odd[1]}"
    torn = find_torn_properties(decode_page(data))
    return f"Line 1: {torn}" if torn else ""


def find_undecoded(text: str) -> int:
    """The number of a page's first line that is not UTF-8, from 1; 0 if there is none."""
    if "\0" in text:
        return text.count("\n", 0, text.index("\0")) + 1
    try:
        text.encode()
    except UnicodeEncodeError as error:
        return text.count("\n", 0, error.start) + 1
    return 0


@dataclass(frozen=True)
class PageOnDisk:
    """A page that was opened. ``digest`` is of its bytes."""

    path: str
    text: str
    digest: bytes


@dataclass(frozen=True)
class Unreadable:
    """A page that exists but cannot be read or must not be changed. The message says why."""

    message: Message


@dataclass
class PageFinder:
    """Finds pages: those that the base knows, and those ``found`` elsewhere (note id → path)."""

    files: PageTexts
    scan: Scan
    known: Mapping[int, PageRow]
    found: Mapping[int, str]
    moved: Iterable[PageRow]  # those that may be where another page was

    def find(self, note_id: int) -> PageOnDisk | Unreadable | None:
        """The note's page, opened. None when it has none."""
        known = self.known.get(note_id)
        path = self.scan.spelled(known.path) if known else None
        path = path or self.found.get(note_id) or self._exchanged.get(note_id)
        if path is None:
            if note_id in self._placeholders:
                return _refuse(IN_THE_CLOUD, self._placeholders[note_id], note_id, "warning")
            if known and known.path in self.scan.no_files:
                return _refuse(f"The page {GONE_ODD}.", known.path, note_id)
            if known and self.scan.is_linked(known.path):
                return _refuse(BEHIND_A_LINK, known.path, note_id, "warning")
            if known and self.scan.is_hidden(known.path):
                text = "The page is in a folder that cannot be read."
                return _refuse(text, known.path, note_id, "warning")
            return None
        page = self._open(path, note_id)
        if not isinstance(page, PageOnDisk):
            return page
        carried = find_note_id(page.text)
        if carried is None or carried == note_id or carried not in self.known:
            return page
        if known is None or path != self.scan.spelled(known.path):
            return page  # found by its id, or its guid
        # Both have the path when a run took one of two exchanged pages along, and left the other.
        is_theirs = self.scan.spelled(self.known[carried].path) == path
        if is_theirs or self._exchanged.get(carried) == path:
            elsewhere = self.found.get(note_id) or self._exchanged.get(note_id)
            return self._open(elsewhere, note_id) if elsewhere else None
        return _refuse(
            f"This page was note {note_id}'s and now says it is note {carried}'s. It is left "
            "as it is: set anki_note_id back, or move the file away.",
            path,
            note_id,
        )

    def _open(self, path: str, note_id: int) -> PageOnDisk | Unreadable | None:
        try:
            data = self.files.read(path)
        except OSError as error:
            return _refuse(f"The page cannot be read: {explain(error)}.", path, note_id)
        damage = find_damage(data) if data else ""
        if damage:
            return _refuse(f"{damage}. {LEFT_ALONE}", path, note_id)
        return None if data is None else PageOnDisk(path, decode_page(data), digest_of(data))

    @cached_property
    def _exchanged(self) -> Mapping[int, str]:
        """Pages that now have the path of another note's page: note id → path.

        It is needed only when a page is not at its path. Then all changed pages are opened, once.
        """
        carried: dict[int, list[str]] = {}
        for row in self.moved:
            note_id, path = row.note_id, self.scan.spelled(row.path)
            if path is not None and self.scan.pages[path] != (row.size, row.mtime):
                page = self._open(path, note_id)
                found = find_note_id(page.text) if isinstance(page, PageOnDisk) else None
                if found in self.known and found != note_id and found is not None:
                    carried.setdefault(found, []).append(path)
        return {
            note_id: paths[0]
            for note_id, paths in carried.items()
            if len(paths) == 1 and note_id not in self.found and not self._is_at_home(note_id)
        }

    def _is_at_home(self, note_id: int) -> bool:
        """Whether the note's page is still at its path, or may be, in the cloud or unreadable."""
        row = self.known[note_id]
        path = self.scan.spelled(row.path)
        if path is None:
            return row.path in self.scan.placeholders or self.scan.is_hidden(row.path)
        if self.scan.pages[path] == (row.size, row.mtime):
            return True
        page = self._open(path, note_id)
        return not isinstance(page, PageOnDisk) or find_note_id(page.text) in (None, note_id)

    @cached_property
    def _placeholders(self) -> Mapping[int, str]:
        """Pages that are in the cloud and not yet on this disk: note id → path.

        They are known by the path in the base, or by the note id in their name.
        """
        if not self.scan.placeholders:
            return {}
        named = ((_ID_IN_NAME.search(path), path) for path in self.scan.placeholders)
        pages = {int(match.group(1)): path for match, path in named if match}
        for row in self.moved:
            if row.path in self.scan.placeholders:
                pages[row.note_id] = row.path
        return pages


def _refuse(text: str, path: str, note_id: int, level: Level = "error") -> Unreadable:
    return Unreadable(Message(level, text, path, note_id))
