"""The Obsidian vault around the vault folder: its settings, and the files that it shows."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from ankivault.sync.vault.read.obsidian import ObsidianVault
from ankivault.sync.vault.read.place import VaultPlace
from ankivault.sync.vault.read.scan import scan_vault


def put(root: Path, *paths: str, text: str = "") -> None:
    for path in paths:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")


def test_all_that_look_through_a_vault_see_the_same_files(tmp_path: Path) -> None:
    root, outside = tmp_path / "vault", tmp_path / "outside"
    shown = ["a.md", "Anki/b.md", "Anki/Deck/c.MD", "Anki/x.png", "Other/y.png", "Anki2/z.md"]
    shown += ["Other/Anki/d.md", "Ärger/e\u0301.md"]
    put(root, *shown)
    put(root, ".obsidian/app.json", ".hidden.md", "Anki/.git/f.md", "Other/.trash/g.md")
    put(outside, "h.md")
    (root / "link").symlink_to(outside, target_is_directory=True)
    (root / "Anki" / "link.md").symlink_to(outside / "h.md")
    (root / "Other" / "loop").symlink_to(root, target_is_directory=True)
    vault = ObsidianVault(root)
    assert sorted(vault.list_files()) == sorted(shown)
    inside = {path for path in shown if path.startswith("Anki/")}
    assert {*vault.list_files(without="Anki/")} == {*shown} - inside
    scan = scan_vault(root / "Anki", None)
    assert {f"Anki/{path}" for path in scan.pages} == {p for p in inside if not p.endswith(".png")}
    assert (scan.others, scan.links) == ({"x.png"}, ["link.md"])
    elsewhere = VaultPlace(root, root / "Anki").names_elsewhere
    assert elsewhere == {"a.md", "y.png", "z.md", "d.md", "é.md"}
    assert not VaultPlace(root, root).names_elsewhere
    assert not VaultPlace(None, root).names_elsewhere


def test_a_folder_that_cannot_be_read_ends_no_look(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(tmp_path, "Shut/a.md", "Open/b.md")
    listed = os.scandir

    def scandir(path: Path) -> object:
        if Path(path).name in ("Shut", "gone"):
            raise PermissionError(13, "Permission denied", str(path))
        return listed(path)

    monkeypatch.setattr(os, "scandir", scandir)
    assert ObsidianVault(tmp_path).list_files() == ["Open/b.md"]
    scan = scan_vault(tmp_path, None)
    assert ({*scan.pages}, scan.unreadable) == ({"Open/b.md"}, ["Shut/"])
    assert scan.is_hidden("Shut/a.md") and not scan.is_hidden("Open/b.md")
    assert ObsidianVault(tmp_path / "gone").list_files() == []
    with pytest.raises(OSError, match="denied"):
        scan_vault(tmp_path / "gone", None)


@pytest.mark.parametrize("text", ["", "{", "[]", "null", "3", '"x"', "{}", "\ufeff{", "\0"])
def test_settings_that_say_nothing_are_none(tmp_path: Path, text: str) -> None:
    vault = ObsidianVault(tmp_path)
    files = ("app.json", "templates.json", "plugins/templater-obsidian/data.json")
    put(tmp_path / ".obsidian", *files, text=text)
    assert vault.attachments == "" and vault.template_folders.folders == ()
    assert vault.suggest_template_folder() == tmp_path


def test_the_settings_of_obsidian_and_of_its_plugins_are_read(tmp_path: Path) -> None:
    settings = tmp_path / ".obsidian"
    put(settings, "app.json", text='{"attachmentFolderPath": "./Files"}')
    put(settings, "templates.json", text='{"folder": "/Missing/ "}')
    templater = "plugins/templater-obsidian/data.json"
    put(settings, templater, text='{"templates_folder": "Meta/Templates"}')
    (tmp_path / "Meta" / "Templates").mkdir(parents=True)
    vault = ObsidianVault(tmp_path)
    assert vault.attachments == "./Files"
    assert vault.template_folders.holds("missing/a.md")
    assert vault.template_folders.holds("Meta/Templates/Deep/a.md")
    assert not vault.template_folders.holds("Meta/Templates.md")
    assert vault.suggest_template_folder() == tmp_path / "Meta" / "Templates"
