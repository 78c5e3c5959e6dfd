"""Prints what a command says, as text or as JSON. Each ``tell_…`` returns the exit status."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

from ..convert.deck_file.definition import Problem
from ..sync.deck.changes import DeckPlan
from ..sync.deck.words import explain_refusal
from ..sync.run.disk import explain
from ..sync.run.done import count_words
from ..sync.run.errors import AnkivaultError
from ..sync.run.report import Message, Report
from ..sync.vault.changes import VaultPlan
from . import deck_plan, vault_plan


class OutputLost(AnkivaultError):
    """The output cannot be written."""


def flush() -> None:
    """Write out everything that was printed. Raises ``OutputLost``."""
    write("", end="")


def tell_end(text: str, as_json: bool) -> None:
    """Print what ended a command, if the output can still be written."""
    if as_json:
        with suppress(OSError, OutputLost):
            write_json({"ok": False, "error": text}, indent=None)
    with suppress(OSError):
        print(f"ankivault: {text}", file=sys.stderr)


def tell_vault_plan(plan: VaultPlan, as_json: bool) -> int:
    """Say what a run of the vault would do."""
    told = vault_plan.plan_as_json(plan)
    if as_json:
        write_json(told)
        return int(not told["ok"])
    for line in vault_plan.plan_lines(plan):
        write(line)
    tell_messages(plan.messages)
    write(", ".join(_count(n, name) for name, n in plan.counts().items() if n) or "Nothing to do")
    if plan.large_change:
        write(plan.large_change)
    return int(not told["ok"])


def tell_deck_plan(plan: DeckPlan, as_json: bool) -> int:
    """Say what a run of a TOML deck would do."""
    status = int(deck_plan.has_failed(plan))
    if as_json:
        write_json(deck_plan.plan_as_json(plan))
        return status
    for line in deck_plan.plan_lines(plan):
        write(line)
    for problem in plan.problems:
        print(_problem_line(plan.file, problem), file=sys.stderr)
    _tell_counts(plan.counts)
    for reason in (*plan.full_sync, explain_refusal(plan)):
        if reason:
            print(reason, file=sys.stderr)
    return status


def tell_report(report: Report, as_json: bool) -> int:
    """Say what a run did."""
    if as_json:
        write_json(report.as_json())
    else:
        tell_messages(report.messages)
        write(report.summary("to decide: “plan” shows it"))
    return int(not report.ok)


def tell_deck_report(plan: DeckPlan, report: Report, as_json: bool) -> int:
    """Say what a run of a TOML deck planned and did."""
    if not as_json:
        _tell_counts(plan.counts)
        return tell_report(report, False)
    told = report.as_json()
    told["done"] = told.pop("counts")
    write_json({**plan.counts, **told})
    return int(not report.ok)


def tell_check(files: int, problems: Sequence[tuple[Path, Problem]], as_json: bool) -> int:
    """Say what is wrong with the files; ``files`` is their number."""
    failed = any(problem.level == "error" for _, problem in problems)
    if as_json:
        told = [{"file": str(file), **asdict(problem)} for file, problem in problems]
        write_json({"ok": not failed, "problems": told})
        return int(failed)
    for file, problem in problems:
        write(_problem_line(file, problem))
    checked = f"{count_words(files, 'file')} checked"
    counts = ", ".join(_count_levels([problem.level for _, problem in problems]))
    write(f"{checked}: {counts or 'nothing is wrong'}.")
    return int(failed)


def _count_levels(levels: Sequence[str]) -> Iterator[str]:
    for level in ("error", "warning"):
        count = levels.count(level)
        if count:
            yield count_words(count, level)


def _problem_line(file: Path, problem: Problem) -> str:
    note = f"note {problem.note}: " if problem.note else ""
    return f"{file}:{problem.line}: {problem.level}: {note}{problem.message}"


def _tell_counts(counts: Mapping[str, int]) -> None:
    write(", ".join(f"{n:,} {name.replace('_', ' ')}" for name, n in counts.items()))


def tell_messages(messages: Sequence[Message]) -> None:
    """Print messages of a run, a line for each, apart from what the command says."""
    for message in messages:
        where = f"{message.path}: " if message.path else ""
        print(f"{message.level}: {where}{message.text}", file=sys.stderr)


def write_json(told: Mapping[str, Any], indent: int | None = 2) -> None:
    """Print a value as JSON; without ``indent``, on one line. Raises ``OutputLost``."""
    text = json.dumps(told, ensure_ascii=False, indent=indent)
    write(text if can_print(text) else json.dumps(told, indent=indent))


def write(text: str, end: str = "\n") -> None:
    """Print, and write it out at once. Raises ``OutputLost``."""
    try:
        print(_printable(text), end=end, flush=True)
    except OSError as error:
        with suppress(OSError, ValueError):  # Python must not try to write the rest when it exits
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise OutputLost(
            f"What this command says cannot be printed: {explain(error)}. Its work is done."
        ) from error


def can_print(text: str) -> bool:
    """Whether the output can print each letter of a text."""
    return _printable(text) == text


def _printable(text: str) -> str:
    """The text with escapes for what the output cannot print, such as a pipe of Windows."""
    encoding = sys.stdout.encoding or "utf-8"
    return text.encode(encoding, "backslashreplace").decode(encoding)


def _count(number: int, name: str) -> str:
    return f"{number:,} {name[:-1] if number == 1 and name.endswith('s') else name}"
