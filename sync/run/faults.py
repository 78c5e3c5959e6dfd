"""Handles faults of our own: the note or file is skipped, and the fault is reported and logged."""

from __future__ import annotations

import logging
import sqlite3
import zlib
from typing import Optional

from .errors import AnkivaultError, CollectionTrouble
from .report import Message

# Anki writes a log file for the add-on's logger with this name.
LOG = logging.getLogger(f"addon.{__name__.partition('.')[0]}")
LEFT = "It is left as it is, and everything else went on"
# Errors that are not about one note: they end a run, and have their own messages.
PASSES = (AnkivaultError, sqlite3.Error, zlib.error, MemoryError)

# By name: Anki's errors must not be imported when the add-on loads.
_DATABASE = ("DBError", "DatabaseError", "OperationalError")
_ANKI = ("DBError", "BackendIOError", "BackendError")  # of ``anki.errors``
_TROUBLES = {  # what Anki's errors say → what a person can do
    "DiskFull|is full|No space": (
        "The disk is full, so the collection cannot be written. Make room and run again."
    ),
    "ReadOnly|readonly|Permission": (
        "The collection cannot be written: it is read-only. Check the permissions of its folder."
    ),
    "DatabaseLocked|DatabaseBusy|is locked|already open": (
        "The collection is in use by another program. Close that, and run again."
    ),
    "NotADatabase|not a database": "The file is no Anki collection, or a damaged one.",
    "DatabaseCorrupt|malformed": (
        "The collection is damaged. In Anki, run Tools ▸ Check Database, or restore a backup."
    ),
    "SystemIoFailure|disk I/O|Input/output": (
        "The disk fails at the collection. See that the drive is connected and in order."
    ),
}


def log_fault(error: BaseException, what: str) -> str:
    """Log a fault with its traceback; returns a short description."""
    LOG.error("A fault with %s", what, exc_info=(type(error), error, error.__traceback__))
    return " ".join(f"{type(error).__name__}: {error}".split())[:300]


def is_of_database(error: BaseException) -> bool:
    """Whether a database, Anki's or one of ours, cannot be read or written."""
    return type(error).__name__ in _DATABASE


def find_trouble(error: BaseException) -> Optional[CollectionTrouble]:
    """Explain an error that the disk or another program causes; nothing for other errors."""
    words = str(error)
    if type(error).__name__ not in _ANKI or isinstance(error, AnkivaultError):
        return None
    for signs, told in _TROUBLES.items():
        if any(sign in words for sign in signs.split("|")):
            unopened = "no Anki collection" in told  # so nothing can have been written
            rest = (
                ""
                if unopened
                else " What was written until then is whole, and the next run does the rest."
            )
            return CollectionTrouble(f"{told}{rest}")
    return None


def explain_fault(error: BaseException, what: str, left: str = LEFT) -> str:
    """Log a fault with its traceback; returns the sentences for the user.

    ``what`` names the note or file. Errors that no single note causes are raised again.
    """
    if isinstance(error, PASSES):
        raise error
    trouble = find_trouble(error)
    if trouble:
        raise trouble from error
    words = log_fault(error, what)
    return (
        f"Ankivault itself failed at {what} ({words}). {left}. "
        "Please report this; the log of Ankivault says more."
    )


def tell_fault(
    error: BaseException,
    what: str,
    path: Optional[str] = None,
    note_id: Optional[int] = None,
    left: str = LEFT,
) -> Message:
    """``explain_fault`` as a message of the report."""
    return Message("error", explain_fault(error, what, left), path, note_id)


def name_note(note_id: int, fields: str) -> str:
    """Name a note by its id and first words. ``fields`` is as Anki stores it."""
    words = " ".join(fields.replace("\x1f", " ").split())
    shown = words[:57] + "…" if len(words) > 60 else words
    return f"note {note_id} (“{shown}”)"
