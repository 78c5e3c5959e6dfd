"""What the pages of one plan share: file names, names of media, guids and texts of new notes.

A page gets what no page before it has. So each page's use is written down: whether one page can be
planned again, and all others stay as they are, is seen from it.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, field

Key = tuple[Hashable, Hashable]  # what is shared, for example a folder; and the name in it


@dataclass
class Claims:
    """What one page looked for among the names in use, took for itself, and gave back."""

    asked: set[Key] = field(default_factory=set)
    taken: set[Key] = field(default_factory=set)
    freed: set[Key] = field(default_factory=set)

    def __bool__(self) -> bool:
        return bool(self.asked or self.taken or self.freed)

    @property
    def made(self) -> set[Key]:
        """The names that are in use, or free, because of this page."""
        return self.taken | self.freed

    @classmethod
    def joined(cls, claims: Iterable[Claims]) -> Claims:
        """The claims of several pages, one after the other, as one."""
        whole = cls()
        for each in claims:
            whole.asked |= each.asked
            whole.taken |= each.taken
            whole.freed -= each.taken
            whole.freed |= each.freed
            whole.taken -= each.freed
        return whole

    def cut(self) -> Claims:
        """What was written down since the last cut."""
        done = Claims(self.asked, self.taken, self.freed)
        self.asked, self.taken, self.freed = set(), set(), set()
        return done


class InUse:
    """The names in use of one kind. What is done with them is written down in ``claims``."""

    def __init__(self, kind: Hashable, names: set[Hashable], claims: Claims) -> None:
        self._kind = kind
        self._names = names
        self._claims = claims

    def __contains__(self, name: Hashable) -> bool:
        self._claims.asked.add((self._kind, name))
        return name in self._names

    def add(self, name: Hashable) -> None:
        """Take a name."""
        if name not in self._names:
            self._names.add(name)
            self._claims.taken.add((self._kind, name))

    def discard(self, name: Hashable) -> None:
        """Give a name back."""
        if name in self._names:
            self._names.discard(name)
            self._claims.freed.add((self._kind, name))

    def on_trial(self) -> InUse:
        """The same names; what is taken is not in use afterwards, what is asked is written down."""
        return InUse(self._kind, {*self._names}, Claims(asked=self._claims.asked))


@dataclass
class SharedNames:
    """All names in use. ``others`` are the claims of pages that are not planned again."""

    others: Sequence[Claims] = ()
    claims: Claims = field(default_factory=Claims)
    _kinds: dict[Hashable, InUse] = field(default_factory=dict)

    def of(self, kind: Hashable, at_first: Callable[[], Iterable[Hashable]] = frozenset) -> InUse:
        """The names of one kind. ``at_first`` returns those in use before the first page."""
        known = self._kinds.get(kind)
        if known is None:
            names = {*at_first()}
            for other in self.others:
                names.update(name for about, name in other.taken if about == kind)
                names.difference_update(name for about, name in other.freed if about == kind)
            known = self._kinds[kind] = InUse(kind, names, self.claims)
        return known
