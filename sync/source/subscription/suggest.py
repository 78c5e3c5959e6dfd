"""Makes a suggestion for the author: what the subscriber changed, as a deck file and as a patch.

Only words that the author's file has are compared. What is the subscriber's alone stays with them:
protected fields, and without being asked for, their tags and their own notes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Optional
from urllib.parse import unquote, urlsplit

from ....convert.deck_file.card_edit import CardEdit
from ....convert.deck_file.deck_file import write_deck
from ....convert.deck_file.definition import CardDef, DeckFile, NoteDef
from ....convert.deck_file.edit import Edit, NewNote, NoteEdit, edit_deck
from ....convert.html.media_names import inline_media
from ....convert.text.merge import merge_tags, same_tags
from ...collection.clean import ANKIS_TAGS, clean_tags
from ...collection.decks import find_guids, home_of, iterate_notes, read_notes
from ...collection.reads import NoteRow
from ...deck.apply.file import pulled_note
from ...deck.base import HeldField, HeldNote
from ...deck.dynamic import name_cards, pull_cards, read_row
from ...deck.media import used_media
from ...run.faults import explain_fault
from .author import AuthorNote
from .patch import make_patch
from .plan.protected import find_protected
from .plan.sides import Sides
from .subscription import PROTECT


@dataclass(frozen=True)
class Wish:
    """What a suggestion holds beside edited texts."""

    tags: bool = False
    new_notes: bool = False  # the subscriber's own, in the decks of the subscription


@dataclass(frozen=True)
class Suggestion:
    """A suggestion. ``toml`` is a deck file with the changed notes alone, ``patch`` a patch of the
    author's file for git; both are empty when there is nothing to suggest.

    ``left`` says what is not in it, and why. ``media`` are files that its texts use and that the
    author does not have: they go beside it.
    """

    notes: int = 0
    toml: str = ""
    patch: str = ""
    left: tuple[str, ...] = ()
    media: tuple[str, ...] = ()


def make_suggestion(sides: Sides, address: str, text: str, wish: Wish) -> Suggestion:
    """Compare Anki with what was last taken. ``text`` is the author's file as last fetched."""
    return _Maker(sides, address, text, wish).make()


