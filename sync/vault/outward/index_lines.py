"""Tells whether the lines of an index page are ours, or hold words that a person typed.

A run on another computer writes index pages too, and this one may not know yet what it listed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property

from ....convert.page.page_text import split_page
from ....convert.page.properties import read_own
from ....convert.page.yaml_text import PropertiesError
from ...collection.deck_levels import last_level
from ...run.encodings import decode_page
from ..read.layout import COLLECTION_INDEX, index_name, page_name
from ..read.pages_on_disk import find_damage
from ..read.snapshot import VaultSnapshot

COLLECTION = "Anki collection"

_LINK = re.compile(r"(Up: |\t*- )\[\[([^][|\n]+)\|([^][\n]*)\]\]")
_ALONE = {"", "## Decks", "## Notes"}
_NOTE_ID = re.compile(r"_([0-9]{9,18})(?: [0-9]+)?")


def show_in_link(text: str) -> str:
    """``text`` as a wikilink shows it. Signs that would end or change the link are replaced."""
    return " ".join(text.split()).replace("[", "(").replace("]", ")").replace("%%", "%")


@dataclass(frozen=True)
class IndexLines:
    """What may stand in the lines of index pages, by what this computer and the vault know."""

    snapshot: VaultSnapshot = field(repr=False)

    def are_ours(self, managed: str, heading: str, path: str, wanted: str = "") -> bool:
        """Whether a managed part holds nothing but what a run writes.

        Its first line is ``heading``, and each other one is in the part ``wanted``, or is a link
        that shows the name of the deck or the title of the page which it names. ``path`` is where
        the index page is.
        """
        first, *lines = managed.replace("\r\n", "\n").split("\n")
        known = {*wanted.split("\n"), *_ALONE}
        folder = path.rpartition("/")[0]
        return first == heading and all(
            line in known or self._may_be_ours(line, folder) for line in lines
        )

    def _may_be_ours(self, line: str, folder: str) -> bool:
        link = _LINK.fullmatch(line)
        if link is None:
            return False
        opening, target, shown = link.groups()
        name = target.rpartition("/")[2]
        if (name, shown) in self._indexes or name == index_name(shown)[:-3]:
            return True
        return not opening.startswith("Up") and self._is_title(name, shown, folder)

    @cached_property
    def _indexes(self) -> set[tuple[str, str]]:
        """The name of each index page that is or was, and what links to it show."""
        layout, rows = self.snapshot.layout, self.snapshot.base.indexes
        pairs = {(layout.index_of(deck), last_level(deck)) for deck in layout.folders}
        pairs |= {(path, last_level(row.deck)) for path, row in rows.items() if row.deck}
        pairs.add((COLLECTION_INDEX, COLLECTION))
        return {(_stem(path), show_in_link(deck)) for path, deck in pairs}

    def _is_title(self, name: str, shown: str, folder: str) -> bool:
        """Whether the page of this name has, or had, the title that a link to it shows."""
        homes = {f"{folder}/{name}.md"}
        found = _NOTE_ID.search(name)
        note_id = int(found[1]) if found else 0
        if found and page_name(shown, note_id, found[1], ())[:-3] == name:
            return True
        row = self.snapshot.known.get(note_id)
        if row is not None:
            if _stem(row.path) == name and show_in_link(row.title) == shown:
                return True
            homes.add(row.path)
        return any(shown in self._read_titles(home) for home in homes)

    def _read_titles(self, path: str) -> set[str]:
        """The titles that the page at ``path`` gives itself, as a link shows them."""
        try:
            data = self.snapshot.texts.read(path)
        except OSError:
            return set()
        if data is None or find_damage(data):
            return set()
        try:
            aliases = read_own(split_page(decode_page(data)).front_matter).aliases
        except PropertiesError:
            return set()
        return {show_in_link(title) for title in aliases}


def _stem(path: str) -> str:
    return path.rpartition("/")[2][:-3]
