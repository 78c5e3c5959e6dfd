"""Puts new values into an item of a TOML text, as splices; all other text stays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from .items import Item, Layout, Place
from .toml_read import load_toml
from .toml_scan import STRING, Block, Statement, next_line, skip_own_comments
from .toml_write import write_inline, write_key, write_string, write_strings


class Splice(NamedTuple):
    """Replaces ``start`` to ``end`` by ``text``, whose lines end with ``\\n``."""

    start: int
    end: int
    text: str


def set_values(
    layout: Layout, item: Item, kind: str, values: Mapping[Place, object]
) -> list[Splice]:
    """Set the values at these places of ``item``; equal values make no splice.

    A value keeps its quotes. A new key goes below the last one of its table. Tables and lists
    inside a statement are changed in place.
    """
    splices: list[Splice] = []
    missing = dict(values)
    tables: dict[Place, tuple[Block, Place, Statement | None]] = {}
    for prefix, block in item.parts:
        if not any(place[: len(prefix)] == prefix for place in missing):
            continue
        last = None
        for last in layout.statements(block):
            there: Place = prefix + last.names
            for depth in range(1, len(last.names)):
                tables[prefix + last.names[:depth]] = block, last.names[:depth], last
            inside = [place for place in missing if place[: len(there)] == there]
            if inside:
                changes = {place[len(there) :]: missing.pop(place) for place in inside}
                splices.extend(_change_statement(layout.text, last, changes))
        tables[prefix] = block, (), last
    for place, value in missing.items():
        splices.append(_new_statement(layout.text, kind, place, value, tables))
    return splices


def splice(text: str, splices: Sequence[Splice]) -> str:
    """``text`` with the splices made; those at the same place in their order."""
    parts: list[str] = []
    position = 0
    crlf = text.count("\r\n")
    newline = "\r\n" if crlf * 2 > text.count("\n") else "\n"
    for start, end, new in sorted(splices, key=_start):
        parts += (text[position:start], new.replace("\n", newline))
        position = max(position, end)
    return "".join([*parts, text[position:]])


def as_new_lines(text: str, position: int, lines: str) -> Splice:
    """Insert ``lines`` at ``position``: a line's start or the end of ``text``."""
    if position and text[position - 1] != "\n":
        lines = "\n" + lines.rstrip("\n")
    return Splice(position, position, lines)


def as_new_tables(layout: Layout, block: Block, tables: Sequence[str]) -> Splice:
    """Insert ``tables`` below the table ``block`` and the comments that belong to it."""
    text = layout.text
    end = skip_own_comments(text, layout.content_end(block), block.end)
    below = "" if end == len(text) or text[end] in "\r\n" else "\n"
    return as_new_lines(text, end, "".join(f"\n{table}" for table in tables) + below)


def _new_statement(
    text: str,
    kind: str,
    place: Place,
    value: object,
    tables: Mapping[Place, tuple[Block, Place, Statement | None]],
) -> Splice:
    parent, key = place[:-1], str(place[-1])
    found = tables.get(parent)
    header = ""
    if found is None:
        names = ".".join(write_key(str(name)) for name in (kind, *parent))
        header = f"\n[{names}]\n"
        found = tables[()]
    block, names_before, last = found
    end = last.end if last else next_line(text, block.body)
    indent = text[last.start : last.key] if last and not header else ""
    dotted = ".".join(write_key(str(name)) for name in (*names_before, key))
    return as_new_lines(text, end, f"{header}{indent}{dotted} = {_write(value)}\n")


def _change_statement(
    text: str, statement: Statement, changes: Mapping[Place, object]
) -> list[Splice]:
    start, end = statement.value, statement.value_end
    before = text[start:end]
    after = _rewrite(before, changes[()]) if () in changes else _change_inside(before, changes)
    return [] if after == before else [Splice(start, end, after)]


def _rewrite(before: str, value: object) -> str:
    """Write ``value`` in the style of ``before``."""
    now = load_toml(f"value = {before}")["value"]
    if now == (list(value) if isinstance(value, tuple) else value):
        return before
    if isinstance(value, str):
        return write_string(value, like=before)
    if isinstance(value, tuple) and isinstance(now, list) and now:
        if "\n" in before or "#" in before:
            return _change_inside(before, {(): value})
        return _rewrite_strings(before, now, value)
    return _write(value)


def _rewrite_strings(before: str, now: Sequence[str], value: Sequence[str]) -> str:
    """Write a list on one line: its spacing stays, and the quotes of the strings that stay."""
    tokens = list(STRING.finditer(before))
    written = {item: token[0] for item, token in zip(now, tokens)}
    if not value:
        return "[]"
    between = before[tokens[0].end() : tokens[1].start()] if len(tokens) > 1 else ", "
    items = between.join(written.get(item) or write_string(item) for item in value)
    return before[: tokens[0].start()] + items + before[tokens[-1].end() :]


def _change_inside(before: str, changes: Mapping[Place, object]) -> str:
    """Change tables and lists inside a value; tomlkit keeps comments and spacing where it can."""
    from ...vendor.lib import tomlkit  # here, because few edits need it

    source = before.replace("\r\n", "\n")
    wanted = load_toml(f"value = {source}")
    document: Any = tomlkit.parse(f"value = {source}")
    for place, value in changes.items():
        path: Place = ("value", *place)
        _assign(wanted, path, list(value) if isinstance(value, tuple) else value)
        _assign_kept(document, path, value)
    after = str(document.as_string())
    if load_toml(after) == wanted:
        return after[len("value = ") :]
    return write_inline(wanted["value"])


def _assign(tree: Any, path: Place, value: object) -> None:
    *parents, last = (step - 1 if isinstance(step, int) else step for step in path)
    for step in parents:
        tree = tree.setdefault(step, {}) if isinstance(tree, dict) else tree[step]
    tree[last] = value


def _assign_kept(tree: Any, path: Place, value: object) -> None:
    from ...vendor.lib import tomlkit
    from ...vendor.lib.tomlkit.items import String

    *parents, last = (step - 1 if isinstance(step, int) else step for step in path)
    for step in parents:
        if isinstance(step, str) and step not in tree:
            tree[step] = tomlkit.inline_table()
        tree = tree[step]
    before: Any = tree[last] if isinstance(last, int) or last in tree else None
    if isinstance(value, tuple) and isinstance(before, list):
        for index in reversed(range(len(before))):
            if before[index] not in value:
                del before[index]
        for index, item in enumerate(value):
            if index >= len(before) or before[index] != item:
                before.insert(index, item)
        if list(before) == list(value):
            return
    like = before.as_string() if isinstance(before, String) else ""
    text = write_string(value, like) if isinstance(value, str) else _write(value)
    tree[last] = tomlkit.value(text)


def _write(value: object) -> str:
    if isinstance(value, tuple):
        return write_strings(value)
    return write_inline(value)


def _start(each: Splice) -> int:
    return each.start
