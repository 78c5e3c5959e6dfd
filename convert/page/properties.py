"""Reads, writes and edits our properties of a page, among the user's own."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from .yaml_text import (
    Entry,
    Mapping,
    PropertiesError,
    Span,
    comment_after,
    line_start,
    next_line,
    read_mapping,
    walk_spans,
    write_quoted,
    write_string,
)

__all__ = [
    "FoundProperties",
    "OwnProperties",
    "PropertiesError",
    "claim_guid",
    "edit_properties",
    "find_guid",
    "find_note_id",
    "names_notetype",
    "read_own",
    "write_new",
]

NOTE_ID, GUID, DECK, NOTETYPE = "anki_note_id", "anki_guid", "anki_deck", "anki_note_type"
TAGS, ANKI_TAGS, ALIASES = "tags", "anki_tags", "aliases"
OWN_KEYS = (NOTE_ID, GUID, DECK, NOTETYPE, TAGS, ANKI_TAGS, ALIASES)

_NOTE_ID = re.compile(
    r"""^["']?anki_note_id["']?[ \t]*:[ \t]+(["']?)([0-9]{1,18})\1[ \t]*(?:#.*)?\r?$""", re.M
)
_NOTETYPE = re.compile(r"""^["']?anki_note_type["']?[ \t]*:[ \t]*[^\s#]""", re.M)
_GUID = re.compile(r"""^anki_guid:[ \t]+"([^"\\\n]*)"[ \t]*\r?$""", re.M)
_OPENING = re.compile(r"\ufeff?---[ \t]*\r?\n")
_COMMA = re.compile(r"[ \t]*,[ \t]*")
_CLOSING = re.compile(r"^---[ \t]*\r?$", re.M)


@dataclass(frozen=True)
class OwnProperties:
    """The properties that Ankivault writes. ``anki_tags`` only when ``tags`` is not exact."""

    note_id: int
    guid: str
    deck: str
    notetype: str
    tags: tuple[str, ...]
    anki_tags: tuple[str, ...] | None
    aliases: tuple[str, ...]


@dataclass(frozen=True)
class FoundProperties:
    """The values found under our keys, with the user's own tags and aliases.

    A missing key and a useless value give nothing. ``other_keys`` are all keys that are not ours.
    """

    note_id: int | None
    guid: str | None
    deck: str | None
    notetype: str | None
    tags: tuple[str, ...]
    anki_tags: tuple[str, ...] | None
    aliases: tuple[str, ...]
    other_keys: tuple[str, ...]


def write_new(own: OwnProperties) -> str:
    """The lines between the fences of a new page. YAML 1.1 and 1.2 read them in the same way."""
    lines = [
        f"{NOTE_ID}: {own.note_id}",
        f"{GUID}: {write_quoted(own.guid)}",
        f"{DECK}: {write_string(own.deck)}",
        f"{NOTETYPE}: {write_string(own.notetype)}",
    ]
    for key, values in ((TAGS, own.tags), (ANKI_TAGS, own.anki_tags), (ALIASES, own.aliases)):
        if values:
            lines.append(f"{key}:")
            lines += [f"  - {write_string(value)}" for value in values]
    return "\n".join(lines) + "\n"


def find_note_id(text: str) -> int | None:
    """The note id in a page's properties; its beginning is enough. Fast: parses no YAML."""
    found = _find_line(_NOTE_ID, text)
    return int(found.group(2)) if found else None


def names_notetype(text: str) -> bool:
    """Whether a page, or its beginning, names its note type. Fast: parses no YAML."""
    return _find_line(_NOTETYPE, text) is not None


def find_guid(text: str) -> str:
    """The guid in the properties of a page; ``""`` when there is none or they cannot be read."""
    found = _find_line(_GUID, text)
    if found:
        return found.group(1)
    opening = _OPENING.match(text)
    closing = _CLOSING.search(text, opening.end()) if opening else None
    if not opening or not closing:
        return ""
    try:
        return read_own(text[opening.end() : closing.start()]).guid or ""
    except PropertiesError:
        return ""


def _find_line(pattern: re.Pattern[str], text: str) -> re.Match[str] | None:
    """The first match of a pattern between the fences."""
    opening = _OPENING.match(text)
    if not opening:
        return None
    closing = _CLOSING.search(text, opening.end())
    return pattern.search(text, opening.end(), closing.start() if closing else len(text))


def read_own(front_matter: str | None) -> FoundProperties:
    """Read our keys in the lines between the fences, if there are any.

    Raises ``PropertiesError`` when the YAML does not parse, is no mapping, or has a key twice.
    """
    return _read_found(read_mapping(front_matter or ""))


def _read_found(mapping: Mapping) -> FoundProperties:
    def text(key: str) -> str | None:
        entry = mapping.find(key)
        return entry.value.text if entry and not entry.value.is_null else None

    note_id = text(NOTE_ID)
    anki_tags = mapping.find(ANKI_TAGS)
    return FoundProperties(
        note_id=int(note_id) if note_id and re.fullmatch("[0-9]{1,18}", note_id) else None,
        guid=text(GUID),
        deck=text(DECK),
        notetype=text(NOTETYPE),
        tags=tuple(_read_list(mapping.find(TAGS), r"[,\s]+")),
        anki_tags=tuple(_read_list(anki_tags, r"\s+")) if anki_tags else None,
        aliases=tuple(_read_list(mapping.find(ALIASES), ",")),
        other_keys=tuple(e.key for e in mapping.entries if e.key not in OWN_KEYS),
    )


