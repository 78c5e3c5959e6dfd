"""Draws ``docs/rooms.svg`` from the code: its rooms, what each is for, and which uses which.

A room is a package. It uses only what stands in rows below it; an arrow that other arrows already
tell is left out.
"""

from __future__ import annotations

import ast
import sys
import textwrap
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import escape
from pathlib import Path

import grimp

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "docs" / "rooms.svg"
HOUSE = "ankivault"
LEFT_OUT = {f"{HOUSE}.{name}" for name in ("__main__", "bench")}
OPENED = {HOUSE, *(f"{HOUSE}.{room}" for room in ("ui", "sync", "convert"))}
OPENED |= {f"{HOUSE}.sync.vault", f"{HOUSE}.sync.deck"}

GAP, ROW_GAP, PAD, HEAD = 14, 30, 12, 40  # between boxes, between rows, inside a box, its name
ROOM_WIDTH, LINE, LETTER = 152, 14, 6.0
COLOURS = ("#ffffff", "#f3f5f9", "#e6ebf4", "#d9e1ef")

Arrow = tuple[str, str]  # who uses whom


@dataclass(frozen=True)
class Box:
    """A room or a file as it is drawn, with what stands in it; places are inside its parent."""

    name: str
    words: tuple[str, ...]
    width: float
    height: float
    inside: tuple[tuple[float, float, Box], ...] = ()
    arrows: tuple[Arrow, ...] = ()


def draw() -> str:
    """The drawing of the code as it is now."""
    graph = grimp.build_graph(HOUSE, cache_dir=None)
    house = _measure(graph, HOUSE)
    size = f'width="{house.width:.0f}" height="{house.height:.0f}"'
    view = f'viewBox="0 0 {house.width:.0f} {house.height:.0f}"'
    head = f'<svg xmlns="http://www.w3.org/2000/svg" {size} {view} font-family="sans-serif">'
    tip = '<marker id="tip" markerWidth="7" markerHeight="7" refX="6" refY="3" orient="auto">'
    tip += '<path d="M0,0 L6,3 L0,6 z" fill="#6b7a99"/></marker>'
    return "\n".join((head, f"<defs>{tip}</defs>", *_paint(house, 0, 0, 0), "</svg>", ""))


def _measure(graph: grimp.ImportGraph, module: str) -> Box:
    name = module.rpartition(".")[2]
    if module not in OPENED:
        is_room = bool(graph.find_children(module)) or module == f"{HOUSE}.vendor"
        words = tuple(textwrap.wrap(_first_sentence(module), 25)) if is_room else ()
        width = ROOM_WIDTH if is_room else len(name) * 7.5 + 2 * PAD
        return Box(name, words, width, HEAD - 10 + len(words) * LINE)
    children = sorted(graph.find_children(module) - LEFT_OUT)
    uses = {child: _used_siblings(graph, child, children) for child in children}
    rows = _rows(uses)
    boxes = {child: _measure(graph, child) for child in children}
    widths = [sum(boxes[c].width for c in row) + GAP * (len(row) - 1) for row in rows]
    about = _first_sentence(module)
    width = max(*widths, 1.4 * LETTER * len(name) + LETTER * len(about)) + 2 * PAD
    top, inside = float(HEAD), []
    for row, row_width in zip(rows, widths):
        left = (width - row_width) / 2
        for child in row:
            inside.append((left, top, boxes[child]))
            left += boxes[child].width + GAP
        top += max(boxes[child].height for child in row) + ROW_GAP
    arrows = tuple(
        (one.rpartition(".")[2], other.rpartition(".")[2]) for one, other in _needed_arrows(uses)
    )
    return Box(name, (about,), width, top - ROW_GAP + PAD, tuple(inside), arrows)


def _used_siblings(graph: grimp.ImportGraph, child: str, children: Iterable[str]) -> set[str]:
    return {
        other
        for other in children
        if other != child
        and graph.direct_import_exists(importer=child, imported=other, as_packages=True)
    }


