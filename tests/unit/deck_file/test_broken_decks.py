"""Deck files with the mistakes of people: each is told on its line, in plain words, all at once."""

from __future__ import annotations

import re

import pytest

from ankivault.convert.deck_file.deck_file import read_deck
from tests.unit.deck_file.deck_strategies import VOCAB

GOOD = f"""\
{VOCAB}
[[notes]]
deck = "Words"
model = "Vocab"
tags = ["a", "b"]

[notes.fields]
Spanish = "el gato"
English = "the cat"

[[notes]]
deck = "Words"
model = "Vocab"

[notes.fields]
Spanish = "el perro"
English = "the dog"
"""
# What is replaced, by what, and the line to mend with a word of what is said.
MISTAKES = (
    ("[[notes]]\n", "[[note]]\n", 16, "should be [[notes]]"),
    ("[[notes]]\n", "[notes]\n", 16, "[[notes]], in double"),
    ("[[notes]]\n", "[[notes]\n", 16, "[[notes]], in double"),
    ("[[notes]]\n", "[notes]]\n", 16, "[[notes]], in double"),
    ("[[notes]]\n", "((notes))\n", 16, "[[notes]], in double"),
    ("[[notes]]\n", "[[Notes]]\n", 16, "should be [[notes]]"),
    ("[[notes]]\n", "[[notes]] first\n", 16, "Only a comment"),
    ("[[notes]]\n", "\xa0[[notes]]\n", 16, "U+00A0"),
    ("[[notes]]\n", "// mine\n[[notes]]\n", 16, "#"),
    ("[notes.fields]\n", "[fields]\n", 21, "should be [notes.fields]"),
    ("[notes.fields]\n", "[[notes.fields]]\n", 21, "in single"),
    ("[notes.fields]\n", "[notes.field]\n", 21, "should be [notes.fields]"),
    ("[notes.fields]\n", "[notes.fields\n", 21, "[notes.fields]"),
    ("[notes.fields]\n", "[notes.fields]\n[notes.fields]\n", 22, "twice"),
    ("[[decks]]", "[decks]", 13, "double"),
    ("[[decks]]", "[[deck]]", 13, "should be [[decks]]"),
    ("[[models]]", "[models]", 4, "double"),
    ("[[models.templates]]", "[models.templates]", 8, "double"),
    ("[package]", "[[package]]", 1, "single"),
    ("[package]\n", "[package]\nname = 'x'\n[package]\n", 3, "twice"),
    ('"el gato"', '"el gato', 22, "does not end"),
    ('"el gato"', "\"el gato'", 22, "does not end"),
    ('"el gato"', '"el\ngato"', 22, "does not end"),
    ('"el gato"', "el gato", 22, "in quotes"),
    ('"el gato"', 'el gato"', 22, "in quotes"),
    ('"el gato"', "“el gato”", 22, "typographic"),
    ('"el gato"', "«el gato»", 22, "typographic"),
    ('"el gato"', '"el "gato" x"', 22, "single ones"),
    ('"el gato"', '"el gato",', 22, "delete the “,”"),
    ('"el gato"', r'"$\alpha$"', 22, "twice"),
    ('"el gato"', r'"$\frac12$"', 22, r"\frac"),
    ('"el gato"', r'"$\theta$"', 22, r"\theta"),
    ('"el gato"', "007", 22, "in quotes"),
    ('"el gato"', "3", 22, "in quotes"),
    ('"el gato"', "True", 22, '"True"'),
    ('"el gato"', "", 22, "missing"),
    ('Spanish = "el', 'Spanish: "el', 22, "“=”"),
    ('Spanish = "el', 'My Field = "el', 22, '"My Field"'),
    ('English = "the cat"', 'English = "x"\nEnglish = "y"', 24, "twice"),
    ('English = "the cat"', 'English = "x"\ndeck = "y"', 24, "above [notes.fields]"),
    ('["a", "b"]', '["a" "b"]', 19, "comma"),
    ('["a", "b"]', '["a", "b"', 19, "“]”"),
    ('["a", "b"]', "[a, b]", 19, "quotes"),
    ('["a", "b"]', '("a", "b")', 19, "square brackets"),
    ('["a", "b"]', "{", 19, "“}”"),
    ('["a", "b"]', '{ a = "b"', 19, "“}”"),
    ('["a", "b"]', '"""a', 19, "three quotes"),
    ('["a", "b"]', "'''a", 19, "three quotes"),
    ('"{{Spanish}}"', "{{Spanish}}", 10, "in quotes"),
    ('["a", "b"]', '"a b"', 19, '["one", "two"]'),
    ('deck = "Words"', 'deck\u200b = "Words"', 17, "U+200B"),
    ('deck = "Words"', 'deck = "Verbs"', 17, 'name = "Verbs"'),
    ('deck = "Words"', 'deck = "Words::New"', 17, '; add a line [[decks]] and'),
    ('model = "Vocab"', 'model = "Verb"', 18, "there is “Vocab”"),
)  # fmt: skip


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize(("old", "new", "line", "word"), MISTAKES)
def test_each_mistake_is_told_once_on_its_line(
    old: str, new: str, line: int, word: str, newline: str
) -> None:
    assert old in GOOD
    text = GOOD.replace(old, new, 1).replace("\n", newline)
    _, problems = read_deck(text)
    assert [problem.line for problem in problems] == [line], problems
    assert word in problems[0].message
    assert not re.search(r"TOML:|Illegal|Unclosed|Invalid|Expected|Cannot", problems[0].message)


