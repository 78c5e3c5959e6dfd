"""Decks as people might make them, and the TOML they might write for them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from unicodedata import normalize

from hypothesis import strategies as st

from ankivault.convert.deck_file.deck_file import write_deck
from ankivault.convert.deck_file.definition import (
    DYNAMIC_FIELDS,
    DYNAMIC_MODELS,
    CardDef,
    DeckDef,
    DeckFile,
    MediaDef,
    ModelDef,
    NoteDef,
    Package,
    TemplateDef,
)
from ankivault.convert.deck_file.toml_write import write_basic, write_key, write_string

# A deck file without notes, for those below it.
VOCAB = """\
[package]
name = "Spanish"

[[models]]
name = "Vocab"
fields = ["Spanish", "English"]

[[models.templates]]
name = "Card 1"
front = "{{Spanish}}"
back = "{{English}}"

[[decks]]
name = "Words"
"""

letters = st.one_of(st.sampled_from("ab\"'\\\n\t \r[]{}#=.é漢😀"), st.characters(codec="utf-8"))
texts = st.one_of(
    st.text(letters, max_size=20),
    st.sampled_from(
        ['"""', "'''", "a\n[[notes]]\n", "\r\n", "\n", "x\\", '"', "'", '<img src="a.png">', "\x00"]
        + ["a '' b\nc\\", 'ends with "\n"""', "'''\n\"\"\"", "[notes.fields]\nA = 1", "\ufeff"]
    ),
)
names = st.one_of(
    st.sampled_from(["Front", "Back Extra", "a.b", '"', "'", "Ü", "#", "1", "x\\y", "[z]", "a_*"]),
    st.text(letters, min_size=1, max_size=8),
).filter(str.strip)


def unique(items: st.SearchStrategy[str], **sizes: int) -> st.SearchStrategy[list[str]]:
    return st.lists(items, unique_by=lambda name: name.casefold(), **sizes)


@st.composite
def models(draw: st.DrawFn, name: str) -> ModelDef:
    fields = draw(unique(names, min_size=1, max_size=3))
    kind = draw(st.sampled_from(["standard", "cloze"]))
    front = "{{cloze:x}}" if kind == "cloze" else ""
    return ModelDef(
        name,
        tuple(fields),
        tuple(
            TemplateDef(template, front + draw(texts), draw(texts))
            for template in draw(unique(names, min_size=1, max_size=2))
        ),
        draw(st.sampled_from(fields)),
        kind,
        tuple(draw(unique(st.sampled_from(fields), max_size=3))),
        draw(st.none() | texts),
    )


card_ids = st.one_of(
    st.sampled_from(["c1", "c2", "a b", "é", "漢", "x.y"]),
    st.text(st.characters(codec="utf-8", categories=["L", "N"]), min_size=1, max_size=5),
).map(lambda id_: normalize("NFC", id_))


@st.composite
def cards(draw: st.DrawFn, **sizes: int) -> tuple[CardDef, ...]:
    """The cards of a note without a fault; some have no id yet."""
    ids = draw(st.lists(card_ids, unique=True, min_size=1, **sizes))
    fronts = (draw(texts.map("Q{}".format)) for _ in ids)
    return tuple(
        CardDef(draw(st.none() | st.just(id_)), front, draw(texts), position)
        for position, (id_, front) in enumerate(zip(ids, fronts), 1)
    )


@st.composite
def dynamic_notes(draw: st.DrawFn, position: int, places: list[str]) -> NoteDef:
    return NoteDef(
        draw(st.sampled_from(places)),
        draw(st.sampled_from(DYNAMIC_MODELS)),
        {name: draw(texts) for name in DYNAMIC_FIELDS if draw(st.booleans())},
        draw(st.none() | st.lists(texts, max_size=3).map(tuple)),
        draw(st.none() | texts.map(f"{position} {{}}".format)),
        draw(st.none() | st.just(position * 10**12)),
        position,
        cards=draw(cards(max_size=5)),
    )


@st.composite
def decks(draw: st.DrawFn) -> DeckFile:
    """Decks without a fault."""
    made = [draw(models(name)) for name in draw(unique(names, min_size=1, max_size=2))]
    places = draw(unique(names, min_size=1, max_size=3))
    notes = []
    for position in range(1, draw(st.integers(0, 4)) + 1):
        if draw(st.integers(0, 2)) == 0:
            notes.append(draw(dynamic_notes(position, places)))
            continue
        model = draw(st.sampled_from(made))
        fields = {name: draw(texts) for name in model.fields if draw(st.booleans())}
        notes.append(
            NoteDef(
                draw(st.sampled_from(places)),
                model.name,
                {**fields, model.fields[0]: "{{c1::x}}" + draw(texts)},
                draw(st.none() | st.lists(texts, max_size=3).map(tuple)),
                draw(st.none() | texts.map(f"{position} {{}}".format)),
                draw(st.none() | st.just(position * 10**12)),
                position,
            )
        )
    option = st.none() | texts
    return DeckFile(
        Package(
            draw(texts),
            draw(option),
            draw(option),
            draw(option),
            draw(option),
            tuple(draw(st.lists(texts, max_size=2))),
        ),
        tuple(made),
        tuple(DeckDef(name, draw(option)) for name in places),
        tuple(notes),
        tuple(
            MediaDef(name, f"media/{name}")
            for name in draw(unique(names.filter(plain), max_size=2))
        ),
    )


