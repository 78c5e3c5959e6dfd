"""Plans index pages: one for each deck, with links to its pages and subdecks, and one for all."""

from __future__ import annotations

import errno
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Optional

from ....convert.markdown.canonical import canonical
from ....convert.page.page_text import holds_user_words, new_index_page, replace_managed, split_page
from ....convert.text.file_names import fold_name, natural_key
from ...collection.deck_levels import deck_above, deck_and_above, last_level
from ...run.disk import explain
from ...run.encodings import decode_page
from ...run.faults import tell_fault
from ...run.report import Message
from ..changes import IndexChange, Why
from ..read.files import PageTexts
from ..read.layout import COLLECTION_INDEX, Layout
from ..read.pages_on_disk import PageOnDisk, Unreadable, digest_of, find_damage
from ..read.scan import Scan
from ..read.snapshot import VaultSnapshot
from ..rows import DOUBTED, IndexRow
from .index_lines import COLLECTION, IndexLines, show_in_link
from .links import Links
from .page_maker import differs_in_links_only
from .page_planner import tell_damage
from .page_record import digest_managed


@dataclass(frozen=True)
class Entry:
    """A page in the list of an index page."""

    title: str
    path: str


def index_paths(
    layout: Layout, decks: Iterable[str], known: Mapping[str, IndexRow], scan: Scan
) -> dict[str, str]:
    """Path → deck of each index page, for these decks and the decks above them.

    The index page of the whole collection has the deck "". One that we wrote is where the disk has
    it now, also where case or Unicode normalisation of its path have changed.
    """
    shown = {""}
    for deck in decks:
        shown.update(deck_and_above(deck))
    homes = {layout.index_of(deck) if deck else COLLECTION_INDEX: deck for deck in sorted(shown)}
    unsure = [path for path in homes if path not in known or scan.has_lost(path)]
    if unsure and not {fold_name(path) for path in unsure}.isdisjoint(map(fold_name, known)):
        spelled = _follow_spelling(unsure, known, scan)
        return {spelled.get(path, path): deck for path, deck in homes.items()}
    return homes


def _follow_spelling(
    paths: Iterable[str], known: Mapping[str, IndexRow], scan: Scan
) -> dict[str, str]:
    """Path → how the disk spells it, for those of ``paths`` that may be spelled otherwise."""
    rows = {fold_name(path): path for path in known}
    spelled = {}
    for path in paths:
        row = rows.get(fold_name(path))
        if row is not None:
            there = path if row == path or scan.has_lost(row) else row
            spelled[path] = (scan.index_alike(path) or path) if scan.has_lost(there) else there
    return spelled


def find_stale(
    wanted: Mapping[str, str], known: Mapping[str, IndexRow], scan: Scan, touched: set[str]
) -> set[str]:
    """The decks whose index page must be planned again.

    These are the ``touched`` ones (a page was added, removed, moved or has a new title), those
    whose index page is missing or was changed, and those above a deck that was added or removed.
    """
    stale = touched.intersection(wanted.values())
    absent = set()  # still in the cloud, or in a folder that cannot be read
    for path, deck in wanted.items():
        row = known.get(path)
        passed = scan.asked is not None and path not in scan.asked and deck not in stale
        if passed and row and row.mtime != DOUBTED:
            continue
        spelled = scan.spelled(path)
        if spelled is None and (path in scan.placeholders or scan.is_hidden(path)):
            absent.add(deck)
        if row is None or spelled is None or scan.pages[spelled] != (row.size, row.mtime):
            stale.add(deck)
        if row is None:
            stale.update((deck_above(deck), ""))
    for path, row in known.items():
        if path not in wanted:
            stale.update((deck_above(row.deck), ""))
    return stale.intersection(wanted.values()) - absent


def find_moved(
    wanted: Mapping[str, str], known: Mapping[str, IndexRow], decks: Mapping[str, int]
) -> dict[str, str]:
    """New path → present path of the index pages of decks that were renamed or moved.

    ``decks`` maps full names to ids.
    """
    homes = {decks[deck]: path for path, deck in wanted.items() if deck in decks}
    return {
        homes[row.deck_id]: path
        for path, row in known.items()
        if path not in wanted and homes.get(row.deck_id, path) not in known
    }


