"""``python -m ankivault watch``: what is saved on a page is in the collection a moment later."""

from __future__ import annotations

import json
import shlex
import shutil
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from anki.collection import Collection

from .test_command_line import collection, places, read, run
from .watching import Watching, save_by_rename, save_in_place

__all__ = ["collection"]

TWO_WAY = ("--set", "two_way=true", "index_pages=false")
Start = Callable[..., Watching]


@pytest.fixture
def start(collection: Path) -> Iterator[Start]:
    """Starts the command for the collection; ends it if the test does not."""
    started: list[Watching] = []

    def start_it(*more: object, before: str = "") -> Watching:
        started.append(Watching(*places(collection), *TWO_WAY, *more, before=before))
        return started[-1]

    yield start_it
    for one in started:
        one.process.kill()
        one.process.wait()


def page(collection: Path, title: str) -> Path:
    (found,) = collection.with_name("vault").rglob(f"{title}*.md")
    return found


def first_fields(collection: Path) -> set[str]:
    """The first field of each note of the collection, which nobody else has open."""
    col = Collection(str(collection))
    fields = {col.get_note(note_id).fields[0] for note_id in col.find_notes("")}
    col.close()
    return fields


def retype(old: str, new: str) -> Callable[[str], str]:
    def change(text: str) -> str:
        assert old in text
        return text.replace(old, new)

    return change


def test_what_is_saved_on_pages_is_in_the_collection(collection: Path, start: Start) -> None:
    watching = start()
    watching.until("2 pages created")
    watching.until("Watching", "until Ctrl+C")
    save_in_place(page(collection, "The capital"), retype("The capital", "The main city"))
    assert watching.until("→ Anki").endswith("1 page → Anki: The capital is Paris")
    save_by_rename(page(collection, "Left out"), retype("Left out", "Kept"))
    watching.until("1 page → Anki: Left out")
    save_in_place(page(collection, "The capital"), retype("Paris", "Rome"))
    watching.until("1 page → Anki: The capital")
    status, last = watching.stop()
    assert status == 0
    assert "Stopped. In all: 2 pages created" in last and "3 notes updated in Anki" in last
    assert first_fields(collection) == {"The main city is {{c1::Rome}}", "Kept"}
    again = run("sync", *places(collection), *TWO_WAY)
    assert again.stdout == "2 pages unchanged.\n"


def test_new_pages_renamed_folders_and_late_pictures_follow(collection: Path, start: Start) -> None:
    watching = start()
    watching.until("Watching")
    vault = collection.with_name("vault")
    (vault / "Geography").rename(vault / "Places")
    watching.until("1 page → Anki: The capital")
    (vault / "Places/New.md").write_text(
        "---\nanki_note_type: Basic\n---\n## Front\nA map: ![[map.png]]\n\n## Back\nA\n", "utf-8"
    )
    watching.until("1 page → Anki: New")
    (vault / "map.png").write_bytes(b"a picture")
    watching.until("1 media file added to Anki")
    assert watching.stop(signal.SIGTERM)[0] == 0
    assert (collection.with_name("collection.media") / "map.png").read_bytes() == b"a picture"
    col = Collection(str(collection))
    assert len(col.find_notes("deck:Places")) == 2
    assert len(col.find_notes('"Front:*<img*map.png*"')) == 1
    col.close()


def test_a_page_that_cannot_be_read_is_told_once_until_it_is_mended(
    collection: Path, start: Start
) -> None:
    watching = start()
    watching.until("Watching")
    broken, other = page(collection, "The capital"), page(collection, "Left out")
    save_in_place(broken, retype("anki_deck", "x: [\nanki_deck"))
    watching.until("error", broken.name, "properties cannot be read")
    save_in_place(broken, retype("The capital", "The main city"))
    save_in_place(other, retype("Left out", "Kept"))
    watching.until("1 page → Anki: Left out")
    assert sum("cannot be read" in line for line in watching.lines) == 1
    save_in_place(broken, retype("x: [\n", ""))
    watching.until("1 page → Anki: The capital")
    save_in_place(broken, retype("anki_deck", "x: [\nanki_deck"))
    watching.until("error", broken.name, "properties cannot be read")
    assert watching.stop()[0] == 0
    assert first_fields(collection) == {"The main city is {{c1::Paris}}", "Kept"}


def test_what_waits_for_a_person_is_counted_with_the_command_that_shows_it(
    collection: Path, start: Start
) -> None:
    col = Collection(str(collection))
    note = col.new_note(col.models.by_name("Basic"))
    note["Front"] = "Stays"
    col.add_note(note, col.decks.id("Geography"))
    col.close()
    watching = start()
    watching.until("Watching")
    page(collection, "The capital").unlink()
    line = watching.until("Waits for you: 1 question.")
    page(collection, "Left out").unlink()
    assert "python" not in watching.until("Waits for you: 2 questions.")
    assert watching.stop()[0] == 0
    assert len(first_fields(collection)) == 3
    _, _, shows = line.partition("python -m ankivault ")
    questions = read(run(*shlex.split(shows), "--json"))["questions"]
    assert [question["kind"] for question in questions] == ["page deleted"] * 2
    assert start().until("Waits for you: 2 questions.")


