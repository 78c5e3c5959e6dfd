"""Checks that every operating system, and Obsidian, accepts the names of files."""

from __future__ import annotations

import posixpath
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable

# https://learn.microsoft.com/windows/win32/fileio/naming-a-file, and what breaks Obsidian's links.
_REFUSED = re.compile(r'[<>:"\\|?*\x00-\x1f\x7f#^\[\]]|%%')
_RESERVED = re.compile(
    r"(?:CON|PRN|AUX|NUL|COM[0-9¹²³]|LPT[0-9¹²³]|CONIN\$|CONOUT\$)(?:\..*)?", re.I
)
_DISGUISING = re.compile("[\u061c\u200b\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]")


def refused_names(paths: Iterable[str], bytes_per_name: int = 255) -> list[str]:
    """The reasons why paths are not accepted everywhere, or collide with another one."""
    paths = list(paths)
    wrong = []
    beside: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for path in paths:
        parts = path.split("/")
        for depth, name in enumerate(parts):
            reason = _what_is_wrong(name, bytes_per_name)
            if reason:
                wrong.append(f"{path}: {name!r} {reason}")
            beside["/".join(parts[:depth])][_fold(name)].add(name)
    for folder, names in beside.items():
        for same in names.values():
            if len(same) > 1:
                wrong.append(f"{posixpath.join(folder, '')}: {sorted(same)} are one name elsewhere")
    return wrong


def _what_is_wrong(name: str, limit: int) -> str:
    if name in ("", ".", ".."):
        return "is no name"
    if match := _REFUSED.search(name):
        return f"holds {match[0]!r}"
    if match := _DISGUISING.search(name):
        return f"holds the invisible U+{ord(match[0]):04X}"
    if name[-1] in ". ":
        return "ends with a dot or a space, which Windows drops"
    if name[0] in ". ":
        return "is hidden, or begins with a space"
    if _RESERVED.fullmatch(name):
        return "is a device on Windows"
    try:
        size = len(name.encode("utf-8"))
    except UnicodeEncodeError:
        return "is no text"
    if size > limit:
        return f"is {size} bytes long"
    if unicodedata.normalize("NFC", name) != name:
        return "is not NFC"
    return ""


def _fold(name: str) -> str:
    return unicodedata.normalize("NFC", unicodedata.normalize("NFD", name).casefold())
