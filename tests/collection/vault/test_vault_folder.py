"""Which folders no page is written to, whoever asks for it and however the folder is spelled."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from anki.collection import Collection

from ankivault.cli.commands import main
from ankivault.sync.run.errors import VaultUnavailable
from ankivault.sync.vault.read.folder import find_fault
from ankivault.sync.vault.run import plan_vault, sync_vault
from ankivault.sync.vault.settings import Settings
from ankivault.sync.vault.templates import write_templates

REFUSED: dict[str, Callable[[Path], Path]] = {
    "Anki's folder": lambda home: home / "Anki2",
    "a folder below it": lambda home: home / "Anki2" / "addons21" / "pages",
    "a profile": lambda home: home / "Anki2" / "User 1",
    "the media folder": lambda home: home / "Anki2" / "User 1" / "collection.media",
    "Anki's folder by another way": lambda home: home / "Vault" / ".." / "Anki2",
    "Anki's folder behind a link": lambda home: home / "link",
    "what Anki's folder is in": lambda home: home / "apps",
    "Obsidian's settings": lambda home: home / "Vault" / ".obsidian",
    "below Obsidian's settings": lambda home: home / "Vault" / ".obsidian" / "plugins",
    "its trash": lambda home: home / "Vault" / ".trash" / "Anki",
    "its trash, in capitals": lambda home: home / "Vault" / ".Trash" / "Anki",
    "a repository's own folder": lambda home: home / "Vault" / ".git" / "Anki",
    "the home folder": lambda home: home,
    "a whole drive": lambda home: Path(home.anchor),
    "the add-on": lambda home: Path(__file__).resolve().parents[3] / "build",
    "a file": lambda home: home / "file",
    "nothing": lambda home: home / "Vault" / "nowhere",
    "a name that no disk takes": lambda home: home / "Vault" / ("x" * 300) / "Anki",
}


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home with Anki's folder, reached by two ways, and an Obsidian vault."""
    home = tmp_path / "home"
    (home / "apps" / "Anki2" / "User 1").mkdir(parents=True)
    (home / "apps" / "Anki2" / "prefs21.db").touch()
    (home / "Anki2").symlink_to(home / "apps" / "Anki2")
    (home / "link").symlink_to(home / "Anki2" / "User 1")
    (home / "file").touch()
    for name in (".obsidian/plugins", ".trash/Anki", ".Trash/Anki", ".git/Anki", "Anki"):
        (home / "Vault" / name).mkdir(parents=True)
    (home / "Anki2" / "addons21" / "pages").mkdir(parents=True)
    monkeypatch.setenv("HOME", str(home))
    file = home / "Anki2" / "User 1" / "collection.anki2"
    col = Collection(str(file))
    note = col.new_note(col.models.by_name("Basic"))
    note["Front"] = "What is refused?"
    col.add_note(note, col.decks.id("Deck"))
    col.close()
    return home


def everything(home: Path) -> set[str]:
    """All but what the collection's own database does while it is open."""
    found = {str(path) for path in home.rglob("*")}
    return {path for path in found if "collection." not in path}


@pytest.mark.parametrize("where", REFUSED)
def test_a_refused_folder_is_written_to_by_nobody(
    home: Path, where: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = REFUSED[where](home)
    file = home / "Anki2" / "User 1" / "collection.anki2"
    before = everything(home)
    col = Collection(str(file))
    try:
        fault = find_fault(col, folder)
        assert fault is not None
        for run in (plan_vault, sync_vault):
            with pytest.raises(VaultUnavailable) as raised:
                run(col, Settings(vault_folder=str(folder)), tmp_path / "state")
            assert fault.message in str(raised.value)
        if where not in ("a file", "nothing"):  # a folder is picked for templates
            with pytest.raises(VaultUnavailable):
                write_templates(col, folder)
    finally:
        col.close()
    if where != "nothing":  # which the command line makes
        status = main(
            ["sync", "--collection", str(file), "--vault", str(folder), "--state", str(tmp_path)]
        )
        assert status == 1
        assert fault.message in capsys.readouterr().err
    assert everything(home) == before


def test_the_command_line_makes_no_folder_where_none_may_be(home: Path, tmp_path: Path) -> None:
    folder = home / "Vault" / ".obsidian" / "new"
    file = home / "Anki2" / "User 1" / "collection.anki2"
    state = str(tmp_path / "state")

    assert main(["sync", "--collection", str(file), "--vault", str(folder), "--state", state]) == 1
    assert not folder.exists()


@pytest.mark.parametrize("where", ["Vault/Anki", "Vault", "Vault/Anki/../Anki", "inside"])
def test_any_other_folder_will_do(home: Path, where: str, tmp_path: Path) -> None:
    (home / "inside").symlink_to(home / "Vault" / "Anki")
    col = Collection(str(home / "Anki2" / "User 1" / "collection.anki2"))
    try:
        assert find_fault(col, home / where) is None
        report = sync_vault(col, Settings(vault_folder=str(home / where)), tmp_path / "state")
    finally:
        col.close()
    assert report.ok
    assert len(list(Path(os.path.realpath(home / where)).rglob("What is refused*.md"))) == 1


def test_a_copy_of_a_collection_may_have_its_vault_beside_it(tmp_path: Path) -> None:
    (tmp_path / "vault").mkdir()
    col = Collection(str(tmp_path / "copy.anki2"))
    try:
        assert find_fault(col, tmp_path / "vault") is None
        for folder in (tmp_path, tmp_path.parent, tmp_path / "copy.media"):
            fault = find_fault(col, folder)
            assert fault is not None and fault.kind == "anki"
    finally:
        col.close()
