"""``python -m ankivault``: the same engine with Anki closed."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any

import pytest
from anki.collection import Collection

from ankivault.cli.commands import main


@pytest.fixture
def collection(tmp_path: Path) -> Path:
    file = tmp_path / "collection.anki2"
    col = Collection(str(file))
    note = col.new_note(col.models.by_name("Cloze"))
    note["Text"] = "The capital is {{c1::Paris}}"
    col.add_note(note, col.decks.id("Geography"))
    note = col.new_note(col.models.by_name("Basic"))
    note["Front"] = "Left out"
    col.add_note(note, col.decks.id("Private::Diary"))
    col.close()
    return file


def run(*arguments: object) -> subprocess.CompletedProcess[str]:
    """A command as ``__main__`` runs it, without the time that another Python takes to start."""
    said, told = io.StringIO(), io.StringIO()
    with redirect_stdout(said), redirect_stderr(told):
        status = main([str(argument) for argument in arguments])
    return subprocess.CompletedProcess(arguments, status, said.getvalue(), told.getvalue())


def run_apart(*arguments: object) -> subprocess.CompletedProcess[str]:
    """A command in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "ankivault", *map(str, arguments)],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "PYTHONUTF8": "1"},
    )


def places(collection: Path) -> tuple[object, ...]:
    vault = collection.with_name("vault")
    state = collection.with_name("state")
    return ("--collection", collection, "--vault", vault, "--state", state)


def read(done: subprocess.CompletedProcess[str]) -> dict[str, Any]:
    result: dict[str, Any] = json.loads(done.stdout)
    return result


def test_plan_then_sync_then_nothing_to_do(collection: Path) -> None:
    where = places(collection)
    vault = collection.with_name("vault")
    vault.mkdir()
    planned = run_apart("plan", *where, "--json")
    assert planned.returncode == 0, planned.stderr
    assert read(planned)["counts"]["create"] == 2
    assert not any(vault.iterdir())
    done = run_apart("sync", *where, "--json")
    assert done.returncode == 0, done.stderr
    assert read(done)["counts"]["page created"] == 2
    again = run_apart("sync", *where)
    assert (again.returncode, again.stdout) == (0, "2 pages unchanged.\n")


def test_settings_are_given_as_key_and_value(collection: Path) -> None:
    pages = ("--set", "cloze_style=inline", "excluded_decks=Private")
    done = run("sync", *places(collection), *pages, "--set", "index_pages=no", "live=off")
    assert done.returncode == 0, done.stderr
    (page,) = collection.with_name("vault").rglob("*.md")
    assert "## Text\nThe capital is ==Paris==%%c1%%\n" in page.read_text("utf-8")


def test_mistakes_are_all_told_in_one_go(collection: Path) -> None:
    done = run("sync", *places(collection), "--set", "cloze_style=x", "index_pages=maybe", "typo=1")
    assert done.returncode == 1
    for word in ("cloze_style", "index_pages", "typo"):
        assert word in done.stderr
    assert "Traceback" not in done.stderr


def test_a_collection_open_elsewhere_gives_one_clear_line(collection: Path) -> None:
    col = Collection(str(collection))
    try:
        done = run_apart("sync", *places(collection))
    finally:
        col.close()
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1
    assert "open in Anki or another program" in done.stderr


def test_a_missing_collection_and_a_file_that_is_none(collection: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.anki2"
    for content in (None, b"no collection"):
        if content:
            other.write_bytes(content)
        done = run("plan", "--collection", other, "--vault", tmp_path)
        assert done.returncode == 1
        assert "other.anki2" in done.stderr
        assert "Traceback" not in done.stderr


def test_a_vault_that_was_there_and_is_missing_is_not_made_again(collection: Path) -> None:
    where = places(collection)
    assert run("sync", *where).returncode == 0
    vault = collection.with_name("vault")
    vault.rename(vault.with_name("unmounted"))
    done = run("sync", *where)
    assert done.returncode == 1
    assert "does not exist" in done.stderr
    assert not vault.exists()


def test_a_plan_for_a_folder_that_is_not_there_yet_says_what_makes_it(collection: Path) -> None:
    where = places(collection)
    done = run("plan", *where)
    assert done.returncode == 1
    assert "“sync” makes it" in done.stderr
    assert not collection.with_name("vault").exists()


def test_problems_with_pages_are_told_and_the_status_says_so(collection: Path) -> None:
    where = places(collection)
    run("sync", *where)
    page = next(collection.with_name("vault").rglob("The capital*.md"))
    page.write_text(page.read_text("utf-8").replace("---\n", "---\nx: [\n", 1), "utf-8")
    done = run("sync", *where)
    assert done.returncode == 1
    assert f"Geography/{page.name}" in done.stderr
    assert "properties cannot be read" in done.stderr


def test_a_run_says_where_its_questions_are_seen(collection: Path) -> None:
    """Not in a window, which nobody sees from here."""
    where = (*places(collection), "--set", "two_way=true")
    run("sync", *where)
    next(collection.with_name("vault").rglob("Left out*.md")).unlink()
    assert run("sync", *where).stdout.endswith(" 1 to decide: “plan” shows it.\n")


def test_a_two_way_plan_shows_notes_and_questions_and_sync_takes_answers(
    collection: Path,
) -> None:
    where = (*places(collection), "--set", "two_way=true")
    vault = collection.with_name("vault")
    run("sync", *where)
    edited = next(vault.rglob("The capital*.md"))
    edited.write_text(edited.read_text("utf-8").replace("The capital", "The main city"), "utf-8")
    deleted = next(vault.rglob("Left out*.md"))
    deleted.unlink()
    (vault / "Geography" / "New=1.md").write_text(
        "---\nanki_note_type: Basic\n---\n## Front\nQ\n\n## Back\nA\n", "utf-8"
    )
    told = read(run("plan", *where, "--json"))
    notes = {note["change"]: note for note in told["notes"]}
    assert notes["edit"]["fields"] == [
        {
            "name": "Text",
            "before": "The capital is {{c1::Paris}}",
            "after": "The main city is {{c1::Paris}}",
        }
    ]
    assert (notes["create"]["path"], notes["create"]["note_id"]) == ("Geography/New=1.md", None)
    assert notes["create"]["deck"] == {"before": "", "after": "Geography"}
    (question,) = told["questions"]
    assert (question["kind"], question["answer"]) == ("page deleted", None)
    assert question["choices"] == ["keep", "delete", "later"]
    plain = run("plan", *where).stdout
    assert "Text: The main city is {{c1::Paris}}" in plain
    assert f"--answer '{question['key']}=keep|delete|later'" in plain

    for answer, words in (
        ("nonsense", "KEY=CHOICE"),
        ("x=keep", "“x”"),
        (f"{question['key']}=anki", "keep"),
    ):
        wrong = run("sync", *where, "--answer", answer)
        assert (wrong.returncode, words in wrong.stderr) == (1, True)
    done = run("sync", *where, "--answer", f"{question['key']}=delete", "--json")
    assert done.returncode == 0, done.stderr
    counts = read(done)["counts"]
    kinds = ("note updated in Anki", "note added to Anki", "note deleted from Anki")
    assert [counts[kind] for kind in kinds] == [1, 1, 1]
    assert len(list(collection.with_name("backups").iterdir())) == 1
    assert not deleted.exists()
    again = read(run("plan", *where, "--json"))
    assert (again["notes"], again["questions"], again["pages"]) == ([], [], [])
