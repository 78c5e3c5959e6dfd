"""Explains to a person how a run ended, and logs faults."""

from __future__ import annotations

import logging
from contextlib import suppress
from pathlib import Path

from .disk import explain
from .errors import AnkivaultError
from .faults import LOG, find_trouble, is_of_database, log_fault


def explain_end(error: BaseException, log: Path) -> str:
    """Explain to a person what ended a run; a fault of ours is logged in ``log``."""
    rest = "What was written until then is whole, and the next run does the rest."
    if isinstance(error, AnkivaultError):
        return str(error)
    if isinstance(error, KeyboardInterrupt):
        return f"Stopped. {rest}"
    if isinstance(error, OSError):
        return f"The disk refused “{error.filename or 'a file'}”: {explain(error)}. {rest}"
    trouble = find_trouble(error)
    if trouble:
        return str(trouble)
    words = " ".join(str(error).split())[:300]
    if is_of_database(error):
        return f"The collection cannot be read or written: {words}. Is its disk in order? {rest}"
    log_fault(error, "a command")
    return (
        f"Ankivault itself failed ({type(error).__name__}: {words}). {rest} "
        f"Please report this, with “{log}”."
    )


def log_to(file: Path) -> None:
    """Log faults into a file, not into a command's output."""
    logging.raiseExceptions = False
    with suppress(OSError):
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    for handler in LOG.handlers[:]:
        LOG.removeHandler(handler)
    LOG.addHandler(logging.FileHandler(file, delay=True, encoding="utf-8"))
    LOG.propagate = False