def plain(name: str) -> bool:
    return name.isalnum()


@dataclass
class Written:
    """Text in pieces; those that are values know which: ``(note, key)`` or ``(note, field)``."""

    pieces: list[tuple[str, tuple[int, str, str] | None]]

    def text(self) -> str:
        return "".join(piece for piece, _ in self.pieces)

    def with_value(self, place: tuple[int, str, str], value: str) -> str:
        """The text with one string changed, all else as it was."""
        return "".join(
            write_string(value, like=piece) if own == place else piece for piece, own in self.pieces
        )


comments = st.sampled_from(["", "  # [[notes]]", " # \"'''", "\t#"])
gaps = st.sampled_from(["", "\n", "# a word\n", "\n# guid = 'x'\n\n", "  \n"])
equals = st.sampled_from([" = ", "=", "   =\t"])


@st.composite
def written_decks(draw: st.DrawFn) -> tuple[DeckFile, Written]:
    """A deck and a text that says it: any quotes, comments, blank lines, kinds of tables."""
    deck = draw(decks())
    pieces: list[tuple[str, tuple[int, str, str] | None]] = []

    def say(text: str, place: tuple[int, str, str] | None = None) -> None:
        pieces.append((text, place))

    def statement(key: str, value: str, place: tuple[int, str, str] | None = None) -> None:
        say(draw(beginnings(key)))
        say(value, place)
        say(draw(comments) + "\n")

    head = replace(deck, notes=(), media=())
    say(draw(gaps) + write_deck(head))
    for note in deck.notes:
        n = note.position
        say(draw(gaps) + draw(st.sampled_from(["[[notes]]", " [[ notes ]] # x", '[["notes"]]'])))
        say("\n")
        for name, value in (("deck", note.deck), ("model", note.model), ("guid", note.guid)):
            if value is not None:
                statement(draw(keys(name)), draw(strings(value)), (n, "own", name))
        if note.note_id is not None:
            statement("note_id", str(note.note_id))
        if note.tags is not None:
            between = draw(st.sampled_from([", ", ",", " ,\n  # one\n  "]))
            statement("tags", "[" + between.join(draw(strings(tag)) for tag in note.tags) + "]")
        form = draw(st.sampled_from(["table", "dotted", "inline"]))
        fields = [(name, draw(strings(value)), value) for name, value in note.fields.items()]
        inline_cards = draw(st.booleans())
        if note.cards and inline_cards:
            statement("cards", draw(inline(note.cards)))
        if form == "inline":
            inner = ", ".join(f"{draw(keys(name))} = {value}" for name, value, _ in fields)
            statement("fields", f"{{{inner}}}")
        elif form == "table":
            say(draw(gaps) + draw(st.sampled_from(["[notes.fields]", "  [ notes . fields ]"])))
            say(draw(comments) + "\n")
        for name, value, _ in fields if form != "inline" else ():
            key = draw(keys(name))
            dotted = key if form == "table" else f"fields . {key}"
            statement(dotted, value, (n, "fields", name))
        say("" if inline_cards else draw(tables(note.cards)))
    say(draw(gaps) + "".join(f"[[media]]\n{media_statements(each)}" for each in deck.media))
    return deck, Written(pieces)


def media_statements(media: MediaDef) -> str:
    return f"path = {write_basic(media.path)}\nname = {write_basic(media.name)}\n"


def card_values(card: CardDef) -> list[tuple[str, str]]:
    """What a person may write of a card: an empty back can be left out."""
    values = {"id": card.id, "front": card.front, "back": card.back or None}
    return [(name, value) for name, value in values.items() if value is not None]


def keys(name: str) -> st.SearchStrategy[str]:
    return st.sampled_from([write_key(name), write_basic(name)])


@st.composite
def beginnings(draw: st.DrawFn, key: str) -> str:
    """What a statement of this key begins with, up to its value."""
    return draw(gaps) + draw(st.sampled_from(["", "  "])) + key + draw(equals)


@st.composite
def tables(draw: st.DrawFn, cards: tuple[CardDef, ...]) -> str:
    """Cards under headers of their own."""
    parts = []
    for card in cards:
        parts.append(
            draw(gaps) + draw(st.sampled_from(["[[notes.cards]]", " [[ notes . cards ]]"]))
        )
        parts.append(draw(comments) + "\n")
        for name, value in draw(st.permutations(card_values(card))):
            parts.append(draw(beginnings(draw(keys(name)))) + draw(strings(value)))
            parts.append(draw(comments) + "\n")
    return "".join(parts)


@st.composite
def inline(draw: st.DrawFn, cards: tuple[CardDef, ...]) -> str:
    """Cards in one statement, on a line each."""
    items = [
        ", ".join(f"{name} = {draw(strings(value))}" for name, value in card_values(card))
        for card in cards
    ]
    lines = (f"  {{ {item} }},{draw(comments)}\n" for item in items)
    return f"[\n{''.join(lines)}]"


@st.composite
def strings(draw: st.DrawFn, value: str) -> str:
    """``value`` in any quotes that can hold it."""
    like = draw(st.sampled_from(['"', "'", '"""', "'''", '"""\n', "'''\n", '"\\n']))
    return write_string(value, like=like)
