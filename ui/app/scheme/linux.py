"""Links ``anki://…`` on Linux: an entry for a program, and the list of what opens what.

Both are files of freedesktop.org's standards, in the user's own folders. Of the list, only our own
word is written and taken out again.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from . import SCHEME, SchemeError

_KIND = f"x-scheme-handler/{SCHEME}"
_ENTRY = "ankivault-links.desktop"
_SECTION = "[Default Applications]"
_MADE = "X-Ankivault-Made"  # in our entry: what of the list was not there before
_LINE = re.compile(rf"^{re.escape(_KIND)}[ \t]*=[ \t]*(.*?)[ \t\r]*$", re.M)
_NAME = re.compile(r"^Name[ \t]*=[ \t]*(.*?)[ \t\r]*$", re.M)


@dataclass(frozen=True)
class LinuxScheme:
    """The files of one user. ``data`` and ``config`` are all folders, the user's own ones first."""

    command: Sequence[str]
    data: Sequence[Path]
    config: Sequence[Path]

    @classmethod
    def of_user(cls, command: Sequence[str]) -> LinuxScheme:
        """Those of the user that Anki runs for."""
        return cls(
            command,
            _folders(
                "XDG_DATA_HOME", ".local/share", "XDG_DATA_DIRS", "/usr/local/share:/usr/share"
            ),
            _folders("XDG_CONFIG_HOME", ".config", "XDG_CONFIG_DIRS", "/etc/xdg"),
        )

    @property
    def _entry(self) -> Path:
        return self.data[0] / "applications" / _ENTRY

    @property
    def _list(self) -> Path:
        return self.config[0] / "mimeapps.list"

    def is_ours(self) -> bool:
        """Whether our entry is there, and the first of those that open such links."""
        return self._entry.is_file() and next(iter(_read_programs(_read(self._list))), "") == _ENTRY

    def find_other(self) -> str:
        """The name of another program that opens such links; empty: there is none."""
        for entry in self._iterate_programs():
            if entry == _ENTRY:
                continue
            for folder in self.data:
                text = _read(folder / "applications" / entry)
                if text:
                    name = _NAME.search(text)
                    return name.group(1) if name else entry
        return ""

    def register(self) -> None:
        """Write our entry, and put it first in the user's list. Raises ``SchemeError``."""
        if not self.command:
            raise SchemeError(
                "Anki runs in a sandbox here (Flatpak or Snap), or was started in a way that is "
                "not known, so links cannot be given to it."
            )
        try:
            text = _read(self._list)
            listed, made = _put_first(text)
            if listed == text:
                made = self._read_made()
            elif not self._list.exists():
                made = "file"
            _write(self._entry, _make_entry(self.command, made))
            if listed != text:
                _write(self._list, listed)
        except OSError as error:
            raise SchemeError(f"The links were not given to Anki: {error}.") from error
        self._tell_desktop()

    def unregister(self) -> None:
        """Take our word out of the list, and delete our entry. Raises ``SchemeError``."""
        if not self._entry.is_file():
            return
        made = self._read_made()
        try:
            text = _read(self._list)
            left = _take_out(text, made)
            if not left and made == "file":
                self._list.unlink(missing_ok=True)
            elif left != text:
                _write(self._list, left)
            self._entry.unlink(missing_ok=True)
        except OSError as error:
            raise SchemeError(f"The links were not taken back: {error}.") from error
        self._tell_desktop()

    def _read_made(self) -> str:
        """What of the list was not there before us."""
        found = re.search(rf"^{_MADE}=(.*)$", _read(self._entry), re.M)
        return found.group(1) if found else ""

    def _iterate_programs(self) -> Iterator[str]:
        """The entries for such links, the preferred ones first."""
        folders = [folder / "applications" for folder in self.data]
        for folder in (*self.config, *folders):
            yield from _read_programs(_read(folder / "mimeapps.list"))
        for folder in folders:
            yield from _read_programs(_read(folder / "mimeinfo.cache"))

    def _tell_desktop(self) -> None:
        """Have desktops see the new entry at once. They would see it without this, but later."""
        program = shutil.which("update-desktop-database")
        if program:
            with suppress(OSError, subprocess.SubprocessError):
                subprocess.run(
                    [program, str(self._entry.parent)],
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                    timeout=10,
                    check=False,
                )


