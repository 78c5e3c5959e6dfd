"""Links from notes to pages: a wikilink on the page, an address that opens Obsidian in Anki.

Obsidian finds the ``file`` of such an address as it finds the target of a wikilink, headings and
blocks included (https://help.obsidian.md/uri), so a target crosses over as it was typed.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable
from pathlib import Path
from typing import Optional
from urllib.parse import parse_qs, quote, urlsplit

_NO_TARGET = re.compile(r"[\[\]|\n\r]|\A\s*\Z")


def make_link_reader(root: Optional[Path], page: str) -> Callable[[str], str]:
    """What turns a wikilink's target into an address, for the links of one page.

    ``root`` is the Obsidian vault, ``page`` a path in it. Outside of a vault, nothing can be
    opened: the address is ``""``. An address in Anki says the whole path of what a page says
    relative to itself.
    """
    folder, _, own = page.rpartition("/")
    own = own[:-3] if own[-3:].lower() == ".md" else own

    def read(target: str) -> str:
        target = target.strip()
        if root is None or not target:
            return ""
        file = own + target if target[0] in "#^" else _without_steps(target, folder)
        return f"obsidian://open?vault={quote(root.name, safe='')}&file={quote(file, safe='')}"

    return read


def _without_steps(target: str, folder: str) -> str:
    """A target without ``./``, ``../`` or ``/`` at its start, which only a page knows to follow."""
    if target[0] == "/":
        return target.lstrip("/") or target
    if not target.startswith(("./", "../")):
        return target
    path = posixpath.normpath(posixpath.join(folder, target))
    return target if path.startswith("..") else path


def make_link_writer(
    root: Optional[Path], is_here: Callable[[str], bool] = lambda _target: False
) -> Callable[[str], Optional[str]]:
    """What finds the wikilink's target in an address of this vault; nothing in any other.

    An address that names another vault is of this one under a former name when its target
    ``is_here``.
    """

    def find(address: str) -> Optional[str]:
        if root is None or not address.lower().startswith("obsidian://open?"):
            return None
        try:
            asked = parse_qs(urlsplit(address).query, strict_parsing=True, errors="strict")
        except ValueError:
            return None
        if asked.keys() != {"vault", "file"} or len(asked["vault"]) != 1:
            return None
        target = asked["file"][0]
        if asked["vault"] != [root.name] and not is_here(target):
            return None
        plain = len(asked["file"]) == 1 and not _NO_TARGET.search(target)
        return target if plain and target == target.strip() else None

    return find
