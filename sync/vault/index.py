"""Index pages: each deck's links to its pages and sub-decks, and one for the whole collection."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Optional

from ...convert.canonical import canonical
from ...convert.names import natural_key
from ...convert.page import holds_user_words, new_index_page, replace_managed, split_page
from ..base import IndexRow
from ..report import Message
from .changes import IndexChange
from .files import VaultFiles, explain
from .layout import COLLECTION_INDEX, Layout
from .pages import DAMAGED, PageOnDisk, decode_page, digest_managed, digest_of
from .scan import Scan


@dataclass(frozen=True)
class Entry:
    """A page as an index shows it."""

    title: str
    path: str


def index_paths(layout: Layout, decks: Iterable[str]) -> dict[str, str]:
    """Path → deck of every index page there should be, for these decks and those above them."""
    shown = {""}
    for deck in decks:
        parts = deck.split("::")
        shown.update("::".join(parts[: depth + 1]) for depth in range(len(parts)))
    return {layout.index_of(deck) if deck else COLLECTION_INDEX: deck for deck in shown}


def find_stale(
    wanted: Mapping[str, str], known: Mapping[str, IndexRow], scan: Scan, touched: set[str]
) -> set[str]:
    """The decks whose index page has to be looked at.

    These are the ``touched`` ones (a page came, went or changed its title), those whose index
    page is missing or was changed, and those above a deck that came or went.
    """
    stale = {deck for deck in touched if deck in wanted.values()}
    for path, deck in wanted.items():
        row = known.get(path)
        spelled = scan.spelled(path)
        if row is None or spelled is None or scan.pages[spelled] != (row.size, row.mtime):
            stale.add(deck)
        if row is None:
            stale.update((deck.rpartition("::")[0], ""))
    for path, row in known.items():
        if path not in wanted:
            stale.update((row.deck.rpartition("::")[0], ""))
    return stale & set(wanted.values())


def plan_indexes(
    wanted: Mapping[str, str],
    stale: set[str],
    entries: Mapping[str, Sequence[Entry]],
    known: Mapping[str, IndexRow],
    layout: Layout,
    files: VaultFiles,
) -> tuple[list[IndexChange], list[Message]]:
    """The index pages to write, and those to take away."""
    changes: list[IndexChange] = []
    messages: list[Message] = []
    for path, deck in sorted(wanted.items()):
        if deck not in stale:
            continue
        managed = render_index(deck, wanted.values(), entries.get(deck, ()), layout)
        try:
            change = _plan_index(path, deck, managed, known.get(path), files)
            changes += [change] if isinstance(change, IndexChange) else []
            messages += [change] if isinstance(change, Message) else []
        except OSError as error:
            messages.append(Message("error", f"Cannot read it: {explain(error)}.", path))
    for path, row in known.items():
        if path not in wanted:
            try:
                changes.append(_plan_removal(path, row, files))
            except OSError as error:
                messages.append(Message("error", f"Cannot read it: {explain(error)}.", path))
    return changes, messages


def render_index(deck: str, decks: Iterable[str], entries: Iterable[Entry], layout: Layout) -> str:
    """The managed part of a deck's index page; of the whole collection's when ``deck`` is empty."""
    if not deck:
        lines = ["# Anki collection", ""]
        for name in sorted((d for d in decks if d), key=_deck_key):
            indent = "\t" * name.count("::")
            lines.append(f"{indent}- {_link(layout, layout.index_of(name), _last(name))}")
        return "\n".join(lines)
    parent = deck.rpartition("::")[0]
    above = layout.index_of(parent) if parent else COLLECTION_INDEX
    up = _link(layout, above, _last(parent) if parent else "Anki collection")
    lines = [f"# {_heading(_last(deck))}", "", f"Up: {up}"]
    children = sorted((d for d in decks if d and d.rpartition("::")[0] == deck), key=_deck_key)
    if children:
        lines += ["", "## Decks"]
        lines += [f"- {_link(layout, layout.index_of(d), _last(d))}" for d in children]
    pages = sorted(entries, key=lambda entry: (natural_key(entry.title), entry.path))
    if pages:
        lines += ["", "## Notes"]
        lines += [f"- {_link(layout, page.path, page.title)}" for page in pages]
    return "\n".join(lines)


def _plan_index(
    path: str, deck: str, managed: str, row: Optional[IndexRow], files: VaultFiles
) -> IndexChange | Message:
    page = _open(path, files)
    if page is None:
        text = new_index_page(managed)
        reason = "its index page was deleted" if row else "new deck"
        return IndexChange(path, deck, reason, text, b"", digest_managed(managed))
    parts = split_page(page.text)
    if parts.damaged:
        return Message("error", DAMAGED, path)
    present = None if parts.managed is None else parts.managed.replace("\r\n", "\n")
    edited = False
    if present is not None and canonical(present) == canonical(managed):
        managed = present
    elif present is not None:
        edited = row is None or digest_managed(present) != row.managed_digest
    text = replace_managed(page.text, managed)
    return IndexChange(
        path,
        deck,
        "its text was edited by hand" if edited else "pages or decks changed",
        text,
        page.digest,
        digest_managed(managed),
        trash=edited,
        writes=text != page.text,
    )


def _plan_removal(path: str, row: IndexRow, files: VaultFiles) -> IndexChange:
    page = _open(path, files)
    if page is None:
        return IndexChange(path, row.deck, "the deck is gone", writes=False)
    managed = split_page(page.text).managed
    own_words = (
        managed is None
        or digest_managed(managed) != row.managed_digest
        or holds_user_words(page.text, None)
    )
    return IndexChange(
        path, row.deck, "the deck has no pages any more", None, page.digest, trash=own_words
    )


def _open(path: str, files: VaultFiles) -> Optional[PageOnDisk]:
    data = files.read(path)
    return None if data is None else PageOnDisk(path, decode_page(data), digest_of(data))


def _deck_key(deck: str) -> list[object]:
    return [natural_key(part) for part in deck.split("::")]


def _last(deck: str) -> str:
    return deck.rpartition("::")[2]


def _heading(text: str) -> str:
    """A deck's name as plain words in a heading."""
    return "".join("\\" + char if char in "\\`*_[]<>#$%=~|" else char for char in text)


def _link(layout: Layout, path: str, text: str) -> str:
    """A wikilink; its text is shown as it is, save what would end or change the link."""
    shown = " ".join(text.split()).replace("[", "(").replace("]", ")").replace("%%", "%")
    return f"[[{layout.link(path)}|{shown or path}]]"