def _folders(home: str, usual: str, others: str, usual_others: str) -> list[Path]:
    own = os.environ.get(home) or str(Path.home() / usual)
    found = (os.environ.get(others) or usual_others).split(":")
    return [Path(folder) for folder in (own, *found) if os.path.isabs(folder)]


def _make_entry(command: Sequence[str], made: str) -> str:
    words = " ".join(map(_quote, command))
    return (
        "[Desktop Entry]\n"
        "Type=Application\n"
        "Name=Anki (links to notes)\n"
        "NoDisplay=true\n"
        f"Exec={words} %u\n"
        "Terminal=false\n"
        f"MimeType={_KIND};\n"
        f"{_MADE}={made}\n"
    )


def _quote(word: str) -> str:
    """A word of a command, as the standard wants it: escaped twice."""
    quoted = re.sub(r'(["`$\\])', r"\\\1", word).replace("%", "%%")
    return '"' + quoted.replace("\\", "\\\\") + '"'


def _read_programs(text: str) -> list[str]:
    """The programs for such links in a list, those of all sections but the removed ones."""
    found = []
    for section in re.split(r"^(?=\[)", text, flags=re.M):
        if not section.startswith("[Removed"):
            for line in _LINE.finditer(section):
                found += [entry for entry in line.group(1).split(";") if entry]
    return found


def _put_first(text: str) -> tuple[str, str]:
    """The list with our entry as the first of those for such links, and what was made for it."""
    found = _find_section(text)
    if found is None:
        gap = "" if not text or text.endswith("\n") else "\n"
        return f"{text}{gap}{_SECTION}\n{_KIND}={_ENTRY}\n", f"section{len(gap)}"
    start, end = found
    line = _LINE.search(text, start, end)
    if line is None:
        gap = "" if text[:start].endswith("\n") else "\n"
        return f"{text[:start]}{gap}{_KIND}={_ENTRY}\n{text[start:]}", f"line{len(gap)}"
    if line.group(1).split(";")[0] == _ENTRY:
        return text, ""
    at = line.start(1)
    return f"{text[:at]}{_ENTRY};{text[at:]}", "word"


def _take_out(text: str, made: str) -> str:
    """The list without our entry, and without what was made for it."""
    found = _find_section(text)
    line = _LINE.search(text, *found) if found else None
    if found is None or line is None or _ENTRY not in line.group(1).split(";"):
        return text
    if line.group(1).strip(";") != _ENTRY:
        words = re.sub(rf"(?:^|(?<=;)){re.escape(_ENTRY)}(?:;|$)", "", line.group(1))
        return f"{text[: line.start(1)]}{words}{text[line.end(1) :]}"
    before, after = text[: line.start()], text[line.end() :].removeprefix("\n")
    is_empty = before.endswith(f"{_SECTION}\n") and (not after or after.startswith("["))
    if made.startswith(("section", "file")) and is_empty:
        before = before.removesuffix(f"{_SECTION}\n")
    if made.endswith("1") and not after:
        before = before.removesuffix("\n")
    return before + after


def _find_section(text: str) -> tuple[int, int] | None:
    """Where the lines of the section of preferred programs begin and end."""
    header = re.search(rf"^{re.escape(_SECTION)}[ \t\r]*(?:\n|\Z)", text, re.M)
    if header is None:
        return None
    following = re.compile(r"^\[", re.M).search(text, header.end())
    return header.end(), following.start() if following else len(text)


def _read(file: Path) -> str:
    try:
        return file.read_bytes().decode("utf-8", "surrogateescape")
    except OSError:
        return ""


def _write(file: Path, text: str) -> None:
    """Put a whole file in place; a link to one stays a link."""
    file.parent.mkdir(parents=True, exist_ok=True)
    target = Path(os.path.realpath(file))
    aside = target.with_name(f".{target.name}.ankivault")
    try:
        aside.write_bytes(text.encode("utf-8", "surrogateescape"))
        if target.exists():
            shutil.copymode(target, aside)
        os.replace(aside, target)
    finally:
        aside.unlink(missing_ok=True)
