"""A new person gets from nothing to pages in a few key presses, and is asked only once."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from .anki_app import FIRST_PROFILE, AnkiApp
from .test_window import add_notes

NEW = {FIRST_PROFILE: {"ankivault_first_start": False}}


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
