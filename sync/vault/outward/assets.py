"""Plans the copies of media files in the vault, and gives them names."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, field, replace
from functools import cached_property
from hashlib import blake2b
from typing import Optional

from ....convert.html.masks import picture_of
from ....convert.text.file_names import fold_name, media_file_name
from ...collection.media import AnkiMedia
from ...run.disk import explain
from ...run.faults import tell_fault
from ...run.regular import read_regular
from ...run.report import Message
from ..changes import MediaChange
from ..read.files import PageTexts
from ..read.snapshot import VaultSnapshot
from ..rows import MediaRow, PageRow
from .drawings import plan_drawing

INLINE = "data-"  # the names of media whose data is in the field itself begin so


@dataclass
class Assets:
    """The names of the copies. A copy keeps the name that it got first.

    Anki's folder may hold both ``A.png`` and ``a.png``. The names of the copies differ in more than
    case, because some disks ignore case.
    """

    folder: str
    link_prefix: str
    elsewhere: Set[str]  # folded names of the vault's files that are not assets
    known: Mapping[str, MediaRow]  # the copies there are, by the name in Anki
    believes: bool = False  # their embeds read as they should
    _paths: dict[str, str] = field(default_factory=dict)

    def path(self, name: str) -> str:
        """The path of a media file's copy: the one it has, if that is in this assets folder."""
        path = self._paths.get(name)
        if path is not None:
            return path
        row = self.known.get(name)
        if row is not None and self._is_here(row):
            path = row.path
        else:
            path = f"{self.folder}/{media_file_name(name)}"
            if fold_name(path) in self._taken:
                stem, dot, ending = path.rpartition(".")
                mark = blake2b(name.encode("utf-8", "surrogatepass"), digest_size=4).hexdigest()
                path = f"{stem}_{mark}.{ending}" if dot else f"{path}_{mark}"
            self._taken.add(fold_name(path))
        self._paths[name] = path
        return path

    @cached_property
    def _taken(self) -> set[str]:
        return {fold_name(row.path) for row in self.known.values() if self._is_here(row)}

    def _is_here(self, row: MediaRow) -> bool:
        return row.path.rpartition("/")[0] == self.folder

    def embed_target(self, name: str) -> str:
        """The wikilink target that embeds a media file."""
        row = self.known.get(name) if self.believes else None
        if row is not None and self._is_here(row):
            return row.target
        path = self.path(name)
        bare = path.rpartition("/")[2]
        return self.link_prefix + path if fold_name(bare) in self.elsewhere else bare

    def find_relinked(self) -> set[str]:
        """The media files whose embeds on pages now have to read otherwise."""
        if self.believes:
            return set()
        rows = self.known.values()
        return {row.name for row in rows if row.target != self.embed_target(row.name)}


@dataclass(frozen=True)
class MissingMedia:
    """A media file that a note uses, but that is neither in Anki nor in the vault."""

    name: str


def plan_media(
    used: Mapping[str, int],
    snapshot: VaultSnapshot,
    assets: Assets,
    pages: Mapping[int, PageRow],
    incoming: Mapping[str, str],
) -> tuple[list[MediaChange], list[Message]]:
    """Plan the copies to make, and the removal of those that no page uses. Also returns messages.

    ``used`` maps the name of each media file to a note that uses it, ``pages`` the id of a note to
    its page. A file is opened only when its size or date, or those of its copy, have changed.
    ``incoming`` maps the names of files that this run brings into Anki to their paths now.
    """
    known, source = snapshot.base.media, snapshot.anki.media
    copies = snapshot.scan.assets
    pictures = {name: _picture_of(name, source) or name for name in used}
    originals = {} if snapshot.is_scoped else source.read_dates({*pictures.values()})
    changes: list[MediaChange] = []
    messages: list[Message] = []
    for name, note_id in used.items():
        path = assets.path(name)
        row = known.get(name)
        if (
            row is not None
            and (row.path, row.target) == (path, assets.embed_target(name))
            and originals.get(pictures[name]) == (row.size, row.mtime)
            and copies.get(path) == (row.copy_size, row.copy_mtime)
        ):
            continue
        try:
            original = source.find(pictures[name]) or incoming.get(pictures[name])
            change: MediaChange | MissingMedia | None
            if pictures[name] != name:
                page = pages.get(note_id)
                change, told = plan_drawing(
                    name, note_id, path, row, original, snapshot.texts, page.path if page else None
                )
                messages += told
            else:
                change = _plan_copy(name, note_id, path, row, original, snapshot.texts)
        except OSError as error:
            messages.append(Message("error", f"“{name}” cannot be copied: {explain(error)}.", path))
            continue
        except Exception as error:
            messages.append(tell_fault(error, f"the media file “{name}”", path, note_id))
            continue
        if isinstance(change, MissingMedia):
            messages.append(
                Message(
                    "warning",
                    f"The media file “{name}” is not in Anki's media folder, so the page shows a "
                    "gap. Add the file to Anki, or take it out of the note.",
                    pages[note_id].path if note_id in pages else None,
                    note_id,
                )
            )
            continue
        target = assets.embed_target(name)
        if change is None and row is not None and row.target != target:
            change = MediaChange("adopt", name, path, note_id, copy=(row.copy_size, row.copy_mtime))
        if change is not None:
            changes.append(replace(change, target=target))
    if not snapshot.is_scoped:  # another page may use them
        changes.extend(_plan_removals(used, known, assets.folder))
    return changes, messages


def _picture_of(name: str, source: AnkiMedia) -> str:
    """The picture on which masks are drawn; empty for a file that Anki itself has."""
    picture = picture_of(name)
    return picture if picture and source.find(name) is None else ""


def _plan_copy(
    name: str,
    note_id: int,
    path: str,
    row: Optional[MediaRow],
    original: Optional[str],
    files: PageTexts,
) -> MediaChange | MissingMedia | None:
    try:
        copy: Optional[tuple[int, int]] = files.stat(path)
    except FileNotFoundError:
        copy = None
    kept = row is not None and copy == (row.copy_size, row.copy_mtime) and row.path == path
    if name.startswith(INLINE) and original is None:
        if kept:
            return None
        own = copy is not None and _is_inline(name, files.read(path))
        trash = copy is not None and not own
        return MediaChange("adopt" if own else "copy", name, path, note_id, trash, copy)
    if original is None:
        return None if kept else MissingMedia(name)
    found = os.stat(original)
    if row is not None and kept and (found.st_size, found.st_mtime_ns) == (row.size, row.mtime):
        return None
    if copy is None:
        return MediaChange("copy", name, path, note_id)
    if copy[0] == found.st_size and files.read(path) == read_regular(original):
        return MediaChange("adopt", name, path, note_id, copy=copy)
    return MediaChange("replace", name, path, note_id, not kept, copy)


def _is_inline(name: str, data: Optional[bytes]) -> bool:
    """Whether the name was made from ``data``."""
    return data is not None and hashlib.sha1(data).hexdigest()[:12] == name[len(INLINE) :][:12]


def _plan_removals(
    used: Mapping[str, int], known: Mapping[str, MediaRow], folder: str
) -> Iterable[MediaChange]:
    for row in known.values():
        moved = row.path.rpartition("/")[0] != folder
        if row.name not in used or moved:
            yield MediaChange("remove", row.name, row.path, trash=True)
