"""Finds the media files that pages embed, as Obsidian finds them, and gives them names in Anki.

Names are given while a run is planned. ``bring_media`` copies the files when it is applied.
"""

from __future__ import annotations

import os
import posixpath
import re
from collections.abc import Iterable, Mapping, Set
from copy import copy
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha1
from unicodedata import normalize
from urllib.parse import quote

from ....convert.html.masks import picture_of
from ....convert.html.media_names import media_names
from ....convert.text.file_names import fold_file_name, fold_name, safe_name
from ....convert.text.media_kinds import file_kind
from ...collection.media import NAME_BYTES, AnkiMedia, keeps_name
from ...reconcile.note_change import MediaIn
from ...run.regular import read_regular
from ...run.report import Message
from ..outward.assets import Assets
from ..outward.claims import Claims
from ..read.place import VaultPlace
from ..rows import MediaRow

_ESCAPE = re.compile(r"%(?=[0-9a-fA-F]{2})")
MEDIA = "media"  # what a name in ``MediaReader.claims`` is the name of
NOT_THERE = (
    "is not in the Obsidian vault, so the card shows its name. Put it there, and the next two-way "
    "run brings it into Anki; or take the embed out"
)


@dataclass
class MediaReader:
    """Finds which media file an embed means. Reads nothing from the disk until it is asked."""

    place: VaultPlace
    assets: Assets
    known: Mapping[str, MediaRow]
    anki: AnkiMedia
    incoming: dict[str, MediaIn] = field(default_factory=dict)  # files for Anki, by name there
    arrived: set[str] = field(default_factory=set)  # see ``find_arrived``
    told: set[str] = field(default_factory=set)  # missing targets that have a warning with a line
    claims: Claims = field(default_factory=Claims)

    def without(self, names: Set[str], claims: Claims) -> MediaReader:
        """The same for another plan, which does not bring the files of these folded names."""
        again = copy(self)  # keeps what was read from the disk
        gone = {name for name in self.incoming if fold_name(name) in names}
        again.incoming = {n: media for n, media in self.incoming.items() if n not in gone}
        again.told, again.claims = set(), claims
        if "_present" in self.__dict__:
            again._present = {n: name for n, name in self._present.items() if name not in gone}
        return again

    def for_page(self, path: str, fields: Iterable[str] = ()) -> PageMedia:
        """The reader for the embeds of one page. ``fields``: the HTML of its note in Anki."""
        names = [name for html in fields for name in media_names(html, self.anki.has)]
        return PageMedia(self, path, names)

    def sources(self) -> dict[str, str]:
        """The full paths of the files that this run brings into Anki, by their names there."""
        return {m.name: f"{self.place.top}{os.sep}{m.source}" for m in self.incoming.values()}

    def receive(self, path: str) -> str:
        """The name in Anki for a file of the Obsidian vault; plans its copy if Anki lacks it.

        Another file of the same name is never replaced: then the name gets a hash of the content.
        Raises ``OSError``.
        """
        data = self.place.read(path)
        if data is None:
            raise FileNotFoundError(path)
        digest = sha1(data).digest()
        name = normalize("NFC", path.rpartition("/")[2])
        name = _ESCAPE.sub("_", name)  # Anki would decode it on a card
        if picture_of(name):  # a file of its own, which stays when masks change
            name = f"copy-of-{name}"
        if not keeps_name(name):
            stem, dot, ending = name.rpartition(".")
            room = NAME_BYTES - len((dot + ending).encode())
            name = safe_name(stem, room) + dot + ending  # the ending says what kind of file it is
        self.claims.asked.add((MEDIA, fold_name(name)))
        name = self._present.get(fold_name(name), name)
        if not self._means(name, data, digest):
            name = _hashed_name(name, digest)
        if not self.anki.has(name) and name not in self.incoming:
            self.incoming[name] = MediaIn(path, name, digest)
            self._present.setdefault(fold_name(name), name)
            self.claims.taken.add((MEDIA, fold_name(name)))
        return name

    def _means(self, name: str, data: bytes, digest: bytes) -> bool:
        """Whether a name is free in Anki, or the file there has the same content."""
        planned = self.incoming.get(name)
        if planned is not None:
            return planned.digest == digest
        present = self.anki.find(name)
        return present is None or read_regular(present) == data

    @cached_property
    def _present(self) -> dict[str, str]:
        """Folded name → name of each file in Anki's folder. Another device may ignore case."""
        return {fold_name(name): name for name in self.anki.names}

    @cached_property
    def copies(self) -> Mapping[str, str]:
        """The paths of our copies, from the Obsidian vault's root → their names in Anki."""
        rows = self.known.values()
        return {self.place.prefix + row.path: row.name for row in rows if self._is_media(row.name)}

    @cached_property
    def targets(self) -> Mapping[str, str]:
        """Targets of embeds on our pages → names in Anki."""
        names = (name for name in self.known if self._is_media(name))
        return {self.assets.embed_target(name): name for name in names}

    def _is_media(self, name: str) -> bool:
        """Whether this is no drawing of masks, which Anki does not have."""
        return not picture_of(name) or self.anki.has(name)


