"""Writes the report of a problem: all that helps to find it, and no word of the person's notes.

What is a name, a path or a text is told by its kind and length. Messages and log lines keep what
stands in Ankivault's own code (``KnownTexts``).
"""

from __future__ import annotations

import os
import time
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Optional, get_args

from ...sync.deck.linked import LinkedDeck
from ...sync.reconcile.policy import VAULT_POLICIES
from ...sync.run.done import count_words
from ...sync.run.report import Message, Report
from ...sync.vault.read.obsidian import find_obsidian_root
from ...sync.vault.settings import ClozeStyle, Settings
from ..app.source_records import Record
from ..live.state import LiveState
from ..runs.ended import LastRun
from .known_texts import KnownTexts

_WORDS = {*get_args(ClozeStyle), *VAULT_POLICIES, "note_id", "none", "assets"}
_MOST = 40  # different messages
_LINES = 120  # of the log
_TAIL = 200_000  # bytes of the log that are looked at


@dataclass(frozen=True)
class Facts:
    """What the main thread knows, for a report that the background writes."""

    versions: Mapping[str, str]
    settings: Settings
    counts: Mapping[str, int]
    last: LastRun
    report: Optional[Report]  # of the last run since the profile was opened
    live: LiveState
    decks: Sequence[LinkedDeck]
    sources: Sequence[Record]
    log: Path


def write_report(facts: Facts, known: KnownTexts) -> str:
    """The whole report. Takes a second: the code is read for its texts."""
    parts = [
        ("Versions", [f"{name}: {value}" for name, value in facts.versions.items()]),
        ("Settings", _tell_settings(facts.settings)),
        ("Counts", [f"{name}: {count:,}" for name, count in facts.counts.items()]),
        ("Live", _tell_live(facts.live, known)),
        ("Last run of the vault", _tell_last(facts.last, known)),
        ("Last run since the profile was opened", _tell_run(facts.report, known)),
        ("TOML decks", [_tell_deck(deck, known) for deck in facts.decks]),
        ("Sources", [_tell_source(record, known) for record in facts.sources]),
        ("Log", list(known.redact_log(_read_log(facts.log)))),
    ]
    lines = ["# A problem with Ankivault", ""]
    for title, told in parts:
        lines += [f"## {title}", *(f"- {line}" for line in told or ["none"]), ""]
    return "\n".join(lines)


def _tell_settings(settings: Settings) -> list[str]:
    usual = Settings()
    told = []
    for field in fields(settings):
        value, default = getattr(settings, field.name), getattr(usual, field.name)
        if field.name == "vault_folder":
            told.append(f"vault_folder: {_tell_folder(settings)}")
        else:
            told.append(f"{field.name}: {tell_value(value)}{' (default)' * (value == default)}")
    return told


def tell_value(value: object) -> str:
    """A setting without a word of the person's: a choice as it is, a name by its length."""
    if isinstance(value, (bool, int, float)):
        return str(value)
    if isinstance(value, str):
        if value in _WORDS:
            return value
        return f"a text of {count_words(len(value), 'character')}" if value else "empty"
    if isinstance(value, (tuple, list, dict, frozenset, set)):
        return count_words(len(value), "entry", "entries")
    return type(value).__name__


def _tell_folder(settings: Settings) -> str:
    if not settings.vault_folder.strip():
        return "not set"
    folder = settings.real_folder
    where = "inside an Obsidian vault" if find_obsidian_root(folder) else "in no Obsidian vault"
    there = "there" if os.path.isdir(settings.folder) else "not there"
    length = count_words(len(settings.vault_folder), "character")
    kind = find_file_system(folder)
    return f"set, {there}, {where}, {length}" + (f", on {kind}" if kind else "")


def find_file_system(folder: Path, mounts: Path = Path("/proc/self/mounts")) -> str:
    """The kind of file system that a folder is on, such as ``ext4``; empty if that is not known."""
    try:
        text = mounts.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
    best, kind = -1, ""
    for line in text.splitlines():
        words = line.split(" ")
        if len(words) < 3:
            continue
        place = words[1].replace("\\040", " ").rstrip("/")
        inside = str(folder) == place or str(folder).startswith(f"{place}/")
        if inside and len(place) >= best:
            best, kind = len(place), words[2]
    return kind if kind.replace(".", "").replace("_", "").isalnum() else ""


def _tell_live(live: LiveState, known: KnownTexts) -> list[str]:
    told = [f"{live.kind}, {count_words(live.questions, 'question')}"]
    if live.since:
        told.append(f"in step at {_stamp(live.since)}")
    if live.text:
        told += [known.redact(text) for text in live.text.split(" · ")]
    return told


def _tell_last(last: LastRun, known: KnownTexts) -> list[str]:
    if not last.began:
        return []
    by = last.by if last.by in ("by hand", "by itself", "live") else "?"
    told = f"{_stamp(last.began)}, {by}, {last.seconds:.1f} s, {'ok' if last.ok else 'not ok'}"
    asked = count_words(last.questions, "question")
    return [f"{told}, {asked}, {count_words(last.messages, 'message')}"] + (
        [] if last.ok else [known.redact(last.summary)]
    )


def _tell_run(report: Optional[Report], known: KnownTexts) -> list[str]:
    if report is None:
        return []
    told = [f"{count:,} × {done.one}" for done, count in report.counts.items() if count]
    if report.cancelled:
        told.append("cancelled")
    return [*told, *tell_messages(report.messages, known)]


def tell_messages(messages: Iterable[Message], known: KnownTexts) -> list[str]:
    """Messages by their known texts, the same ones counted."""
    counted = Counter(
        f"{message.level}: {known.redact(message.text)} [{_tell_place(message)}]"
        for message in messages
    )
    told = [f"{count:,} × {text}" for text, count in counted.most_common(_MOST)]
    return [*told, f"{len(counted) - _MOST:,} more"] if len(counted) > _MOST else told


def _tell_place(message: Message) -> str:
    path = message.path or ""
    kind = "nothing"
    if "://" in path:
        kind = "an address"
    elif ".toml" in path:
        kind = "a TOML file"
    elif path.endswith(".md"):
        kind = "a page"
    elif path:
        kind = "a file"
    return f"{kind}, a note" if message.note_id else kind


def _tell_deck(deck: LinkedDeck, known: KnownTexts) -> str:
    there = "there" if os.path.isfile(deck.file) else "not there"
    result = _tell_result(deck.last_result, known)
    when = _stamp(deck.last_run) if deck.last_run else "never run"
    by_itself = ", by itself" if deck.before_ankiweb_sync else ""
    return f"{there}, {deck.strategy}, {deck.on_conflict}{by_itself}, {when}: {result}"


def _tell_source(record: Record, known: KnownTexts) -> str:
    result = _tell_result(record.result, known)
    when = _stamp(record.last_run) if record.last_run else "never run"
    return f"{when}, {count_words(record.waiting, 'question')}: {result}"


def _tell_result(result: str, known: KnownTexts) -> str:
    return result if result in ("In step", "Up to date", "Cancelled", "") else known.redact(result)


def _stamp(moment: float) -> str:
    return time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(moment))


def _read_log(file: Path) -> list[str]:
    """The last lines of the log."""
    try:
        with file.open("rb") as opened:
            opened.seek(max(0, file.stat().st_size - _TAIL))
            text = opened.read().decode("utf-8", errors="replace")
    except OSError:
        return []
    return text.splitlines()[-_LINES:]
