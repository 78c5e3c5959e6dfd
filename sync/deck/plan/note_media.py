"""Finds the media of a plan's notes that the file does not declare yet, or that Anki gets."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from ....convert.html.media_names import inline_media, media_names
from ..changes import DeckNote, MediaChange, ModelChange
from ..media import MediaPlace, model_media, plan_new_media, used_media
from ..read.sides import Sides


def plan_note_media(
    sides: Sides, notes: Sequence[DeckNote], models: Iterable[ModelChange], place: MediaPlace
) -> list[MediaChange]:
    """Plan the files for texts of notes and models that are written into the TOML file.

    Markdown cannot hold a picture inside a text, so such a picture becomes a file.
    """
    names: list[str] = []
    inline: dict[str, bytes] = {}
    for note in notes:
        if note.action == "add_to_toml" and note.anki:
            texts = list(sides.texts_of(note.anki))
        else:
            texts = [
                (part.to_anki if part.to_anki is not None else part.anki) or ""
                for part in note.parts
                if part.part in ("field", "card") and part.to_toml is not None
            ]
        names += used_media(texts)
        for text in texts if sides.shows_markdown(note.model) else ():
            inline.update(inline_media(text))
    for model in models:
        if model.to_toml:
            names += model_media(model.to_toml)
    return plan_new_media(names, sides.file.media, place, inline)


def find_coming(sides: Sides, notes: Sequence[DeckNote]) -> set[str]:
    """The names of the media files in texts that Anki gets; none if the file declares no media."""
    if not sides.file.media:
        return set()
    return {
        name
        for text in _texts_for_anki(sides, notes)
        for name in set(media_names(text)) - set(inline_media(text))
    }


def _texts_for_anki(sides: Sides, notes: Sequence[DeckNote]) -> Iterator[str]:
    for note in notes:
        if note.action == "add_to_anki" and note.toml:
            markdown = sides.markdown(note.model)
            for name, text in note.toml.fields.items():
                yield sides.values.to_anki(text, name in markdown)
            for card in note.toml.cards:
                yield sides.values.to_anki(card.front, True)
                yield sides.values.to_anki(card.back, True)
        yield from (part.to_anki for part in note.parts if part.to_anki)
