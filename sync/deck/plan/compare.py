"""Compares one note in the file, in Anki and in the base: each field, the tags and the deck.

``card_compare`` compares the cards of a dynamic note.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal, NamedTuple, Optional

from ....convert.deck_file.definition import NoteDef
from ....convert.edit.refusal import Refusal
from ....convert.text.merge import merge_tags, same_tags
from ...collection.clean import ANKIS_TAGS, clean_tags, clean_text
from ..base import HeldField, HeldNote
from ..changes import AnkiNote, Did, PartChange
from ..options import ChoiceKey, DeckOptions, Side
from ..values import Values


class Both(NamedTuple):
    """The values of a part on both sides."""

    toml: str
    anki: str


@dataclass(frozen=True)
class Comparison:
    """Compares a note with these options, this converter and these Markdown fields."""

    options: DeckOptions
    values: Values
    markdown: frozenset[str]

    def compare(
        self, toml: NoteDef, deck: str, anki: AnkiNote, held: Optional[HeldNote]
    ) -> list[PartChange]:
        """Every part that differs. ``deck`` is Anki's name of the note's deck in the file."""
        parts = []
        for name, value in toml.fields.items():
            if name in anki.fields:
                part = self._field(name, value, anki, held)
                if part:
                    parts.append(part)
        if toml.tags is not None:
            tags = self._tags(toml.tags, anki, held.tags if held else None)
            if tags and not self.options.update_tags:
                left = make_skipped(ChoiceKey(anki.id, "tags"), tags.toml, tags.anki)
                tags = replace(left, conflict=False, did=Did.LEFT_TAGS)
            if tags:
                parts.append(tags)
        home = self._deck(deck, anki, held.deck if held else None)
        return [*parts, home] if home else parts

    def _field(
        self, name: str, toml: str, note: AnkiNote, held_note: Optional[HeldNote]
    ) -> Optional[PartChange]:
        markdown, held = name in self.markdown, None
        if held_note is not None:  # a field that the base lacks was empty
            held = held_note.fields.get(name, HeldField(None, "", markdown))
        key = ChoiceKey(note.id, "field", name)
        return self.compare_text(key, toml, note.fields[name], held, markdown)

    def compare_text(
        self, key: ChoiceKey, toml: str, anki: str, held: Optional[HeldField], markdown: bool
    ) -> Optional[PartChange]:
        """Compare a text of both sides, and decide; None when there is nothing to do."""
        in_toml = held is None or toml != held.toml or markdown != held.markdown
        in_anki = held is None or anki != held.anki
        if not (in_toml or in_anki) or self.values.same(toml, anki, markdown):
            return None
        now, edited = Both(toml, anki), (in_toml, in_anki)
        if key in self.options.both and all(edited) and self.merges:
            return self._keep_both(key, now, markdown)
        if not markdown:
            return self._settle(key, now, Both(anki, clean_text(toml)), edited, held)
        old = held.toml if held and held.markdown else None
        if in_toml and in_anki and held and old is not None and self.merges:
            merged = self.values.merge(old, held.anki, toml, anki)
            if merged and key not in self.options.choices:
                return make_part(key, now, Both(*merged), state="merged")
        edit = self.values.push(anki, None if in_anki else old, toml)
        if in_anki and not edit.refusal and edit.html == anki:
            return None
        wanted = edit.html
        if held is not None and not in_toml:
            wanted = held.anki
        elif edit.refusal and self.winner(*edited, key) == "toml":
            return make_refused(key, toml, anki, edit.refusal)
        other = Both(self._text(toml, anki, held, old), wanted)
        return self._settle(key, now, other, edited, held)

    def _keep_both(self, key: ChoiceKey, now: Both, markdown: bool) -> Optional[PartChange]:
        """Give each side both texts, the file's first."""
        toml, anki = now.toml or "", now.anki or ""
        if not markdown:
            text = f"{toml}<br><br>{anki}"
            return make_part(key, now, Both(text, clean_text(text)), conflict=True, state="merged")
        text = f"{toml}\n\n{self.values.respell(anki, toml)}"
        edit = self.values.push(anki, None, text)
        if edit.refusal:
            return make_refused(key, toml, anki, edit.refusal)
        return make_part(key, now, Both(text, edit.html), conflict=True, state="merged")

    def _text(self, toml: str, anki: str, held: Optional[HeldField], old: Optional[str]) -> str:
        """The file's text if Anki wins. Unchanged lines stay as the user wrote them."""
        if held is None or old is None:
            return self.values.respell(anki, toml)
        return self.values.pull(old, held.anki, anki) if anki != held.anki else old

    def _settle(
        self,
        key: ChoiceKey,
        now: Both,
        other: Both,
        edited: tuple[bool, bool],
        held: Optional[HeldField],
    ) -> Optional[PartChange]:
        """Decide which side's text wins. ``other``: what each side gets if it loses."""
        winner = self.winner(*edited, key)
        overwrites = held is not None and self.overwrites(winner, *edited)
        if winner is None:
            return make_skipped(key, *now)
        after = Both(now.toml, other.anki) if winner == "toml" else Both(other.toml, now.anki)
        return make_part(key, now, after, conflict=all(edited), overwrites=overwrites)

    def _tags(
        self, in_file: Sequence[str], anki: AnkiNote, held: Optional[Sequence[str]]
    ) -> Optional[PartChange]:
        toml = clean_tags(in_file)
        named = {tag.casefold() for tag in (*toml, *(held or ()))}
        own = [t for t in anki.tags if t.casefold() in ANKIS_TAGS - named]
        theirs = tuple(tag for tag in anki.tags if tag not in own)
        if same_tags(toml, theirs):
            return None
        in_toml = held is None or not same_tags(held, toml)
        in_anki = held is None or not same_tags(held, theirs)
        if not (in_toml or in_anki):
            return None
        winner = self.winner(in_toml, in_anki, ChoiceKey(anki.id, "tags"))
        merged = held is not None and in_toml and in_anki and self.merges
        if merged:
            assert held is not None
            both = merge_tags(held, toml, theirs)
        elif winner is None:
            return make_skipped(ChoiceKey(anki.id, "tags"), " ".join(toml), " ".join(anki.tags))
        else:
            both = toml if winner == "toml" else theirs
        to_toml = None if same_tags(both, toml) else " ".join(both)
        to_anki = None if same_tags(both, theirs) else " ".join((*both, *own))
        state = "merged" if merged else "to_anki" if to_anki is not None else "to_toml"
        return PartChange(
            "tags",
            "",
            " ".join(toml),
            " ".join(anki.tags),
            state,  # type: ignore[arg-type]
            to_toml,
            to_anki,
            in_toml and in_anki and not merged,
            held is not None and self.overwrites(winner, in_toml, in_anki),
        )

    def _deck(self, toml: str, anki: AnkiNote, held: Optional[str]) -> Optional[PartChange]:
        if toml == anki.deck:
            return None
        in_toml, in_anki = held is None or toml != held, held is None or anki.deck != held
        key = ChoiceKey(anki.id, "deck")
        winner = self.winner(in_toml, in_anki, key)
        if winner is None:
            return make_skipped(key, toml, anki.deck)
        deck = toml if winner == "toml" else anki.deck
        overwrites = held is not None and self.overwrites(winner, in_toml, in_anki)
        now, conflict = Both(toml, anki.deck), in_toml and in_anki
        return make_part(key, now, Both(deck, deck), conflict=conflict, overwrites=overwrites)

    @property
    def merges(self) -> bool:
        """Whether the run keeps edits of both sides: it works in both directions."""
        return self.options.rule.one_way is None

    def winner(self, in_toml: bool, in_anki: bool, key: ChoiceKey) -> Optional[Side]:
        """The side whose part is taken; None when both stay as they are."""
        return self.options.rule.winner(in_toml, in_anki, self.options.choices.get(key))

    def overwrites(self, winner: Optional[Side], in_toml: bool, in_anki: bool) -> bool:
        """Whether a one-way run replaces an edit of the losing side."""
        return not self.merges and (in_anki if winner == "toml" else in_toml)


