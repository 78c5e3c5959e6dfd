"""How pages and media are named in wikilinks: by their bare name wherever that is enough.

Obsidian finds a bare name in the whole vault. When several files have it, a path from the vault's
root is exact and the bare name is a guess (https://help.obsidian.md/links, "Shortest path").
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from hashlib import blake2b

from ....convert.text.file_names import fold_name
from ..read.base_rows import BaseRows


@dataclass(frozen=True)
class Links:
    """The targets of links. ``doubled`` are the folded names that more than one file has.

    ``prefix`` leads from the Obsidian vault's root to the vault folder: ``""`` or ``"Anki/"``.
    """

    prefix: str = ""
    doubled: frozenset[str] = field(default_factory=frozenset)

    def target(self, path: str) -> str:
        """What a wikilink or embed says for the file at a path of the vault folder."""
        name = path.rpartition("/")[2]
        shown = self.prefix + path if fold_name(name) in self.doubled else name
        return shown[:-3] if shown.endswith(".md") else shown


@dataclass(frozen=True)
class LinkPlan:
    """How links are written from now on, and what that changes.

    ``changed``: the folded names of files that are linked otherwise than before, nothing when all
    links begin otherwise. ``learned`` is for the base.
    """

    links: Links
    changed: frozenset[str] | None
    learned: dict[str, str]


def plan_links(
    base: BaseRows, prefix: str, paths: Iterable[str], others: set[str], renamed: bool
) -> LinkPlan:
    """How the pages at ``paths`` are linked, where ``others`` are the folded names of other files.

    Only when ``others`` are not what they were, or pages were ``renamed``, are names compared.
    """
    before = frozenset(base.recall("doubled").split("\n")) - {""}
    meta = {"links": prefix, "others": digest_names(others)}
    doubled = before
    if renamed or base.recall("others") != meta["others"]:
        doubled = find_doubled(paths, others)
    meta["doubled"] = "\n".join(sorted(doubled))
    learned = {key: value for key, value in meta.items() if base.recall(key) != value}
    changed = None if "links" in learned and doubled else doubled ^ before
    return LinkPlan(Links(prefix, doubled), changed, learned)


def find_doubled(paths: Iterable[str], others: set[str]) -> frozenset[str]:
    """The folded names among these paths that two of them have, or one of them and ``others``."""
    seen: set[str] = set()
    doubled: set[str] = set()
    for path in paths:
        name = fold_name(path.rpartition("/")[2])
        if name in seen or name in others:
            doubled.add(name)
        seen.add(name)
    return frozenset(doubled)


def digest_names(names: Iterable[str]) -> str:
    """A short text that stands for a set of names."""
    text = "\n".join(sorted(names))
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
