"""Links from a note to a page: a wikilink on the page is an ``obsidian://`` address in Anki.

Obsidian finds the ``file`` of an address in the same way as the target of a wikilink, with
headings and blocks (https://help.obsidian.md/uri). So the target is kept as it was typed.
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
    """A function that makes an address of a wikilink's target, for the links of one page.

    ``root`` is the Obsidian vault, ``page`` a path in it. Without a vault, Obsidian cannot open
    anything: the address is ``""``. A target that is relative to the page becomes a path from the
    root of the vault.
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
    """A target without ``./``, ``../`` or ``/`` at its start: these mean nothing outside a page."""
    if target[0] == "/":
        return target.lstrip("/") or target
    if not target.startswith(("./", "../")):
        return target
    path = posixpath.normpath(posixpath.join(folder, target))
    return target if path.startswith("..") else path


def make_link_writer(
    root: Optional[Path], is_here: Callable[[str], bool] = lambda _target: False
) -> Callable[[str], Optional[str]]:
    """A function that returns the wikilink's target of an address in this vault, otherwise None.

    An address with another vault's name counts too when ``is_here`` says that its target exists:
    then the vault was renamed.
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
