"""``python -m ankivault``: sync or plan a vault while Anki is closed."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .sync.base import base_file
from .sync.errors import AnkivaultError, CollectionBusy, LargeChange, SettingsError
from .sync.report import Message, Report
from .sync.settings import Settings, read_settings
from .sync.vault.changes import VaultPlan
from .sync.vault.run import plan_vault, sync_vault

if TYPE_CHECKING:
    from anki.collection import Collection

USER_FILES = Path(__file__).resolve().parent / "user_files"


def main(arguments: Sequence[str]) -> int:
    """Run a command; the exit status is 0 only when nothing went wrong."""
    options = _read_arguments(arguments)
    try:
        settings = _read_settings(options)
        with open_collection(options.collection) as col:
            state = options.state or USER_FILES / _key(options.collection)
            if options.command == "sync":
                _make_first_folder(Path(settings.vault_folder), state)
            if options.command == "plan":
                plan = plan_vault(col, settings, state)
                return _tell_plan(plan, options.json)
            report = sync_vault(col, settings, state, confirmed=options.allow_large_changes)
            return _tell_report(report, options.json)
    except AnkivaultError as error:
        text = str(error)
        if isinstance(error, LargeChange):
            text += " (On the command line: --allow-large-changes.)"
        if options.json:
            print(json.dumps({"ok": False, "error": text}, ensure_ascii=False))
        print(f"ankivault: {text}", file=sys.stderr)
        return 1


def _make_first_folder(folder: Path, state: Path) -> None:
    """Make a vault folder that never was one. One that was, and is missing, may be on a drive."""
    if folder.parent.is_dir() and not base_file(state, folder).exists():
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
        raise SettingsError(f"“{file}” cannot be opened: {error}.") from error
    except AnkiException as error:
        raise SettingsError(f"“{file}” cannot be opened: {error}.") from error
    try:
        yield col
    finally:
        col.close()


def _read_arguments(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m ankivault",
        description="Keep a folder of Markdown pages in step with an Anki collection.",
    )
    commands = parser.add_subparsers(dest="command", required=True)
    for name, text in (
        ("sync", "write what changed in the collection into the vault folder"),
        ("plan", "say what “sync” would do, and write nothing"),
    ):
        command = commands.add_parser(name, help=text, description=text.capitalize() + ".")
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
        command.add_argument("--json", action="store_true", help="print JSON")
        if name == "sync":
            command.add_argument(
                "--allow-large-changes",
                action="store_true",
                help="go on although a large share of the pages would be rewritten or deleted",
            )
    return parser.parse_args(arguments)


def _read_settings(options: argparse.Namespace) -> Settings:
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


def _read_value(value: str) -> Any:
    if value[:1] in ("[", '"'):
        try:
            return json.loads(value)
        except ValueError as error:
            raise SettingsError(f"“{value}” is not valid JSON: {error}.") from error
    return value


def _tell_plan(plan: VaultPlan, as_json: bool) -> int:
    large = plan.large_change
    failed = any(message.level == "error" for message in plan.messages)
    if as_json:
        print(
            json.dumps(
                {
                    "ok": not failed,
                    "counts": plan.counts(),
                    "large_change": large,
                    "pages": [
                        {
                            "change": page.kind,
                            "note_id": page.note_id,
                            "path": page.path,
                            "old_path": page.old_path,
                            "reason": page.reason,
                        }
                        for page in plan.pages
                        if page.kind != "adopt"
                    ],
                    "indexes": [index.path for index in plan.indexes if index.writes],
                    "media": [
                        {"change": media.kind, "name": media.name, "path": media.path}
                        for media in plan.media
                        if media.kind != "adopt"
                    ],
                    "messages": Report(messages=plan.messages).as_json()["messages"],
                },
                ensure_ascii=False,
                indent=2,
            )
        )
        return int(failed)
    for page in plan.pages:
        if page.kind != "adopt":
            moved = f" (from {page.old_path})" if page.old_path else ""
            print(f"{page.kind:8} {page.path}{moved}: {page.reason}")
    for index in plan.indexes:
        if index.writes:
            print(f"{'index':8} {index.path}: {index.reason}")
    for media in plan.media:
        if media.kind != "adopt":
            print(f"{media.kind:8} {media.path}")
    _tell_messages(plan.messages)
    print(", ".join(f"{n:,} {name}" for name, n in plan.counts().items() if n) or "Nothing to do")
    if large:
        print(large)
    return int(failed)


def _tell_report(report: Report, as_json: bool) -> int:
    if as_json:
        print(json.dumps(report.as_json(), ensure_ascii=False, indent=2))
    else:
        _tell_messages(report.messages)
        print(report.summary())
    return int(not report.ok)


def _tell_messages(messages: Sequence[Message]) -> None:
    for message in messages:
        where = f"{message.path}: " if message.path else ""
        print(f"{message.level}: {where}{message.text}", file=sys.stderr)


def _key(collection: Path) -> str:
    return "closed-" + blake2b(str(collection.resolve()).encode(), digest_size=8).hexdigest()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
