"""``python -m ankivault``: sync or plan a vault, or a TOML deck, while Anki is closed."""

from __future__ import annotations

import argparse
import json
import os
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, replace
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, cast

from .sync.deck.base import DECK_BASE
from .sync.deck.changes import DeckPlan
from .sync.deck.options import STRATEGIES, DeckOptions
from .sync.deck.plan_json import plan_as_json as deck_plan_as_json
from .sync.deck.run import (
    apply_deck,
    check_file,
    export_deck,
    plan_deck,
    remember_export,
)
from .sync.deck.words import explain_note, explain_refusal, list_other_changes, tell_part
from .sync.reconcile.policy import DECK_POLICIES
from .sync.reconcile.question import Choice
from .sync.run.disk import explain
from .sync.run.endings import explain_end, log_to
from .sync.run.errors import (
    AnkivaultError,
    CollectionBusy,
    LargeChange,
    SettingsError,
    StateUnavailable,
)
from .sync.run.faults import find_trouble
from .sync.run.regular import copy_regular
from .sync.run.report import Message, Report
from .sync.vault.base import VAULT_BASE
from .sync.vault.changes import VaultPlan
from .sync.vault.plan_json import plan_as_json, plan_lines
from .sync.vault.read.folder import find_fault
from .sync.vault.run import plan_vault, sync_vault
from .sync.vault.settings import Settings, read_settings

if TYPE_CHECKING:
    from anki.collection import Collection

USER_FILES = Path(__file__).resolve().parent / "user_files"
LOG_FILE = USER_FILES / "ankivault.log"


def main(arguments: Sequence[str]) -> int:
    """Run a command; the exit status is 0 only when nothing went wrong.

    Whatever ends it is told in one line, and with ``--json`` as JSON too.
    """
    log_to(LOG_FILE)
    try:
        status = _run(_read_arguments(arguments))
        _print("", end="")  # all of it is out, or it is told
        return status
    except SystemExit as end:  # help was asked for
        return end.code if isinstance(end.code, int) else 1
    except BaseException as error:
        text = explain_end(error, LOG_FILE)
        if isinstance(error, LargeChange):
            text += " (On the command line: --allow-large-changes.)"
        with suppress(OSError, OutputLost):
            _tell_end(text, "--json" in arguments)
        with suppress(OSError):
            print(f"ankivault: {text}", file=sys.stderr)
        return 130 if isinstance(error, KeyboardInterrupt) else 2 if type(error) is Misspelt else 1


def _run(options: argparse.Namespace) -> int:
    if options.command == "deck":
        return _run_deck(options)
    settings = _read_settings(options)
    with open_collection(options.collection) as col:
        state = options.state or USER_FILES / _key(options.collection)
        if _is_first_run(col, settings.folder, state):
            _make_first_folder(settings.folder, options.command)
        answers = _read_answers(options.answer)
        if answers or options.command == "plan":
            plan = plan_vault(col, settings, state, answers=answers)
            _check_answers(answers, plan)
            if options.command == "plan":
                return _tell_plan(plan, options.json)
        report = sync_vault(
            col,
            settings,
            state,
            confirmed=options.allow_large_changes,
            answers=answers,
            backup=lambda: _back_up(col, options.collection),
        )
        return _tell_report(report, options.json)


class Misspelt(AnkivaultError):
    """The words of the command make no sense."""


class OutputLost(AnkivaultError):
    """What is printed cannot be written."""


class _Parser(argparse.ArgumentParser):
    """Tells mistakes as every other end of a command is told."""

    def error(self, message: str) -> NoReturn:
        self.print_usage(sys.stderr)
        raise Misspelt(f"{message[:1].upper()}{message[1:]}. “{self.prog} --help” says more.")


def _print(text: str, end: str = "\n") -> None:
    """Print, and see that it is out. Raises ``OutputLost``."""
    try:
        print(text, end=end, flush=True)
    except OSError as error:
        with suppress(OSError, ValueError):  # what is left must not be tried again at the very end
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise OutputLost(
            f"What this command says cannot be printed: {explain(error)}. Its work is done."
        ) from error


def _tell_end(text: str, as_json: bool) -> None:
    if as_json:
        _print(json.dumps({"ok": False, "error": text}, ensure_ascii=False))


