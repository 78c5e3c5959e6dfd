"""Plans the media files of a TOML deck: below the file's folder, and in Anki's media folder."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Container, Iterable, Mapping
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Optional, Union

from ...convert.deck_file.definition import MediaDef, ModelDef, Problem
from ...convert.html.media_names import media_name, media_names
from ...convert.text.file_names import fold_name, media_file_name
from ..collection.media import find_media as find_in_folder
from ..collection.media import keeps_name
from ..run.regular import open_regular
from .base import MediaEntry
from .changes import MediaChange
from .options import ChoiceKey, DeckOptions

_INLINE = re.compile(r"data-[0-9a-f]{12}\.")  # as ``inline_media`` names them
_CSS_URL = re.compile(r"url\(\s*['\"]?([^'\")]+)")


@dataclass(frozen=True)
class MediaPlace:
    """The two folders between which media files are copied."""

    home: Path  # the TOML file's folder
    anki: Path

    def source(self, media: MediaDef) -> Path:
        """The path of a declared file. Raises ``ValueError`` when it is not below ``home``."""
        parts = media.path.replace("\\", "/").split("/")
        path = self.home.joinpath(*parts)
        if not _is_below(path, self.home):
            raise ValueError(
                f"“{media.path}” leads out of the folder of the deck file; put media files in it "
                "or below it"
            )
        return path


def find_media(folder: Path, name: str) -> Optional[Path]:
    """The path of a file in Anki's media folder; None when there is no such file."""
    found = find_in_folder(folder, name)
    return Path(found) if found else None


def check_media(
    media: Iterable[MediaDef], place: MediaPlace, has_to_be_there: bool = True
) -> list[Problem]:
    """An error for each declared file outside the TOML file's folder.

    With ``has_to_be_there``, also for each file that does not exist.
    """
    problems = []
    for entry in media:
        if ".." in re.split(r"[/\\]", entry.path) or os.path.isabs(entry.path):
            continue  # reading the file reports this error
        try:
            if not place.source(entry).is_file() and has_to_be_there:
                text = f"There is no file “{entry.path}” in the folder of the deck file"
                problems.append(Problem("error", text, entry.line))
        except ValueError as error:
            problems.append(Problem("error", str(error), entry.line))
    return problems


def check_names(media: Iterable[MediaDef], place: MediaPlace) -> list[Problem]:
    """A warning for each name that Anki does not have yet, and would change."""
    return [
        Problem(
            "warning",
            f"Anki takes no media file called “{entry.name}”; give it a name without "
            '[ ] < > : " / ? * ^ \\ | and not too long, here and in the notes',
            entry.line,
        )
        for entry in media
        if not keeps_name(entry.name) and find_media(place.anki, entry.name) is None
    ]


def plan_media(
    media: Iterable[MediaDef],
    place: MediaPlace,
    known: Mapping[str, MediaEntry],
    options: DeckOptions,
    coming: Container[str],
) -> list[MediaChange]:
    """Plan each declared file, except those that the base knows to be the same on both sides.

    A file made from a picture inside a note's text is only copied to Anki when its name is in
    ``coming``.
    """
    changes = []
    for entry in media:
        unused = _INLINE.match(entry.name) is not None and entry.name not in coming
        if unused and find_media(place.anki, entry.name) is None:
            continue
        change = _plan_one(entry, place, known.get(entry.name), options)
        if change:
            changes.append(change)
    return changes


def _plan_one(
    media: MediaDef, place: MediaPlace, known: Optional[MediaEntry], options: DeckOptions
) -> Optional[MediaChange]:
    path, theirs = place.source(media), find_media(place.anki, media.name)
    pushes, pulls = options.pushes, options.pulls
    if theirs is None:
        pushes = pushes and keeps_name(media.name)
        return MediaChange(media.name, path, "to_anki" if pushes else "none", toml=media)
    if not path.is_file():
        return MediaChange(media.name, path, "to_toml", toml=media)
    if known and media_entry(media.name, path, theirs, known.digest) == known:
        return None
    ours, other = file_digest(path), file_digest(theirs)
    if ours == other:
        return MediaChange(media.name, path, "adopt", toml=media)
    in_toml = known is None or known.digest != ours
    in_anki = known is None or known.digest != other
    conflict = in_toml and in_anki
    side = "toml" if in_toml else "anki"
    if conflict:
        chosen = options.rule.settle(options.choices.get(ChoiceKey(0, "media", media.name)))
        side = chosen or ""
    if side == "toml" and pushes:
        return MediaChange(media.name, path, "to_anki", conflict, media, seen=other)
    if side == "anki" and pulls:
        return MediaChange(media.name, path, "to_toml", conflict, media, seen=ours)
    return MediaChange(media.name, path, "none", conflict, media)


