"""Checks the names in a TOML deck: those that are used must exist, and exist once."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator, Sequence
from unicodedata import normalize

from .card_rules import check_dynamic_note, check_other_note, check_own_model
from .check import Definitions, Finding, above, nearest
from .definition import DYNAMIC_MODEL, DeckDef, MediaDef, ModelDef, NoteDef
from .items import Place

_CLOZE_FILTER = re.compile(r"\{\{[^{}]*\bcloze:")
_CLOZE = re.compile(r"\{\{c\d+::|%%c\d")
_CONTROL = re.compile(r"[\x08\x0c][a-z]*|\t(?:heta|ext(?=[{ ])|imes)|\r(?:ho|ight)\b")
_ESCAPES = {"\x08": "b", "\x0c": "f", "\t": "t", "\r": "r"}
_SHA256 = re.compile(r"[0-9a-fA-F]{64}")
_OUTSIDE = re.compile(r"^(?:[/\\~]|[A-Za-z]:)|(?:^|[/\\])\.\.(?:[/\\]|$)")


def check_rules(made: Definitions, unsure: Container[str] = ()) -> Iterator[Finding]:
    """All rules that ``made`` breaks.

    ``unsure`` are the kinds that could not be read completely: any name of these kinds may exist.
    Findings at places where something could not be read have no meaning.
    """
    for number, model in enumerate(made.models, 1):
        yield from _check_model(model, ("models", number))
        yield from check_own_model(model, ("models", number))
    yield from _find_doubles("model", "models", made.models)
    for number, deck in enumerate(made.decks, 1):
        if not deck.name.strip():
            yield Finding("error", "A deck's name is empty", ("decks", number, "name"))
    yield from _find_doubles("deck", "decks", made.decks)
    for number, media in enumerate(made.media, 1):
        yield from _check_media(media, ("media", number))
    yield from _find_doubles("media file", "media", made.media)
    yield from _check_notes(made, unsure)


def _check_model(model: ModelDef, place: Place) -> Iterator[Finding]:
    called = f"model “{model.name}”"
    if not model.name.strip():
        yield Finding("error", "A model's name is empty", (*place, "name"))
    if not model.fields:
        yield Finding("error", f"The {called} has no fields", (*place, "fields"))
    for name in model.fields:
        if not name.strip():
            yield Finding("error", f"A field of the {called} has no name", (*place, "fields"))
    for name in _doubles(model.fields):
        message = f"The {called} has the field “{name}” twice"
        yield Finding("error", message, (*place, "fields"))
    if model.fields and model.sort_field not in model.fields:
        message = f"“sort_field” is “{model.sort_field}”, which is not a field of the {called}"
        yield Finding(
            "error", message + nearest(model.sort_field, model.fields), (*place, "sort_field")
        )
    for name in model.markdown_fields:
        if model.fields and name not in model.fields:
            message = f"“markdown_fields” has “{name}”, which is not a field of the {called}"
            yield Finding(
                "error", message + nearest(name, model.fields), (*place, "markdown_fields")
            )
    yield from _check_templates(model, called, place)


def _check_templates(model: ModelDef, called: str, place: Place) -> Iterator[Finding]:
    if not model.templates and model.model_type != "cloze":
        yield Finding("error", f"The {called} has no templates", (*place, "templates"))
    names: set[str] = set()
    for number, template in enumerate(model.templates, 1):
        at = (*place, "templates", number)
        if _fold(template.name) in names:
            message = f"The {called} has the template “{template.name}” twice"
            yield Finding("error", message, (*at, "name"))
        names.add(_fold(template.name))
        if model.model_type == "cloze" and not _CLOZE_FILTER.search(template.front):
            message = f"The cloze {called} shows no cloze on the front: {{{{cloze:…}}}}"
            yield Finding("error", message, (*at, "front"))


def _check_media(media: MediaDef, place: Place) -> Iterator[Finding]:
    if media.name in ("", ".", "..") or re.search(r"[/\\\x00]", media.name):
        message = f"“{media.name}” cannot be the name of a media file: no folders, not empty"
        yield Finding("error", message, (*place, "name"))
    if not media.path or _OUTSIDE.search(media.path):
        message = f"“{media.path}” must be a path in the folder of the deck file, or below it"
        yield Finding("error", message, (*place, "path"))
    if media.sha256 is not None and not _SHA256.fullmatch(media.sha256):
        message = "“sha256” must be the 64 hexadecimal digits of the file's SHA-256"
        yield Finding("error", message, (*place, "sha256"))


def _check_notes(made: Definitions, unsure: Container[str]) -> Iterator[Finding]:
    models = {model.name: model for model in made.models}
    decks = {deck.name for deck in made.decks}
    ids, guids = _Seen("note_id"), _Seen("guid")
    for note in made.notes:
        place: Place = ("notes", note.position)
        if note.deck not in decks and "decks" not in unsure:
            message = f"The deck “{note.deck}” is not under [[decks]]"
            yield Finding("error", message + _hint_deck(note.deck, decks), (*place, "deck"))
        if note.note_id is not None:
            yield from ids.see(note.note_id, note, place)
        if note.guid is not None:
            yield from guids.see(note.guid, note, place)
        yield from _check_signs(note, place)
        if note.is_dynamic:
            yield from check_dynamic_note(note, place)
            continue
        yield from check_other_note(note, place)
        model = models.get(note.model)
        if model is None:
            if "models" not in unsure:
                message = f"The model “{note.model}” is not under [[models]]"
                known = (*models, DYNAMIC_MODEL) if note.cards else tuple(models)
                told = ", ".join(f"“{name}”" for name in known)
                declare = "declare it there, with its fields and templates"
                hint = nearest(note.model, known) or f"; {f'there is {told}' if told else declare}"
                yield Finding("error", message + hint, (*place, "model"))
        elif model.fields:
            yield from _check_fields(note, model, place)
            if model.model_type == "cloze":
                yield from _check_cloze(note, model, place)


def _hint_deck(name: str, known: Iterable[str]) -> str:
    """The end of a message: how to correct the name of a deck that is not declared.

    A parent or child deck is never suggested as the right name: then the deck itself must be
    declared.
    """
    others = (deck for deck in known if not (_is_below(deck, name) or _is_below(name, deck)))
    add = f'add a line [[decks]] and, below it, name = "{name}"'
    near = nearest(name, others)
    return f"{near} If not, {add}" if near else f"; {add}"


def _is_below(name: str, above: str) -> bool:
    return _fold(name).startswith(_fold(above) + "::")


def _check_fields(note: NoteDef, model: ModelDef, place: Place) -> Iterator[Finding]:
    for name in note.fields:
        if name not in model.fields:
            message = f"The model “{model.name}” has no field “{name}”"
            hint = above(name) or nearest(name, model.fields)
            yield Finding("error", message + hint, (*place, "fields", name))
    first = model.fields[0]
    value = note.fields.get(first)
    if value is None:
        if note.note_id is None and note.guid is None:
            message = f"The first field, “{first}”, is missing, and there is no id to know it by"
            yield Finding("error", message, (*place, "fields", first))
    elif not value.strip():
        level = "error" if note.note_id is None else "warning"
        message = f"The first field, “{first}”, is empty"
        yield Finding(level, message, (*place, "fields", first))  # type: ignore[arg-type]


def _check_signs(note: NoteDef, place: Place) -> Iterator[Finding]:
    """Check for a formula's command that TOML read as a control character and some letters."""
    texts: list[tuple[Place, str]] = [((*place, "fields", n), v) for n, v in note.fields.items()]
    for card in note.cards:
        at: Place = (*place, "cards", card.position)
        texts += [((*at, "front"), card.front), ((*at, "back"), card.back)]
    for where, text in texts:
        found = _CONTROL.search(text)
        if found:
            meant = "\\" + _ESCAPES[found[0][0]] + found[0][1:]
            message = (
                f"“{meant}” in double quotes is read as a control sign: put the text in single "
                "quotes ('…'), or write each “\\” twice"
            )
            yield Finding("warning", message, where)


