"""The note in the window: its texts as typed, and the note that is saved from them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from typing import Optional

from aqt.qt import QObject, QPlainTextDocumentLayout, QTextCursor, QTextDocument

from ...convert.html.plain_text import plain_text
from ...model.note import Card, DynamicNote, ReadNote, new_card_id
from ...model.notetype import SLOTS
from ...sync.dynamic.editing import OpenNote
from ...sync.dynamic.typed_text import TypedText

_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]*:\S+", re.IGNORECASE)
_NO_TEXT = "The front is empty."
_LONGEST = 200  # characters of a title
_LONG = 5000  # characters of a front that is not converted at each keystroke


class Text:
    """One text field with its own undo history. An editor shows it while its card is chosen."""

    def __init__(self, html: str, parent: QObject) -> None:
        self.document = QTextDocument(parent)
        self.document.setDocumentLayout(QPlainTextDocumentLayout(self.document))
        self._source = TypedText(html)
        self.document.setPlainText(self._source.markdown)
        self._source.settle(self.typed(), html)

    def typed(self) -> str:
        """The text as typed. (``toPlainText`` would replace no-break spaces.)"""
        return self.document.toRawText().replace("\u2029", "\n")

    def html(self) -> str:
        """The HTML for Anki."""
        return self._source.convert(self.typed())

    def find_refusal(self) -> str:
        """Why the text cannot be saved, with the line; empty if it can."""
        refusal = self._source.find_refusal(self.typed())
        return f"line {refusal.line}: {refusal.sentence}" if refusal else ""

    @property
    def is_blank(self) -> bool:
        return not self.typed().strip()

    @property
    def is_edited(self) -> bool:
        return self.typed() != self._source.markdown

    def settle(self, html: str) -> None:
        """Take the HTML that Anki has now. The text stays as typed if it gives the same HTML."""
        if html == self.html():
            self._source.settle(self.typed(), html)
            return
        self._source = TypedText(html)
        cursor = QTextCursor(self.document)
        cursor.select(QTextCursor.SelectionType.Document)
        cursor.insertText(self._source.markdown)
        self._source.settle(self.typed(), html)

    def drop(self) -> None:
        """Give the document back to Qt."""
        self.document.deleteLater()


class LinkText(Text):
    """The text of the source. A typed address stays plain text; the card makes a link of it."""

    def html(self) -> str:
        typed = self.typed().strip()
        if _ADDRESS.fullmatch(typed) and self.is_edited:
            return escape(typed, quote=False)
        return super().html()

    def find_refusal(self) -> str:
        return "" if _ADDRESS.fullmatch(self.typed().strip()) else super().find_refusal()


@dataclass(eq=False)
class CardDraft:
    """A card in the window.

    ``saved``: the collection has this card. ``problem``: why it cannot be saved.
    """

    id: str
    front: Text
    back: Text
    saved: bool = False
    reviews: int = 0
    removed: bool = False
    problem: str = ""
    _title: tuple[str, str] = ("", "")  # a front as typed, and the title made from it

    @property
    def is_blank(self) -> bool:
        return self.front.is_blank and self.back.is_blank

    @property
    def counts(self) -> bool:
        """Whether this card is part of the note to save. A removed or empty new card is not."""
        return not self.removed and (self.saved or not self.is_blank)

    @property
    def lacks_front(self) -> bool:
        """Whether the front is empty, unless a saved card was opened like that."""
        return self.front.is_blank and (self.front.is_edited or not self.saved)

    @property
    def title(self) -> str:
        """The text of its front on one line, shortened."""
        typed = self.front.typed()
        if typed != self._title[0]:
            words = plain_text(self.front.html()) if len(typed) < _LONG else ""
            self._title = (typed, (words or typed.strip())[:_LONGEST].strip())
        return self._title[1] or "(no front yet)"

    def card(self) -> Card:
        """The card as typed now."""
        return Card(self.id, self.front.html(), self.back.html())

    def drop(self) -> None:
        """Give the documents back to Qt."""
        self.front.drop()
        self.back.drop()


class Draft:
    """The note in the window. ``opened`` is ``None`` for a new note."""

    def __init__(self, opened: Optional[OpenNote], parent: QObject) -> None:
        self._parent = parent
        self.opened = opened
        content = opened.read.content if opened else DynamicNote("", ())
        self.note = Text(content.note, parent)
        self.link = LinkText(content.link, parent)
        self.cards = [self._open_card(card) for card in content.cards] or [self.make_card()]

    def make_card(self) -> CardDraft:
        """A new card, with an id that no card of the note has or had."""
        taken = {card.id for card in self._all_cards()} | self._past.keys()
        return CardDraft(new_card_id(taken), Text("", self._parent), Text("", self._parent))

    def _all_cards(self) -> Sequence[CardDraft]:
        return getattr(self, "cards", ())

    def _open_card(self, card: Card) -> CardDraft:
        assert self.opened is not None
        front, back = Text(card.front, self._parent), Text(card.back, self._parent)
        return CardDraft(card.id, front, back, True, self.opened.reviews.get(card.id, 0))

    @property
    def _past(self) -> dict[str, int]:
        read: Optional[ReadNote] = self.opened.read if self.opened else None
        return {**read.retired, **read.slots} if read else {}

    def content(self) -> DynamicNote:
        """The note that would be saved now."""
        cards = tuple(card.card() for card in self.cards if card.counts)
        return DynamicNote(self.note.html(), cards, self.link.html())

    @property
    def is_changed(self) -> bool:
        """Whether the note was edited. Fast: called at each keystroke, so it converts nothing."""
        before = [card.id for card in self.opened.read.content.cards] if self.opened else []
        wanted = [card for card in self.cards if card.counts]
        texts = [self.note, self.link, *(side for c in wanted for side in (c.front, c.back))]
        return [card.id for card in wanted] != before or any(text.is_edited for text in texts)

    @property
    def places_used(self) -> int:
        """How many card slots the note would have used up if it were saved now."""
        used = self.opened.read.next_slot - 1 if self.opened else 0
        return used + sum(card.id not in self._past for card in self.cards if not card.removed)

    @property
    def is_full(self) -> bool:
        """Whether all slots are used up, so that no new card can be added."""
        return self.places_used >= SLOTS

    def find_problems(self) -> Iterator[str]:
        """Set ``problem`` of every card, and yield a sentence for each reason not to save."""
        wanted = [card for card in self.cards if card.counts]
        for card in self.cards:
            card.problem = _NO_TEXT if card in wanted and card.lacks_front else ""
        without = sum(bool(card.problem) for card in wanted)
        texts = [("Note", self.note), ("Source", self.link)]
        yield from (f"{name}, {told}" for name, text in texts if (told := text.find_refusal()))
        for card in wanted:
            for name, text in (("Front", card.front), ("Back", card.back)):
                told = text.find_refusal()
                if told and not card.problem:
                    card.problem = f"{name}, {told}"
                    yield f"{name} of “{card.title}”, {told}"
        if without:
            yield "A card has no front." if without == 1 else f"{without} cards have no front."
        if not wanted:
            yield "A note needs at least one card." + (
                " Delete the note in Anki if you want none of it." if self.opened else ""
            )

    def settle(self, now: OpenNote) -> None:
        """Take the note as the collection has it now. Texts that give its HTML stay as typed."""
        here = {card.id: card for card in self.cards}
        cards: list[CardDraft] = []
        for card in now.read.content.cards:
            draft = here.pop(card.id, None)
            if draft:
                draft.front.settle(card.front)
                draft.back.settle(card.back)
                draft.saved, draft.removed, draft.problem = True, False, ""
            else:
                front, back = Text(card.front, self._parent), Text(card.back, self._parent)
                draft = CardDraft(card.id, front, back, True)
            draft.reviews = now.reviews.get(card.id, 0)
            cards.append(draft)
        for gone in here.values():
            gone.drop()
        self.opened, self.cards = now, cards or [self.make_card()]
        self.note.settle(now.read.content.note)
        self.link.settle(now.read.content.link)

    def forget(self) -> None:
        """Make this draft a new note, for a copy or after the note was deleted. Texts stay."""
        self.opened = None
        for card in self.cards:
            card.saved, card.reviews = False, 0

    def drop(self) -> None:
        """Give all documents back to Qt."""
        self.note.drop()
        self.link.drop()
        for card in self.cards:
            card.drop()
