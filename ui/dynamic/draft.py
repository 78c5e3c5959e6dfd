"""The note in the window: its texts as they are typed, and the note that they make."""

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
    """A text with an undo history of its own, which an editor shows while its card is chosen."""

    def __init__(self, html: str, parent: QObject) -> None:
        self.document = QTextDocument(parent)
        self.document.setDocumentLayout(QPlainTextDocumentLayout(self.document))
        self._source = TypedText(html)
        self.document.setPlainText(self._source.markdown)
        self._source.settle(self.typed(), html)

    def typed(self) -> str:
        """The text in the field. (``toPlainText`` would lose no-break spaces.)"""
        return self.document.toRawText().replace("\u2029", "\n")

    def html(self) -> str:
        """The HTML for Anki."""
        return self._source.convert(self.typed())

    def find_refusal(self) -> str:
        """Why it cannot be saved as it stands there, with its line; or nothing."""
        refusal = self._source.find_refusal(self.typed())
        return f"line {refusal.line}: {refusal.sentence}" if refusal else ""

    @property
    def is_blank(self) -> bool:
        return not self.typed().strip()

    @property
    def is_edited(self) -> bool:
        return self.typed() != self._source.markdown

    def settle(self, html: str) -> None:
        """Take what Anki holds. The text stays as it was typed when it says just that."""
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
    """An address stays plain text: the card makes the link, and names it well."""

    def html(self) -> str:
        typed = self.typed().strip()
        if _ADDRESS.fullmatch(typed) and self.is_edited:
            return escape(typed, quote=False)
        return super().html()

    def find_refusal(self) -> str:
        return "" if _ADDRESS.fullmatch(self.typed().strip()) else super().find_refusal()


@dataclass(eq=False)
class CardDraft:
    """A card in the window. ``saved``: the collection has it. ``problem``: why it cannot be."""

    id: str
    front: Text
    back: Text
    saved: bool = False
    reviews: int = 0
    removed: bool = False
    problem: str = ""
    _title: tuple[str, str] = ("", "")  # which front has which title

    @property
    def is_blank(self) -> bool:
        return self.front.is_blank and self.back.is_blank

    @property
    def counts(self) -> bool:
        """Whether it is a card of the note to be saved. One never written in is not."""
        return not self.removed and (self.saved or not self.is_blank)

    @property
    def lacks_front(self) -> bool:
        """Whether there is nothing to ask. What came like that from elsewhere is let be."""
        return self.front.is_blank and (self.front.is_edited or not self.saved)

    @property
    def title(self) -> str:
        """The words of its front, on one line."""
        typed = self.front.typed()
        if typed != self._title[0]:
            words = plain_text(self.front.html()) if len(typed) < _LONG else ""
            self._title = (typed, (words or typed.strip())[:_LONGEST].strip())
        return self._title[1] or "(no front yet)"

    def card(self) -> Card:
        """The card as it is typed."""
        return Card(self.id, self.front.html(), self.back.html())

    def drop(self) -> None:
        """Give the documents back to Qt."""
        self.front.drop()
        self.back.drop()


class Draft:
    """A note in the window, new (``opened`` is nothing) or opened."""

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
        """The note that would be saved."""
        cards = tuple(card.card() for card in self.cards if card.counts)
        return DynamicNote(self.note.html(), cards, self.link.html())

    @property
    def is_changed(self) -> bool:
        """Whether something was done to it. Asked at each keystroke, so nothing is converted."""
        before = [card.id for card in self.opened.read.content.cards] if self.opened else []
        wanted = [card for card in self.cards if card.counts]
        texts = [self.note, self.link, *(side for c in wanted for side in (c.front, c.back))]
        return [card.id for card in wanted] != before or any(text.is_edited for text in texts)

    @property
    def places_used(self) -> int:
        """How many of its places the note would have used up, were it saved."""
        used = self.opened.read.next_slot - 1 if self.opened else 0
        return used + sum(card.id not in self._past for card in self.cards if not card.removed)

    @property
    def is_full(self) -> bool:
        """Whether no new card can be added, ever."""
        return self.places_used >= SLOTS

    def find_problems(self) -> Iterator[str]:
        """Look at every card, note its problem in it, and tell what keeps the note from saving."""
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
        """Take the note as the collection has it now. Texts that say the same stay as typed."""
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
        """The note in the window is a new one: the old one is no longer in the collection."""
        self.opened = None
        for card in self.cards:
            card.saved, card.reviews = False, 0

    def drop(self) -> None:
        """Give all documents back to Qt."""
        self.note.drop()
        self.link.drop()
        for card in self.cards:
            card.drop()
