"""The commands: sync or plan a vault or a TOML deck, while Anki is closed."""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING

from ..sync.activity.begun import begun
from ..sync.deck.base import DECK_BASE
from ..sync.deck.options import DeckOptions
from ..sync.deck.run import (
    apply_deck,
    check_file,
    check_published,
    export_deck,
    plan_deck,
    publish_deck,
    remember_export,
)
from ..sync.run.endings import explain_end, log_to
from ..sync.run.errors import CollectionBusy, LargeChange, SettingsError, StateUnavailable
from ..sync.run.faults import find_trouble
from ..sync.run.progress import Progress
from ..sync.run.regular import copy_regular
from ..sync.run.report import Message, Report
from ..sync.vault.base_tables import VAULT_BASE
from ..sync.vault.changes import Direction
from ..sync.vault.read.folder import find_fault
from ..sync.vault.run import plan_vault, sync_vault
from ..sync.vault.settings import Settings
from . import output
from .arguments import (
    Misspelt,
    check_answers,
    read_answers,
    read_arguments,
    read_vault_settings,
    repeat_arguments,
)
from .source import Sources
from .watch import Vault, watch
from .watch_output import WatchOutput

if TYPE_CHECKING:
    from anki.collection import Collection

USER_FILES = Path(__file__).resolve().parents[1] / "user_files"
LOG_FILE = USER_FILES / "ankivault.log"


def main(arguments: Sequence[str]) -> int:
    """Run a command; the exit status is 0 only when nothing went wrong.

    An error is printed in one line, and with ``--json`` also as JSON.
    """
    log_to(LOG_FILE)
    try:
        options = read_arguments(arguments)
        with begun("command line"):
            status = _COMMANDS.get(options.command, _run_vault)(options)
        output.flush()
        return status
    except SystemExit as end:  # help was asked for
        return end.code if isinstance(end.code, int) else 1
    except BaseException as error:
        text = explain_end(error, LOG_FILE)
        if isinstance(error, LargeChange):
            text += " (On the command line: --allow-large-changes.)"
        output.tell_end(text, "--json" in arguments)
        return 130 if isinstance(error, KeyboardInterrupt) else 2 if type(error) is Misspelt else 1


def _run_vault(options: argparse.Namespace) -> int:
    settings = read_vault_settings(options)
    with open_collection(options.collection) as col:
        state = options.state or USER_FILES / _key(options.collection)
        if _is_first_run(col, settings.folder, state):
            _make_first_folder(settings.folder, options.command)
        if options.command == "watch":
            return _watch(col, settings, state, options)
        answers = read_answers(options.answer)
        if answers or options.command == "plan":
            plan = plan_vault(col, settings, state, direction=Direction(answers=answers))
            check_answers(answers, plan)
            if options.command == "plan":
                return output.tell_vault_plan(plan, options.json)
        report = sync_vault(
            col,
            settings,
            state,
            direction=Direction(answers=answers),
            confirmed=options.allow_large_changes,
            backup=lambda: _back_up(col, options.collection),
        )
        return output.tell_report(report, options.json)


def _watch(col: Collection, settings: Settings, state: Path, options: argparse.Namespace) -> int:
    def full_run(progress: Progress, agreed: bool) -> Report:
        return sync_vault(
            col,
            settings,
            state,
            progress,
            confirmed=agreed,
            backup=lambda: _back_up(col, options.collection),
        )

    def explain(error: Exception) -> str:
        return explain_end(error, LOG_FILE)

    vault = Vault(col, settings, state, full_run, explain, options.allow_large_changes)
    watch(vault, WatchOutput(options.json, repeat_arguments("plan", options)))
    return 0


def _is_first_run(col: Collection, folder: Path, state: Path) -> bool:
    """Whether a folder was never a vault folder. If it was and is missing, its drive may be off.

    The run itself reports any other fault.
    """
    fault = find_fault(col, folder)
    missing = fault is not None and fault.kind == "missing" and folder.parent.is_dir()
    return missing and not VAULT_BASE.file(state, folder).exists()


def _make_first_folder(folder: Path, command: str) -> None:
    if command == "plan":
        raise SettingsError(
            f"There is no folder “{folder}” yet. “sync” makes it; to see the plan first, make it "
            "yourself. Nothing was changed."
        )
    try:
        folder.mkdir(exist_ok=True)
    except OSError as error:
        raise SettingsError(f"“{folder}” cannot be made: {error.strerror}.") from error


