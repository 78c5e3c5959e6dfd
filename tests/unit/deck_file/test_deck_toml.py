"""TOML decks: what is written is read again, and what is wrong is told at once, where it is."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ankivault.convert.deck_file.deck_file import read_deck, write_deck
from ankivault.convert.deck_file.definition import DeckFile, Problem
from tests.unit.deck_file.deck_strategies import VOCAB, Written, decks, texts, written_decks

GOOD = f"""\
{VOCAB}
[[notes]]
deck = "Words"
model = "Vocab"

[notes.fields]
Spanish = "el gato"
English = \"\"\"
[[notes]]
"\"\"\"

[[notes]]
deck = "Words"
model = "Vocab"
note_id = 17
guid = "g"

[notes.fields]
Spanish = "el perro"
"""


def told(text: str) -> list[tuple[str, int, int | None]]:
    """The problems of ``text`` without their levels."""
    return [(p.message, p.line, p.note) for p in read_deck(text)[1]]


@given(decks())
def test_a_written_deck_is_read_as_it_was(deck: DeckFile) -> None:
    text = write_deck(deck)
    read, problems = read_deck(text)
    assert read == deck
    assert not [problem for problem in problems if problem.level == "error"]
    assert write_deck(read) == text
    assert read_deck("\ufeff" + text.replace("\n", "\r\n"))[0] == deck


@given(written_decks())
def test_every_way_to_write_a_deck_is_read(case: tuple[DeckFile, Written]) -> None:
    deck, written = case
    text = written.text()
    read, problems = read_deck(text)
    assert read == deck, problems
    for note in read.notes:
        assert "notes" in text.split("\n")[note.line - 1]


@given(texts | st.text(max_size=60))
def test_any_text_is_read_without_an_error(text: str) -> None:
    for deck, problems in (read_deck(text), read_deck(GOOD + text)):
        assert deck is not None or [p for p in problems if p.level == "error"]
        assert all(1 <= p.line <= (GOOD + text).count("\n") + 1 for p in problems)


def test_what_is_left_out_has_a_default_or_is_not_said() -> None:
    deck, problems = read_deck(GOOD)
    assert deck is not None and problems == []
    model, (first, second) = deck.models[0], deck.notes
    assert (model.model_type, model.sort_field, model.css) == ("standard", "Spanish", None)
    assert (first.tags, first.note_id, first.line) == (None, None, 16)
    assert (second.position, second.line, dict(second.fields)) == (2, 26, {"Spanish": "el perro"})
    assert first.fields["English"] == '[[notes]]\n"'


def test_everything_wrong_is_told_at_once() -> None:
    text = """\
[package]
nam = "x"

[[models]]
name = "Vocab"
model_type = "clozed"
fields = ["Spanish", "English", "spanish"]
sort_field = "Spanisch"
markdown_fields = ["Englisch"]

[[models.templates]]
name = "Card 1"
front = 3

[[models]]
name = "vocab"
model_type = "cloze"
fields = ["Text"]

[[models.templates]]
name = "Cloze"
front = "{{Text}}"
back = ""

[[decks]]
name = "Words"
descripton = ""

[[decks]]
name = "Words"

[[notes]]
deck = "Wrods"
model = "Vocap"
note_id = 17
guid = "g"
fields = { Spanish = 1 }

[[notes]]
deck = "Words"
model = "Vocab"
note_id = 17
tags = ["a", 2]

[notes.fields]
Englis = "cat"
Spanish = " "
guid = "x"

[[notes]]
model = "vocab"
note_id = true
guid = "g"
[notes.fields]
Text = "no cloze"