@dataclass
class _Maker:
    sides: Sides
    address: str
    text: str
    wish: Wish
    edits: list[Edit] = field(default_factory=list)
    notes: list[NoteDef] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    used: list[str] = field(default_factory=list)

    def make(self) -> Suggestion:
        sides = self.sides
        ids = find_guids(sides.col, sides.known)
        rows: dict[str, NoteRow] = {}
        for row in iterate_notes(sides.col, sorted(i for each in ids.values() for i in each)):
            rows.setdefault(row.guid, row)
        for theirs in sides.author.notes:
            found = rows.get(theirs.guid)
            held = sides.base.read_held(theirs.guid) if found else None
            if found is not None and held is not None:
                self._compare(theirs, found, held)
        if self.wish.new_notes:
            self._add_own(rows)
        if not self.edits:
            return Suggestion(left=tuple(self.left))
        name = unquote(urlsplit(self.address).path.rpartition("/")[2]) or "deck.toml"
        deck = sides.author.deck
        models, decks = {n.model for n in self.notes}, {n.deck for n in self.notes}
        alone = DeckFile(
            deck.package,
            tuple(model for model in deck.models if model.name in models),
            tuple(each for each in deck.decks if each.name in decks),
            tuple(replace(note, position=n) for n, note in enumerate(self.notes, 1)),
        )
        known = {entry.name for entry in deck.media}
        return Suggestion(
            len(self.notes),
            write_deck(alone),
            make_patch(name, self.text, edit_deck(self.text, self.edits)),
            tuple(self.left),
            tuple(dict.fromkeys(name for name in self.used if name not in known)),
        )

    def _compare(self, theirs: AuthorNote, row: NoteRow, held: HeldNote) -> None:
        try:
            edit = self._edit(theirs, row, held)
        except Exception as error:
            self.left.append(explain_fault(error, f"note {theirs.note.position} of the file"))
            return
        if edit == NoteEdit(theirs.note.position):
            return
        note = theirs.note
        cards = note.cards
        if edit.cards is not None:
            cards = tuple(
                replace(
                    card,
                    front=card.front if new.front is None else new.front,
                    back=card.back if new.back is None else new.back,
                )
                for card, new in zip(note.cards, edit.cards)
            )
        fields = {**note.fields, **edit.fields}
        tags = note.tags if edit.tags is None else edit.tags
        guid, note_id = theirs.guid, None
        self.notes.append(
            replace(note, guid=guid, note_id=note_id, fields=fields, tags=tags, cards=cards)
        )
        self.edits.append(edit)

    def _edit(self, theirs: AuthorNote, row: NoteRow, held: HeldNote) -> NoteEdit:
        sides, note = self.sides, theirs.note
        protected = find_protected(sides.subscription, theirs.guid, note, row.tags.split())
        fields: dict[str, str] = {}
        for name, now in self._texts(note, row).items():
            if name in protected:
                continue
            text = note.fields.get(name)
            old = held.fields.get(name)
            if text is None and not now.strip():
                continue
            old = old or HeldField(None, "", name in sides.markdown(note.model))
            new = self._say(theirs, f"“{name}”", text, old, now)
            if new is not None and new != text:
                fields[name] = new
        cards = self._cards(theirs, row, held) if note.is_dynamic and not protected else None
        tags = self._tags(note, row, held) if self.wish.tags else None
        return NoteEdit(note.position, fields, tags, cards=cards)

    def _texts(self, note: NoteDef, row: NoteRow) -> dict[str, str]:
        if note.is_dynamic:
            content = read_row(row).content
            return {"Link": content.link, "Note": content.note}
        known = self.sides.models[note.model].fields
        texts = self.sides.fields_of(row)
        return {name: text for name, text in texts.items() if name in known}

    def _say(
        self, theirs: AuthorNote, what: str, text: Optional[str], old: HeldField, now: str
    ) -> Optional[str]:
        """The author's text with the subscriber's edit; None when there is none to carry over."""
        if now == old.anki:
            return None
        where = f"Note {theirs.note.position} (line {theirs.note.line}), {what}"
        if (text or None) != (old.toml or None):
            self.left.append(f"{where}: the author changed it too. Settle that first.")
            return None
        if not old.markdown:
            self.used += used_media([now])
            return now
        if inline_media(now):
            self.left.append(f"{where}: it holds a picture that is no file.")
            return None
        self.used += used_media([now])
        values = self.sides.values
        if old.toml is None:
            return values.to_toml(now, True)
        return values.pull(old.toml, old.anki, now)

    def _cards(
        self, theirs: AuthorNote, row: NoteRow, held: HeldNote
    ) -> Optional[tuple[CardEdit, ...]]:
        """Edited cards. New ones, and those that the subscriber deleted, are not told of."""
        values, note = self.sides.values, theirs.note
        mine = {card.id: card for card in read_row(row).content.cards}
        named = name_cards(note.cards, [*mine.values()], held.cards, {*held.cards}, values)
        edits, changed = [], False
        for card in named:
            old, now = held.cards.get(card.id or ""), mine.get(card.id or "")
            front = back = None
            if old is not None and now is not None:
                what = f"card “{card.id}”"
                front = self._say(theirs, what, card.front, old.front, now.front)
                back = self._say(theirs, what, card.back, old.back, now.back)
            front = None if front == card.front else front
            back = None if back == card.back else back
            changed = changed or front is not None or back is not None
            edits.append(CardEdit(card.position, None, front, back))
        return tuple(edits) if changed else None

    def _tags(self, note: NoteDef, row: NoteRow, held: HeldNote) -> Optional[tuple[str, ...]]:
        """All tags of the author's note with the subscriber's additions and removals."""
        full = self.sides.author.deck.notes[note.position - 1].tags or ()
        mine = [tag for tag in row.tags.split() if not _is_own(tag)]
        merged = merge_tags(held.tags or (), clean_tags(full), mine)
        return None if same_tags(merged, full) else merged

    def _add_own(self, known: Iterable[str]) -> None:
        sides = self.sides
        decks = {sides.deck_id(deck.name): deck.name for deck in sides.author.deck.decks}
        types = {entry.notetype: name for name, entry in sides.known_models.items()}
        types.update(dict.fromkeys(sides.dynamic, "Ankivault"))
        have = {*known, *sides.known}
        for row in read_notes(sides.col, (), decks.keys() - {0}).values():
            name = types.get(row.notetype)
            if row.guid in have or name is None:
                continue
            model = sides.models[name]
            cards: tuple[CardDef, ...] = ()
            names: Sequence[str] = model.fields
            if row.notetype in sides.dynamic:
                cards = pull_cards(read_row(row).content.cards, sides.values)
            else:
                names = sides.facts(row).fields
            note = pulled_note(row, decks[home_of(row)], sides.values, model, names, cards)
            fields = {n: text for n, text in note.fields.items() if n in model.fields}
            tags = tuple(tag for tag in note.tags or () if self.wish.tags and not _is_own(tag))
            made = replace(note, fields=fields, note_id=None, tags=tags)
            self.used += used_media(row.fields.split("\x1f"))
            self.notes.append(made)
            self.edits.append(NewNote(made))


def _is_own(tag: str) -> bool:
    """Whether a tag is none of the author's business."""
    name = tag.casefold()
    return name in ANKIS_TAGS or name == PROTECT or name.startswith(f"{PROTECT}::")
