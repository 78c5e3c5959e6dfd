"""Builds deck definitions from the plain values of TOML, and reports all that does not fit."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any, Literal, NamedTuple
from unicodedata import normalize

from .definition import (
    DYNAMIC_MODELS,
    CardDef,
    DeckDef,
    MediaDef,
    ModelDef,
    NoteDef,
    Package,
    TemplateDef,
)
from .items import Place


class Finding(NamedTuple):
    """A problem, and its place in the document."""

    level: Literal["error", "warning"]
    message: str
    place: Place


class _Kind(NamedTuple):
    words: str
    fits: Callable[[Any], bool]


class _Key(NamedTuple):
    kind: _Kind
    required: bool = False


_STRING = _Kind("a string in quotes", lambda value: type(value) is str)
_NUMBER = _Kind("a whole number", lambda value: type(value) is int)
_STRINGS = _Kind(
    "a list of strings",
    lambda value: type(value) is list and all(type(item) is str for item in value),
)
_TABLE = _Kind("a table", lambda value: type(value) is dict)
_TABLES = _Kind(
    "a list of tables, each under a header in double brackets",
    lambda value: type(value) is list and all(type(item) is dict for item in value),
)

_Shape = Mapping[str, _Key]
_ROOT: _Shape = {
    "package": _Key(_TABLE, True),
    "models": _Key(_TABLES),
    "decks": _Key(_TABLES),
    "notes": _Key(_TABLES),
    "media": _Key(_TABLES),
}
_PACKAGE: _Shape = {
    "name": _Key(_STRING, True),
    "version": _Key(_STRING),
    "author": _Key(_STRING),
    "description": _Key(_STRING),
    "homepage": _Key(_STRING),
    "optional_tags": _Key(_STRINGS),
}
_MODEL: _Shape = {
    "name": _Key(_STRING, True),
    "id": _Key(_NUMBER),  # other tools write ids; here names identify
    "model_type": _Key(_STRING),
    "fields": _Key(_STRINGS, True),
    "sort_field": _Key(_STRING),
    "markdown_fields": _Key(_STRINGS),
    "css": _Key(_STRING),
    "templates": _Key(_TABLES),
}
_TEMPLATE: _Shape = {
    "name": _Key(_STRING, True),
    "front": _Key(_STRING, True),
    "back": _Key(_STRING, True),
}
_DECK: _Shape = {
    "name": _Key(_STRING, True),
    "id": _Key(_NUMBER),
    "description": _Key(_STRING),
}
_NOTE: _Shape = {
    "deck": _Key(_STRING, True),
    "model": _Key(_STRING, True),
    "tags": _Key(_STRINGS),
    "guid": _Key(_STRING),
    "note_id": _Key(_NUMBER),
    "fields": _Key(_TABLE, True),
    "cards": _Key(_TABLES),
}
_DYNAMIC_NOTE: _Shape = {**_NOTE, "fields": _Key(_TABLE)}
_CARD: _Shape = {"id": _Key(_STRING), "front": _Key(_STRING), "back": _Key(_STRING)}
_MISSING = {  # how to fix it
    ("the file", "package"): '; begin it with [package] and a line name = "…" below',
    ("[[notes]]", "fields"): "; the fields stand below a header of their own, [notes.fields]",
}
_MEDIA: _Shape = {
    "name": _Key(_STRING, True),
    "path": _Key(_STRING, True),
    "sha256": _Key(_STRING),
    "size": _Key(_NUMBER),
}
_SHAPES = (_ROOT, _PACKAGE, _MODEL, _TEMPLATE, _DECK, _NOTE, _CARD, _MEDIA)
KEYS = frozenset(key for shape in _SHAPES for key in shape)  # every name that is not a field's


@dataclass
class Definitions:
    """The definitions made from a document. Missing and wrong values are left empty.

    ``fits``: nothing is missing or wrong.
    """

    fits: bool = True
    package: Package = field(default_factory=lambda: Package(""))
    models: list[ModelDef] = field(default_factory=list)
    decks: list[DeckDef] = field(default_factory=list)
    notes: list[NoteDef] = field(default_factory=list)
    media: list[MediaDef] = field(default_factory=list)


def build_definitions(
    document: Mapping[str, Any], lines: Callable[[str], list[int]], findings: list[Finding]
) -> Definitions:
    """The definitions in ``document``. Everything that does not fit is added to ``findings``.

    ``lines(kind)`` gives the lines of the items of a kind. Fewer lines than items means that the
    items have no headers of their own; they are refused, because write-back could not find them.
    """
    made = Definitions()
    if "cards" in document:
        message = "Cards stand under their note, each with the header [[notes.cards]]"
        findings.append(Finding("error", message, ("cards",)))
        document = {key: value for key, value in document.items() if key != "cards"}
    root = _take(document, _ROOT, (), "the file", findings)
    package: dict[str, Any] = {}
    if "package" in root:
        package = _take(root["package"], _PACKAGE, ("package",), "[package]", findings)
    package["optional_tags"] = tuple(package.get("optional_tags", ()))
    made.package = Package(**{"name": "", **package})
    builders: tuple[tuple[str, Callable[..., Any], list[Any]], ...] = (
        ("models", _build_model, made.models),
        ("decks", _build_deck, made.decks),
        ("notes", _build_note, made.notes),
        ("media", _build_media, made.media),
    )
    for kind, build, into in builders:
        tables = root.get(kind)
        if not tables:
            continue
        at = lines(kind)
        if len(at) != len(tables):
            message = f"Each of the {kind} needs a header of its own, [[{kind}]]"
            findings.append(Finding("error", message, (kind,)))
            continue
        for number, table in enumerate(tables, 1):
            into.append(build(table, number, at[number - 1], findings))
    made.fits = not any(finding.level == "error" for finding in findings)
    return made


def _take(
    table: Mapping[str, Any], shape: _Shape, place: Place, called: str, findings: list[Finding]
) -> dict[str, Any]:
    """The entries of ``table`` with a known key and the right type."""
    taken = {}
    for key, value in table.items():
        expected = shape.get(key)
        if expected is None:
            message = f"“{key}” is not a key of {called}{nearest(key, shape)}"
            findings.append(Finding("warning", message, (*place, key)))
        elif expected.kind.fits(value):
            taken[key] = value
        else:
            message = f"“{key}” must be {expected.kind.words}{_instead(value)}"
            if expected.kind is _STRINGS and type(value) is str:
                message += ': ["one", "two"]'
            findings.append(Finding("error", message, (*place, key)))
    for key, expected in shape.items():
        if expected.required and key not in table:
            message = f"“{key}” is missing in {called}{_MISSING.get((called, key), '')}"
            findings.append(Finding("error", message, (*place, key)))
    return taken


def nearest(name: str, known: Iterable[str]) -> str:
    """The end of a message: a question about the known name nearest to ``name``."""
    exact: dict[str, str] = {}
    for candidate in known:
        exact.setdefault(candidate.casefold(), candidate)
    found = get_close_matches(name.casefold(), exact, 1)
    return f"; did you mean “{exact[found[0]]}”?" if found else ""


def _build_model(
    table: Mapping[str, Any], number: int, line: int, findings: list[Finding]
) -> ModelDef:
    place: Place = ("models", number)
    own = _take(table, _MODEL, place, "[[models]]", findings)
    templates = []
    for n, template in enumerate(own.get("templates", ()), 1):
        at = (*place, "templates", n)
        found = _take(template, _TEMPLATE, at, "[[models.templates]]", findings)
        templates.append(TemplateDef(**{"name": "", "front": "", "back": "", **found}))
    model_type = own.get("model_type", "standard")
    if model_type not in ("standard", "cloze"):
        message = f"“model_type” must be “standard” or “cloze”, not “{model_type}”"
        findings.append(Finding("error", message, (*place, "model_type")))
    fields = tuple(own.get("fields", ()))
    return ModelDef(
        name=own.get("name", ""),
        fields=fields,
        templates=tuple(templates),
        sort_field=own.get("sort_field", fields[0] if fields else ""),
        model_type=model_type,
        markdown_fields=tuple(own.get("markdown_fields", ())),
        css=own.get("css"),
        line=line,
    )


def _build_deck(
    table: Mapping[str, Any], number: int, line: int, findings: list[Finding]
) -> DeckDef:
    own = _take(table, _DECK, ("decks", number), "[[decks]]", findings)
    return DeckDef(own.get("name", ""), own.get("description"), line)


def _build_note(
    table: Mapping[str, Any], number: int, line: int, findings: list[Finding]
) -> NoteDef:
    place: Place = ("notes", number)
    dynamic = "cards" in table or table.get("model") in DYNAMIC_MODELS
    shape = _DYNAMIC_NOTE if dynamic else _NOTE
    get = _take(table, shape, place, "[[notes]]", findings).get
    fields: dict[str, str] = get("fields") or {}
    for value in fields.values():
        if type(value) is not str:
            fields = _take_strings(fields, (*place, "fields"), findings)
            break
    note_id = get("note_id")
    if note_id is not None and not 0 < note_id < 2**63:
        message = f"{note_id} cannot be the id of a note"
        findings.append(Finding("error", message, (*place, "note_id")))
    tags = get("tags")
    tags = None if tags is None else tuple(tags)
    cards = tuple(
        _build_card(card, (*place, "cards", n), findings)
        for n, card in enumerate(get("cards", ()), 1)
    )
    deck, model = get("deck", ""), get("model", "")
    return NoteDef(deck, model, fields, tags, get("guid"), note_id, number, line, cards)


def _build_card(table: Mapping[str, Any], place: Place, findings: list[Finding]) -> CardDef:
    own = _take(table, _CARD, place, "[[notes.cards]]", findings)
    id_ = normalize("NFC", own["id"]) if "id" in own else None  # as Anki stores it
    return CardDef(id_, own.get("front", ""), own.get("back", ""), int(place[-1]))


def _take_strings(
    fields: Mapping[str, Any], place: Place, findings: list[Finding]
) -> dict[str, str]:
    taken = {}
    for name, value in fields.items():
        if type(value) is str:
            taken[name] = value
        else:
            message = f"Field “{name}” must be {_STRING.words}{_instead(value)}{above(name)}"
            findings.append(Finding("error", message, (*place, name)))
    return taken


def above(name: str) -> str:
    """The end of a message: where to put a note's key that stands among its fields."""
    known = name in _NOTE and name not in ("fields", "cards")
    return f"; the note's own “{name}” stands above [notes.fields]" if known else ""


def _build_media(
    table: Mapping[str, Any], number: int, line: int, findings: list[Finding]
) -> MediaDef:
    own = _take(table, _MEDIA, ("media", number), "[[media]]", findings)
    texts = own.get("name", ""), own.get("path", ""), own.get("sha256")
    return MediaDef(*texts, own.get("size"), line)


def _instead(value: object) -> str:
    """The end of a message: the kind of a wrong value."""
    if isinstance(value, list) and {_words(item) for item in value} - {"a string"}:
        odd = sorted({_words(item) for item in value} - {"a string"})
        return f", not a list with {' and '.join(odd)}"
    return f", not {_words(value)}"


def _words(value: object) -> str:
    """The kind of a value, for a message."""
    if isinstance(value, bool):
        return "true or false"
    if isinstance(value, str):
        return "a string"
    if isinstance(value, float):
        return "a number with a point"
    if isinstance(value, int):
        return "a number"
    if isinstance(value, dict):
        return "a table"
    if isinstance(value, list):
        return "a list"
    return "a date or time"
