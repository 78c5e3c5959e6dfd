"""What would be written into Anki for one note."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, Optional

# edit     the page was edited                     create  a page without a note
# restore  the note was deleted, its page edited   delete  the page was deleted
NoteKind = Literal["edit", "create", "restore", "delete"]


@dataclass(frozen=True)
class FieldChange:
    """One field's HTML: as it is in Anki, and as it would be."""

    name: str
    before: str
    after: str


@dataclass(frozen=True)
class MediaIn:
    """A file of the Obsidian vault that is to be in Anki's media folder."""

    source: str  # relative to the Obsidian vault, with ``/``
    name: str  # in Anki's folder
    digest: bytes  # SHA-1 of what it must still hold


@dataclass(frozen=True)
class NoteChange:
    """What a run would write into Anki for one note.

    The page of an edited note is a ``PageChange`` of its own, made from the note as it will be.
    """

    kind: NoteKind
    note_id: int  # 0 for a note to be created
    path: str  # of its page
    title: str
    reason: str
    notetype: str
    fields: tuple[FieldChange, ...] = ()
    # All fields of a dynamic note, where its cards change; then ``fields`` only tells how.
    values: Optional[tuple[str, ...]] = field(default=None, repr=False)
    tags: Optional[tuple[tuple[str, ...], tuple[str, ...]]] = None  # all of them, before and after
    # The cards whose home is the first deck move to the second, which may be new. A new note has
    # no first.
    deck: Optional[tuple[str, str]] = None
    clozes_added: tuple[int, ...] = ()
    clozes_removed: tuple[int, ...] = ()
    media: tuple[MediaIn, ...] = ()  # to be in Anki before the note is
    shows_arrived: bool = False  # the page was not edited: files that it embeds are there by now
    guid: str = ""
    note_digest: bytes = b""  # what the note must still be; empty: there is none
    file_digest: bytes = b""  # what the page must still hold; empty: there is no page
    # The new page with the guid and the marks in it, compressed: it is so before the note is there.
    claimed: Optional[bytes] = field(default=None, repr=False)
    # The page as Anki's losing version would show it, compressed, and its path in the trash folder.
    losing: Optional[bytes] = field(default=None, repr=False)
    losing_name: str = ""
