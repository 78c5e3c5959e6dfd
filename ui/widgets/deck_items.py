"""The rows of a tree of decks, as Anki nests them, and which of them a search finds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from aqt.qt import Qt, QTreeWidget, QTreeWidgetItem

ID = Qt.ItemDataRole.UserRole
FOUND = Qt.ItemDataRole.UserRole + 1  # whether the search means this deck itself


def add_decks(
    tree: QTreeWidget, decks: Iterable[tuple[int, str]]
) -> list[tuple[QTreeWidgetItem, str]]:
    """Fill the tree with these decks (id, full name). Returns the rows, each above those in it."""
    tree.clear()
    items: dict[str, QTreeWidgetItem] = {}
    rows: list[tuple[QTreeWidgetItem, str]] = []
    for deck_id, name in sorted(decks, key=lambda deck: deck[1].casefold().split("::")):
        above, _, last = name.rpartition("::")
        parent = items.get(above.casefold())
        item = QTreeWidgetItem([last if parent else name])
        item.setData(0, ID, deck_id)
        item.setData(0, FOUND, True)
        items[name.casefold()] = item
        rows.append((item, name))
        if parent:
            parent.addChild(item)
        else:
            tree.addTopLevelItem(item)
    return rows


def filter_decks(tree: QTreeWidget, text: str) -> int:
    """Show only decks whose full names have all these words, and the decks that they are in.

    Returns how many have them.
    """
    words = text.casefold().split()
    for item in top_items(tree):
        _show_matches(item, words, "")
    return sum(bool(item.data(0, FOUND)) for item in items_of(tree))


def top_items(tree: QTreeWidget) -> Iterator[QTreeWidgetItem]:
    """The rows at the top."""
    for i in range(tree.topLevelItemCount()):
        item = tree.topLevelItem(i)
        if item is not None:
            yield item


def children_of(item: QTreeWidgetItem) -> list[QTreeWidgetItem]:
    """The rows in a row."""
    children = (item.child(i) for i in range(item.childCount()))
    return [child for child in children if child is not None]


def items_of(tree: QTreeWidget) -> list[QTreeWidgetItem]:
    """All rows, each before those in it."""
    waiting, found = list(top_items(tree)), []
    while waiting:
        item = waiting.pop()
        found.append(item)
        waiting += children_of(item)
    return found


def _show_matches(item: QTreeWidgetItem, words: Sequence[str], above: str) -> bool:
    name = f"{above} {item.text(0).casefold()}"
    below = [_show_matches(child, words, name) for child in children_of(item)]
    found = all(word in name for word in words)
    item.setData(0, FOUND, found)
    item.setHidden(not found and not any(below))
    if words and any(below):
        item.setExpanded(True)
    return found or any(below)
