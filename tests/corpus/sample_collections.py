"""Collections to export: people's own decks when they are at hand, and the nasty ones always."""

from __future__ import annotations

import hashlib
import re
import shutil
from collections import Counter
from pathlib import Path

from anki.collection import Collection, ImportAnkiPackageOptions, ImportAnkiPackageRequest
from anki.notes import NoteId

from ..desks.made_once import MadeOnce
from ..stress import STRESS
from .nasty_notes import NASTY_DECKS, NASTY_MEDIA, NASTY_TAGS

SHARED_DECKS = Path(__file__).resolve().parents[3] / "shared" / "decks"
OF_A_KIND = 3
_ADDRESS = re.compile(r"""((?:src|href)=)(?:"[^"]*"|'[^']*'|[^ >]+)""")
_CJK = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff]+")
_WORD = r"[^\W_字]+"
_WORDS = re.compile(rf"""(?<![\w&</{{=:;"-]){_WORD}(?:[ ,.'’:;()?!/-]+{_WORD})*""")
SOURCES = ("nasty", *(("shared",) if SHARED_DECKS.is_dir() else ()))


def copy_collection(once: MadeOnce, source: str, folder: Path) -> Path:
    """One of the ``SOURCES``, in a folder of the test's own; its collection file."""

    def make(made: Path) -> None:
        file = made / "collection.anki2"
        (import_shared_decks if source == "shared" else make_nasty_collection)(file)

    shutil.copytree(once(f"{source} collection", make), folder, dirs_exist_ok=True)
    return folder / "collection.anki2"


def import_shared_decks(file: Path) -> None:
    """A new collection holding every package beside the repository.

    Of notes that differ only in their words, a few are kept; the profile ``stress`` keeps all.
    """
    col = Collection(str(file))
    for package in sorted(SHARED_DECKS.glob("*.apkg")):
        options = ImportAnkiPackageOptions(with_scheduling=True, with_deck_configs=True)
        col.import_anki_package(
            ImportAnkiPackageRequest(package_path=str(package), options=options)
        )
    if not STRESS:
        col.remove_notes(_more_of_the_same(col))
    col.close()


def _more_of_the_same(col: Collection) -> list[NoteId]:
    assert col.db is not None
    seen: Counter[tuple[int, bool, str]] = Counter()
    more = []
    for note_id, notetype, tags, fields in col.db.all("select id, mid, tags, flds from notes"):
        shape = re.sub(r"\d+", "0", _ADDRESS.sub(r"\1", fields))
        kind = (notetype, bool(tags.strip()), _WORDS.sub("w", _CJK.sub("字", shape)))
        seen[kind] += 1
        if seen[kind] > OF_A_KIND:
            more.append(note_id)
    return more


def make_nasty_collection(file: Path) -> None:
    """A new collection holding the nasty decks, their media, and a hundred plain notes."""
    col = Collection(str(file))
    _add_notetypes(col)
    for name in NASTY_MEDIA:
        Path(col.media.dir(), name).write_bytes(hashlib.sha1(name.encode()).digest())
    for number, (deck_name, notes) in enumerate(NASTY_DECKS.items()):
        deck = _deck_id(col, deck_name)
        for index, (notetype, *fields) in enumerate(notes):
            note = col.new_note(col.models.by_name(notetype))
            for position, html in enumerate(fields):
                note.fields[position] = html
            note.tags = NASTY_TAGS[index % len(NASTY_TAGS) :][: number % 4]
            col.add_note(note, deck)
    for number in range(100):
        note = col.new_note(col.models.by_name("Basic"))
        note.fields = [f"Question {number}", f"Answer {number}, see [sound:n 1.mp3]"]
        col.add_note(note, _deck_id(col, f"Plain::Part {number // 25}"))
    col.close()


def _deck_id(col: Collection, name: str) -> int:
    deck = col.decks.id(name)
    assert deck is not None
    return deck


def _add_notetypes(col: Collection) -> None:
    for name, fields in (
        ("Vocabulary", ["Word", "Reading", "Meaning", "Audio", "Notes"]),
        (
            "Image Occlusion Enhanced",
            ["ID (hidden)", "Header", "Image", "Question Mask", "Footer", "Remarks"]
            + ["Sources", "Extra 1", "Extra 2", "Answer Mask", "Original Mask"],
        ),
    ):
        notetype = col.models.new(name)
        for field in fields:
            col.models.add_field(notetype, col.models.new_field(field))
        template = col.models.new_template("Card 1")
        template["qfmt"], template["afmt"] = "{{" + fields[0] + "}}", "{{" + fields[2] + "}}"
        col.models.add_template(notetype, template)
        col.models.add(notetype)
