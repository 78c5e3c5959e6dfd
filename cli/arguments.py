"""Parses the command line, with its settings and answers."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, cast

from ..sync.deck.options import STRATEGIES
from ..sync.reconcile.policy import DECK_POLICIES
from ..sync.reconcile.question import Choice
from ..sync.run.errors import AnkivaultError, SettingsError
from ..sync.vault.changes import VaultPlan
from ..sync.vault.settings import Settings, read_settings

if TYPE_CHECKING:
    _Commands = argparse._SubParsersAction["_Parser"]

_JSON, _STATE = "print JSON", "where to remember what was last agreed"


class Misspelt(AnkivaultError):
    """The command line is not valid."""


class _Parser(argparse.ArgumentParser):
    """Raises ``Misspelt`` for a mistake, so that it is shown like all other errors."""

    def error(self, message: str) -> NoReturn:
        self.print_usage(sys.stderr)
        raise Misspelt(f"{message[:1].upper()}{message[1:]}. “{self.prog} --help” says more.")


def read_arguments(arguments: Sequence[str]) -> argparse.Namespace:
    """Parse the command line. Raises ``Misspelt``, or ``SystemExit`` after help."""
    parser = _Parser(
        prog="python -m ankivault",
        description="Keep Markdown pages and TOML decks in step with an Anki collection.",
    )
    commands = parser.add_subparsers(dest="command", required=True)
    _add_vault_commands(commands)
    _add_deck_commands(
        commands.add_parser("deck", help="TOML decks: check, plan, sync, export, publish")
    )
    _add_source_commands(
        commands.add_parser("source", help="decks at web addresses: list, add, check, pull")
    )
    return parser.parse_args(arguments)


def _add_vault_commands(commands: _Commands) -> None:
    for name, text in (
        ("sync", "bring the vault folder up to date, and with two_way=true the collection"),
        ("plan", "say what “sync” would do, and write nothing"),
        ("watch", "do what “sync” does, then follow each change in the vault folder until Ctrl+C"),
    ):
        command = _add_command(commands, name, text)
        command.add_argument("--collection", required=True, type=Path, metavar="FILE")
        command.add_argument("--vault", required=True, metavar="DIR")
        command.add_argument("--state", type=Path, metavar="DIR", help=_STATE)
        command.add_argument(
            "--set",
            nargs="+",
            action="append",
            default=[],
            metavar="key=value",
            help="a setting, such as cloze_style=inline",
        )
        if name != "watch":
            command.add_argument(
                "--answer",
                action="append",
                default=[],
                metavar="KEY=CHOICE",
                help="settle a question that “plan” asks; may be given often",
            )
        command.add_argument("--json", action="store_true", help=_JSON)
        if name != "plan":
            command.add_argument(
                "--allow-large-changes",
                action="store_true",
                help="go on although a large share of the pages would be rewritten or deleted",
            )


def _add_deck_commands(parser: _Parser) -> None:
    commands = parser.add_subparsers(dest="deck_command", required=True)
    check = commands.add_parser("check", help="tell all that is wrong with TOML decks")
    check.add_argument("files", nargs="+", type=Path, metavar="FILE")
    check.add_argument(
        "--published", action="store_true", help="also what a deck at a web address must have"
    )
    check.add_argument("--json", action="store_true", help=_JSON)
    publish = commands.add_parser(
        "publish", help="write what subscribers need into a file: guids, digests of media"
    )
    publish.add_argument("file", type=Path, metavar="FILE")
    publish.add_argument("--json", action="store_true", help=_JSON)
    for name, text in (
        ("plan", "say what “deck sync” would do, and write nothing"),
        ("sync", "bring a TOML deck and the collection in step"),
    ):
        _add_deck_options(_add_command(commands, name, text))
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
    export.add_argument("--json", action="store_true", help=_JSON)
    export.add_argument("file", nargs="?", metavar="FILE")


def _add_deck_options(command: _Parser) -> None:
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
        command.add_argument(flag, action=argparse.BooleanOptionalAction, default=True, help=what)
    command.add_argument("--state", type=Path, metavar="DIR", help=_STATE)
    command.add_argument("--json", action="store_true", help=_JSON)


def _add_source_commands(parser: _Parser) -> None:
    commands = parser.add_subparsers(dest="source_command", required=True)
    for name, text in (
        ("list", "tell which decks at web addresses are subscribed to"),
        ("add", "subscribe to the address of a TOML deck, or change what is wanted of it"),
        ("check", "fetch, and say what “source pull” would do"),
        ("pull", "fetch, and bring the subscribed decks up to date in Anki"),
        ("suggest", "print your own changes of a deck as a patch for its author"),
        ("forget", "end a subscription; its notes stay"),
    ):
        command = _add_command(commands, name, text)
        command.add_argument("--collection", required=True, type=Path, metavar="FILE")
        command.add_argument("--state", type=Path, metavar="DIR", help=_STATE)
        command.add_argument("--json", action="store_true", help=_JSON)
        if name in ("add", "suggest", "forget"):
            command.add_argument("address", metavar="ADDRESS")
        elif name != "list":
            command.add_argument("addresses", nargs="*", metavar="ADDRESS")
        _add_source_options(command, name)


def _add_source_options(command: _Parser, name: str) -> None:
    many: tuple[tuple[str, str, str], ...] = ()
    if name == "add":
        many = (
            ("--leave-out", "DECK", "a deck that does not come, with those below it"),
            ("--tag", "TAG", "an optional tag that comes, with those below it"),
            ("--without-tag", "TAG", "a tag that does not come, with those below it"),
            ("--protect", "TYPE.FIELD", "a field that no update writes"),
        )
    if name in ("check", "pull"):
        many = (("--answer", "KEY=CHOICE", "settle a question that “source check” shows"),)
        command.add_argument(
            "--change-types", action="store_true", help="let a full AnkiWeb sync be forced"
        )
    if name == "suggest":
        command.add_argument("--patch", type=Path, metavar="FILE", help="write the patch there")
        command.add_argument("--toml", type=Path, metavar="FILE", help="write the changed notes")
        command.add_argument("--tags", action="store_true", help="with your tags")
        command.add_argument("--new-notes", action="store_true", help="with your own new notes")
    for flag, what, text in many:
        command.add_argument(flag, action="append", default=[], metavar=what, help=text)


def _add_command(commands: _Commands, name: str, text: str) -> _Parser:
    return commands.add_parser(name, help=text, description=text[:1].upper() + text[1:] + ".")


def repeat_arguments(command: str, options: argparse.Namespace) -> list[str]:
    """The words of another command about the same vault."""
    words = ["python", "-m", "ankivault", command, "--collection", str(options.collection)]
    words += ["--vault", options.vault]
    if options.state:
        words += ["--state", str(options.state)]
    settings = [item for group in options.set for item in group]
    return [*words, "--set", *settings] if settings else words


def read_vault_settings(options: argparse.Namespace) -> Settings:
    """Read the settings of a run from the folder and the ``--set`` options."""
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


def read_answers(given: Sequence[str]) -> dict[str, Choice]:
    """Read the answers: question key → answer. A key may contain ``=``."""
    answers = {}
    for answer in given:
        key, equals, choice = answer.rpartition("=")
        if not equals:
            raise SettingsError(f"“{answer}” is not an answer: write KEY=CHOICE.")
        answers[key] = cast("Choice", choice)
    return answers


def check_answers(answers: Mapping[str, Choice], plan: VaultPlan) -> None:
    """Raise ``SettingsError`` for an answer whose question is not in the plan."""
    questions = {question.key: question for question in plan.questions}
    for key, choice in answers.items():
        if key not in questions:
            raise SettingsError(f"There is no question “{key}”; “plan” shows those there are.")
        if choice not in questions[key].choices:
            choices = ", ".join(questions[key].choices)
            raise SettingsError(f"“{choice}” is no answer to “{key}”. Choose one of: {choices}.")


def _read_value(value: str) -> Any:
    if value[:1] in ("[", '"'):
        try:
            return json.loads(value)
        except ValueError as error:
            raise SettingsError(f"“{value}” is not valid JSON: {error}.") from error
    return value