def _check_cloze(note: NoteDef, model: ModelDef, place: Place) -> Iterator[Finding]:
    if note.note_id is not None and len(note.fields) < len(model.fields):
        return
    if not any(_CLOZE.search(value) for value in note.fields.values()):
        message = f"No cloze in this note of the cloze model “{model.name}”: {{{{c1::…}}}}"
        yield Finding("warning", message, (*place, "fields"))


class _Seen:
    """Collects values that only one note may have."""

    def __init__(self, key: str) -> None:
        self.key = key
        self.first: dict[object, NoteDef] = {}

    def see(self, value: object, note: NoteDef, place: Place) -> Iterator[Finding]:
        first = self.first.setdefault(value, note)
        if first is not note:
            message = f"{self.key} {value} is already that of note {first.position}"
            yield Finding("error", f"{message} (line {first.line})", (*place, self.key))


def _find_doubles(
    called: str, kind: str, items: Sequence[ModelDef | DeckDef | MediaDef]
) -> Iterator[Finding]:
    """Names that occur twice, compared as in Anki."""
    seen: dict[str, int] = {}
    for number, item in enumerate(items, 1):
        line = seen.setdefault(_fold(item.name), item.line)
        if line != item.line:
            message = f"The {called} “{item.name}” is there twice (also on line {line})"
            yield Finding("error", message, (kind, number, "name"))


def _doubles(names: Iterable[str]) -> list[str]:
    seen: set[str] = set()
    doubles = []
    for name in names:
        if _fold(name) in seen:
            doubles.append(name)
        seen.add(_fold(name))
    return doubles


def _fold(name: str) -> str:
    return normalize("NFC", name).casefold()
