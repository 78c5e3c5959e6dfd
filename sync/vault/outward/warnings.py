"""Messages about the vault folder and the settings, from before any page is planned."""

from __future__ import annotations

from collections.abc import Mapping

from ...run.regular import NO_FILE
from ...run.report import Message
from ..deck_choice import unknown_decks
from ..read.scan import Scan
from ..settings import Settings


def tell_scan(scan: Scan) -> list[Message]:
    """Messages about links that are not followed, and files and folders that cannot be read."""
    told = [
        Message(
            "warning",
            "This is a link to somewhere else; it is not followed, and nothing is written there.",
            path,
        )
        for path in scan.links
    ]
    told += [
        Message("error", f"This cannot be read: {NO_FILE}. Take it out of the vault folder.", path)
        for path in scan.no_files
    ]
    told += [
        Message("error", "This folder cannot be read; check its permissions.", path or ".")
        for path in scan.unreadable
    ]
    return told


def tell_old_base() -> Message:
    """The message that the base is from an old version and cannot be used."""
    return Message(
        "info",
        "Ankivault is newer than what it remembered of this vault folder, which is put together "
        "anew. Nothing of yours is lost; what was edited on both sides meanwhile may be asked "
        "about.",
    )


def tell_unknown_decks(decks: Mapping[int, str], settings: Settings) -> list[Message]:
    """Warnings about decks that the settings name, but that are not in the collection.

    A deck that was to have pages and was deleted in Anki is not told: nothing is missing.
    """
    named = [deck for deck in settings.included_decks if isinstance(deck, str)]
    told = [
        Message(
            "warning",
            f"The deck “{deck}”, which is to have pages, is not in the collection. "
            "Look at the list of decks in Configure….",
        )
        for deck in unknown_decks(decks, named)
    ]
    return told + [
        Message(
            "warning",
            f"The deck “{deck}”, which is to be left out, is not in the collection. "
            "Look at the list of decks in Configure….",
        )
        for deck in unknown_decks(decks, settings.excluded_decks)
    ]
