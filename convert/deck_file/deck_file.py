"""Reads and writes whole deck files. Text is UTF-8, with its line endings and its BOM."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from .check import Definitions, Finding, build_definitions
from .definition import DeckFile, Problem
from .headers import MISPLACED, mend_headers
from .items import Layout, Place, find_item_lines
from .new_text import deck_text, media_text, model_text, note_text, package_text
from .rules import check_rules
from .toml_errors import set_aside_broken
from .toml_faults import explain_fault
from .toml_read import BOM, BrokenToml, load_toml

__all__ = ["read_deck", "write_deck"]

_EMPTY = (
    "There is nothing in the file. A deck file begins with [package] and a line "
    'name = "…" below it; a deck of Anki can be written to a new file, as one to begin with'
)


def read_deck(text: str) -> tuple[DeckFile | None, list[Problem]]:
    """The deck in ``text``, and all problems in the order of the lines.

    There is no deck when the file as a whole is unclear: broken TOML, a value of the wrong type, a
    missing required key. When a deck comes with errors, ``Problem.note`` tells which notes cannot
    be used. Never raises.
    """
    text = text[1:] if text.startswith(BOM) else text
    try:
        document = load_toml(text)
    except BrokenToml as error:
        return None, _explain_headers(text) or _explain_broken(text, error)
    if not document:
        return None, [Problem("error", _EMPTY, 1)]
    made, findings = _check(text, document)
    wrong = _explain_headers(text) if findings else []
    if wrong:
        return None, wrong
    if not made.fits:
        return None, _locate(text, findings)
    deck = DeckFile(
        made.package, tuple(made.models), tuple(made.decks), tuple(made.notes), tuple(made.media)
    )
    return deck, _locate(text, findings)


def write_deck(deck: DeckFile) -> str:
    """A new file that `read_deck` reads as ``deck``. The same deck always gives the same text."""
    parts = [package_text(deck.package)]
    parts.extend(model_text(model) for model in deck.models)
    parts.extend(deck_text(each) for each in deck.decks)
    parts.extend(note_text(note) for note in deck.notes)
    parts.extend(media_text(media) for media in deck.media)
    return "\n".join(parts)


def _explain_headers(text: str) -> list[Problem]:
    """The problems of the headers and of the rest; empty when all headers are right."""
    mended, wrong = mend_headers(text)
    if not wrong:
        return []
    problems = [Problem("error", *each) for each in wrong]
    lines, notes = {each.line for each in wrong}, {each.note for each in wrong if each.note}
    for problem in read_deck(mended)[1]:
        if not (problem.line in lines or problem.note in notes or MISPLACED in problem.message):
            problems.append(problem)
    return sorted(problems, key=_line)


def _check(
    text: str, document: Mapping[str, Any], unsure: Collection[str] = ()
) -> tuple[Definitions, list[Finding]]:
    findings: list[Finding] = []

    def lines(kind: str) -> list[int]:
        return find_item_lines(text, kind, len(document[kind]))

    made = build_definitions(document, lines, findings)
    faulty = {finding.place for finding in findings}
    unsure = {*unsure, *(str(place[0]) for place in faulty if len(place) == 1)}
    findings.extend(
        finding
        for finding in check_rules(made, unsure)
        if not any(finding.place[:depth] in faulty for depth in range(2, len(finding.place) + 1))
    )
    return made, findings


def _explain_broken(text: str, error: BrokenToml) -> list[Problem]:
    """The parts that cannot be read, and the problems of the rest."""
    rest, broken = set_aside_broken(text)
    if not broken:
        fault = explain_fault(text.split("\n"), error)
        return [Problem("error", fault.message, fault.line)]
    problems = [
        Problem("error", message, line, number if kind == "notes" else None)
        for kind, number, message, line in broken
    ]
    try:
        document = load_toml(rest)
    except BrokenToml:
        return problems
    items: set[Place] = {(kind, number) for kind, number, _, _ in broken}
    kinds = {kind for kind, _ in items}
    unsure = ["models", "decks"] if "" in kinds else [str(kind) for kind in kinds]
    _, findings = _check(rest, document, unsure)
    if kinds & {"", "package"}:
        items |= {("package",), ("package", "name")}
    problems += _locate(rest, [each for each in findings if each.place[:2] not in items])
    return sorted(problems, key=_line)


def _locate(text: str, findings: list[Finding]) -> list[Problem]:
    layout = Layout(text)
    problems = [
        Problem(level, message, layout.find_line(place), _note_at(place))
        for level, message, place in findings
    ]
    return sorted(problems, key=_line)


def _note_at(place: Place) -> int | None:
    if place[:1] == ("notes",) and len(place) > 1 and isinstance(place[1], int):
        return place[1]
    return None


def _line(problem: Problem) -> int:
    return problem.line
