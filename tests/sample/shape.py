"""What a sample note is, and the names of its decks and note types."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Sample:
    """A note: its deck, its note type, its fields in order, and its tags."""

    deck: str
    notetype: str
    fields: tuple[str, ...]
    tags: str = ""


BASIC, REVERSED, CLOZE = "Basic", "Basic (and reversed card)", "Cloze"
VOCABULARY, LECTURE, CONCEPT = "Vocabulary", "Lecture Cloze", "Concept"

CELL, GENETICS = "Biology::Cell", "Biology::Genetics"
ANALYSIS, ALGEBRA = "Mathematics::Analysis", "Mathematics::Linear Algebra"
ALGORITHMS, NETWORKS = "Computer Science::Algorithms", "Computer Science::Networks"
SPANISH, GRAMMAR, PRODUCTION = "Spanish::Vocabulary", "Spanish::Grammar", "Spanish::Production"
JAPANESE, ECONOMICS = "Japanese", "Book Notes::Economics"