def _read_list(entry: Entry | None, separator: str) -> list[str]:
    """The values of a list, or of a string that Obsidian reads as a list."""
    if entry is None:
        return []
    if entry.value.items is not None:
        return [item.text for item in entry.value.items if item.text]
    return [part.strip() for part in re.split(separator, entry.value.text or "") if part.strip()]


def edit_properties(
    front_matter: str, own: OwnProperties, previous: OwnProperties | None, newline: str = "\n"
) -> str:
    """Write our values into the lines between the fences; everything else stays byte for byte.

    A correct value keeps its spelling. In ``tags`` and ``aliases``, entries of ``previous`` that
    are not wanted any more are removed, missing ones are added, and the user's own stay. Raises
    ``PropertiesError`` when the lines cannot be read or changed safely.
    """
    for known in (own, previous):
        if known is not None and front_matter == write_new(known).replace("\n", newline):
            return front_matter if known == own else write_new(own).replace("\n", newline)
    if front_matter and not front_matter.endswith("\n"):
        front_matter += newline
    editor = _Editor(front_matter, newline)
    editor.set_text(NOTE_ID, str(own.note_id), str(own.note_id))
    editor.set_text(GUID, own.guid, write_quoted(own.guid))
    editor.set_text(DECK, own.deck, write_string(own.deck))
    editor.set_text(NOTETYPE, own.notetype, write_string(own.notetype))
    old = previous.tags if previous else ()
    editor.merge_list(TAGS, own.tags, old, fold_tag, r"[,\s]+")
    editor.set_list(ANKI_TAGS, own.anki_tags or (), r"\s+")
    old = previous.aliases if previous else ()
    editor.merge_list(ALIASES, own.aliases, old, str, ",")
    edited = editor.apply()
    if edited != front_matter:
        _check_edit(edited, own, editor.mapping, front_matter)
    return edited


def claim_guid(front_matter: str, guid: str, newline: str = "\n") -> str:
    """Write this guid into the lines between the fences; everything else stays byte for byte.

    Raises ``PropertiesError`` when the lines cannot be read or changed safely.
    """
    if front_matter and not front_matter.endswith("\n"):
        front_matter += newline
    editor = _Editor(front_matter, newline)
    editor.set_text(GUID, guid, write_quoted(guid))
    edited = editor.apply()
    after = read_mapping(edited)
    kept = _user_slices(after, edited) == _user_slices(editor.mapping, front_matter)
    if _read_found(after) != replace(_read_found(editor.mapping), guid=guid) or not kept:
        raise PropertiesError(2, "our properties could not be changed safely")
    return edited


def fold_tag(tag: str) -> str:
    """The same for tags that are one tag to Obsidian."""
    return tag.lstrip("#").casefold()


class _Editor:
    """Collects changes to a mapping's text. No two changes overlap."""

    def __init__(self, text: str, newline: str) -> None:
        self.text = text
        self.newline = newline
        self.mapping = read_mapping(text)
        self._indent = " " * self.mapping.indent
        self._edits: list[tuple[int, int, str]] = []
        self._missing: list[str] = []

    def set_text(self, key: str, value: str, written: str) -> None:
        entry = self.mapping.find(key)
        if entry is None:
            self._missing.append(f"{self._indent}{key}: {written}")
        elif entry.value.text is None:
            raise PropertiesError(self._line(entry.start), f"“{key}” is not a plain value")
        elif entry.value.text != value or entry.value.is_null:
            self._replace(entry.value, written)

    def set_list(self, key: str, values: Sequence[str], separator: str) -> None:
        self.merge_list(key, values, _read_list(self.mapping.find(key), separator), str, separator)

    def merge_list(
        self,
        key: str,
        wanted: Sequence[str],
        previous: Sequence[str],
        fold: Callable[[str], str],
        separator: str,
    ) -> None:
        entry = self.mapping.find(key)
        if entry is None:
            self._add_list(key, wanted)
            return
        keep = {fold(value) for value in wanted}
        drop = {fold(value) for value in previous} - keep
        respelled = set(previous) - set(wanted)

        def dropped(value: str) -> bool:
            return value in respelled or fold(value) in drop

        present = _read_list(entry, separator)
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
            ours = [e.value.end for e in self.mapping.entries if e.key in OWN_KEYS]
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

    def _remove(self, entry: Entry) -> None:
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
            self._replace(entry.value, "[]")
        else:
            for item in entry.value.items:
                self._remove_item(item)

    def _write_brackets(self, values: Sequence[str]) -> str:
        return "[" + ", ".join(write_string(value, in_brackets=True) for value in values) + "]"

    def _line(self, at: int) -> int:
        return self.text.count("\n", 0, at) + 2


def _check_edit(edited: str, own: OwnProperties, before: Mapping, text: str) -> None:
    """Check that the edited lines have the wanted values and the user's keys are unchanged."""
    try:
        mapping = read_mapping(edited)
    except PropertiesError as error:
        raise PropertiesError(2, "our properties could not be changed safely") from error
    found = _read_found(mapping)
    right = (
        (found.note_id, found.guid, found.deck, found.notetype)
        == (own.note_id, own.guid, own.deck, own.notetype)
        and set(found.anki_tags or ()) == set(own.anki_tags or ())
        and {fold_tag(tag) for tag in own.tags} <= {fold_tag(tag) for tag in found.tags}
        and set(own.aliases) <= set(found.aliases)
    )
    if not right or _user_slices(mapping, edited) != _user_slices(before, text):
        raise PropertiesError(2, "our properties could not be changed safely")


def _user_slices(mapping: Mapping, text: str) -> list[str]:
    return [text[e.start : e.value.end] for e in mapping.entries if e.key not in OWN_KEYS]
