"""The rows of the base: what it keeps of a page, an index page, a media file and other files."""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, NamedTuple, cast

from ...convert.page.properties import OwnProperties


class PageRow(NamedTuple):
    """A page as it was last written or adopted. ``mtime`` is in nanoseconds.

    ``digest`` is of all that the page is made from. ``decks`` are the home decks of the note's
    cards, as text as in ``NoteRow.decks``. ``media`` are the names of its media, one a line.
    """

    note_id: int
    path: str
    size: int
    mtime: int
    digest: bytes
    decks: str
    title: str
    media: str


# This is fast because it runs in C. There is a row for each note of the collection.
make_page_row = cast("Callable[[Sequence[Any]], PageRow]", partial(tuple.__new__, PageRow))


class Stretch(NamedTuple):
    """Notes with neighbouring ids that were all found to be as the base says, and so their pages.

    ``first`` and ``last`` are the ends of the ids. ``digest`` is of the notes, ``looked_at`` of the
    sizes and dates of their pages, and of all else that the finding was made from. They tell
    something only as long as the base has the same rows of these pages.
    """

    first: int
    last: int
    notes: int  # how many
    digest: bytes
    looked_at: bytes
    paths: tuple[str, ...]  # of their pages, by note id
    media: tuple[tuple[int, str], ...]  # of each page with media: note id, ``PageRow.media``


class Held(NamedTuple):
    """The rest of what the base keeps of a page. It is read only for pages that are opened.

    It has a digest of the managed part, our properties as JSON (``own``), and the HTML of the
    fields. Only a two-way run saves how the page shows the note: the names of its fields, the names
    of those with clozes, each as a JSON list, and the style of the clozes.
    """

    note_id: int
    managed_digest: bytes
    own: str
    fields: bytes  # packed, see ``pack_fields``
    shown_fields: str | None = None
    clozes: str | None = None
    cloze_style: str | None = None
    # The fields, packed, before an edit of the page was written into them; empty: it was new.
    # An older version kept a digest of them, here after ``OLD_DIGEST``. When the note was edited in
    # Anki since then, these are the words typed on the page, packed, after ``TYPED_WORDS``.
    # ``ADOPTED`` alone: nobody knows where the words on the page come from.
    before: bytes | None = None

    @property
    def properties(self) -> OwnProperties:
        """Our properties as the page last had them."""
        kept = json.loads(self.own)
        for key in LISTS:
            kept[key] = None if kept[key] is None else tuple(kept[key])
        kept["told"] = tuple((key, value) for key, value in kept["told"])
        return OwnProperties(**kept)


class IndexRow(NamedTuple):
    """An index page as it was last written. An empty ``deck`` is the whole collection."""

    path: str
    deck: str
    deck_id: int
    size: int
    mtime: int
    managed_digest: bytes


class MediaRow(NamedTuple):
    """A media file and its copy in the vault, both as they were when it was copied.

    ``target`` is the target of its embeds on pages.
    """

    name: str
    path: str
    size: int
    mtime: int
    copy_size: int
    copy_mtime: int
    target: str


class FolderRow(NamedTuple):
    """The folder of a deck. ``deck`` is its full name."""

    deck: str
    path: str


class Stranger(NamedTuple):
    """A Markdown file in the folder that is not the page of a note, but maybe a copy of one.

    ``typed``: it names a note type but no note, so it is a new note or a template. ``guid`` is the
    guid on it, if it names a note or a note type. ``stance`` is what a person knows of a copy, as
    long as its text claims the same note: ``TOLD``, ``THEIRS`` or nothing yet.
    """

    path: str
    size: int
    mtime: int
    note_id: int | None
    typed: int = 0
    guid: str = ""
    stance: str = ""


TOLD = "told"  # a run has said that this page is a copy
THEIRS = "theirs"  # it was asked to leave this copy alone: it is a page of the person's own
MISSING = "?"  # stands before the name of an embedded file that was not there, in ``PageRow.media``
OLD_DIGEST = b"#"
TYPED_WORDS = b"+"
ADOPTED = b"?"
DOUBTED = -1  # the date of an index page that a run was about to write
LISTS = {"tags", "anki_tags", "aliases"}
OWN = frozenset(OwnProperties.__dataclass_fields__)


def pack(data: bytes) -> bytes:
    """The bytes, compressed if they are long."""
    return b"z" + zlib.compress(data, 1) if len(data) > 1000 else b"=" + data


def unpack(packed: bytes) -> bytes:
    """The bytes that were given to ``pack``."""
    return zlib.decompress(packed[1:]) if packed[:1] == b"z" else packed[1:]


def pack_fields(fields: str) -> bytes:
    """The fields of a note as Anki stores them, compressed."""
    return pack(fields.encode("utf-8", "surrogatepass"))


def unpack_fields(packed: bytes) -> str:
    """The fields that were given to ``pack_fields``."""
    return unpack(packed).decode("utf-8", "surrogatepass")


def pack_stretch(stretch: Stretch) -> Sequence[int | bytes | str]:
    """The row of a stretch, which ends with a number that shows whether it was damaged."""
    row = (*stretch[:5], "\0".join(stretch.paths).encode(), to_json(stretch.media))
    return *row, _check_sum(row)


def unpack_stretch(row: Sequence[Any]) -> Stretch | None:
    """The stretch of such a row; None when the row was damaged."""
    if row[-1] != _check_sum(row[:-1]):
        return None
    first, last, notes, digest, looked_at, packed, media, _ = row
    paths = tuple(packed.decode().split("\0")) if packed else ()
    return Stretch(
        first, last, notes, digest, looked_at, paths, tuple(map(tuple, json.loads(media)))
    )


def _check_sum(row: Sequence[Any]) -> int:
    *others, paths, media = row
    checked = zlib.crc32(repr(others).encode(), zlib.crc32(media.encode("utf-8", "surrogatepass")))
    return zlib.crc32(paths, checked)


_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


def to_json(value: object) -> str:
    """Properties, or names of fields, as JSON for the base."""
    return _ENCODER.encode(value)
