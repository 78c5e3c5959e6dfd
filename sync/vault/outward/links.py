"""Finds how wikilinks name a page: by its file name, or by its path if the name is not unique.

Obsidian finds a file name in the whole vault. If several files have the name, only a path from the
vault's root is certain to find the right one (https://help.obsidian.md/links, "Shortest path").
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Optional

from ....convert.text.file_names import fold_file_name, fold_name
from ..read.base_rows import BaseRows


@dataclass(frozen=True)
class Links:
    """Makes the targets of links. ``doubled`` are the folded names that more than one file has.

    ``prefix`` is the vault folder's path in the Obsidian vault: ``""`` or ``"Anki/"``.
    """

    prefix: str = ""
    doubled: frozenset[str] = field(default_factory=frozenset)

    def target(self, path: str) -> str:
        """The target of a wikilink to a file. ``path`` is in the vault folder."""
        name = path.rpartition("/")[2]
        shown = self.prefix + path if fold_name(name) in self.doubled else name
        return shown[:-3] if shown.endswith(".md") else shown


@dataclass(frozen=True)
class LinkPlan:
    """How links are written from now on, and which links change by it.

    ``changed`` are the folded names of files whose links change; None means that all may change,
    because the path of the vault folder did. ``learned`` are texts for the base. ``others``: see
    ``plan_links``.
    """

    links: Links = field(default_factory=Links)
    changed: frozenset[str] | None = frozenset()
    learned: Mapping[str, str] = field(default_factory=dict)
    others: Set[str] = frozenset()


def plan_links(
    base: BaseRows, prefix: str, paths: Iterable[str], others: set[str], renamed: bool
) -> LinkPlan:
    """Plan how links to the pages at ``paths`` are written.

    ``others`` are the folded names of all other files. Names are compared, and ``paths`` gone
    through, only if ``others`` have changed since the last run, or pages were ``renamed``.
    """
    doubled, told = _read_doubled(base), digest_names(others)
    if renamed or base.recall("others") != told:
        doubled = find_doubled(paths, others)
    return _make_plan(base, prefix, doubled, {"links": prefix, "others": told}, others)


def plan_links_after(
    base: BaseRows, before: LinkPlan, names: Set[str], paths: Iterable[str]
) -> LinkPlan:
    """The same after another plan, where only pages of these folded ``names`` come or go.

    ``paths`` are the pages of these names that there will be.
    """
    doubled = (before.links.doubled - names) | find_doubled(paths, before.others)
    return _make_plan(base, before.links.prefix, doubled, before.learned, before.others)


def plan_links_of(
    base: BaseRows,
    names: Set[str] = frozenset(),
    paths: Iterable[str] = (),
    others: Optional[set[str]] = None,
) -> LinkPlan:
    """The same, where only files of these folded ``names`` came or went.

    ``paths`` are the pages of these names that there will be, ``others`` the folded names of all
    other files; None: as they were.
    """
    doubled = (_read_doubled(base) - names) | find_doubled(paths, others or set())
    told = {} if others is None else {"others": digest_names(others)}
    return _make_plan(base, base.recall("links"), doubled, told)


def _read_doubled(base: BaseRows) -> frozenset[str]:
    return frozenset(base.recall("doubled").split("\n")) - {""}


def _make_plan(
    base: BaseRows,
    prefix: str,
    doubled: frozenset[str],
    told: Mapping[str, str],
    others: Set[str] = frozenset(),
) -> LinkPlan:
    texts = {**told, "doubled": "\n".join(sorted(doubled))}
    learned = {key: value for key, value in texts.items() if base.recall(key) != value}
    all_change = "links" in learned and doubled
    changed = None if all_change else doubled ^ _read_doubled(base)
    return LinkPlan(Links(prefix, doubled), changed, learned, others)


def find_doubled(paths: Iterable[str], others: Set[str]) -> frozenset[str]:
    """The folded names that two of these paths have, or one of them and one of ``others``."""
    seen: set[str] = set()
    doubled: set[str] = set()
    for path in paths:
        name = fold_file_name(path)
        if name in seen or name in others:
            doubled.add(name)
        seen.add(name)
    return frozenset(doubled)


def digest_names(names: Iterable[str]) -> str:
    """The digest of a set of names, as text."""
    text = "\n".join(sorted(names))
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
