"""A collection of any size with the mix of fields that shared decks have."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random

from anki.collection import AddNoteRequest, Collection
from anki.decks import DeckId

Say = Callable[[int], str]  # so many words
Media = Sequence[str]
Fields = tuple[str, str]

_SYLLABLES = (
    "ba co di fu gra hel in jo ka lum me no or pri qua res sta tor ul ven wis xi yo zen".split()
)
_CHUNK = 5_000
_MEDIA_BYTES = 12_000


def make_collection(file: Path, notes: int) -> None:
    """A new collection: three notes in ten plain, the others HTML, cloze, maths, media, tables.

    The same size always gives the same collection. Nearly every field is different.
    """
    draw = Random(notes)
    words = ["".join(draw.choices(_SYLLABLES, k=draw.randint(1, 4))) for _ in range(8_000)]

    def say(count: int) -> str:
        return " ".join(draw.choices(words, k=count))

    col = Collection(str(file))
    media = _write_media(col, draw, notes // 20)
    decks = _make_decks(col, notes // 250 + 3)
    basic, cloze = col.models.by_name("Basic"), col.models.by_name("Cloze")
    assert basic and cloze
    for start in range(0, notes, _CHUNK):
        requests = []
        for number in range(start, min(start + _CHUNK, notes)):
            write = _WRITERS[number % len(_WRITERS)]
            fields = write(say, draw, media)
            note = col.new_note(cloze if "{{c1::" in fields[0] else basic)
            note.fields = list(fields)
            note.tags = draw.choices(["bio::cell", "exam", "week::2", "hard"], k=draw.randint(0, 2))
            requests.append(AddNoteRequest(note, decks[number * len(decks) // notes]))
        col.add_notes(requests)
    col.close()


def _make_decks(col: Collection, count: int) -> list[DeckId]:
    decks = []
    for number in range(count):
        deck = col.decks.id(f"Subject {number // 20}::Part {number // 5}::Unit {number}")
        assert deck is not None
        decks.append(deck)
    return decks


def _write_media(col: Collection, draw: Random, count: int) -> list[str]:
    names = [f"paste-{draw.getrandbits(64):016x}.png" for _ in range(max(count, 1))]
    for name in names:
        Path(col.media.dir(), name).write_bytes(draw.randbytes(_MEDIA_BYTES))
    return names


def _plain(say: Say, draw: Random, media: Media) -> Fields:
    return say(5), say(9)


def _lines(say: Say, draw: Random, media: Media) -> Fields:
    return (
        f"What is <b>{say(2)}</b>?",
        f"{say(9)}<br><br>{say(6)}<div>{say(7)}&nbsp;<i>{say(2)}</i></div>",
    )


def _list(say: Say, draw: Random, media: Media) -> Fields:
    items = "".join(f"<li>{say(5)}</li>" for _ in range(draw.randint(2, 6)))
    return f"Name the parts of {say(2)}", f"<ul>{items}</ul><div><br></div><div>{say(6)}</div>"


def _cloze(say: Say, draw: Random, media: Media) -> Fields:
    return f"{say(6)} {{{{c1::{say(2)}}}}} {say(4)} {{{{c2::{say(1)}::{say(1)}}}}}.", say(5)


def _cloze_html(say: Say, draw: Random, media: Media) -> Fields:
    return (
        f"<div><b>{say(2)}</b>: {{{{c1::<i>{say(3)}</i>}}}}</div>"
        f"<div>{say(5)} {{{{c2::{say(2)}}}}}</div>",
        f'<span style="color: rgb(255, 0, 0);">{say(4)}</span>&nbsp;&amp; {say(3)}',
    )


def _maths(say: Say, draw: Random, media: Media) -> Fields:
    n = draw.randint(2, 99)
    return (
        f"{say(3)} \\(x^{n} &lt; \\frac{{a}}{{{n}}}\\)?",
        f"{say(4)}<br>\\[\\sum_{{i=1}}^{{{n}}} i\\]",
    )


def _picture(say: Say, draw: Random, media: Media) -> Fields:
    return (
        f'{say(3)}<br><img src="{draw.choice(media)}">',
        f"<div>{say(4)}</div><div>{say(6)}</div>",
    )


def _pasted(say: Say, draw: Random, media: Media) -> Fields:
    cell = '<td style="width:50%"><p class="MsoNormal"><span lang="EN">{}</span></p></td>'
    row = "<tr>" + cell.format(say(2)) + cell.format(say(3)) + "</tr>"
    return (
        f'<p class="MsoNormal"><span style="font-size:12pt">{say(6)}</span></p>',
        f'<p>{say(8)}</p><table border="1"><tbody>{row}{row}</tbody></table><a href="https://example.org/{say(1)}">{say(2)}</a>',
    )


_WRITERS = [
    *(_plain, _lines, _cloze, _plain, _list, _cloze_html, _plain, _lines, _cloze, _maths),
    *(_plain, _lines, _picture, _plain, _cloze, _list, _plain, _cloze_html, _lines, _pasted),
]