def find_strays(
    wanted: Mapping[str, str], known: Mapping[str, IndexRow], scan: Scan
) -> dict[str, IndexRow]:
    """Paths that may be index pages of ours in a folder that a person renamed → their old rows.

    The deck with the folder's new name gets another index page, so this one would stay unused.
    """
    if scan.asked is None and all(map(scan.spelled, known)):
        return {}
    strange = scan.candidates - known.keys() - wanted.keys()
    theirs = {path.rpartition("/")[2] for path in strange}
    homes = ((path.rpartition("/")[2], path) for path in known)
    # A narrow run asks the disk for each path, so it asks last.
    names = {n: known[p] for n, p in homes if n in theirs and not scan.spelled(p)}
    found = {path: names.get(path.rpartition("/")[2]) for path in strange}
    return {path: row for path, row in found.items() if row and scan.pages[path][0] == row.size}


def plan_strays(
    strays: Mapping[str, IndexRow], files: PageTexts, lines: IndexLines
) -> Iterator[IndexChange]:
    """Plan the removal of those that hold only what we wrote."""
    for path, row in sorted(strays.items()):
        try:
            change = _plan_removal(path, row, files, lines)
        except OSError:
            continue  # it cannot be read, so nobody knows whether it is ours
        if not change.trash and change.file_digest:
            yield replace(change, why=Why.FOLDER_RENAMED)


@dataclass(frozen=True)
class IndexPlanner:
    """Plans the index pages to write and to remove.

    ``wanted`` maps the path of each index page to its deck. Only those of the ``stale`` decks are
    planned again; ``entries`` maps these decks to the pages in their lists. With ``waits``, an
    index page that was changed since we wrote it stays: perhaps another computer listed pages
    there that this one does not know yet.
    """

    snapshot: VaultSnapshot
    wanted: Mapping[str, str]
    stale: Set[str]
    entries: Mapping[str, Sequence[Entry]]
    links: Links
    waits: bool
    messages: list[Message] = field(default_factory=list)

    def plan(self) -> list[IndexChange]:
        """All changes of index pages. The index page of a renamed deck is moved."""
        known, texts = self.snapshot.base.indexes, self.snapshot.texts
        lines = self._lines
        changes = list(self.plan_stale())
        followed = {change.old_path for change in changes}
        spelled = {fold_name(path) for path in self.wanted}
        for path, row in known.items():
            if path in self.wanted or path in followed:
                continue
            if fold_name(path) in spelled and self.snapshot.scan.has_lost(path):
                changes.append(_forget(path, row))  # some disks would take it for the one wanted
            else:
                try:
                    changes.append(_plan_removal(path, row, texts, lines))
                except OSError as error:
                    self._tell_unread(path, error)
        strays = find_strays(self.wanted, known, self.snapshot.scan)
        return [*changes, *plan_strays(strays, texts, lines)]

    def plan_stale(self) -> Iterator[IndexChange]:
        """The changes of the ``stale`` decks' index pages, by path."""
        layout, known = self.snapshot.layout, self.snapshot.base.indexes
        ids = {name: id_ for id_, name in self.snapshot.decks.items()}
        moved = find_moved(self.wanted, known, ids)
        ours = {row.managed_digest for row in known.values()}
        children: dict[str, list[str]] = {}
        for deck in self.wanted.values():
            if deck:
                children.setdefault(deck_above(deck), []).append(deck)
        for path, deck in sorted(self.wanted.items()):
            if deck not in self.stale:
                continue
            below = children.get(deck, []) if deck else self.wanted.values()
            try:
                managed = render_index(deck, below, self.entries.get(deck, ()), layout, self.links)
                old = moved.get(path)
                is_known = path in known or bool(old)
                target = _Target(path, deck, ids.get(deck, 0), managed, is_known, self.waits)
                change = _plan_index(target, ours, self.snapshot.texts, old, self._lines)
            except OSError as error:
                self._tell_unread(path, error)
                continue
            except Exception as error:
                self.messages.append(tell_fault(error, f"the index page “{path}”", path))
                continue
            if isinstance(change, Unreadable):
                self.messages.append(change.message)
            elif change is not None:
                yield change

    @cached_property
    def _lines(self) -> IndexLines:
        return IndexLines(self.snapshot)

    def _tell_unread(self, path: str, error: OSError) -> None:
        self.messages.append(Message("error", f"Cannot read it: {explain(error)}.", path))


