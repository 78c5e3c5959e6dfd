"""Sentences stay in order around names that are written from right to left."""

from __future__ import annotations

import unicodedata

import pytest

from ankivault.ui.app.reading_order import in_order

HEBREW, ARABIC, THAANA = "שלום עולם", "الأحياء ٣", "ދިވެހި"


@pytest.mark.parametrize("name", [HEBREW, ARABIC, THAANA, "פרק 2: שלום", "🙂 שלום", "(שלום)"])
@pytest.mark.parametrize("sentence", ["{}: 1 changed.", "“{}” was changed; 3 wait.", "Leave {}?"])
def test_what_stands_around_a_name_is_read_from_left_to_right(name: str, sentence: str) -> None:
    """By Unicode's rules: the first letter gives the direction, and a number joins what is before
    it."""
    shown = in_order(sentence.format(name))

    strong = [unicodedata.bidirectional(each) for each in shown]
    directions = [each for each in strong if each in ("L", "R", "AL")]
    assert directions[0] == "L"
    for number in (n for n, each in enumerate(shown) if each in "13"):
        before = [each for each in strong[:number] if each in ("L", "R", "AL")]
        assert before[-1] == "L"
    assert "".join(each for each in shown if each != "\u200e") == sentence.format(name)


@pytest.mark.parametrize("control", ["\u202e", "\u202d", "\u202b", "\u2066", "\u2067", "\u200f"])
def test_a_name_cannot_turn_the_rest_of_a_sentence(control: str) -> None:
    assert in_order(f"a{control}gpj.exe: 1 changed") == "agpj.exe: 1 changed"


@pytest.mark.parametrize(
    "text", ["", "Biology: 1 changed.", "Zoë’s 日本語 😀 “deck” …", "a\u200bb"]
)
def test_other_texts_stay_as_they_are(text: str) -> None:
    assert in_order(text) == text
