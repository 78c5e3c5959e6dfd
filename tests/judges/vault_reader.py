"""Reads a vault folder as Obsidian does: files, pages, properties, and links with their targets."""

from __future__ import annotations

import os
import posixpath
import re
import unicodedata
from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Optional
from urllib.parse import unquote

import yaml
from markdown_it.token import Token

from .obsidian_markdown import parser

_FRONT_MATTER = re.compile(r"\A---[ \t]*\r?\n(.*?)^---[ \t]*(?:\r?\n|\Z)", re.S | re.M)
_REMOTE = re.compile(r"[a-z][a-z0-9+.-]*:", re.I)
_BEGIN, _END = "%% anki:begin %%", "%% anki:end %%"


@dataclass(frozen=True)
class Link:
    """A wikilink or embed outside code, comments and formulas."""

    page: str
    target: str
    embed: bool
    alias: Optional[str]


@dataclass(frozen=True)
class Page:
    """A Markdown file. ``path`` is relative to the vault's root, with ``/``."""

    path: str
    text: str

    @cached_property
    def front_matter(self) -> str:
        """The YAML between the two fences; empty when there is none."""
        match = _FRONT_MATTER.match(self.text)
        return match[1] if match else ""

    @cached_property
    def properties(self) -> dict[str, Any]:
        """The properties, read by PyYAML. Raises ``yaml.YAMLError``."""
        return yaml.safe_load(self.front_matter) or {}

    @cached_property
    def body(self) -> str:
        """Everything after the front matter."""
        match = _FRONT_MATTER.match(self.text)
        return self.text[match.end() :] if match else self.text

    @cached_property
    def managed(self) -> Optional[str]:
        """The text between the two marker lines; None when they are missing."""
        lines = self.body.split("\n")
        if _BEGIN not in lines or _END not in lines:
            return None
        end = len(lines) - 1 - lines[::-1].index(_END)
        return "\n".join(lines[lines.index(_BEGIN) + 1 : end])

    @cached_property
    def note_id(self) -> Optional[int]:
        """The id of the note that the page shows; None for an index page."""
        value = self.properties.get("anki_note_id")
        return value if isinstance(value, int) else None

    @cached_property
    def tokens(self) -> list[Token]:
        """The body as tokens. The content of inline HTML elements is not parsed."""
        return parser(raw_elements=True).parse(self.body)

    def links(self) -> list[Link]:
        """Every wikilink and embed that Obsidian sees, and every local Markdown picture."""
        found = []
        for token in walk_tokens(self.tokens):
            if token.type == "obsidian_wikilink":
                meta = token.meta
                found.append(Link(self.path, token.content, meta["embed"], meta["alias"]))
            elif token.type == "image" and not _REMOTE.match(str(token.attrs["src"])):
                found.append(Link(self.path, unquote(str(token.attrs["src"])), True, None))
        return found


def walk_tokens(tokens: list[Token]) -> list[Token]:
    """All block tokens and the inline tokens in them, in order."""
    found = []
    for token in tokens:
        found.append(token)
        if token.children:
            found.extend(walk_tokens(token.children))
    return found


class Vault:
    """All files below a folder that Obsidian lists: not those whose names begin with a dot."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.folders: list[str] = []
        self.files: list[str] = []
        for folder, subfolders, names in os.walk(root):
            subfolders[:] = sorted(name for name in subfolders if not name.startswith("."))
            here = Path(folder).relative_to(root).as_posix()
            self.folders += [posixpath.normpath(posixpath.join(here, name)) for name in subfolders]
            self.files += [
                posixpath.normpath(posixpath.join(here, name))
                for name in sorted(names)
                if not name.startswith(".")
            ]
        self._by_name: dict[str, list[str]] = defaultdict(list)
        for path in self.files:
            self._by_name[_fold(posixpath.basename(path))].append(path)

    @cached_property
    def pages(self) -> list[Page]:
        """Every Markdown file, read as UTF-8."""
        return [
            Page(path, (self.root / path).read_bytes().decode("utf-8"))
            for path in self.files
            if path.lower().endswith(".md")
        ]

    def candidates(self, target: str, source: str) -> list[str]:
        """The files to which a link may lead, by Obsidian's rules. Several files: ambiguous.

        A target that starts with ``./``, ``../`` or ``/`` is only looked for at that path. Any
        other target is looked for as a path from the vault's root, then from the source's folder,
        then as the end of any path. Case and Unicode form do not matter.
        """
        wanted = re.split(r"[#^]", target, maxsplit=1)[0].strip()
        if not wanted:
            return [source]
        if wanted.startswith(("./", "../")):
            joined = posixpath.join(posixpath.dirname(source), wanted)
            return self._exact(posixpath.normpath(joined))
        if wanted.startswith("/"):
            return self._exact(wanted[1:])
        return (
            self._exact(wanted)
            or self._exact(posixpath.join(posixpath.dirname(source), wanted))
            or self._ending(wanted)
        )

    def _exact(self, path: str) -> list[str]:
        return [found for found in self._named(path) if _fold(found) in _spellings(path)]

    def _ending(self, path: str) -> list[str]:
        ends = tuple("/" + spelling for spelling in _spellings(path))
        return [found for found in self._named(path) if ("/" + _fold(found)).endswith(ends)]

    def _named(self, path: str) -> list[str]:
        name = posixpath.basename(path)
        return [found for spelled in _spellings(name) for found in self._by_name.get(spelled, [])]


def _spellings(path: str) -> list[str]:
    return [_fold(path + ".md"), _fold(path)]


def _fold(text: str) -> str:
    return unicodedata.normalize("NFC", text).lower()


@dataclass(frozen=True)
class LostLink:
    """A link or embed that leads nowhere, or to one of several files, or embeds a page."""

    page: str
    target: str
    found: tuple[str, ...]


def lost_links(vault: Vault) -> list[LostLink]:
    """Every link or embed that does not lead to exactly one fitting file."""
    lost = []
    for page in vault.pages:
        for link in page.links():
            found = vault.candidates(link.target, page.path)
            if len(found) != 1 or (link.embed and found[0].lower().endswith(".md")):
                lost.append(LostLink(page.path, link.target, tuple(found)))
    return lost
