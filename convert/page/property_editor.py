"""Changes values in the lines between the fences of a page; every other byte stays."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from .told import is_ours
from .yaml_text import (
    Entry,
    PropertiesError,
    Span,
    comment_after,
    line_start,
    next_line,
    read_mapping,
    walk_spans,
    write_string,
)

_COMMA = re.compile(r"[ \t]*,[ \t]*")


def read_list(entry: Entry | None, separator: str) -> list[str]:
    """The values of a list, or of a string that Obsidian reads as a list."""
    if entry is None:
        return []
    if entry.value.items is not None:
        return [item.text for item in entry.value.items if item.text]
    return [part.strip() for part in re.split(separator, entry.value.text or "") if part.strip()]


class PropertyEditor:
    """Collects changes to a mapping's text. No two changes overlap.

    New keys are written after the last one of ``own_keys``.
    """

    def __init__(self, text: str, newline: str, own_keys: Sequence[str]) -> None:
        self.text = text
        self.newline = newline
        self.mapping = read_mapping(text)
        self._indent = " " * self.mapping.indent
        self._edits: list[tuple[int, int, str]] = []
        self._missing: list[str] = []
        self._ours = {*own_keys}

    def set_text(self, key: str, value: str, written: str) -> None:
        """Set a plain value, as it is ``written`` in YAML; one that is right keeps its spelling."""
        entry = self.mapping.find(key)
        if entry is None:
            self._missing.append(f"{self._indent}{key}: {written}")
        elif entry.value.text is None:
            raise PropertiesError(self._line(entry.start), f"“{key}” is not a plain value")
        elif entry.value.text != value or entry.value.is_null:
            self._replace(entry.value, written)

    def set_told(self, key: str, value: str, *, was_ours: bool) -> None:
        """Set a value that only tells something; one that a person put there is not replaced."""
        entry = self.mapping.find(key)
        if entry is not None and not was_ours:
            there = entry.value.text
            if not entry.value.is_null and (there is None or not is_ours(key, there)):
                own = f"“{key}” holds a value of your own: give your property another name"
                raise PropertiesError(self._line(entry.start), own)
        self._ours.add(key)
        self.set_text(key, value, value)

    def remove(self, key: str) -> None:
        """Remove a value of ours with its key; a key with a comment beside it stays, empty."""
        entry = self.mapping.find(key)
        if entry is not None and entry.value.text is not None and is_ours(key, entry.value.text):
            self._remove(entry, "")

    def set_list(self, key: str, values: Sequence[str], separator: str) -> None:
        """Set a list that is ours alone."""
        self.merge_list(key, values, read_list(self.mapping.find(key), separator), str, separator)

    def merge_list(
        self,
        key: str,
        wanted: Sequence[str],
        previous: Sequence[str],
        fold: Callable[[str], str],
        separator: str,
    ) -> None:
        """Add to a list what is ``wanted`` and take out the rest of the ``previous``; others stay.

        Entries are the same when ``fold`` says so.
        """
        entry = self.mapping.find(key)
        if entry is None:
            self._add_list(key, wanted)
            return
        keep = {fold(value) for value in wanted}
        drop = {fold(value) for value in previous} - keep
        respelled = set(previous) - set(wanted)

        def dropped(value: str) -> bool:
            return value in respelled or fold(value) in drop

        present = read_list(entry, separator)
        whole = entry.value.text
        if whole and fold(whole) in keep | drop:
            present = [whole]
        left = [value for value in present if not dropped(value)]
        there = {fold(value) for value in left}
        added = [value for value in wanted if fold(value) not in there]
        if not added and len(left) == len(present):
            return
        if entry.value.items is not None:
            self._edit_items(entry, dropped, added)
        elif entry.value.text is not None:
            self._rewrite_string(entry, left + added)
        else:
            raise PropertiesError(self._line(entry.start), f"“{key}” is not a list")

    def apply(self) -> str:
        """The text with all changes made."""
        if self._missing:
            ours = [e.value.end for e in self.mapping.entries if e.key in self._ours]
            at = next_line(self.text, max(ours)) if ours else 0
            lines = "".join(line + self.newline for line in self._missing)
            self._edits.append((at, at, lines))
        parts: list[str] = []
        done = 0
        for start, end, text in sorted(self._edits, key=lambda edit: edit[:2]):
            parts += (self.text[done:start], text)
            done = max(done, end)
        return "".join(parts) + self.text[done:]

    def _add_list(self, key: str, values: Sequence[str]) -> None:
        if values:
            self._missing.append(f"{self._indent}{key}:")
            self._missing += [f"{self._indent}  - {write_string(value)}" for value in values]

    def _replace(self, value: Span, written: str) -> None:
        space = " " if self.text[value.start - 1 : value.start] == ":" else ""
        self._edits.append((value.start, value.end, space + written))

    def _rewrite_string(self, entry: Entry, values: Sequence[str]) -> None:
        if not values:
            self._remove(entry)
        elif entry.value.is_null and entry.value.start == entry.value.end:
            at = next_line(self.text, entry.value.end)
            items = (f"{self._indent}  - {write_string(value)}{self.newline}" for value in values)
            self._edits.append((at, at, "".join(items)))
        else:
            self._replace(entry.value, self._write_brackets(values))

    def _edit_items(self, entry: Entry, dropped: Callable[[str], bool], added: list[str]) -> None:
        items = entry.value.items or ()
        gone = [item for item in items if item.text and dropped(item.text)]
        if len(gone) == len(items) and items and not added:
            self._remove(entry)
            return
        if entry.value.brackets:
            self._edit_brackets(entry.value, gone, added)
            return
        for item in gone:
            self._remove_item(item)
        if not added:
            return
        last = items[-1]
        dash = self.text[line_start(self.text, last.start) : last.start]
        if dash.strip() not in ("-", ""):
            raise PropertiesError(self._line(last.start), f"“{entry.key}” is not a simple list")
        indent = dash[: len(dash) - len(dash.lstrip())]
        at = next_line(self.text, last.end)
        lines = (f"{indent}- {write_string(value)}{self.newline}" for value in added)
        self._edits.append((at, at, "".join(lines)))

    def _remove_item(self, item: Span) -> None:
        text = self.text
        start, end = line_start(text, item.start), next_line(text, item.end)
        comment = comment_after(text, item.end)
        indent = text[start : item.start].partition("-")[0]
        kept = f"{indent}{comment}{self.newline}" if comment else ""
        self._edits.append((start, end, kept))

    def _edit_brackets(self, value: Span, gone: Sequence[Span], added: Sequence[str]) -> None:
        text, items = self.text, value.items or ()
        left = [text[item.start : item.end] for item in items if item not in gone]
        written = [write_string(name, in_brackets=True) for name in added]
        if not re.search(r"[\n#]", text[value.start : value.end]):
            self._edits.append((value.start, value.end, f"[{', '.join(left + written)}]"))
            return
        if written:
            at = value.start + 1
            self._edits.append((at, at, ", ".join(written) + (", " if left else "")))
        for item in gone:
            after = _COMMA.match(text, item.end)
            self._edits.append((item.start, after.end() if after else item.end, ""))

    def _remove(self, entry: Entry, empty: str = "[]") -> None:
        """Remove a key and its value. A comment in it stays, and then the key stays too."""
        text = self.text
        start, end = line_start(text, entry.start), next_line(text, entry.value.end)
        between, at = "", start
        for span in walk_spans(entry):
            between += text[at : span.start]
            at = span.end
        if "#" not in between + text[at:end]:
            self._edits.append((start, end, ""))
        elif entry.value.items is None or entry.value.brackets:
            self._replace(entry.value, empty)
        else:
            for item in entry.value.items:
                self._remove_item(item)

    def _write_brackets(self, values: Sequence[str]) -> str:
        return "[" + ", ".join(write_string(value, in_brackets=True) for value in values) + "]"

    def _line(self, at: int) -> int:
        return self.text.count("\n", 0, at) + 2
