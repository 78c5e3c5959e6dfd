"""Builds the sample collection: ``python -m sample.build FOLDER``, with any Anki's Python."""

from __future__ import annotations

import sys
from pathlib import Path

from anki.collection import Collection
from anki.consts import MODEL_CLOZE
from anki.decks import DeckId
from anki.models import NotetypeDict

from . import humanities, science
from .media import make_media
from .shape import CONCEPT, LECTURE, PRODUCTION, SPANISH, VOCABULARY

FILTERED = "Exam on Friday"


def build_collection(folder: Path) -> Path:
    """Make ``collection.anki2`` and its media in ``folder``, and return the collection's path."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "collection.anki2"
    col = Collection(str(path))
    for name, content in make_media().items():
        col.media.write_data(name, content)
    add_notetypes(col)
    for sample in science.NOTES + humanities.NOTES:
        notetype = col.models.by_name(sample.notetype)
        assert notetype is not None, sample.notetype
        note = col.new_note(notetype)
        note.fields = list(sample.fields)
        note.tags = sample.tags.split()
        col.add_note(note, deck_id(col, sample.deck))
    put_one_note_in_two_decks(col)
    make_filtered_deck(col)
    col.close()
    return path


def add_notetypes(col: Collection) -> None:
    """The note types a student makes: vocabulary with sound, a lecture's cloze, a concept."""
    vocabulary = new_notetype(col, VOCABULARY, "Word", "Meaning", "Example", "Audio", "Picture")
    add_template(
        col, vocabulary, "Recall", "{{Meaning}} {{Picture}}", "{{Word}} {{Audio}}<br>{{Example}}"
    )
    add_template(col, vocabulary, "Recognise", "{{Word}} {{Audio}}", "{{Meaning}}")
    vocabulary["css"] += "\n.card { font-family: Georgia, serif; color: #224; }"
    col.models.add_dict(vocabulary)

    concept = new_notetype(col, CONCEPT, "Title", "Definition", "Example", "Source")
    add_template(col, concept, "Define", "{{Title}}", "{{Definition}}<hr>{{Example}}{{Source}}")
    concept["css"] += "\nhr { border: none; border-top: 2px dotted #88a; }"
    col.models.add_dict(concept)

    lecture = new_notetype(col, LECTURE, "Title", "Text", "Back Extra")
    lecture["type"] = MODEL_CLOZE
    add_template(
        col, lecture, "Cloze", "<h3>{{Title}}</h3>{{cloze:Text}}", "{{cloze:Text}}{{Back Extra}}"
    )
    lecture["css"] += "\n.cloze { font-weight: bold; color: #a33; }"
    col.models.add_dict(lecture)


def new_notetype(col: Collection, name: str, *fields: str) -> NotetypeDict:
    notetype = col.models.new(name)
    for field in fields:
        col.models.add_field(notetype, col.models.new_field(field))
    return notetype


def add_template(
    col: Collection, notetype: NotetypeDict, name: str, question: str, answer: str
) -> None:
    template = col.models.new_template(name)
    template["qfmt"] = question
    template["afmt"] = "{{FrontSide}}<hr id=answer>" + answer
    col.models.add_template(notetype, template)


def deck_id(col: Collection, name: str) -> DeckId:
    found = col.decks.id(name)
    assert found is not None
    return found


def put_one_note_in_two_decks(col: Collection) -> None:
    """The Spanish → English card stays, the other one goes to a deck for writing."""
    note = col.get_note(col.find_notes(f'"deck:{SPANISH}" Front:mañana')[0])
    col.set_deck([note.card_ids()[1]], deck_id(col, PRODUCTION))


def make_filtered_deck(col: Collection) -> None:
    """Cards of several decks, gathered for an exam: they stay at home in their own."""
    deck = col.sched.get_or_create_filtered_deck(DeckId(0))
    deck.name = FILTERED
    term = deck.config.search_terms[0]
    term.search = "tag:exam-2026"
    term.limit = 6
    col.sched.add_or_update_filtered_deck(deck)


if __name__ == "__main__":
    print(build_collection(Path(sys.argv[1])))
