"""Prints what ``watch`` does while it does it: a line of text, or of JSON, for each thing."""

from __future__ import annotations

import os
import shlex
import subprocess
import time
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from ..sync.run.done import Done, count_words
from ..sync.run.report import Message, Report
from ..sync.vault.changes import QUIET, VaultPlan
from ..sync.vault.live.telling import name_page
from ..sync.vault.live.waiting import Waiting
from . import output

_NAMED = 3  # pages on one line
_INTO_ANKI = (Done.NOTE_UPDATED, Done.NOTE_ADDED, Done.NOTE_RESTORED)
_BESIDE = (Done.MEDIA_ADDED, Done.MEDIA_COPIED, Done.INDEX_UPDATED, Done.INDEX_REMOVED)


class WatchOutput:
    """Says what happens. ``plan_command``: what shows the questions that wait.

    Every method raises ``OutputLost`` when it cannot be printed.
    """

    def __init__(self, as_json: bool, plan_command: Sequence[str]) -> None:
        self._as_json = as_json
        self._plan_command = _quote(plan_command)
        self._said_how = False
        self._totals: Counter[Done] = Counter()

    def tell_full_run(self, report: Report, messages: Sequence[Message]) -> None:
        """A run over everything has ended. ``messages``: those that were not told before."""
        self._count(report)
        if self._as_json:
            self._say("full run", "", **replace(report, messages=tuple(messages)).as_json())
            return
        output.tell_messages(messages)
        self._say("full run", report.summary("to decide"))

    def tell_watching(self, folder: Path, reason: str) -> None:
        """From now on changes are followed. ``reason``: why the folder does not tell them."""
        where = {"folder": str(folder)}
        if reason:
            self._say("looking", f"{reason} So it is looked at every 2 seconds.", **where)
        self._say("watching", f"Watching “{folder}” until Ctrl+C.", **where)

    def tell_done(self, plan: VaultPlan, report: Report) -> None:
        """A live run has ended: a line for each direction, and for media and index pages."""
        self._count(report)
        troubled = {message.path for message in report.messages if message.level != "info"}
        edited = {note.path: note.note_id for note in plan.notes}
        notes = sum(report.counts.get(what, 0) for what in _INTO_ANKI)
        inward = sorted(edited, key=lambda path: path in troubled)[:notes]
        outward = {
            page.path: page.note_id
            for page in plan.pages
            if page.kind not in QUIET
            and page.path not in troubled
            and page.note_id not in edited.values()
        }
        for event, way, pages in (
            ("into anki", "{} → Anki", {path: edited[path] for path in inward}),
            ("onto pages", "Anki → {}", outward),
        ):
            if pages:
                self._say(event, _tell_pages(pages, way), pages=[*pages])
        for what in _BESIDE:
            count = report.counts.get(what, 0)
            if count:
                self._say(what.one, what.tell(count), count=count)

    def tell_messages(self, messages: Sequence[Message]) -> None:
        """What a person must know about some pages."""
        if not self._as_json:
            output.tell_messages(messages)
            return
        for each in messages:
            about = {"level": each.level, "path": each.path, "note_id": each.note_id}
            self._say("message", each.text, **about)

    def tell_waiting(self, waits: Iterable[Waiting]) -> None:
        """What waits for a person, and how they see and answer it."""
        kinds = Counter(wait.kind for wait in waits)
        large = kinds.pop("large change", 0)
        counts = [count_words(count, kind) for kind, count in sorted(kinds.items())]
        words = ", ".join([*(["a large change"] if large else []), *counts])
        how = "" if self._said_how else f" Press Ctrl+C, then see it: {self._plan_command}"
        self._said_how = True
        told = {kind.replace(" ", "_"): count for kind, count in kinds.items()}
        self._say("waiting", f"Waits for you: {words}.{how}", **told, large_change=bool(large))

    def tell_trouble(self, text: str) -> None:
        """A run failed, and is tried again."""
        self._say("failed", f"{text} It is tried again.")

    def tell_gone(self, folder: Path) -> None:
        """The vault folder is not there."""
        text = f"“{folder}” is gone or empty. If it is on a drive, connect it: then this goes on."
        self._say("gone", text, folder=str(folder))

    def tell_back(self, folder: Path) -> None:
        """The vault folder is there again."""
        self._say("back", f"“{folder}” is there again.", folder=str(folder))

    def tell_end(self) -> None:
        """It was asked to stop: all that was done since it began."""
        totals = {what: n for what, n in self._totals.items() if n and what.is_change}
        words = ", ".join(what.tell(n) for what, n in totals.items()) or "nothing was changed"
        counts = {what.one: n for what, n in totals.items()}
        self._say("end", f"Stopped. In all: {words}.", ok=True, counts=counts)

    def _count(self, report: Report) -> None:
        self._totals.update(report.counts)

    def _say(self, event: str, text: str, **more: Any) -> None:
        if not self._as_json:
            output.write(f"{time.strftime('%H:%M:%S')}  {text}")
            return
        moment = datetime.now().astimezone().isoformat(timespec="seconds")
        words = {"text": text} if text else {}
        output.write_json({"time": moment, "event": event, **words, **more}, indent=None)


def _tell_pages(pages: Mapping[str, int], way: str) -> str:
    """A line about pages, given with the ids of their notes."""
    names = ", ".join(name_page(*page) for page in [*pages.items()][:_NAMED])
    more = f" and {len(pages) - _NAMED:,} more" if len(pages) > _NAMED else ""
    return f"{way.format(count_words(len(pages), 'page'))}: {names}{more}"


def _quote(command: Sequence[str]) -> str:
    return subprocess.list2cmdline(command) if os.name == "nt" else shlex.join(command)
