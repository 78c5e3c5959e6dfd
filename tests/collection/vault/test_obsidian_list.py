"""Obsidian's own list of vaults is read wherever Obsidian keeps it, whatever is in it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ankivault.sync.vault.read.obsidian_list import read_vaults

PLACES = {
    "own": ("linux", ".config/obsidian/obsidian.json"),
    "flatpak": ("linux", ".var/app/md.obsidian.Obsidian/config/obsidian/obsidian.json"),
    "snap": ("linux", "snap/obsidian/current/.config/obsidian/obsidian.json"),
    "mac": ("darwin", "Library/Application Support/obsidian/obsidian.json"),
    "windows": ("win32", "AppData/Roaming/obsidian/obsidian.json"),
}


def write(home: Path, place: str, text: str) -> None:
    file = home / place
    file.parent.mkdir(parents=True)
    file.write_text(text, "utf-8")


@pytest.mark.parametrize("kind", PLACES)
def test_vaults_are_found_the_last_opened_first(tmp_path: Path, kind: str) -> None:
    platform, place = PLACES[kind]
    vaults = {}
    for number, name in enumerate(("Old", "Open", "Älter – 新")):
        (tmp_path / name).mkdir()
        vaults[str(number)] = {"path": str(tmp_path / name), "ts": number * 1000}
    vaults["1"]["open"] = True
    vaults["gone"] = {"path": str(tmp_path / "Gone"), "ts": 9000}
    write(tmp_path, place, json.dumps({"vaults": vaults, "more": 1}))
    found = read_vaults(tmp_path, {}, platform)
    assert [vault.name for vault in found.vaults] == ["Open", "Älter – 新", "Old"]
    assert found.gone == (tmp_path / "Gone",)
    assert found.found and not found.problem


def test_lists_of_several_obsidians_are_joined(tmp_path: Path) -> None:
    for kind in ("own", "flatpak"):
        (tmp_path / kind).mkdir()
        both = {name: {"path": str(tmp_path / name), "ts": 1} for name in (kind, "own")}
        write(tmp_path, PLACES[kind][1], json.dumps({"vaults": both}))
    found = read_vaults(tmp_path, {"XDG_CONFIG_HOME": ""}, "linux")
    assert sorted(vault.name for vault in found.vaults) == ["flatpak", "own"]


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", "null", '{"vaults": 3}', '{"vaults": {"a": 1, "b": {"path": 5}}}',
     '{"vaults": {"a": {"path": "relative", "ts": "x"}, "b": {"path": "/x\\u0000y"}}}',
     "[" * 100_000],
)  # fmt: skip
def test_a_damaged_list_names_no_vault(tmp_path: Path, text: str) -> None:
    write(tmp_path, PLACES["own"][1], text)
    found = read_vaults(tmp_path, {}, "linux")
    assert found.found and not found.vaults
    assert not found.problem or "is damaged" in found.problem


def test_a_list_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    (tmp_path / PLACES["own"][1]).mkdir(parents=True)
    found = read_vaults(tmp_path, {}, "linux")
    assert "cannot be read" in found.problem and not found.vaults


def test_without_obsidian_there_is_no_list(tmp_path: Path) -> None:
    found = read_vaults(tmp_path, {}, "linux")
    assert not found.found and not found.vaults and not found.problem