def render_index(
    deck: str, decks: Iterable[str], entries: Iterable[Entry], layout: Layout, links: Links
) -> str:
    """The managed part of a deck's index page, or of the whole collection's if ``deck`` is "".

    ``decks`` may include other decks than the subdecks: they are not listed for a deck.
    """
    if not deck:
        lines = [_first_line(deck), ""]
        for name in sorted((d for d in decks if d), key=_deck_key):
            indent = "\t" * (len(deck_and_above(name)) - 1)
            lines.append(f"{indent}- {_link(links, layout.index_of(name), last_level(name))}")
        return "\n".join(lines)
    parent = deck_above(deck)
    above = layout.index_of(parent) if parent else COLLECTION_INDEX
    up = _link(links, above, last_level(parent) if parent else COLLECTION)
    lines = [_first_line(deck), "", f"Up: {up}"]
    children = sorted((d for d in decks if d and deck_above(d) == deck), key=_deck_key)
    if children:
        lines += ["", "## Decks"]
        lines += [f"- {_link(links, layout.index_of(d), last_level(d))}" for d in children]
    pages = sorted(entries, key=lambda entry: (natural_key(entry.title), entry.path))
    if pages:
        lines += ["", "## Notes"]
        lines += [f"- {_link(links, page.path, page.title)}" for page in pages]
    return "\n".join(lines)


@dataclass(frozen=True)
class _Target:
    """An index page as it should be. ``managed`` is its managed part."""

    path: str
    deck: str
    deck_id: int
    managed: str
    known: bool
    waits: bool

    def change(self, why: Why, text: str, managed: str) -> IndexChange:
        """The change that writes ``text`` where no file is."""
        digest = digest_managed(managed)
        return IndexChange(self.path, self.deck, self.deck_id, why, text, managed_digest=digest)


def _plan_index(
    target: _Target,
    ours: Container[bytes],
    files: PageTexts,
    old_path: Optional[str],
    lines: IndexLines,
) -> IndexChange | Unreadable | None:
    """The change of one index page, or None. The page is opened.

    ``ours`` are the digests of managed parts that we wrote: any other was edited. ``old_path`` is
    where the page of a renamed deck is now.
    """
    page = _open(target.path, files)
    if page is None and old_path is not None:
        page = _open(old_path, files)
    else:
        old_path = None
    managed = target.managed
    if page is None:
        why = Why.INDEX_DELETED if target.known else Why.NEW_DECK
        return target.change(why, new_index_page(managed), managed)
    parts = split_page(page.text)
    if parts.damaged:
        return Unreadable(tell_damage(page))
    present = None if parts.managed is None else parts.managed.replace("\r\n", "\n")
    edited = elsewhere = False
    if present is not None and canonical(present) == canonical(managed):
        managed = present
    elif present is not None:
        edited = digest_managed(present) not in ours
        edited = edited and not differs_in_links_only(present, managed)
        if edited and target.waits:
            return None
        elsewhere = edited
        edited = edited and not lines.are_ours(
            present, _first_line(target.deck), page.path, managed
        )
    text = replace_managed(page.text, managed)
    why = Why.CHANGED_ELSEWHERE if elsewhere else Why.CONTENTS
    why = Why.EDITED_BY_HAND if edited else why
    return replace(
        target.change(why, text, managed),
        old_path=old_path,
        file_digest=page.digest,
        trash=edited,
        writes=text != page.text or old_path is not None,
    )


def _plan_removal(path: str, row: IndexRow, files: PageTexts, lines: IndexLines) -> IndexChange:
    page = _open(path, files)
    if page is None:
        return _forget(path, row)
    managed = split_page(page.text).managed
    own_words = (
        managed is None
        or (
            digest_managed(managed) != row.managed_digest
            and not lines.are_ours(managed, _first_line(row.deck), path)
        )
        or holds_user_words(page.text, None)
    )
    return IndexChange(
        path,
        row.deck,
        row.deck_id,
        Why.DECK_EMPTY,
        file_digest=page.digest,
        trash=own_words,
    )


def _forget(path: str, row: IndexRow) -> IndexChange:
    return IndexChange(path, row.deck, row.deck_id, Why.DECK_GONE, writes=False)


def _first_line(deck: str) -> str:
    return f"# {_heading(last_level(deck))}" if deck else f"# {COLLECTION}"


def _open(path: str, files: PageTexts) -> Optional[PageOnDisk]:
    data = files.read(path)
    if data and find_damage(data):
        raise OSError(errno.EINVAL, find_damage(data), path)
    return None if data is None else PageOnDisk(path, decode_page(data), digest_of(data))


def _deck_key(deck: str) -> list[object]:
    return [natural_key(part) for part in deck.split("::")]


def _heading(text: str) -> str:
    """A deck's name for a heading, with a backslash before the signs of Markdown."""
    return "".join("\\" + char if char in "\\`*_[]<>#$%=~|" else char for char in text)


def _link(links: Links, path: str, text: str) -> str:
    return f"[[{links.target(path)}|{show_in_link(text) or path}]]"