@pytest.mark.parametrize(
    ("declared", "meant"),
    [
        ("Words::New", None),
        ("Words::A::B", None),
        ("Other", None),
        ("Word", "Word"),
        ("WORDS", "WORDS"),
    ],
)
def test_a_deck_below_or_above_another_is_to_be_declared(declared: str, meant: str | None) -> None:
    problems = read_deck(GOOD.replace('name = "Words"', f'name = "{declared}"'))[1]
    assert [problem.line for problem in problems] == [17, 26]
    for problem in problems:
        assert 'dd a line [[decks]] and, below it, name = "Words"' in problem.message
        assert ("did you mean" in problem.message) == (meant is not None)
        assert f"“{meant}”" in problem.message or meant is None


@pytest.mark.parametrize("text", ["", "\ufeff", "\n\n", "# only a comment\n"])
def test_an_empty_file_is_called_so(text: str) -> None:
    deck, [problem] = read_deck(text)
    assert deck is None and "nothing in the file" in problem.message


def test_all_mistakes_of_a_file_are_told_at_once() -> None:
    text = (
        GOOD.replace("[[decks]]", "[decks]")
        .replace('["a", "b"]', '["a" "b"]')
        .replace('"el gato"', '"el gato')
        .replace('[[notes]]\ndeck = "Words"\nmodel = "Vocab"\n\n', '[[note]]\ndeck: "Words"\n')
        .replace('"el perro"', "“el perro”")
    )
    assert [problem.line for problem in read_deck(text)[1]] == [13, 19, 22, 25, 26, 28]


@pytest.mark.parametrize("later", ["Spanish", "English"])
@pytest.mark.parametrize(
    "opened",
    [
        "{",
        '{ a = "b"',
        '{\n  Spanish = "b",\n  English = "c"\n}',
        '{\n  a = "b",\n  c = "d"',
        '["a", "b"',
        '"a',
        '"""a',
        "'''a",
        '"""\n# a\nx = y\n\n[1]\n',
    ],
)
def test_what_has_no_end_hides_no_later_mistake(opened: str, later: str) -> None:
    """Only the names that the deck uses end it: what else looks like a line may be its text."""
    before, after = GOOD.split('["a", "b"]')
    broken = after.replace(f'{later} = "', f"{later} = ", 1)
    text = f"{before}{opened}{broken}"
    line = text[: text.index(f"\n{later} = ") + 1].count("\n") + 1

    problems = read_deck(text)[1]

    assert [problem.line for problem in problems] == [19, line], problems
    assert {problem.note for problem in problems} == {1}
    assert "in quotes" in problems[1].message or "end of the value" in problems[1].message


def test_what_looks_like_a_header_in_a_text_is_none() -> None:
    text = GOOD.replace('"el gato"', '"""\n[[note]]\n[fields]\n"""').replace('"the dog"', "3")
    assert [problem.line for problem in read_deck(text)[1]] == [34]
    text = GOOD.replace("[[notes]]", '[ [ "notes" ] ]'.replace("[ [", "[[").replace("] ]", "]]"))
    assert read_deck(text + '[[more]]\nx = "y"\n')[0] is not None
