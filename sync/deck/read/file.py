"""Reads a TOML file from disk, and finds what is wrong with it."""

from __future__ import annotations

from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path
from typing import Optional

from ....convert.deck_file.deck_file import read_deck
from ....convert.deck_file.definition import DeckFile, Problem
from ...run.disk import explain
from ...run.encodings import find_odd_bytes
from ...run.regular import read_regular
from ..media import MediaPlace, check_media


@dataclass(frozen=True)
class ReadFile:
    """A file as read. When ``deck`` is None, the problems say why."""

    text: str = field(default="", repr=False)
    digest: bytes = b""
    deck: Optional[DeckFile] = field(default=None, repr=False)
    problems: tuple[Problem, ...] = ()


def read_file(file: Path) -> ReadFile:
    """Read and check a TOML file. Every fault is in the result's ``problems``; none is raised."""
    try:
        data = read_regular(file)
    except FileNotFoundError:
        return _failed("There is no such file.")
    except OSError as error:
        return _failed(f"The file cannot be read: {explain(error)}.")
    return read_data(data)


def read_data(data: bytes) -> ReadFile:
    """Read and check the content of a TOML file, as ``read_file`` does."""
    odd = find_odd_bytes(data)
    if odd:
        return _failed(f"{odd[1]}.", odd[0])
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        return _failed("The file is not UTF-8 text. Save it as UTF-8 in your editor.", line)
    deck, problems = read_deck(text)
    return ReadFile(text, bytes_digest(data), deck, tuple(problems))


def check_file(file: Path) -> tuple[Problem, ...]:
    """Everything that is wrong with a file and its media files, by line."""
    read = read_file(file)
    place = MediaPlace(file.parent, file.parent)
    media = check_media(read.deck.media, place) if read.deck else ()
    return tuple(sorted((*read.problems, *media), key=lambda problem: problem.line))


def bytes_digest(data: bytes) -> bytes:
    """Sixteen bytes that change with the data."""
    return blake2b(data, digest_size=16).digest()


def _failed(message: str, line: int = 1) -> ReadFile:
    return ReadFile(problems=(Problem("error", message, line),))
