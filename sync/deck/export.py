"""Exports a deck of the collection to a new TOML file, with its media in a folder beside it."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from ...convert.deck_file.deck_file import write_deck
from ...convert.deck_file.definition import (
    CardDef,
    DeckDef,
    DeckFile,
    MediaDef,
    ModelDef,
    NoteDef,
    Package,
)
from ...convert.html.media_names import inline_media
from ..collection.decks import DeckNames, home_of, read_decks, read_notes
from ..collection.dynamic_type import find_notetypes
from ..collection.reads import NoteRow
from ..run.disk import explain, replace_file
from ..run.done import Done
from ..run.errors import DeckFileUnavailable, SettingsError
from ..run.faults import name_note, tell_fault
from ..run.progress import Progress, no_progress
from ..run.regular import read_regular
from ..run.report import Message, Report
from .apply.file import check_writable, pulled_note
from .changes import MediaChange
from .dynamic import DYNAMIC, pull_cards, read_row, texts_of
from .media import MediaPlace, find_media, model_media, plan_new_media, used_media
from .models import NotetypeFacts, read_notetypes
from .read.sides import describe
from .values import Values

if TYPE_CHECKING:
    from anki.collection import Collection


CHECK = "Tools ▸ Check Database."
OUT = "It was left out of the file, and everything else went on"


def export_deck(
    col: Collection,
    deck: str,
    file: Path,
    *,
    subdecks: bool = True,
    markdown_fields: Sequence[str] = (),
    progress: Progress = no_progress,
) -> Report:
    """Write a deck to a new file. The collection is not changed.

    Each of ``markdown_fields`` is ``Model.Field``, or ``Field`` for every model. Raises
    ``SettingsError`` when the deck or a field does not exist, and ``DeckFileUnavailable`` when
    the file exists with other content or cannot be written.
    """
    file = Path(file).expanduser().absolute()
    progress("Reading the deck", 0, 0)
    decks = read_decks(col)
    chosen = _choose_decks(decks, deck, subdecks)
    rows = read_notes(col, (), chosen)
    order = sorted(rows.values(), key=lambda row: row.id)
    types = read_notetypes(col, {row.notetype for row in order})
    dynamic = dict.fromkeys(types.keys() & {*find_notetypes(col)}, DYNAMIC)
    models = _define_models(types, dynamic, markdown_fields)
    notes = _Notes(file, decks, models, dynamic)
    for row in order:
        notes.add(row)
    place = MediaPlace(file.parent, Path(col.media.dir()))
    names, inline = _gather_media(order, models.values(), dynamic)
    as_files = inline if dynamic or markdown_fields else {}  # HTML keeps them inline
    media = plan_new_media(sorted(set(names)), (), place, as_files)
    definition = DeckFile(
        Package(decks.names[decks.find(deck)]),
        tuple(sorted(models.values(), key=lambda model: model.name)),
        tuple(
            DeckDef(decks.names[id_], describe(col, id_) or None)
            for id_ in sorted(chosen, key=lambda id_: decks.names[id_].split("::"))
        ),
        tuple(replace(note, position=n) for n, note in enumerate(notes.made, 1)),
        tuple(_describe_media(change, place) for change in media if change.declare),
    )
    progress("Writing the file", 0, 0)
    copied = _write(file, definition, place, media)
    missing = [n for n in names if n not in inline and find_media(place.anki, n) is None]
    return Report(
        {Done.NOTE_EXPORTED: len(notes.made), Done.MEDIA_COPIED: copied},
        (*notes.told, *(_tell_missing(name, file) for name in dict.fromkeys(missing))),
    )


class _Notes:
    """Makes the notes of the file. A note with a fault is left out with a message.

    ``models`` and ``dynamic``: the id of Anki's note type → the model.
    """

    def __init__(
        self,
        file: Path,
        decks: DeckNames,
        models: Mapping[int, ModelDef],
        dynamic: Mapping[int, ModelDef],
    ) -> None:
        self.made: list[NoteDef] = []
        self.told: list[Message] = []
        self._file, self._decks, self._values = str(file), decks, Values()
        self._models, self._dynamic = models, dynamic

    def add(self, row: NoteRow) -> None:
        """Make a note, or add a message that says why it is left out."""
        try:
            if row.notetype in self._dynamic:
                self._add_dynamic(row, self._dynamic[row.notetype])
            elif row.notetype in self._models:
                self._make(row, self._models[row.notetype])
            else:
                text = "The note type of this note is missing, so it was left out. In Anki, run "
                self.told.append(Message("error", f"{text}{CHECK}", self._file, row.id))
        except Exception as error:
            what = name_note(row.id, row.fields)
            self.told.append(tell_fault(error, what, self._file, row.id, OUT))

    def _add_dynamic(self, row: NoteRow, model: ModelDef) -> None:
        read = read_row(row)
        cards = pull_cards(read.content.cards, self._values)
        if read.problems or not cards:
            text = f"This note is damaged{'' if cards else ', and was left out'}. "
            text += " ".join(read.problems)
            self.told.append(Message("warning", text.strip(), self._file, row.id))
        if cards:
            self._make(row, model, cards)

    def _make(self, row: NoteRow, model: ModelDef, cards: tuple[CardDef, ...] = ()) -> None:
        deck = self._decks.names[home_of(row)]
        self.made.append(pulled_note(row, deck, self._values, model, model.fields, cards))


def _gather_media(
    rows: Iterable[NoteRow], models: Iterable[ModelDef], dynamic: Container[int]
) -> tuple[list[str], dict[str, bytes]]:
    """The names of the files that notes and models use, and the pictures inside texts by name."""
    names: list[str] = []
    inline: dict[str, bytes] = {}
    for row in rows:
        texts = texts_of(row) if row.notetype in dynamic else (row.fields,)
        names += used_media(texts)
        for text in texts:
            inline.update(inline_media(text))
    names += [name for model in models for name in model_media(model)]
    return names, inline


def _describe_media(change: MediaChange, place: MediaPlace) -> MediaDef:
    """A file with its digest and size, by which subscribers know whether they have it."""
    assert change.declare is not None
    source = find_media(place.anki, change.name)
    try:
        data = change.data if source is None else read_regular(source)
    except OSError:  # copying it tells why
        data = None
    if data is None:
        return change.declare
    return replace(change.declare, sha256=sha256(data).hexdigest(), size=len(data))


def _tell_missing(name: str, file: Path) -> Message:
    text = f"The media file “{name}” is not in Anki's media folder."
    return Message("warning", text, str(file))


def _choose_decks(decks: DeckNames, name: str, subdecks: bool) -> set[int]:
    id_ = decks.find(name)
    if not id_:
        raise SettingsError(f"There is no deck “{name}” in this collection.")
    if id_ in decks.filtered:
        raise SettingsError(
            f"“{name}” is a filtered deck: it only borrows cards. Export their own."
        )
    below = decks.names[id_] + "::"
    chosen = {id_}
    if subdecks:
        chosen.update(i for i, other in decks.names.items() if other.startswith(below))
    return chosen - decks.filtered


def _define_models(
    types: dict[int, NotetypeFacts], dynamic: dict[int, ModelDef], markdown_fields: Sequence[str]
) -> dict[int, ModelDef]:
    """The models to declare. Fields of dynamic notes are always Markdown."""
    wanted = dict.fromkeys(markdown_fields, False)
    models = {}
    for id_, facts in types.items():
        model = dynamic.get(id_) or facts.definition
        fields = []
        for name in model.fields:
            asked = [key for key in (f"{model.name}.{name}", name) if key in wanted]
            wanted.update(dict.fromkeys(asked, True))
            if asked:
                fields.append(name)
        if id_ not in dynamic:
            models[id_] = replace(model, markdown_fields=tuple(fields))
    unknown = [name for name, found in wanted.items() if not found]
    if unknown:
        raise SettingsError(f"No note of this deck has a field “{'”, “'.join(unknown)}”.")
    return models


def _write(
    file: Path, definition: DeckFile, place: MediaPlace, media: Iterable[MediaChange]
) -> int:
    data = write_deck(definition).encode("utf-8")
    try:
        exists = file.exists()
        if exists and read_regular(file) != data:
            raise DeckFileUnavailable(
                f"“{file}” exists already. Choose a new name; to bring a file up to date, sync it."
            )
        check_writable(file)
        copied = 0
        for entry in media:
            source = find_media(place.anki, entry.name)
            content = entry.data if source is None else read_regular(source)
            if content is not None and not entry.path.exists():
                replace_file(entry.path, content)
                copied += 1
        if not exists:
            replace_file(file, data)
    except OSError as error:
        raise DeckFileUnavailable(f"“{file}” cannot be written: {explain(error)}.") from error
    return copied
