"""Says why a page changes, in words for the user: in the window, the terminal and the report."""

from __future__ import annotations

from collections.abc import Mapping

from .changes import IndexChange, PageChange, Why

_WORDS: Mapping[Why, str] = {
    Why.NO_PAGE_YET: "new note",
    Why.PAGE_DELETED: "its page was deleted",
    Why.FIELDS: "fields changed",
    Why.DECK: "moved to {deck}",
    Why.TAGS: "tags changed",
    Why.NOTE_TYPE: "note type changed",
    Why.STUDY: "studied in Anki",
    Why.SETTINGS: "settings changed",
    Why.LINKS: "properties or links",
    Why.PROPERTIES: "properties",
    Why.NEW_NOTE: "its note is new",
    Why.OTHER_FOLDER: "belongs to the deck {deck}",
    Why.AS_IT_SHOULD_BE: "as it should be",
    Why.EDITED_BY_HAND: "its text was edited by hand",
    Why.DIFFERS: "differs from the note",
    Why.ANKI_CHOSEN: "Anki's version was chosen",
    Why.TAKEN_BACK: "What was typed on the page is no longer in Anki",
    Why.WENT_BACK: "Anki has an older version of this note than before, as from a backup",
    Why.NOTE_GONE: "note deleted",
    Why.NOTE_LOST: "its note is not in Anki any more",
    Why.DECK_HIDDEN: "its deck is left out",
    Why.NEW_ID: "its note has a new id",
    Why.NEW_DECK: "new deck",
    Why.INDEX_DELETED: "its index page was deleted",
    Why.CONTENTS: "pages or decks changed",
    Why.CHANGED_ELSEWHERE: "its list was changed elsewhere",
    Why.DECK_GONE: "the deck is gone",
    Why.DECK_EMPTY: "the deck has no pages any more",
    Why.FOLDER_RENAMED: "its folder has another name",
}
_LOST = "The text between the marks was edited by hand"
_CHOSEN = (Why.ANKI_CHOSEN, Why.TAKEN_BACK, Why.WENT_BACK)


def explain_page(change: PageChange) -> str:
    """Why a page changes, in a few words."""
    return ", ".join(_WORDS[why].format(deck=change.deck) for why in change.why)


def explain_trashed(change: PageChange, kept: str) -> str:
    """Where a page is that was removed, and why, as a sentence. ``kept`` is its path."""
    if Why.NOTE_LOST in change.why:
        return (
            "Its note is not in Anki any more, and Anki knows of no deletion: perhaps a backup was "
            f"restored. The page is in the trash as “{kept}”."
        )
    return (
        f"The page went ({explain_page(change)}), but held words of your own: it is in the trash "
        f"as “{kept}”."
    )


def explain_index(change: IndexChange) -> str:
    """Why an index page changes, in a few words."""
    return _WORDS[change.why]


def explain_losing(change: PageChange) -> str:
    """Why the text of a page is replaced, as a sentence."""
    chosen = next((_WORDS[why] for why in change.why if why in _CHOSEN), _LOST)
    return f"{chosen}."