def make_part(
    key: ChoiceKey,
    now: Both,
    after: Both,
    *,
    conflict: bool = False,
    overwrites: bool = False,
    state: Optional[Literal["merged"]] = None,
) -> Optional[PartChange]:
    """A part with the values ``after`` the run; None when both sides have them already."""
    new_toml = None if after.toml == now.toml else after.toml
    new_anki = None if after.anki == now.anki else after.anki
    if new_toml is None and new_anki is None:
        return None
    return PartChange(
        key.part,  # type: ignore[arg-type]
        key.name,
        now.toml,
        now.anki,
        state or ("to_anki" if new_anki is not None else "to_toml"),
        new_toml,
        new_anki,
        conflict,
        overwrites,
    )


def make_skipped(key: ChoiceKey, toml: Optional[str], anki: Optional[str]) -> PartChange:
    """A part in conflict without a winner: both sides stay as they are."""
    return PartChange(key.part, key.name, toml, anki, "skipped", conflict=True)  # type: ignore[arg-type]


def make_refused(
    key: ChoiceKey, toml: Optional[str], anki: Optional[str], refusal: Refusal
) -> PartChange:
    """A part whose edit in the file cannot be carried over: both sides stay as they are."""
    part = make_skipped(key, toml, anki)
    return replace(part, conflict=False, refusal=refusal)