def _is_first_run(col: Collection, folder: Path, state: Path) -> bool:
    """Whether a folder never was a vault folder. One that was, and is missing, may be on a drive.

    Of any other fault, the run says what it is.
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
    """A collection, closed again afterwards. Raises ``CollectionBusy`` or ``SettingsError``."""
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
    """What is wrong with a collection, in one line and without marks of direction."""
    words = " ".join(re.sub("[\u2066-\u2069]", "", str(find_trouble(error) or error)).split())
    return words if words.endswith(".") else f"{words}."


def _read_arguments(arguments: Sequence[str]) -> argparse.Namespace:
    parser = _Parser(
        prog="python -m ankivault",
        description="Keep Markdown pages and TOML decks in step with an Anki collection.",
    )
    commands = parser.add_subparsers(dest="command", required=True)
    for name, text in (
        ("sync", "bring the vault folder up to date, and with two_way=true the collection"),
        ("plan", "say what “sync” would do, and write nothing"),
    ):
        command = commands.add_parser(
            name, help=text, description=text[:1].upper() + text[1:] + "."
        )
        command.add_argument("--collection", required=True, type=Path, metavar="FILE")
        command.add_argument("--vault", required=True, metavar="DIR")
        command.add_argument(
            "--state", type=Path, metavar="DIR", help="where to remember what was last agreed"
        )
        command.add_argument(
            "--set",
            nargs="+",
            action="append",
            default=[],
            metavar="key=value",
            help="a setting, such as cloze_style=inline",
        )
        command.add_argument(
            "--answer",
            action="append",
            default=[],
            metavar="KEY=CHOICE",
            help="settle a question that “plan” asks; may be given often",
        )
        command.add_argument("--json", action="store_true", help="print JSON")
        if name == "sync":
            command.add_argument(
                "--allow-large-changes",
                action="store_true",
                help="go on although a large share of the pages would be rewritten or deleted",
            )
    _add_deck_commands(commands.add_parser("deck", help="TOML decks: check, plan, sync, export"))
    return parser.parse_args(arguments)


def _add_deck_commands(parser: argparse.ArgumentParser) -> None:
    commands = parser.add_subparsers(dest="deck_command", required=True)
    check = commands.add_parser("check", help="tell all that is wrong with TOML decks")
    check.add_argument("files", nargs="+", type=Path, metavar="FILE")
    check.add_argument("--json", action="store_true", help="print JSON")
    for name, text in (
        ("plan", "say what “deck sync” would do, and write nothing"),
        ("sync", "bring a TOML deck and the collection in step"),
    ):
        command = commands.add_parser(
            name, help=text, description=text[:1].upper() + text[1:] + "."
        )
        command.add_argument("--collection", required=True, type=Path, metavar="FILE")
        command.add_argument("file", type=Path, metavar="FILE")
        command.add_argument("--strategy", choices=STRATEGIES, default="bidirectional")
        command.add_argument("--on-conflict", choices=DECK_POLICIES, default="skip")
        command.add_argument(
            "--remove-missing",
            choices=("none", "anki", "toml"),
            default="none",
            help="the side that loses the notes which the other side deleted",
        )
        command.add_argument(
            "--change-models",
            action="store_true",
            help="let models and note types that differ change each other",
        )
        for flag, what in (
            ("--pull-new-notes", "write notes that only Anki has to the file"),
            ("--push-new-notes", "add notes that only the file has to Anki"),
            ("--update-tags", "let the tags of notes on both sides change"),
        ):
            command.add_argument(
                flag, action=argparse.BooleanOptionalAction, default=True, help=what
            )
        command.add_argument(
            "--state", type=Path, metavar="DIR", help="where to remember what was last agreed"
        )
        command.add_argument("--json", action="store_true", help="print JSON")
    export = commands.add_parser("export", help="write a deck to a new TOML file")
    export.add_argument("--collection", required=True, type=Path, metavar="FILE")
    export.add_argument("--deck", required=True, metavar="NAME")
    export.add_argument("--no-subdecks", action="store_true")
    export.add_argument(
        "--markdown-field",
        nargs="+",
        action="extend",
        default=[],
        metavar="MODEL.FIELD",
        help="a field to be written as Markdown",
    )
    export.add_argument("--state", type=Path, metavar="DIR")
    export.add_argument("--json", action="store_true", help="print JSON")
    export.add_argument("file", nargs="?", metavar="FILE")


def _run_deck(options: argparse.Namespace) -> int:
    if options.deck_command == "check":
        return _check_decks(options.files, options.json)
    if options.deck_command == "export":
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
            except StateUnavailable as error:  # the file is there all the same
                left = Message("warning", str(error))
                report = replace(report, messages=(*report.messages, left))
        return _tell_report(report, options.json)
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
            return _tell_deck_plan(plan, options.json)
        report, _ = apply_deck(col, plan, state)
    if options.json:
        told = report.as_json()
        told["done"] = told.pop("counts")
        _print(json.dumps({**plan.counts, **told}, ensure_ascii=False, indent=2))
        return int(not report.ok)
    _tell_counts(plan.counts)
    return _tell_report(report, False)


def _find_deck_state(options: argparse.Namespace) -> Path:
    """The state folder; a new one begins with what the usual one remembers of the file."""
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


def _check_decks(files: Sequence[Path], as_json: bool) -> int:
    problems = [(file, problem) for file in files for problem in check_file(file)]
    failed = any(problem.level == "error" for _, problem in problems)
    if as_json:
        told = [{"file": str(file), **asdict(problem)} for file, problem in problems]
        _print(json.dumps({"ok": not failed, "problems": told}, ensure_ascii=False, indent=2))
        return int(failed)
    for file, problem in problems:
        note = f"note {problem.note}: " if problem.note else ""
        _print(f"{file}:{problem.line}: {problem.level}: {note}{problem.message}")
    _print(_sum_up(len(files), [problem.level for _, problem in problems]))
    return int(failed)


def _sum_up(files: int, levels: Sequence[str]) -> str:
    """How a check ended, in one line."""
    checked = f"{files:,} {'file' if files == 1 else 'files'} checked"
    if not levels:
        return f"{checked}: nothing is wrong."
    counts = [(levels.count(level), level) for level in ("error", "warning")]
    told = [f"{count:,} {level if count == 1 else f'{level}s'}" for count, level in counts if count]
    return f"{checked}: {', '.join(told)}."


def _tell_deck_plan(plan: DeckPlan, as_json: bool) -> int:
    failed = bool(plan.refusal) or any(p.level == "error" for p in plan.problems)
    if as_json:
        told = {
            **plan.counts,
            "ok": not failed,
            "refusal": explain_refusal(plan),
            **deck_plan_as_json(plan),
        }
        _print(json.dumps(told, ensure_ascii=False, indent=2))
        return int(failed)
    for note in plan.notes:
        if note.group != "unchanged":
            _print(f"{note.group:13} {note.action:16} {note.title}: {explain_note(note)}")
            for part in note.parts:
                _print(f"    {tell_part(part)} ({part.state})")
                for side, now, then in (
                    ("TOML", part.toml, part.to_toml),
                    ("Anki", part.anki, part.to_anki),
                ):
                    _print(f"        {side}: {(now if then is None else then) or ''}")
    for other in list_other_changes(plan):
        _print(other)
    for problem in plan.problems:
        note_text = f"note {problem.note}: " if problem.note else ""
        where = f"{plan.file}:{problem.line}"
        print(f"{where}: {problem.level}: {note_text}{problem.message}", file=sys.stderr)
    _tell_counts(plan.counts)
    for reason in (*plan.full_sync, explain_refusal(plan)):
        if reason:
            print(reason, file=sys.stderr)
    return int(failed)


def _tell_counts(counts: Mapping[str, int]) -> None:
    _print(", ".join(f"{n:,} {name.replace('_', ' ')}" for name, n in counts.items()))


def _read_settings(options: argparse.Namespace) -> Settings:
    if not options.vault:
        raise SettingsError("Say which folder is the vault: what follows --vault is empty.")
    values: dict[str, Any] = {"vault_folder": str(Path(options.vault).expanduser().absolute())}
    for assignment in (item for group in options.set for item in group):
        key, equals, value = assignment.partition("=")
        if not equals:
            raise SettingsError(f"“{assignment}” is not a setting: write key=value.")
        values[key.strip()] = _read_value(value)
    settings, problems = read_settings(values)
    if problems:
        raise SettingsError(" ".join(problem.message for problem in problems))
    return settings


def _read_answers(given: Sequence[str]) -> dict[str, Choice]:
    """The answers by the keys of their questions, which may hold ``=`` themselves."""
    answers = {}
    for answer in given:
        key, equals, choice = answer.rpartition("=")
        if not equals:
            raise SettingsError(f"“{answer}” is not an answer: write KEY=CHOICE.")
        answers[key] = cast("Choice", choice)
    return answers


def _check_answers(answers: Mapping[str, Choice], plan: VaultPlan) -> None:
    questions = {question.key: question for question in plan.questions}
    for key, choice in answers.items():
        if key not in questions:
            raise SettingsError(f"There is no question “{key}”; “plan” shows those there are.")
        if choice not in questions[key].choices:
            choices = ", ".join(questions[key].choices)
            raise SettingsError(f"“{choice}” is no answer to “{key}”. Choose one of: {choices}.")


def _back_up(col: Collection, file: Path) -> None:
    """Make a backup where Anki keeps its own."""
    folder = file.resolve().with_name("backups")
    folder.mkdir(exist_ok=True)
    col.create_backup(backup_folder=str(folder), force=True, wait_for_completion=True)


def _read_value(value: str) -> Any:
    if value[:1] in ("[", '"'):
        try:
            return json.loads(value)
        except ValueError as error:
            raise SettingsError(f"“{value}” is not valid JSON: {error}.") from error
    return value


def _tell_plan(plan: VaultPlan, as_json: bool) -> int:
    told = plan_as_json(plan)
    if as_json:
        _print(json.dumps(told, ensure_ascii=False, indent=2))
        return int(not told["ok"])
    for line in plan_lines(plan):
        _print(line)
    _tell_messages(plan.messages)
    _print(", ".join(f"{n:,} {name}" for name, n in plan.counts().items() if n) or "Nothing to do")
    if plan.large_change:
        _print(plan.large_change)
    return int(not told["ok"])


def _tell_report(report: Report, as_json: bool) -> int:
    if as_json:
        _print(json.dumps(report.as_json(), ensure_ascii=False, indent=2))
    else:
        _tell_messages(report.messages)
        _print(report.summary())
    return int(not report.ok)


def _tell_messages(messages: Sequence[Message]) -> None:
    for message in messages:
        where = f"{message.path}: " if message.path else ""
        print(f"{message.level}: {where}{message.text}", file=sys.stderr)


def _key(collection: Path) -> str:
    return "closed-" + blake2b(str(collection.resolve()).encode(), digest_size=8).hexdigest()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
