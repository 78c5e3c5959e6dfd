"""A slip that a person makes in a deck file is told in words: which line, and what to do."""

from __future__ import annotations

import pytest

from ankivault.convert.deck_file.toml_errors import set_aside_broken

BEFORE = '[package]\nname = "x"\n\n[[notes]]\ndeck = "D"\nmodel = "Basic"\n[notes.fields]\n'


@pytest.mark.parametrize(
    ("slip", "told"),
    [
        ('Front = "abc', "does not end on its line"),
        ("Front = 'abc", "does not end on its line"),
        ('Front = abc"', "stands in quotes"),
        ('Front = "\\d+"', "write each “\\” twice"),
        ('Front = "C:\\Users\\x"', "write each “\\” twice"),
        ("Front = “abc”", "typographic"),
        ('Front "abc"', "“=” is missing"),
        ('Front == "abc"', "One “=”"),
        ('Front: "abc"', "stands “=”, not “:”"),
        ('Front = """abc', "three quotes"),
        ('Front = "a"\nFront = "b"', "there twice"),
        ("Front = 'it's'", "apostrophe"),
        ('tags = ["a" "b"]', "comma"),
        ('tags = ["a", "b"\nX = "y"', "“]”"),
        ('[[notes]\ndeck = "D"', "“]”"),
        ('[[notes.fields]]\nA = "x"', "[[notes]]"),
        ('Front =\u00a0"abc"', "space"),
        ('<<<<<<< HEAD\nFront = "a"\n=======\nFront = "b"\n>>>>>>> theirs', "mark of Git"),
    ],
)
def test_a_slip_is_told_with_its_line_and_what_to_do(slip: str, told: str) -> None:
    _, (broken, *_) = set_aside_broken(BEFORE + slip + "\n")
    assert told in broken.message
    assert "Not valid TOML" not in broken.message
    assert broken.line in (8, 9)
