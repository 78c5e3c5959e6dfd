"""Reads, writes and edits our properties of a page, among the user's own."""

from __future__ import annotations

import re
from collections.abc import Set
from dataclasses import dataclass, replace

from .property_editor import PropertyEditor, read_list
from .told import TOLD_KINDS, write_told
from .yaml_text import (
    Mapping,
    PropertiesError,
    read_mapping,
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
_GUID = re.compile(r"""^anki_guid:[ \t]+"([^"\\\n\ud800-\udfff]*)"[ \t]*\r?$""", re.M)
_HALF = re.compile(r"[\ud800-\udfff]")  # one of two codes of a character: no text by itself
_OPENING = re.compile(r"\ufeff?---[ \t]*\r?\n")
_CLOSING = re.compile(r"^---[ \t]*\r?$", re.M)


@dataclass(frozen=True)
class OwnProperties:
    """The properties that Ankivault writes. ``anki_tags`` only when ``tags`` is not exact.

    ``told`` are keys and values of those that only tell something, see ``told.py``.
    """

    note_id: int
    guid: str
    deck: str
    notetype: str
    tags: tuple[str, ...]
    anki_tags: tuple[str, ...] | None
    aliases: tuple[str, ...]
    told: tuple[tuple[str, str], ...] = ()

    @property
    def keys(self) -> set[str]:
        """The keys that are ours on this page."""
        return {*OWN_KEYS, *(key for key, _ in self.told)}


@dataclass(frozen=True)
class FoundProperties:
    """The values found under our keys, with the user's own tags and aliases.

    A missing key and a useless value give nothing. ``other_keys`` are all keys that are not ours on
    every page; ``told`` has the values under those that may be ours.
    """

    note_id: int | None
    guid: str | None
    deck: str | None
    notetype: str | None
    tags: tuple[str, ...]
    anki_tags: tuple[str, ...] | None
    aliases: tuple[str, ...]
    other_keys: tuple[str, ...]
    told: tuple[tuple[str, str], ...] = ()


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
    return "\n".join(lines) + "\n" + write_told(own.told)


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

    Raises ``PropertiesError`` when the YAML does not parse, is no mapping, or has a key twice, and
    when one of our values is no text: half a character, which YAML can spell.
    """
    mapping = read_mapping(front_matter or "")
    found = _read_found(mapping)
    ours = (found.guid, found.deck, found.notetype, *found.tags, *(found.anki_tags or ()))
    if "\\" in (front_matter or "") and any(_HALF.search(value or "") for value in ours):
        _refuse_half(front_matter or "", mapping)
    return found


def _refuse_half(front_matter: str, mapping: Mapping) -> None:
    for entry in mapping.entries:
        values = (entry.value.text, *(item.text for item in entry.value.items or ()))
        if entry.key in OWN_KEYS and any(_HALF.search(value or "") for value in values):
            line = front_matter.count("\n", 0, entry.start) + 2
            words = f"“{entry.key}” has a code that is no character by itself"
            raise PropertiesError(line, f"{words}; write the character itself")


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
        tags=tuple(read_list(mapping.find(TAGS), r"[,\s]+")),
        anki_tags=tuple(read_list(anki_tags, r"\s+")) if anki_tags else None,
        aliases=tuple(read_list(mapping.find(ALIASES), ",")),
        other_keys=tuple(e.key for e in mapping.entries if e.key not in OWN_KEYS),
        told=tuple((key, value) for key in TOLD_KINDS if (value := text(key)) is not None),
    )


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
    editor = PropertyEditor(front_matter, newline, OWN_KEYS)
    editor.set_text(NOTE_ID, str(own.note_id), str(own.note_id))
    editor.set_text(GUID, own.guid, write_quoted(own.guid))
    editor.set_text(DECK, own.deck, write_string(own.deck))
    editor.set_text(NOTETYPE, own.notetype, write_string(own.notetype))
    old = previous.tags if previous else ()
    editor.merge_list(TAGS, own.tags, old, fold_tag, r"[,\s]+")
    editor.set_list(ANKI_TAGS, own.anki_tags or (), r"\s+")
    old = previous.aliases if previous else ()
    editor.merge_list(ALIASES, own.aliases, old, str, ",")
    before = dict(previous.told) if previous else {}
    for key, value in own.told:
        editor.set_told(key, value, was_ours=key in before)
    for key in before.keys() - own.keys:
        editor.remove(key)
    edited = editor.apply()
    if edited != front_matter:
        _check_edit(edited, own, editor.mapping, front_matter, own.keys | before.keys())
    return edited


def claim_guid(front_matter: str, guid: str, newline: str = "\n") -> str:
    """Write this guid into the lines between the fences; everything else stays byte for byte.

    Raises ``PropertiesError`` when the lines cannot be read or changed safely.
    """
    if front_matter and not front_matter.endswith("\n"):
        front_matter += newline
    editor = PropertyEditor(front_matter, newline, OWN_KEYS)
    editor.set_text(GUID, guid, write_quoted(guid))
    edited = editor.apply()
    after = read_mapping(edited)
    ours = {*OWN_KEYS}
    kept = _user_slices(after, edited, ours) == _user_slices(editor.mapping, front_matter, ours)
    if _read_found(after) != replace(_read_found(editor.mapping), guid=guid) or not kept:
        raise PropertiesError(2, "our properties could not be changed safely")
    return edited


def fold_tag(tag: str) -> str:
    """The same for tags that are one tag to Obsidian."""
    return tag.lstrip("#").casefold()


def _check_edit(
    edited: str, own: OwnProperties, before: Mapping, text: str, ours: Set[str]
) -> None:
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
        and set(own.told) <= set(found.told)
    )
    if not right or _user_slices(mapping, edited, ours) != _user_slices(before, text, ours):
        raise PropertiesError(2, "our properties could not be changed safely")


def _user_slices(mapping: Mapping, text: str, ours: Set[str]) -> list[str]:
    return [text[e.start : e.value.end] for e in mapping.entries if e.key not in ours]