def plan_new_media(
    names: Iterable[str],
    declared: Iterable[MediaDef],
    place: MediaPlace,
    inline: Mapping[str, bytes],
) -> list[MediaChange]:
    """Plan the files of pulled notes that the TOML file does not declare yet.

    They are put into ``media/`` beside it. ``inline`` are the pictures inside notes' texts.
    """
    declared = list(declared)
    known = {entry.name for entry in declared}
    taken = {fold_name(entry.path) for entry in declared}
    changes = []
    for name in dict.fromkeys(names):
        source = None if name in known else find_media(place.anki, name)
        data = None if name in known or source else inline.get(name)
        if source is None and data is None:
            continue
        path = _free_path(name, source or data or b"", place.home, taken)
        taken.add(fold_name(path))
        entry = MediaDef(name, path)
        target = place.home.joinpath(*path.split("/"))
        changes.append(MediaChange(name, target, "to_toml", declare=entry, data=data))
    return changes


def _free_path(name: str, source: Union[Path, bytes], home: Path, taken: set[str]) -> str:
    """A path below ``home`` where no file is, or a file with the same bytes.

    That is in ``media/``, unless it is a link that leads out: then no run would read the file.
    """
    folder = "media/" if _is_below(home / "media", home) else ""
    path = f"{folder}{media_file_name(name)}"
    for attempt in range(100):
        target = home.joinpath(*path.split("/"))
        if fold_name(path) not in taken and (
            not os.path.lexists(target) or (target.is_file() and _holds(target, source))
        ):
            break
        stem, dot, ending = media_file_name(name).rpartition(".")
        mark = blake2b(f"{name}/{attempt}".encode(), digest_size=4).hexdigest()
        path = f"{folder}{stem}_{mark}.{ending}" if dot else f"{folder}{ending}_{mark}"
    return path


def _is_below(path: Path, home: Path) -> bool:
    return Path(os.path.realpath(home)) in Path(os.path.realpath(path)).parents


def _holds(target: Path, source: Union[Path, bytes]) -> bool:
    if isinstance(source, bytes):
        return target.read_bytes() == source
    return same_bytes(source, target)


def used_media(fields: Iterable[str]) -> list[str]:
    """The names of the media files that fields' HTML uses, some of which may not exist."""
    names: list[str] = []
    for field in fields:  # “%20” may be a space, or a part of the name: both are returned
        names += media_names(field)
        names += media_names(field, lambda _: True) if "%" in field else ()
    return list(dict.fromkeys(names))


def model_media(model: ModelDef) -> list[str]:
    """The names of the media files that a model's templates and styling use."""
    names = used_media(text for t in model.templates for text in (t.front, t.back))
    texts = [model.css or "", *(text for t in model.templates for text in (t.front, t.back))]
    urls = (match for text in texts for match in _CSS_URL.findall(text))
    found = (media_name(url) for url in urls)
    return list(dict.fromkeys([*names, *(name for name in found if name and "{" not in name)]))


def media_entry(name: str, path: Path, theirs: Path, digest: bytes) -> MediaEntry:
    """The base's entry for a file that is the same on both sides."""
    mine, other = path.stat(), theirs.stat()
    return MediaEntry(
        name, mine.st_size, mine.st_mtime_ns, other.st_size, other.st_mtime_ns, digest
    )


def same_bytes(some: Path, other: Path) -> bool:
    """Whether two files have the same content."""
    return some.stat().st_size == other.stat().st_size and file_digest(some) == file_digest(other)


def file_digest(path: Path) -> bytes:
    """Sixteen bytes that change with a file's content."""
    made = blake2b(digest_size=16)
    with open_regular(path) as file:
        read: Callable[[], bytes] = lambda: file.read(1 << 20)  # noqa: E731
        for part in iter(read, b""):
            made.update(part)
    return made.digest()
