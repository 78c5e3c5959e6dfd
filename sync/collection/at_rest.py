"""Tells whether anything but reviews has changed in a collection, without reading its notes."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from anki.collection import Collection

# Of each row, what is its own and what changes are mixed: two rows that change places count.
_QUERIES = (
    "select count(), max(mod), total(mod % 1000003 * (id % 1009)) from notes",
    "select count(), total((case odid when 0 then did else odid end) % 1000003 * (id % 1009)) "
    "from cards",
    # Each review changes the date of its deck, and what was studied today; not its name and kind.
    "select group_concat(x) from (select id || name || hex(kind) as x from decks order by id)",
    "select count(), max(mtime_secs), total(mtime_secs * (id % 1009)) from notetypes",
    "select count() from graves",
)


@dataclass(frozen=True)
class Rest:
    """How a collection is: ``rows`` stands for its notes, their decks, and its note types.

    ``is_fresh``: a row changed so lately that it may change again within the same second.
    """

    mod: int
    rows: tuple[object, ...]
    is_fresh: bool

    def lasts(self, now: Rest, *, reviews: bool = False) -> bool:
        """Whether nothing has changed until ``now``; studied cards count only with ``reviews``."""
        if self.mod == now.mod:
            return True
        return not (reviews or self.is_fresh) and self.rows == now.rows


def read_rest(col: Collection) -> Rest:
    """How a collection is now. Costs a few milliseconds, and no text is read."""
    assert col.db is not None
    found = [col.db.first(query) or () for query in _QUERIES]
    latest = max(int(row[1] or 0) for row in (found[0], found[3]))
    rows = tuple(value for row in found for value in row)
    return Rest(col.mod, rows, latest >= int(time.time()) - 1)