def test_a_vault_that_is_unplugged_is_told_and_goes_on_when_it_is_back(
    collection: Path, start: Start
) -> None:
    watching = start()
    watching.until("Watching")
    vault, drawer = collection.with_name("vault"), collection.with_name("drawer")
    vault.rename(drawer)
    watching.until("is gone or empty")
    vault.mkdir()  # where the drive will be
    (edited,) = drawer.rglob("Left out*.md")
    save_in_place(edited, retype("Left out", "Kept"))
    vault.rmdir()
    drawer.rename(vault)
    watching.until("is there again")
    watching.until("1 note updated in Anki")
    watching.until("Watching")
    save_in_place(page(collection, "The capital"), retype("Paris", "Rome"))
    watching.until("1 page → Anki")
    assert watching.stop()[0] == 0
    assert first_fields(collection) == {"The capital is {{c1::Rome}}", "Kept"}


def test_a_folder_that_tells_nothing_is_looked_at(
    collection: Path, start: Start, tmp_path: Path
) -> None:
    mounts = tmp_path / "mounts"
    mounts.write_text("host:/share / nfs4 rw 0 0\n", "utf-8")
    watching = start(
        before="import pathlib\n"
        "from ankivault.sync.vault.live import reach\n"
        f"reach.MOUNTS = pathlib.Path({str(mounts)!r})\n"
    )
    watching.until("network drive", "looked at every 2 seconds")
    watching.until("Watching")
    save_in_place(page(collection, "Left out"), retype("Left out", "Kept"))
    watching.until("1 page → Anki: Left out")
    vault = collection.with_name("vault")
    shutil.move(vault, tmp_path / "drawer")
    watching.until("is gone or empty")
    vault.mkdir()
    (tmp_path / "drawer").joinpath("Geography").rename(vault / "Geography")
    (tmp_path / "drawer").joinpath("Private").rename(vault / "Private")
    watching.until("is there again")
    assert watching.stop()[0] == 0
    assert "Kept" in first_fields(collection)


INTERRUPT = "os.kill(os.getpid(), signal.SIGINT)"


def test_a_first_run_that_is_interrupted_ends_between_two_writes(
    collection: Path, start: Start
) -> None:
    watching = start(
        before="import ankivault.cli.commands as command\n"
        "real = command.sync_vault\n"
        "def sync(col, settings, state, progress, **how):\n"
        f"    {INTERRUPT}\n"
        "    return real(col, settings, state, progress, **how)\n"
        "command.sync_vault = sync\n"
    )
    status, last = watching.ended()
    assert (status, "Stopped." in last) == (0, True)
    done = run("sync", *places(collection), *TWO_WAY)
    assert (done.returncode, done.stdout) == (0, "2 pages created.\n")


def test_a_run_that_is_interrupted_is_done_first(collection: Path, start: Start) -> None:
    watching = start(
        before="from anki.collection import Collection\n"
        "real = Collection.update_notes\n"
        "def update(*args, **how):\n"
        f"    {INTERRUPT}\n"
        "    return real(*args, **how)\n"
        "Collection.update_notes = update\n"
    )
    watching.until("Watching")
    save_in_place(page(collection, "Left out"), retype("Left out", "Kept"))
    status, last = watching.ended()
    assert status == 0
    assert "→ Anki: Left out" in watching.lines[-2]
    assert "Stopped. In all: 2 pages created" in last and "1 note updated in Anki" in last
    assert "Kept" in first_fields(collection)
    assert run("sync", *places(collection), *TWO_WAY).stdout == "2 pages unchanged.\n"


def test_three_failures_in_a_row_end_it_and_say_why(collection: Path, start: Start) -> None:
    watching = start(
        before="import ankivault.cli.watch as watch\n"
        "watch.AGAIN = 0.0\n"
        "real = watch.prepare\n"
        "def prepare(col, settings, state, look, seen):\n"
        "    if look.scope.paths: raise OSError(28, 'No space', 'base')\n"
        "    return real(col, settings, state, look, seen)\n"
        "watch.prepare = prepare\n"
    )
    watching.until("Watching")
    save_in_place(page(collection, "Left out"), retype("Left out", "Kept"))
    status, last = watching.ended()
    assert status == 1
    assert "3 runs in a row failed" in last and "disk is full" in last
    assert sum("It is tried again" in line for line in watching.lines) == 1


def test_a_collection_that_anki_has_open_is_not_watched(collection: Path, start: Start) -> None:
    col = Collection(str(collection))
    status, last = start().ended()
    col.close()
    assert (status, "open in Anki or another program" in last) == (1, True)


def test_an_emptied_folder_asks_before_it_begins(collection: Path, start: Start) -> None:
    assert run("sync", *places(collection), *TWO_WAY).returncode == 0
    for folder in collection.with_name("vault").iterdir():
        shutil.rmtree(folder) if folder.is_dir() else folder.unlink()
    status, last = start().ended()
    assert (status, "--allow-large-changes" in last) == (1, True)
    agreed = start("--allow-large-changes")
    agreed.until("Watching")
    assert agreed.stop()[0] == 0
    assert page(collection, "Left out").is_file()


def test_programs_read_an_object_on_each_line(collection: Path, start: Start) -> None:
    watching = start("--json")
    watching.until('"watching"')
    edited = page(collection, "Left out")
    save_in_place(edited, retype("Left out", "Kept"))
    watching.until("into anki")
    assert watching.stop()[0] == 0
    told: list[dict[str, Any]] = [json.loads(line) for line in watching.lines]
    assert [each["event"] for each in told] == ["full run", "watching", "into anki", "end"]
    assert told[0]["counts"]["page created"] == 2
    assert told[2]["pages"] == [edited.relative_to(collection.with_name("vault")).as_posix()]
    assert (told[3]["ok"], told[3]["counts"]["note updated in Anki"]) == (True, 1)
