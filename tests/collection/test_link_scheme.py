"""Links ``anki://…`` are given to Anki on this computer, and taken back to the last byte."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from ankivault.ui.app.scheme import SchemeError
from ankivault.ui.app.scheme.command import find_program
from ankivault.ui.app.scheme.linux import LinuxScheme
from ankivault.ui.app.scheme.windows import WindowsScheme
from ankivault.ui.obsidian.note_links import find_note_id

OURS = "ankivault-links.desktop"
LINK = "anki://x-callback-url/search?query=nid:17"
OTHER = "[Desktop Entry]\nType=Application\nName=Other Cards\nExec=other %u\n"
OTHER += "MimeType=x-scheme-handler/anki;\n"
BEFORE = {
    "no list": None,
    "an empty list": "",
    "no end of line": "[Added Associations]\nimage/png=gimp.desktop;",
    "other sections": "# mine\n[Default Applications]\n[Removed Associations]\na/b=c.desktop\n",
    "other kinds": "[Default Applications]\ntext/html=firefox.desktop\n\n[Added Associations]\n",
    "another program": "[Default Applications]\nx-scheme-handler/anki=other.desktop\n",
    "other programs": "[Default Applications]\nx-scheme-handler/anki = other.desktop;b.desktop;\n",
    "lines of Windows": "[Default Applications]\r\ntext/html=firefox.desktop\r\n",
    "bytes of its own": "[Default Applications]\ntext/html=caf\udce9.desktop\n",
}


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name, folder in (("XDG_DATA_HOME", "share"), ("XDG_CONFIG_HOME", "config")):
        monkeypatch.setenv(name, str(tmp_path / folder))
    monkeypatch.setenv("XDG_DATA_DIRS", str(tmp_path / "system"))
    monkeypatch.setenv("XDG_CONFIG_DIRS", str(tmp_path / "etc"))
    (tmp_path / "config").mkdir()
    return tmp_path


def everything(home: Path) -> dict[str, bytes]:
    return {
        str(file.relative_to(home)): file.read_bytes()
        for file in home.rglob("*")
        if file.is_file() and file.name != "mimeinfo.cache"
    }


@pytest.mark.parametrize("before", BEFORE)
def test_on_linux_a_link_runs_the_command_and_all_is_as_before_when_it_is_taken_back(
    home: Path, before: str
) -> None:
    """GLib, which most desktops use, opens a link with what was registered."""
    text, listed = BEFORE[before], home / "config" / "mimeapps.list"
    if text is not None:
        listed.write_bytes(text.encode("utf-8", "surrogateescape"))
    applications = home / "share" / "applications"
    applications.mkdir(parents=True)
    (applications / "other.desktop").write_text(OTHER)
    said = home / "what was said"
    program = home / 'a "program" of $5 & more' / "back\\slash"
    program.parent.mkdir()
    program.write_text('#!/bin/sh\nprintf "%s\\n" "$@" > ' + f"'{said}'\n")
    program.chmod(0o755)
    first = everything(home)

    scheme = LinuxScheme.of_user([str(program), "-b", "100% `my` $base"])
    assert not scheme.is_ours()
    scheme.register()
    once = everything(home)
    scheme.register()
    assert everything(home) == once
    assert scheme.is_ours()
    subprocess.run(["gio", "open", LINK], check=True, env={**os.environ}, timeout=60)
    wait_for(said)
    assert said.read_text().splitlines() == ["-b", "100% `my` $base", LINK]
    said.unlink()
    scheme.unregister()
    assert everything(home) == first
    scheme.unregister()
    assert everything(home) == first


def wait_for(file: Path) -> None:
    """GLib does not wait for the program that it starts; the test's time limit ends this."""
    while not (file.exists() and file.read_bytes().endswith(b"17\n")):
        os.sched_yield()


def test_on_linux_another_program_is_told_and_stays_behind_ours(home: Path) -> None:
    applications = home / "system" / "applications"
    applications.mkdir(parents=True)
    scheme = LinuxScheme.of_user(["/usr/bin/anki"])
    assert scheme.find_other() == ""
    (applications / "other.desktop").write_text(OTHER)
    cache = "[MIME Cache]\nx-scheme-handler/anki=other.desktop;\n"
    (applications / "mimeinfo.cache").write_text(cache)
    assert scheme.find_other() == "Other Cards"
    listed = home / "config" / "mimeapps.list"
    listed.write_text("[Default Applications]\nx-scheme-handler/anki=other.desktop\n")
    scheme.register()
    assert f"x-scheme-handler/anki={OURS};other.desktop\n" in listed.read_text()


def test_what_others_write_into_the_list_meanwhile_stays(home: Path) -> None:
    scheme, listed = LinuxScheme.of_user(["/usr/bin/anki"]), home / "config" / "mimeapps.list"
    scheme.register()
    listed.write_text(listed.read_text() + "text/html=firefox.desktop\n")
    scheme.unregister()
    assert listed.read_text() == "[Default Applications]\ntext/html=firefox.desktop\n"


