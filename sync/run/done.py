"""The kinds of things that a run does, and the words that count them."""

from __future__ import annotations

from enum import Enum


def count_words(count: int, one: str, many: str = "") -> str:
    """The count of some things, such as ``1 note`` and ``2,000 notes``."""
    return f"{count:,} {one if count == 1 else many or f'{one}s'}"


class Done(Enum):
    """One kind of thing that a run does, with its singular and plural."""

    def __init__(self, one: str, many: str) -> None:
        self.one = one
        self.many = many

    PAGE_CREATED = "page created", "pages created"
    PAGE_RESTORED = "page restored", "pages restored"
    PAGE_UPDATED = "page updated", "pages updated"
    PAGE_MOVED = "page moved", "pages moved"
    PAGE_REWRITTEN = "page rewritten", "pages rewritten"
    PAGE_DELETED = "page deleted", "pages deleted"
    PAGE_UNCHANGED = "page unchanged", "pages unchanged"
    INDEX_UPDATED = "index page updated", "index pages updated"
    INDEX_REMOVED = "index page removed", "index pages removed"
    MEDIA_COPIED = "media file copied", "media files copied"
    MEDIA_REMOVED = "media file removed", "media files removed"
    MEDIA_ADDED = "media file added to Anki", "media files added to Anki"
    MEDIA_DESCRIBED = "media file described", "media files described"
    MEDIA_UPLOADED = "media file copied to Anki", "media files copied to Anki"
    NOTE_ADDED = "note added to Anki", "notes added to Anki"
    NOTE_UPDATED = "note updated in Anki", "notes updated in Anki"
    NOTE_RESTORED = "note restored in Anki", "notes restored in Anki"
    NOTE_DELETED = "note deleted from Anki", "notes deleted from Anki"
    NOTE_EXPORTED = "note exported", "notes exported"
    NOTE_ADDED_TO_FILE = "note added to the file", "notes added to the file"
    NOTE_UPDATED_IN_FILE = "note updated in the file", "notes updated in the file"
    NOTE_DELETED_FROM_FILE = "note deleted from the file", "notes deleted from the file"
    MODEL_CREATED = "note type created", "note types created"
    MODEL_CHANGED = "note type changed", "note types changed"
    MODEL_UPDATED_IN_FILE = "note type updated in the file", "note types updated in the file"
    DECK_CREATED = "deck created", "decks created"
    DECK_UPDATED_IN_FILE = "deck updated in the file", "decks updated in the file"
    CONFLICT_LEFT = "conflict left to you", "conflicts left to you"
    TEMPLATE_CREATED = "template created", "templates created"
    TEMPLATE_UNCHANGED = "template unchanged", "templates unchanged"

    @property
    def is_change(self) -> bool:
        """Whether it changes something."""
        return self not in (Done.PAGE_UNCHANGED, Done.CONFLICT_LEFT, Done.TEMPLATE_UNCHANGED)

    def tell(self, count: int) -> str:
        """The count in words."""
        return count_words(count, self.one, self.many)
