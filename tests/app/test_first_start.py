"""A new person gets from nothing to pages in a few key presses, and is asked only once."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from anki.collection import Collection

from .anki_app import FIRST_PROFILE, AnkiApp
from .test_window import add_notes

NEW = {FIRST_PROFILE: {"ankivault_first_start": False}}
UNSET = {FIRST_PROFILE: {"ankivault": {}}}
EDIT = re.compile("(anki:begin[^\n]*\n)")


@pytest.fixture
def vaults(tmp_path: Path) -> list[str]:
    made = []
    for name in ("My Vault", "Work <b>& more</b>"):
        (tmp_path / name / ".obsidian").mkdir(parents=True)
        (tmp_path / name / "mine.md").write_text("mine", "utf-8")
        made.append(str(tmp_path / name))
    return made


def test_from_nothing_to_pages_with_four_keys(any_own_anki: AnkiApp, vaults: list[str]) -> None:
    app = replace(any_own_anki, profiles=NEW)
    seen = app.play("start_by_keyboard", vaults=vaults).value

    assert not seen["modal"]
    assert seen["keys"] == 4
    assert [title.split(":")[0] for title in seen["titles"]] == [
        "Step 1 of 3", "Step 2 of 3", "Step 3 of 3", "Ready",
    ]  # fmt: skip
    written = [*Path(vaults[0], "Anki").rglob("*.md")]
    indexes = [path for path in written if path.name.startswith("_")]
    folders = {path.parent for path in written}
    told = f"{len(written) - len(indexes)} pages, {len(indexes)} index pages, "
    assert seen["numbers"].startswith(told)
    assert seen["numbers"].endswith(f"in {len(folders)} folders. Nothing of yours is touched.")
    assert not seen["saved_before"]
    assert "created" in seen["result"] and "Biology" in " ".join(seen["pages"])
    assert "_Anki_Collection_Index" in seen["link"]
    assert Path(vaults[0], "mine.md").read_text("utf-8") == "mine"


def test_who_closes_it_is_not_asked_again(own_anki: AnkiApp, vaults: list[str]) -> None:
    app = replace(own_anki, profiles=NEW)
    seen = app.play("close_first_start", vaults=vaults).value

    assert seen["made"] and not seen["left"] and not seen["settings"] and seen["remembered"]
    assert seen["again"].startswith("Step 1 of 3")


def test_it_waits_while_another_window_is_open(own_anki: AnkiApp) -> None:
    seen = replace(own_anki, profiles=NEW).play("wait_beside_a_window").value

    assert not any("First Start" in title for title in seen["meanwhile"])


@pytest.mark.parametrize("case", ["no Obsidian", "broken", "gone", "fine"])
def test_bad_places_are_told_plainly(own_anki: AnkiApp, vaults: list[str], case: str) -> None:
    names = {"no Obsidian": [], "broken": [], "gone": ["/gone/vault"], "fine": vaults}[case]
    broken = "{ not json" if case == "broken" else ""
    seen = own_anki.play("show_bad_places", vaults=names, broken=broken).value

    told = {
        "no Obsidian": "has not been opened", "broken": "is damaged",
        "gone": "Not there any more: “/gone/vault”", "fine": "",
    }  # fmt: skip
    assert told[case] in seen["told"]
    assert seen["rows"] == (3 if case == "fine" else 1)
    assert "full path" in seen["said"]["relative"]
    assert "no folder “/no such folder”" in seen["said"]["nowhere"]
    assert "Errno" not in str(seen["said"]) and seen["width"] <= 1024
    assert seen["step"] == 0


def test_who_stops_the_first_run_goes_on_where_it_was(own_anki: AnkiApp, vaults: list[str]) -> None:
    add_notes(own_anki, 5000)
    seen = replace(own_anki, profiles=NEW).play("stop_and_go_on", vaults=vaults).value

    assert 0 < seen["pages"] < 5000
    assert f"{seen['pages']} pages created" in seen["told"] and "Make the rest" in seen["told"]
    rest = 5052 - seen["pages"]
    assert f"{rest:,} to create" in seen["left"]
    assert seen["end"][0] == "Done" and f"{rest:,} pages created" in seen["end"][1]


def test_a_folder_with_all_pages_or_none_can_be_used(own_anki: AnkiApp, tmp_path: Path) -> None:
    """Where there is nothing to write yet, the folder is still kept: no step is a dead end."""
    app = replace(own_anki, profiles=UNSET)
    folder = tmp_path / "Old & new 🗂"
    made = app.play("start_in", folder=str(folder)).value
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    again = app.play("start_in", folder=str(folder)).value
    after = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    col = Collection(str(app.collection_file()))
    col.remove_notes(col.find_notes(""))
    col.close()
    empty = app.play("start_in", folder=str(tmp_path / "New")).value

    assert made["button"] == "Make the Pages"
    assert "52 unchanged" in again["numbers"] and "nothing to do" in again["numbers"]
    assert "no notes" in empty["numbers"]
    assert {again["button"], empty["button"]} == {"Use This Folder"}
    assert after == before
    assert all(seen["end"] == "Done" and seen["saved"] for seen in (made, again, empty))


def test_old_pages_that_were_edited_are_rewritten_only_after_a_yes(
    own_anki: AnkiApp, tmp_path: Path
) -> None:
    app = replace(own_anki, profiles=UNSET)
    folder = tmp_path / "Old"
    app.play("start_in", folder=str(folder))
    pages = [path for path in folder.rglob("*.md") if path.name[0] != "_"]
    for path in pages:
        path.write_text(EDIT.sub(r"\1My own words.\n", path.read_text("utf-8")), "utf-8")
    before = {path: path.read_bytes() for path in pages}
    no = app.play("start_in", folder=str(folder), answer="Cancel").value
    kept = {path: path.read_bytes() for path in pages}
    yes = app.play("start_in", folder=str(folder), answer="Go On").value

    assert "to rewrite (edited by hand)" in no["numbers"]
    assert no["asked"] == yes["asked"] and "52" in no["asked"]
    assert (no["end"], no["saved"]) == ("Ready", False) and kept == before
    assert (yes["end"], yes["saved"]) == ("Done", True)
    in_trash = (folder / ".trash").rglob("*.md")
    assert sum("My own words." in path.read_text("utf-8") for path in in_trash) == len(pages)


def test_anki_closes_while_it_plans_and_nothing_is_left(own_anki: AnkiApp, tmp_path: Path) -> None:
    add_notes(own_anki, 3000)
    folder = tmp_path / "New"
    app = replace(own_anki, profiles=UNSET)

    assert app.play("quit_while_planning", folder=str(folder)).value
    assert not folder.exists()


def test_what_could_not_be_written_is_said_at_the_end(own_anki: AnkiApp, tmp_path: Path) -> None:
    """Never “Done” above an error: the reason stands there, and what to do."""
    folder = tmp_path / "Vault"
    folder.mkdir()
    (folder / "assets").write_text("a file where a folder should be", "utf-8")
    app = replace(own_anki, profiles=UNSET)
    seen = app.play("start_in", folder=str(folder)).value

    assert seen["end"] == "Not all could be written"
    assert (
        "cannot be copied: " in seen["ending"]
        and "Sync Now writes what is missing" in seen["ending"]
    )
    assert "in step" not in seen["ending"]