@dataclass
class PageMedia:
    """Returns the names in Anki of the files that one page embeds. Remembers what it lacks."""

    reader: MediaReader
    path: str  # of the page, in the vault folder
    had: list[str]  # media that the note used before
    incoming: dict[str, MediaIn] = field(default_factory=dict)
    problems: dict[str, str] = field(default_factory=dict)  # target → what is wrong
    stale: set[str] = field(default_factory=set)  # targets with the old path of a file
    coming: dict[str, str] = field(default_factory=dict)  # target after the run → name in Anki

    def __call__(self, target: str) -> str:
        """The name in Anki of the file that an embed means, or ``""``.

        It is ``""`` for a page, and for a file that is missing: then there is a problem.
        """
        reader, wanted = self.reader, target.strip()
        name = self._targets.get(wanted) or reader.targets.get(wanted)
        name = name or self.coming.get(wanted)
        if name:
            return name
        if not file_kind(wanted):
            return ""  # it embeds a page
        self.problems.pop(wanted, None)
        found = self._find(wanted)
        if not found:
            return self._find_in_note(wanted) or self._find_in_anki(wanted)
        name = reader.copies.get(found, "")
        if name:
            return name
        try:
            name = reader.receive(found)
        except OSError:
            self.problems[wanted] = "cannot be read"
            return ""
        if name in reader.incoming:
            self.incoming[name] = reader.incoming[name]
        self.coming[reader.assets.embed_target(name)] = name
        return name

    def tell_missing(self, text: str, note_id: int = 0) -> list[Message]:
        """A warning for each missing file, with the line of its embed in ``text``, the page."""
        told = []
        for target, problem in self.problems.items():
            at = max(text.find(target), text.find(quote(target)))
            where = f"Line {text.count(chr(10), 0, at) + 1}: The" if at >= 0 else "The"
            said = f"{where} embedded file “{target}” {problem}."
            self.reader.told.add(target)
            told.append(Message("warning", said, self.path, note_id or None))
        return told

    @cached_property
    def _targets(self) -> Mapping[str, str]:
        """Targets of embeds → names of the note's media, as pages have them now and had before."""
        reader = self.reader
        said = {reader.known[name].target: name for name in self.had if name in reader.known}
        return {**said, **{reader.assets.embed_target(name): name for name in self.had}}

    def _find_in_note(self, wanted: str) -> str:
        """The name of the note's file that ``wanted`` meant before the vault folder was moved."""
        bare = fold_file_name(wanted)
        for name in self.had:
            if fold_file_name(self.reader.assets.embed_target(name)) == bare:
                self.problems.pop(wanted, None)
                self.stale.add(wanted)
                return name
        return ""

    def _find_in_anki(self, wanted: str) -> str:
        """``wanted`` as the name of a file in Anki's folder; ``""`` if there is none."""
        name = normalize("NFC", wanted)
        if not self.reader.anki.has(name):
            return ""
        self.problems.pop(wanted, None)
        return name

    def _find(self, wanted: str) -> str:
        """The path of the file that Obsidian would show, from its vault's root; ``""`` if none.

        ``wanted`` may be a path from the root, a path from the page's folder, or the end of a path.
        They are tried in this order.
        """
        target = normalize("NFC", wanted)
        folder = posixpath.dirname(self.reader.place.prefix + self.path)
        named = self.reader.place.media_places.get(fold_file_name(target), [])
        near = posixpath.normpath(posixpath.join(folder, target))
        is_near = target.startswith(("./", "../"))
        ways = [near] if is_near else [posixpath.normpath(target.lstrip("/")), near]
        exact = [path for way in ways for path in named if fold_name(path) == fold_name(way)]
        if exact:
            return exact[0]
        ending = "/" + fold_name(target.lstrip("/"))
        meant = [path for path in named if f"/{fold_name(path)}".endswith(ending) and not is_near]
        if not meant:
            self.problems[wanted] = NOT_THERE
        return self._choose(meant, folder)

    def _choose(self, paths: list[str], folder: str) -> str:
        """The file that Obsidian chooses among ``paths``; ``""`` when there is none.

        First those below the page's folder, then those with fewest folders in their path, then the
        one in Obsidian's folder for attachments.
        """
        place = self.reader.place.vault.attachments
        if place.startswith("./"):
            place = posixpath.join(folder, place[2:])
        place = place.strip("/")

        def distance(path: str) -> tuple[bool, int, bool, str]:
            below = not folder or path.startswith(folder + "/")
            return not below, path.count("/"), posixpath.dirname(path) != place, path

        return min(paths, key=distance) if paths else ""


def _hashed_name(name: str, digest: bytes) -> str:
    """``name`` with the file's SHA-1, as Anki names a second file of the same name."""
    stem, dot, ending = name.rpartition(".")
    mark = f"-{digest.hex()}{dot}{ending}"
    room = NAME_BYTES - len(mark.encode())
    return stem.encode()[:room].decode("utf-8", "ignore").rstrip() + mark