@contextmanager
def open_collection(file: Path) -> Iterator[Collection]:
    """Open a collection, then close it. Raises ``CollectionBusy`` or ``SettingsError``."""
    from anki.collection import Collection
    from anki.errors import AnkiException, DBError

    if not file.is_file():
        raise SettingsError(f"There is no collection “{file}”.")
    try:
        col = Collection(str(file))
    except DBError as error:
        if "already open" in str(error) or "locked" in str(error).lower():
            raise CollectionBusy(
                f"“{file}” is open in Anki or another program. Close it there, or use "
                "Tools ▸ Ankivault in Anki."
            ) from error
        raise SettingsError(f"“{file}” cannot be opened: {_first(error)}") from error
    except AnkiException as error:
        raise SettingsError(f"“{file}” cannot be opened: {_first(error)}") from error
    try:
        yield col
    finally:
        col.close()


def _first(error: Exception) -> str:
    """The first line of an error, without the marks for text direction."""
    words = " ".join(re.sub("[\u2066-\u2069]", "", str(find_trouble(error) or error)).split())
    return words if words.endswith(".") else f"{words}."


def _run_source(options: argparse.Namespace) -> int:
    if not options.collection.is_file():
        raise SettingsError(f"There is no collection “{options.collection}”.")
    state = options.state or USER_FILES / _key(options.collection)
    sources = Sources(options, state, lambda col: _back_up(col, options.collection))
    if options.source_command == "list":
        return sources.tell()
    if options.source_command == "forget":
        return sources.forget()
    with open_collection(options.collection) as col:
        return sources.run(col)


def _run_deck(options: argparse.Namespace) -> int:
    if options.deck_command == "check":
        check = check_published if options.published else check_file
        found = [(file, problem) for file in options.files for problem in check(file)]
        return output.tell_check(len(options.files), found, options.json)
    if options.deck_command == "publish":
        return output.tell_report(publish_deck(options.file), options.json)
    if options.deck_command == "export":
        return _export_deck(options)
    asked = DeckOptions(
        options.strategy,
        options.on_conflict,
        options.remove_missing,
        options.change_models,
        pull_new_notes=options.pull_new_notes,
        push_new_notes=options.push_new_notes,
        update_tags=options.update_tags,
    )
    with open_collection(options.collection) as col:
        state = _find_deck_state(options)
        plan = plan_deck(col, options.file, asked, state)
        if options.deck_command == "plan":
            return output.tell_deck_plan(plan, options.json)
        report = apply_deck(col, plan, state)
    return output.tell_deck_report(plan, report, options.json)


def _export_deck(options: argparse.Namespace) -> int:
    # The last of several Markdown fields may be the file: argparse cannot tell.
    file = options.file or (options.markdown_field and options.markdown_field.pop())
    if not file:
        raise SettingsError("Say which file to write.")
    with open_collection(options.collection) as col:
        report = export_deck(
            col,
            options.deck,
            Path(file),
            subdecks=not options.no_subdecks,
            markdown_fields=options.markdown_field,
        )
        try:
            usual = USER_FILES / _key(options.collection)
            remember_export(col, Path(file), options.state or usual)
        except StateUnavailable as error:  # the file is written anyway
            left = Message("warning", str(error))
            report = replace(report, messages=(*report.messages, left))
    return output.tell_report(report, options.json)


def _find_deck_state(options: argparse.Namespace) -> Path:
    """The state folder. A new one starts with a copy of the file's base in the usual one."""
    usual = USER_FILES / _key(options.collection)
    if options.state is None:
        return usual
    state: Path = options.state
    known, new = DECK_BASE.file(usual, options.file), DECK_BASE.file(state, options.file)
    if known.is_file() and not new.exists():
        if options.deck_command == "plan":
            return usual
        state.mkdir(parents=True, exist_ok=True)
        copy_regular(known, new)
    return state


def _back_up(col: Collection, file: Path) -> None:
    """Make a backup in Anki's backup folder."""
    folder = file.resolve().with_name("backups")
    folder.mkdir(exist_ok=True)
    col.create_backup(backup_folder=str(folder), force=True, wait_for_completion=True)


def _key(collection: Path) -> str:
    return "closed-" + blake2b(str(collection.resolve()).encode(), digest_size=8).hexdigest()


_COMMANDS = {"deck": _run_deck, "source": _run_source}
