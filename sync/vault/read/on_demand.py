"""Large tables of which a run may need a few rows only."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Set
from typing import Optional, TypeVar

K = TypeVar("K")
V = TypeVar("V")


class OnDemand(Mapping[K, V]):
    """A table that is read row by row, as rows are asked for; and whole when it is walked over.

    ``find`` reads one row, ``load`` reads all.
    """

    def __init__(self, find: Callable[[K], Optional[V]], load: Callable[[], Mapping[K, V]]) -> None:
        self._find = find
        self._load = load
        self._found: dict[K, Optional[V]] = {}
        self._all: Optional[Mapping[K, V]] = None

    @property
    def is_loaded(self) -> bool:
        """Whether all rows were read."""
        return self._all is not None

    def load(self) -> None:
        """Read all rows, if they were not read yet."""
        if self._all is None:
            self._all = self._load()

    def keep(self, rows: Mapping[K, V]) -> None:
        """Take these rows, which were read already, so that nobody reads them again."""
        if self._all is None:
            self._found.update(rows)

    def deny(self, key: K) -> None:
        """Have no row for this key, whatever ``find`` says."""
        self._found[key] = None

    def __getitem__(self, key: K) -> V:
        if self._all is not None:
            return self._all[key]
        if key not in self._found:
            self._found[key] = self._find(key)
        found = self._found[key]
        if found is None:
            raise KeyError(key)
        return found

    def __iter__(self) -> Iterator[K]:
        return iter(self._whole)

    def __len__(self) -> int:
        return len(self._whole)

    @property
    def _whole(self) -> Mapping[K, V]:
        self.load()
        assert self._all is not None
        return self._all


class SetOnDemand(Set[K]):
    """The keys of such a table."""

    def __init__(self, has: Callable[[K], bool], load: Callable[[], Set[K]]) -> None:
        self._rows: OnDemand[K, bool] = OnDemand(
            lambda key: has(key) or None, lambda: dict.fromkeys(load(), True)
        )

    @property
    def is_loaded(self) -> bool:
        """Whether all keys were read."""
        return self._rows.is_loaded

    def load(self) -> None:
        """Read all keys, if they were not read yet."""
        self._rows.load()

    def __contains__(self, key: object) -> bool:
        return key in self._rows

    def __iter__(self) -> Iterator[K]:
        return iter(self._rows)

    def __len__(self) -> int:
        return len(self._rows)