[[media]]
name = "a/b.png"
path = "../b.png"
"""
    assert read_deck(text)[0] is None
    assert told(text) == [
        ("“name” is missing in [package]", 1, None),
        ("“nam” is not a key of [package]; did you mean “name”?", 2, None),
        ("“model_type” must be “standard” or “cloze”, not “clozed”", 6, None),
        ("The model “Vocab” has the field “spanish” twice", 7, None),
        (
            "“sort_field” is “Spanisch”, which is not a field of the model “Vocab”; "
            "did you mean “Spanish”?",
            8,
            None,
        ),
        (
            "“markdown_fields” has “Englisch”, which is not a field of the model “Vocab”; "
            "did you mean “English”?",
            9,
            None,
        ),
        ("“back” is missing in [[models.templates]]", 11, None),
        ("“front” must be a string in quotes, not a number", 13, None),
        ("The model “vocab” is there twice (also on line 4)", 16, None),
        ("The cloze model “vocab” shows no cloze on the front: {{cloze:…}}", 22, None),
        ("“descripton” is not a key of [[decks]]; did you mean “description”?", 27, None),
        ("The deck “Words” is there twice (also on line 25)", 30, None),
        (
            "The deck “Wrods” is not under [[decks]]; did you mean “Words”? If not, add a line "
            '[[decks]] and, below it, name = "Wrods"',
            33,
            1,
        ),
        ("The model “Vocap” is not under [[models]]; did you mean “Vocab”?", 34, 1),
        ("Field “Spanish” must be a string in quotes, not a number", 37, 1),
        ("note_id 17 is already that of note 1 (line 32)", 42, 2),
        ("“tags” must be a list of strings, not a list with a number", 43, 2),
        ("The model “Vocab” has no field “Englis”; did you mean “English”?", 46, 2),
        ("The first field, “Spanish”, is empty", 47, 2),
        (
            "The model “Vocab” has no field “guid”; the note's own “guid” stands above "
            "[notes.fields]",
            48,
            2,
        ),
        ("“deck” is missing in [[notes]]", 50, 3),
        ("“note_id” must be a whole number, not true or false", 52, 3),
        ("guid g is already that of note 1 (line 32)", 53, 3),
        ("No cloze in this note of the cloze model “vocab”: {{c1::…}}", 54, 3),
        ("“a/b.png” cannot be the name of a media file: no folders, not empty", 58, None),
        ("“../b.png” must be a path in the folder of the deck file, or below it", 59, None),
    ]


def test_only_faults_of_single_notes_leave_the_deck_readable() -> None:
    deck, problems = read_deck(GOOD.replace("el gato", "").replace("Words", "words", 1))
    assert deck is not None and len(deck.notes) == 2
    assert {(p.level, p.note) for p in problems} == {("error", 1), ("error", 2)}
    _, problems = read_deck(GOOD.replace("el perro", ""))
    assert [(p.level, p.note, p.line) for p in problems] == [("warning", 2, 33)]


def test_the_smallest_file_is_told_what_it_must_declare() -> None:
    text = '[package]\nname = "Heart"\n[[notes]]\ndeck = "Heart"\nmodel = "Basic"\n'
    _, problems = read_deck(f'{text}[notes.fields]\nFront = "Which valve?"\n')
    deck, model = (problem.message.split("; ") for problem in problems)
    assert deck[0] == "The deck “Heart” is not under [[decks]]"
    assert deck[1] == 'add a line [[decks]] and, below it, name = "Heart"'
    assert model[0] == "The model “Basic” is not under [[models]]"
    assert model[1] == "declare it there, with its fields and templates"


def test_a_note_without_its_first_field_needs_an_id() -> None:
    assert told(GOOD.replace('Spanish = "el perro"', 'English = "dog"')) == []
    [problem] = read_deck(GOOD.replace('Spanish = "el gato"', ""))[1]
    assert (problem.level, problem.note, problem.line) == ("error", 1, 20)


def test_broken_toml_is_told_wherever_it_is_with_what_else_is_wrong() -> None:
    text = (
        GOOD.replace('name = "Spanish"', "name = Spanish")
        .replace('Spanish = "el gato"', "Spanish = 'el gato")
        .replace('guid = "g"', 'gui = "g"')
    )
    assert [problem[1:] for problem in told(text)] == [(2, None), (21, 1), (30, 2)]
    assert read_deck(text)[0] is None


def test_a_string_that_does_not_end_is_told_where_it_begins() -> None:
    text = GOOD.replace('""""\n', "") + '\n[[notes]]\ndeck = "Words"\nmodel = ""\n[notes.fields]\n'
    problems = read_deck(text)[1]
    assert (problems[0].line, problems[0].note) == (22, 1)
    assert problems[0].message.startswith("A text begins here")


def test_notes_without_headers_are_refused() -> None:
    text = 'notes = [{ deck = "d", model = "m", fields = {} }]\n[package]\nname = ""\n'
    message = "Each of the notes needs a header of its own, [[notes]]"
    assert Problem("error", message, 1) in read_deck(text)[1]
    assert read_deck(text)[0] is None
