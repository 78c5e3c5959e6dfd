"""Keeps of a text only what stands in Ankivault's own code: nothing of a person can be in it.

All texts of the code are read, with gaps where something is filled in: ``“{name}” is linked.`` A
text for a report is replaced by the one that it was made from, with ``…`` in the gaps. What is
written comes from the code alone, whatever the text was: so nothing else can get into a report.
"""

from __future__ import annotations

import ast
import builtins
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Optional

GAP = "…"
_LEAST = 8  # letters that a known text must have, or it says nothing
_DEPTH = 3  # how far a gap is looked into: messages are made of sentences
_FILLED = re.compile(r"\{[^{}]*\}")
_SENTENCE = re.compile(r"(?<=[.:?!])\s+|\n+")
_FRAME = re.compile(r'\s*File "([^"\n]*)", line (\d+)')
_ERROR = re.compile(r"(?:[a-z_]+\.)*(\w+)(?::|\Z)")
_STAMP = re.compile(r"(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d),\d+:(DEBUG|INFO|WARNING|ERROR|CRITICAL):")

Parts = tuple[str, ...]  # what stands before, between and after the gaps


@dataclass(frozen=True)
class KnownTexts:
    """The texts of the code in ``root``, the names of its files, and of its errors."""

    root: Path
    folders: tuple[str, ...] = ("cli", "convert", "model", "sync", "ui")

    @cached_property
    def _trees(self) -> dict[str, ast.AST]:
        """Each file of the code by its path. Reading all takes about a second."""
        found: dict[str, ast.AST] = {}
        for folder in self.folders:
            for file in sorted((self.root / folder).rglob("*.py")):
                name = file.relative_to(self.root).as_posix()
                found[name] = ast.parse(file.read_text(encoding="utf-8"))
        return found

    @cached_property
    def _texts(self) -> tuple[Parts, ...]:
        """All texts with gaps, those with the most letters first."""
        found = {parts for tree in self._trees.values() for parts in _find_texts(tree)}
        return tuple(sorted(found, key=lambda parts: (-_weigh(parts), parts)))

    @cached_property
    def _errors(self) -> frozenset[str]:
        ours = {
            node.name
            for tree in self._trees.values()
            for node in ast.walk(tree)
            if isinstance(node, ast.ClassDef)
        }
        usual = {name for name in vars(builtins) if name[:1].isupper()}
        return frozenset(ours | usual | _USUAL)

    def redact(self, text: str) -> str:
        """``text`` as it stands in the code, with ``…`` for all else; only ``…`` if it does not."""
        whole = self._match(text.strip(), _DEPTH)
        if whole:
            return whole
        told: list[str] = []
        for sentence in _SENTENCE.split(text.strip()):
            known = self._match(sentence.strip(), _DEPTH) or GAP
            if known != GAP or told[-1:] != [GAP]:
                told.append(known)
        return " ".join(told)

    def _match(self, text: str, depth: int) -> str:
        """The known text that ``text`` was made from; empty if there is none."""
        if not text or not depth:
            return ""
        for parts in self._texts:
            gaps = _find_gaps(parts, text)
            if gaps is not None:
                filled = (self._match(gap.strip(), depth - 1) or GAP for gap in gaps)
                return parts[0] + "".join(gap + part for gap, part in zip(filled, parts[1:]))
        return ""

    def redact_log(self, lines: Iterable[str]) -> Iterator[str]:
        """Lines of a log: times, levels, known texts, and places in the code."""
        skipped = False
        for line in lines:
            told = self._redact_line(line)
            if told:
                yield told
            elif not skipped:
                yield f"    {GAP}"
            skipped = not told

    def _redact_line(self, line: str) -> str:
        stamp = _STAMP.match(line)
        if stamp:
            message = line[stamp.end() :].partition(": ")[2]
            return f"{stamp[1]} {stamp[2]} {self.redact(message)}"
        frame = _FRAME.match(line)
        if frame:
            path = frame[1].replace("\\", "/")
            ours = next((name for name in self._trees if path.endswith(f"/{name}")), "")
            return f"    {ours}, line {frame[2]}" if ours else ""
        error = _ERROR.match(line)
        if error and error[1] in self._errors:
            text = line[error.end() :].strip()
            return f"{error[1]}: {self.redact(text)}" if text else error[1]
        return ""


# Errors of others that are met often.
_USUAL = frozenset(
    "DatabaseError IntegrityError OperationalError JSONDecodeError DBError NotFoundError "
    "InvalidInput NetworkError SyncError BackendError TemplateError SearchError PanicException "
    "ConnectionError SSLError ReadTimeout ParserError ScannerError YAMLError "
    "TOMLDecodeError".split()
)


def _find_texts(tree: ast.AST) -> Iterator[Parts]:
    """The texts of a file that say enough, with gaps where something is filled in."""
    within = {
        id(value)
        for node in ast.walk(tree)
        if isinstance(node, ast.JoinedStr)
        for value in node.values
    }
    for node in ast.walk(tree):
        parts: Optional[Parts] = None
        if isinstance(node, ast.JoinedStr):
            parts = _cut(node)
        elif isinstance(node, ast.Constant) and id(node) not in within:
            text = node.value if isinstance(node.value, str) else ""
            parts = tuple(_FILLED.split(text)) if " " in text else None
        if parts and _weigh(parts) >= _LEAST:
            yield parts


def _cut(text: ast.JoinedStr) -> Parts:
    """What stands before, between and after the gaps of an f-string."""
    parts = [""]
    for value in text.values:
        if isinstance(value, ast.Constant):
            parts[-1] += str(value.value)
        elif parts[-1] or len(parts) == 1:
            parts.append("")
    return tuple(parts)


def _weigh(parts: Parts) -> int:
    return sum(letter.isalpha() for part in parts for letter in part)


def _find_gaps(parts: Parts, text: str) -> Optional[list[str]]:
    """What fills the gaps if ``text`` was made from these parts; ``None`` if it was not."""
    first, last = parts[0], parts[-1]
    if len(parts) == 1:
        return [] if text == first.strip() else None
    end = len(text) - len(last)
    if not text.startswith(first) or not text.endswith(last) or end < len(first):
        return None
    gaps, at = [], len(first)
    for part in parts[1:-1]:
        found = text.find(part, at, end)
        if found < 0:
            return None
        gaps.append(text[at:found])
        at = found + len(part)
    return [*gaps, text[at:end]]
