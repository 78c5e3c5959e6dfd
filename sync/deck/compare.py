"""The three-way comparison of one note: each field, the tags and the deck against the base."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Optional

from ...convert.deck_definition import NoteDef
from ..merge import merge_tags, same_tags
from .changes import ChoiceKey, DeckOptions, PartChange
from .held import HeldField, HeldNote
from .values import ANKIS_TAGS, Values, clean_tags

Winner = Literal["toml", "anki", "nobody"]


@dataclass(frozen=True)
class AnkiNote:
    """A note of the collection, its fields by name. ``deck`` is its first card's home."""

    id: int
    deck: str
    tags: tuple[str, ...]
    fields: Mapping[str, str]


@dataclass(frozen=True)
class Comparison:
    """How one note is compared: with which options, converter and Markdown fields."""

    options: DeckOptions
    values: Values
    markdown: frozenset[str]

    def compare(
        self, toml: NoteDef, deck: str, anki: AnkiNote, held: Optional[HeldNote]
    ) -> list[PartChange]:
        """Every part that differs. ``deck`` is the note's deck in the file by Anki's name."""
        parts = []
        for name, value in toml.fields.items():
            if name in anki.fields:
                part = self._field(name, value, anki, held)
                if part:
                    parts.append(part)
        if toml.tags is not None:
            tags = self._tags(toml.tags, anki, held.tags if held else None)
            if tags:
                parts.append(tags)
        home = self._deck(deck, anki, held.deck if held else None)
        return [*parts, home] if home else parts

    def _field(
        self, name: str, toml: str, note: AnkiNote, held_note: Optional[HeldNote]
    ) -> Optional[PartChange]:
        markdown, values, anki = name in self.markdown, self.values, note.fields[name]
        held = None
        if held_note is not None:  # a field that neither side had then was empty
            held = held_note.fields.get(name, HeldField(None, "", markdown))
        in_toml = held is None or toml != held.toml or markdown != held.markdown
        in_anki = held is None or anki != held.anki
        if not (in_toml or in_anki) or values.same(toml, anki, markdown):
            return None
        old = held.toml if held and held.markdown == markdown else None
        conflict = in_toml and in_anki
        key = ChoiceKey(note.id, "field", name)
        if conflict and markdown and held and old is not None and self._merges:
            merged = values.merge(old, held.anki, toml, anki)
            if merged and key not in self.options.choices:
                return _make("field", name, toml, anki, *merged, state="merged")
        winner = self._winner(in_toml, in_anki, key)
        overwrites = held is not None and self._overwrites(winner, in_toml, in_anki)
        if winner == "toml":
            if held is None or old is None:
                wanted = values.to_anki(toml, markdown)
            elif in_toml:
                wanted = values.push(old, held.anki, toml, markdown)
            else:
                wanted = held.anki
            return _make("field", name, toml, anki, toml, wanted, conflict, overwrites)
        if winner == "anki":
            if held is None or old is None:
                wanted = values.to_toml(anki, markdown)
            elif in_anki:
                wanted = values.pull(old, held.anki, anki, markdown)
            else:
                wanted = old
            return _make("field", name, toml, anki, wanted, anki, conflict, overwrites)
        return PartChange("field", name, toml, anki, "skipped", conflict=True)

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
        winner = self._winner(in_toml, in_anki, ChoiceKey(anki.id, "tags"))
        merged = held is not None and in_toml and in_anki and self._merges
        if merged:
            assert held is not None
            both = merge_tags(held, toml, theirs)
        elif winner == "nobody":
            return PartChange(
                "tags", "", " ".join(toml), " ".join(anki.tags), "skipped", conflict=True
            )
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
            held is not None and self._overwrites(winner, in_toml, in_anki),
        )

    def _deck(self, toml: str, anki: AnkiNote, held: Optional[str]) -> Optional[PartChange]:
        if toml == anki.deck:
            return None
        in_toml, in_anki = held is None or toml != held, held is None or anki.deck != held
        winner = self._winner(in_toml, in_anki, ChoiceKey(anki.id, "deck"))
        if winner == "nobody":
            return PartChange("deck", "", toml, anki.deck, "skipped", conflict=True)
        deck = toml if winner == "toml" else anki.deck
        overwrites = held is not None and self._overwrites(winner, in_toml, in_anki)
        return _make("deck", "", toml, anki.deck, deck, deck, in_toml and in_anki, overwrites)

    @property
    def _merges(self) -> bool:
        return self.options.strategy == "bidirectional"

    def _winner(self, in_toml: bool, in_anki: bool, key: ChoiceKey) -> Winner:
        """Which side a part is taken from, when it cannot be from both."""
        options = self.options
        if options.strategy == "push_only":
            return "toml"
        if options.strategy == "pull_only":
            return "anki"
        if in_toml != in_anki:
            return "toml" if in_toml else "anki"
        if key in options.choices:
            return options.choices[key]
        if options.on_conflict == "prefer_toml":
            return "toml"
        return "anki" if options.on_conflict == "prefer_anki" else "nobody"

    def _overwrites(self, winner: Winner, in_toml: bool, in_anki: bool) -> bool:
        return not self._merges and (in_anki if winner == "toml" else in_toml)


def _make(
    part: Literal["field", "tags", "deck"],
    name: str,
    toml: str,
    anki: str,
    to_toml: str,
    to_anki: str,
    conflict: bool = False,
    overwrites: bool = False,
    state: Optional[Literal["merged"]] = None,
) -> Optional[PartChange]:
    new_toml = None if to_toml == toml else to_toml
    new_anki = None if to_anki == anki else to_anki
    if new_toml is None and new_anki is None:
        return None
    return PartChange(
        part,
        name,
        toml,
        anki,
        state or ("to_anki" if new_anki is not None else "to_toml"),
        new_toml,
        new_anki,
        conflict,
        overwrites,
    )
