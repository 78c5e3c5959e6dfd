"""The command line of TOML decks."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ankivault.cli.commands import main
from ankivault.sync.deck.run import apply_deck
from ankivault.sync.run.errors import Cancelled
from tests.desks.deck_desk import DeckDesk, note, open_desk

__all__ = ["open_desk"]


@pytest.fixture
def closed(desk: DeckDesk) -> Iterator[DeckDesk]:
    """A collection that Anki has closed, with one note in step with the file."""
    desk.write(note("uno", "one", example="a *b*"))
    desk.sync()
    desk.col.close()
    yield desk
    desk.col.reopen()


def run(capsys: pytest.CaptureFixture[str], desk: DeckDesk, command: str, *more: str) -> Any:
    status = main(
        ["deck", command, "--collection", str(desk.collection), "--state", str(desk.state)]
        + ["--json", str(desk.file), *more]
    )
    return status, json.loads(capsys.readouterr().out)


def test_plan_and_sync_print_counts(closed: DeckDesk, capsys: pytest.CaptureFixture[str]) -> None:
    closed.file.write_text(closed.text.replace('"one"', '"1"') + note("dos"))
    text = closed.text
    counts = {
        "only_in_toml": 1,
        "only_in_anki": 0,
        "modified": 1,
        "unchanged": 0,
        "conflicts": 0,
    }
    status, told = run(capsys, closed, "plan", "--strategy", "push_only")
    assert status == 0 and {**told, **counts} == told and closed.text == text
    status, told = run(capsys, closed, "sync", "--strategy", "push_only")
    assert status == 0 and {**told, **counts} == told and told["ok"]
    assert told["done"]["note added to Anki"] == told["done"]["note updated in Anki"] == 1
    status, told = run(capsys, closed, "sync")
    assert status == 0 and told["unchanged"] == 2 and told["modified"] == 0


def test_a_conflict_with_fail_is_a_failure(
    closed: DeckDesk, capsys: pytest.CaptureFixture[str]
) -> None:
    closed.change('"one"', '"1"')
    closed.col.reopen()
    closed.edit(closed.find("uno"), English="I")
    closed.col.close()
    for command in ("plan", "sync"):
        status, told = run(capsys, closed, command, "--on-conflict", "fail")
        assert status == 1 and told["conflicts"] == 1 and not told["ok"]
        status, told = run(capsys, closed, command, "--on-conflict", "skip")
        assert status == 0 and told["conflicts"] == 1


def test_check_tells_file_line_and_note(
    closed: DeckDesk, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["deck", "check", str(closed.file)]) == 0
    assert capsys.readouterr().out == "1 file checked: nothing is wrong.\n"
    closed.change('model = "Vocab"', 'model = "Vokab"')
    line = closed.text[: closed.text.index("Vokab")].count("\n") + 1
    missing = closed.file.with_name("missing.toml")
    assert main(["deck", "check", str(closed.file), str(missing)]) == 1
    out = capsys.readouterr().out
    assert f"{closed.file}:{line}: error: note 1: " in out and f"{missing}:1: error: " in out
    assert out.endswith("\n2 files checked: 2 errors.\n")


def test_export_writes_markdown_where_asked(
    closed: DeckDesk, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["deck", "export", "--collection", str(closed.collection), "--deck", "Spanish"]
    one, two = tmp_path / "one.toml", tmp_path / "two.toml"
    assert main([*command, "--no-subdecks", "--markdown-field", "Vocab.Example", str(one)]) == 0
    assert "a *b*" in one.read_text() and "Spanish::Verbs" not in one.read_text()
    assert main([*command, str(two)]) == 0
    assert "a <i>b</i>" in two.read_text() and "Spanish::Verbs" in two.read_text()
    assert main([*command, str(one)]) == 1 and "exists already" in capsys.readouterr().err
    assert main([*command[:-1], "Nowhere", str(tmp_path / "three.toml")]) == 1


def test_a_cancelled_push_leaves_both_sides_in_step(desk: DeckDesk) -> None:
    desk.write(*(note(f"palabra {n}") for n in range(2500)))
    steps = 0

    def stop(label: str, done: int, total: int) -> None:
        nonlocal steps
        steps += label == "Adding notes"
        if steps == 2:
            raise Cancelled

    report = apply_deck(desk.col, desk.plan(), desk.state, stop)
    assert report.cancelled and not report.ok and report.changes is not None
    assert len(desk.ids()) == desk.text.count("note_id") == 1000
    assert desk.sync().ok and len(desk.ids()) == desk.text.count("note_id") == 2500
    desk.assert_settled()


def test_an_edit_after_an_export_is_carried_whatever_folder_remembers(
    closed: DeckDesk, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ankivault.cli.commands.USER_FILES", closed.state.with_name("user_files"))
    file = closed.file.with_name("exported.toml")
    where = ["--collection", str(closed.collection)]
    assert main(["deck", "export", *where, "--deck", "Spanish", str(file)]) == 0
    file.write_text(file.read_text("utf-8").replace('"one"', '"1"'), "utf-8")
    capsys.readouterr()
    for state in ([], ["--state", str(closed.state.with_name("other"))]):
        for command in ("plan", "sync"):
            if command == "sync" and not state:
                continue
            assert main(["deck", command, *where, *state, "--json", str(file)]) == 0
            told = json.loads(capsys.readouterr().out)
            assert (told["modified"], told["conflicts"]) == (1, 0)
    assert told["done"]["note updated in Anki"] == 1
