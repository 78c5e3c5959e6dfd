"""Markdown files that the base does not know: moved pages, copies, the user's own."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Optional

from ...convert.page import split_page
from ...convert.properties import PropertiesError, find_note_id, read_own
from ..base import Base, IndexRow, PageRow, Stranger
from ..collection import find_notes_by_guid
from ..report import Message
from .files import VaultFiles, explain
from .finding import decode_page
from .layout import COLLECTION_INDEX, Layout
from .scan import Scan

if TYPE_CHECKING:
    from anki.collection import Collection


SHOWN = 20  # of the pages of another collection, how many are named


@dataclass(frozen=True)
class Strangers:
    """What was found: pages by note id, the files to remember, and what to tell."""

    pages: Mapping[int, str]
    rows: Optional[tuple[Stranger, ...]]  # nothing when they are all as they were
    messages: tuple[Message, ...]


def find_reborn(
    col: Collection, base: Base, known: Mapping[int, PageRow], present: set[int], scan: Scan
) -> dict[int, int]:
    """Notes that came back under another id, by import or restore: new id → the id they had.

    They are known by their guid, and keep their page.
    """
    gone = [note_id for note_id in known if note_id not in present]
    guids = {
        json.loads(held.own)["guid"]: note_id
        for note_id, held in base.held(gone).items()
        if scan.spelled(known[note_id].path)
    }
    notes = find_notes_by_guid(col, guids)
    return {new: guids[guid] for guid, new in notes.items() if new not in known}


def find_strangers(
    col: Collection,
    scan: Scan,
    known: Mapping[int, PageRow],
    present: set[int],
    remembered: Mapping[str, Stranger],
    indexes: Mapping[str, IndexRow],
    layout: Layout,
    files: VaultFiles,
) -> Strangers:
    """Look at each Markdown file that is not where the base has a page.

    ``present`` are the ids of all notes. Only files that are new or changed since the last run
    are opened. A file whose note has no
    page where it was is that page, moved or renamed by hand; a second one is a copy.
    """
    ours = {row.path for row in known.values()}
    ours.update(indexes)
    ours.update(layout.index_of(deck) for deck in layout.folders)
    ours.add(COLLECTION_INDEX)
    rows: list[Stranger] = []
    messages: list[Message] = []
    carried: dict[int, list[str]] = {}
    for path in _unknown(scan, ours):
        row = _look(path, scan, remembered.get(path), files, messages)
        if row is not None:
            rows.append(row)
            if row.note_id is not None:
                carried.setdefault(row.note_id, []).append(path)
    pages: dict[int, str] = {}
    foreign: list[tuple[int, str]] = []
    for note_id, paths in sorted(carried.items()):
        paths.sort(key=lambda path: (not path.endswith(f"_{note_id}.md"), path))
        home = _page_of(note_id, known, scan, files)
        if home is not None:
            recorded = home
        elif note_id in known or note_id in present:
            recorded = pages[note_id] = paths.pop(0)
        else:
            foreign += [(note_id, path) for path in paths]
            continue
        messages += [_tell_copy(path, note_id, recorded) for path in paths]
    _settle_foreign(col, foreign, known, scan, files, pages, messages)
    unclaimed = set(pages.values())
    rows = [row for row in rows if row.path not in unclaimed]
    changed = {row.path: row for row in rows} != dict(remembered)
    return Strangers(pages, tuple(rows) if changed else None, tuple(messages))


def _unknown(scan: Scan, ours: set[str]) -> list[str]:
    unknown = scan.pages.keys() - ours
    if not all(path.isascii() for path in unknown):
        normalised = {unicodedata.normalize("NFC", path) for path in ours}
        unknown = {p for p in unknown if unicodedata.normalize("NFC", p) not in normalised}
    return sorted(unknown)


def _look(
    path: str,
    scan: Scan,
    remembered: Optional[Stranger],
    files: VaultFiles,
    messages: list[Message],
) -> Optional[Stranger]:
    size, mtime = scan.pages[path]
    if remembered is not None and remembered[1:3] == (size, mtime):
        return remembered
    try:
        data = files.read(path)
    except OSError as error:
        messages.append(Message("error", f"The file cannot be read: {explain(error)}.", path))
        return None
    return Stranger(path, size, mtime, find_note_id(decode_page(data or b"")))


def _settle_foreign(
    col: Collection,
    foreign: list[tuple[int, str]],
    known: Mapping[int, PageRow],
    scan: Scan,
    files: VaultFiles,
    pages: dict[int, str],
    messages: list[Message],
) -> None:
    """Pages whose note id this collection lacks: theirs by guid, or somebody else's."""
    guids: dict[str, str] = {}
    for _, path in foreign:
        guid = _read_guid(path, files)
        if guid:
            guids[path] = guid
    notes = find_notes_by_guid(col, guids.values())
    strange = [path for _, path in foreign if guids.get(path, "") not in notes]
    told = set(strange[:SHOWN])
    if len(strange) > len(told):
        messages.append(
            Message(
                "warning",
                f"{len(strange):,} pages here are of notes that are not in this collection; the "
                f"first {SHOWN} are named. They are left alone: if they are another profile's, "
                "give that profile a folder of its own; if their notes were deleted, delete them.",
            )
        )
    for note_id, path in foreign:
        match = notes.get(guids.get(path, ""))
        page = pages.get(match or 0) or _page_of(match, known, scan, files)
        if match is None and path not in told:
            continue
        if match is None:
            messages.append(
                Message(
                    "warning",
                    f"This page says it is note {note_id}, which is not in this collection. "
                    "It is left alone: if it is another profile's, give that profile a folder of "
                    "its own; if the note was deleted, delete the page.",
                    path,
                    note_id,
                )
            )
        elif page is not None:
            messages.append(_tell_copy(path, match, page))
        else:
            pages[match] = path


def _page_of(
    note_id: Optional[int], known: Mapping[int, PageRow], scan: Scan, files: VaultFiles
) -> Optional[str]:
    """The page of a note where the base has it, unless another note's page was put there."""
    row = known.get(note_id or 0)
    path = scan.spelled(row.path) if row else None
    if row is None or path is None or scan.pages[path] == (row.size, row.mtime):
        return path
    try:
        carried = find_note_id(decode_page(files.read(path) or b""))
    except OSError:
        return path
    return None if carried in known and carried != note_id else path


def _read_guid(path: str, files: VaultFiles) -> Optional[str]:
    try:
        own = read_own(split_page(decode_page(files.read(path) or b"")).front_matter or "")
    except (OSError, PropertiesError):
        return None
    return own.guid


def _tell_copy(path: str, note_id: int, recorded: str) -> Message:
    return Message(
        "warning",
        f"This is a copy of the page “{recorded}” (both carry note {note_id}). The copy is left "
        "alone and not updated: delete it, or take anki_note_id out of it to make it your own.",
        path,
        note_id,
    )