def _rows(uses: dict[str, set[str]]) -> list[list[str]]:
    """The rooms in rows, from the top; each uses only what stands in rows below its own."""
    users = {room: [other for other in uses if room in uses[other]] for room in uses}
    depth: dict[str, int] = {}

    def measure(room: str) -> int:
        if room not in depth:
            depth[room] = 1 + max(map(measure, users[room]), default=-1)
        return depth[room]

    deepest = max(map(measure, uses))
    rows = [sorted(r for r in uses if depth[r] == d) for d in range(deepest + 1)]
    places: dict[str, float] = {}
    for row in rows:  # each room stands below those that use it
        row.sort(key=lambda room: _mean(places[user] for user in users[room]))
        places.update({room: (number + 0.5) / len(row) for number, room in enumerate(row)})
    return rows


def _mean(numbers: Iterable[float]) -> float:
    values = list(numbers)
    return sum(values) / len(values) if values else 0.5


def _needed_arrows(uses: dict[str, set[str]]) -> Iterator[Arrow]:
    """All but those that go the same way as others one after the other."""
    for room, used in uses.items():
        for other in sorted(used):
            if not any(other in _reached(uses, between) for between in used - {other}):
                yield room, other


def _reached(uses: dict[str, set[str]], room: str) -> set[str]:
    reached = set(uses[room])
    for used in uses[room]:
        reached |= _reached(uses, used)
    return reached


def _first_sentence(module: str) -> str:
    path = ROOT.joinpath(*module.split(".")[1:])
    file = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
    words = ast.get_docstring(ast.parse(file.read_text(encoding="utf-8"))) or ""
    return " ".join(words.split("\n\n")[0].split()).partition(". ")[0].rstrip(".")


def _paint(box: Box, left: float, top: float, depth: int) -> Iterator[str]:
    place = f'x="{left:.1f}" y="{top:.1f}" width="{box.width:.1f}" height="{box.height:.1f}"'
    yield f'<rect {place} rx="6" fill="{COLOURS[min(depth, 3)]}" stroke="#8a98b5"/>'
    centre = left + box.width / 2
    if box.inside:
        name = f'<tspan font-weight="bold">{escape(box.name)}</tspan>'
        words = f'<tspan font-size="11" dx="8">{escape(" ".join(box.words))}</tspan>'
        yield f'<text x="{left + PAD:.1f}" y="{top + 22:.1f}" font-size="14">{name}{words}</text>'
    else:
        weight = "bold" if box.words else "normal"
        place = f'x="{centre:.1f}" y="{top + 19:.1f}" text-anchor="middle"'
        yield f'<text {place} font-size="12" font-weight="{weight}">{escape(box.name)}</text>'
        for number, line in enumerate(box.words):
            place = f'x="{centre:.1f}" y="{top + 34 + number * LINE:.1f}" text-anchor="middle"'
            yield f'<text {place} font-size="10.5">{escape(line)}</text>'
    places = {inner.name: (left + x, top + y, inner) for x, y, inner in box.inside}
    for one, other in box.arrows:
        yield _paint_arrow(places[one], places[other])
    for x, y, inner in places.values():
        yield from _paint(inner, x, y, depth + 1)


def _paint_arrow(one: tuple[float, float, Box], other: tuple[float, float, Box]) -> str:
    """From the foot of one box to the head of the other, behind all boxes between them."""
    start = f'x1="{one[0] + one[2].width / 2:.1f}" y1="{one[1] + one[2].height:.1f}"'
    end = f'x2="{other[0] + other[2].width / 2:.1f}" y2="{other[1] - 1:.1f}"'
    return f'<line {start} {end} stroke="#6b7a99" stroke-width="1.2" marker-end="url(#tip)"/>'


if __name__ == "__main__":
    TARGET.write_text(draw(), encoding="utf-8")
    print(TARGET.relative_to(ROOT), file=sys.stderr)
