"""Makes the questions of a two-way run, with the answers of a person or of the policy."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Optional

from ...reconcile.policy import Rule, VaultPolicy
from ...reconcile.question import Answers, Choice, Question, QuestionKind
from ...run.done import count_words
from .field_merge import FieldConflict, Side

FIELD_CHOICES: tuple[Choice, ...] = ("anki", "obsidian", "both", "later")
DECK_CHOICES: tuple[Choice, ...] = ("anki", "obsidian", "later")
GONE: QuestionKind = "page deleted"
GONE_CHOICES: tuple[Choice, ...] = ("keep", "delete", "later")


class Asking:
    """Makes the questions of a run. One that is answered has its answer."""

    def __init__(self, answers: Answers, policy: VaultPolicy) -> None:
        self._answers = answers
        self._rule: Rule[Side] = Rule("obsidian", "anki", policy)

    def choose_side(self, note_id: int, field: str) -> Optional[Side]:
        """The side that wins a conflict in a field; None: not decided. A person's answer comes
        before the policy.
        """
        answer = self._answers.get(_field_key(note_id, field))
        if answer in ("anki", "obsidian", "both"):
            return answer
        return None if answer == "later" else self._rule.preferred

    def ask_fields(
        self, note_id: int, path: str, title: str, conflicts: Iterable[FieldConflict], known: bool
    ) -> list[Question]:
        """Ask which version of each field to keep. ``known``: both sides were certainly edited."""
        what = "was edited in Anki and in Obsidian, at the same place"
        if not known:
            what = "is not the same in Anki and in Obsidian, and what was edited is not known"
        return [
            Question(
                key=_field_key(note_id, conflict.name),
                kind="field",
                note_id=note_id,
                path=path,
                title=title,
                text=f"“{conflict.name}” {what}.",
                choices=FIELD_CHOICES,
                field=conflict.name,
                base=conflict.base,
                anki=conflict.anki,
                page=conflict.page,
                answer=conflict.side,
            )
            for conflict in conflicts
        ]

    def ask_deck(self, note_id: int, path: str, title: str, anki: str, page: str) -> Question:
        """Ask which deck a note belongs in."""
        key = f"deck:{note_id}"
        answer: Optional[Choice] = self._answers.get(key)
        return Question(
            key=key,
            kind="deck",
            note_id=note_id,
            path=path,
            title=title,
            text=f"Anki has this note in the deck “{anki}”, Obsidian in “{page}”.",
            choices=DECK_CHOICES,
            anki=anki,
            page=page,
            answer=answer if answer in DECK_CHOICES else self._rule.preferred,
        )

    def ask_page_deleted(
        self, note_id: int, path: str, title: str, cards: int, edited: bool
    ) -> Question:
        """Ask whether to delete the note of a deleted page. ``edited``: the note, since then."""
        its = "its card" if cards == 1 else f"its {cards} cards"
        since = ", and the note was edited in Anki since" if edited else ""
        text = (
            f"The page was deleted{since}. Delete the note and {its} as well, or bring the page "
            "back?"
        )
        return self._ask_gone(GONE, note_id, path, title, text, GONE_CHOICES)

    def ask_note_deleted(self, note_id: int, path: str, title: str, why_not: str) -> Question:
        """Ask whether to delete the page of a deleted note. ``why_not``: why the note cannot be
        restored, or "".
        """
        text = (
            "The note was deleted in Anki, and its page was edited in Obsidian. Bring the note "
            "back, or let the page go as well, into the trash folder?"
        )
        if why_not:
            text = f"The note was deleted in Anki. It cannot be brought back: {why_not}"
        choices = GONE_CHOICES if not why_not else GONE_CHOICES[1:]
        return self._ask_gone("note deleted", note_id, path, title, text, choices)

    def find_cards(self, note_id: int) -> Optional[Choice]:
        """The answer to ``ask_cards_gone``, if there is one."""
        return self._answers.get(f"cards gone:{note_id}")

    def ask_cards_gone(
        self, note_id: int, path: str, title: str, fronts: Sequence[str], reviews: int
    ) -> Question:
        """Ask whether to delete the cards of a dynamic note that were deleted from its page."""
        cards = ", ".join(f"“{front[:60]}”" for front in fronts)
        was = "This card was" if len(fronts) == 1 else "These cards were"
        kept = f" with {count_words(reviews, 'review')}" if reviews else ""
        text = f"{was} taken off the page: {cards}. Delete from Anki{kept}, or bring back?"
        return self._ask_gone("cards gone", note_id, path, title, text, GONE_CHOICES)

    def _ask_gone(
        self,
        kind: QuestionKind,
        note_id: int,
        path: str,
        title: str,
        text: str,
        choices: tuple[Choice, ...],
    ) -> Question:
        key = f"{kind}:{note_id}"
        answer = self._answers.get(key)
        return Question(
            key,
            kind,
            note_id,
            path,
            title,
            text,
            choices,
            answer=answer if answer in choices else None,
        )


def _field_key(note_id: int, name: str) -> str:
    return f"field:{note_id}:{name}"