def test_from_a_sandbox_nothing_is_registered(home: Path) -> None:
    with pytest.raises(SchemeError, match="sandbox"):
        LinuxScheme.of_user([]).register()
    assert everything(home) == {}


class Registry:
    """As much of ``winreg`` as is used: keys with values, and none with keys below is deleted."""

    HKEY_CURRENT_USER, HKEY_CLASSES_ROOT, REG_SZ = "user", "classes", 1

    def __init__(self) -> None:
        self.keys: dict[str, dict[str, str]] = {}

    def _path(self, root: str, key: str) -> str:
        return f"Software\\Classes\\{key}" if root == self.HKEY_CLASSES_ROOT else key

    @contextmanager
    def CreateKey(self, root: str, key: str) -> Iterator[str]:
        parts = self._path(root, key).split("\\")
        for end in range(1, len(parts) + 1):
            self.keys.setdefault("\\".join(parts[:end]), {})
        yield "\\".join(parts)

    @contextmanager
    def OpenKey(self, root: str, key: str) -> Iterator[str]:
        if self._path(root, key) not in self.keys:
            raise FileNotFoundError(key)
        yield self._path(root, key)

    def QueryValueEx(self, opened: str, name: str) -> tuple[str, int]:
        if name not in self.keys[opened]:
            raise FileNotFoundError(name)
        return self.keys[opened][name], self.REG_SZ

    def SetValueEx(self, opened: str, name: str, _: int, kind: int, value: str) -> None:
        assert kind == self.REG_SZ
        self.keys[opened][name] = value

    def DeleteKey(self, root: str, key: str) -> None:
        path = self._path(root, key)
        if any(other.startswith(f"{path}\\") for other in self.keys):
            raise PermissionError(key)
        del self.keys[path]


def test_on_windows_a_key_of_the_user_is_made_and_deleted() -> None:
    registry: Any = Registry()
    with registry.CreateKey("user", "Software\\Classes\\txt"):
        pass
    before = {key: dict(values) for key, values in registry.keys.items()}
    scheme = WindowsScheme(["C:\\Program Files\\Anki\\anki.exe", "-b", "D:\\My Anki"], registry)
    assert not scheme.is_ours()
    scheme.register()
    scheme.register()
    assert scheme.is_ours()
    assert registry.keys["Software\\Classes\\anki"]["URL Protocol"] == ""
    command = registry.keys["Software\\Classes\\anki\\shell\\open\\command"][""]
    assert command == '"C:\\Program Files\\Anki\\anki.exe" -b "D:\\My Anki" "%1"'
    scheme.unregister()
    scheme.unregister()
    assert registry.keys == before


def test_on_windows_the_key_of_another_program_stays_as_it_is() -> None:
    registry: Any = Registry()
    command = "Software\\Classes\\anki\\shell\\open\\command"
    with registry.CreateKey("user", command) as opened:
        registry.SetValueEx(opened, "", 0, 1, "other.exe %1")
    before = {key: dict(values) for key, values in registry.keys.items()}
    scheme = WindowsScheme(["anki.exe"], registry)
    assert scheme.find_other() == "other.exe %1"
    with pytest.raises(SchemeError, match="Another program"):
        scheme.register()
    scheme.unregister()
    assert registry.keys == before


@pytest.mark.parametrize(
    ("link", "note_id"),
    [
        (LINK, 17),
        ("anki://x-callback-url/search?query=nid%3A17", 17),
        ("anki://x-callback-url/browser?search=nid:17", 17),
        (os.path.abspath(LINK), 17),
        ("C:\\Users\\me\\anki:\\x-callback-url\\search?query=nid:17", 17),
        ("anki://x-callback-url/search?query=deck:current", None),
        ("anki://x-callback-url/addnote?type=Basic", None),
        ("/home/me/anki/deck.apkg", None),
    ],
)
def test_a_link_is_read_also_when_a_path_was_made_of_it(link: str, note_id: int | None) -> None:
    assert find_note_id(link) == note_id


def test_anki_is_started_as_it_was_without_what_it_was_told(tmp_path: Path) -> None:
    launcher = tmp_path / "launcher"
    launcher.touch()
    assert find_program(str(launcher), [sys.executable, "x.py"]) == [str(launcher)]
    code = "import aqt; aqt.run()"
    started = [sys.executable, "-I", "-c", code, "-p", "User 1", "a.apkg"]
    assert find_program("", started) == [sys.executable, "-I", "-c", code]
    script = [sys.executable, "/usr/bin/anki", "-p", "User 1"]
    assert find_program("/is/gone", script) == [sys.executable, "/usr/bin/anki"]
    assert find_program("", ["/opt/anki/anki", "-p", "User 1"]) == ["/opt/anki/anki"]
