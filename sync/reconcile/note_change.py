"""What a run writes into Anki for one note."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, Optional

# edit     the page was edited                     create  a page without a note
# restore  the note was deleted, its page edited   delete  the page was deleted
NoteKind = Literal["edit", "create", "restore", "delete"]


@dataclass(frozen=True)
class FieldChange:
    """One field's HTML: in Anki now, and after the run."""

    name: str
    before: str
    after: str


@dataclass(frozen=True)
class MediaIn:
    """A file of the Obsidian vault that a run copies into Anki's media folder."""

    source: str  # relative to the Obsidian vault, with ``/``
    name: str  # in Anki's folder
    digest: bytes  # SHA-1 that its content must still have


@dataclass(frozen=True)
class NoteChange:
    """What a run writes into Anki for one note.

    The page of an edited note has its own ``PageChange``, made from the edited note.
    """

    kind: NoteKind
    note_id: int  # 0 for a new note
    path: str  # of its page
    title: str
    reason: str
    notetype: str
    fields: tuple[FieldChange, ...] = ()
    # All fields of a dynamic note whose cards change. Then ``fields`` only shows the changes.
    values: Optional[tuple[str, ...]] = field(default=None, repr=False)
    tags: Optional[tuple[tuple[str, ...], tuple[str, ...]]] = None  # all of them, before and after
    # Moves the cards whose home is the first deck to the second, which may be new. A new note
    # has no first deck.
    deck: Optional[tuple[str, str]] = None
    # The ids of these decks when this was planned, for both may get other names; 0: there was none.
    deck_ids: tuple[int, int] = (0, 0)
    clozes_added: tuple[int, ...] = ()
    clozes_removed: tuple[int, ...] = ()
    media: tuple[MediaIn, ...] = ()  # must be in Anki before the note
    shows_arrived: bool = False  # the page was not edited, but files that it embeds exist now
    guid: str = ""
    note_digest: bytes = b""  # the note must still have it; empty: there is no note
    file_digest: bytes = b""  # the page must still have it; empty: there is no page
    # The new page with its guid and marks, compressed. It is written before the note is added.
    claimed: Optional[bytes] = field(default=None, repr=False)
    # Anki's losing version as a page, compressed, and its path in the trash folder.
    losing: Optional[bytes] = field(default=None, repr=False)
    losing_name: str = ""
