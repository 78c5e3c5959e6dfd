"""Both sides of a TOML deck edit the cards of dynamic notes, again and again: nothing is lost."""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path

import pytest

from ankivault.convert.deck_file.deck_file import read_deck
from ankivault.sync.deck.values import Values
from tests.desks.dynamic_decks import DynamicDeckDesk, card, dynamic
from tests.desks.dynamic_desk import review, reviews_of

ROUNDS = int(os.environ.get("ANKIVAULT_MERGES", "40"))
WORDS = ["*soft*", "**hard**", "$x_1$", "a\nb", "x\n\n- one\n- two\n\nand", "<u>x</u>", "é漢", "&"]
Cards = dict[str, tuple[str, str]]  # id → front and back in Markdown, in order
VALUES = Values()


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[DynamicDeckDesk]:
    desk = DynamicDeckDesk(tmp_path)
    yield desk
    desk.col.close()


class Editor:
    """A person who changes cards at random; every text is a new one."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.count = 0

    def text(self) -> str:
        self.count += 1
        return f"T{self.count} {self.random.choice(WORDS)} end"

    def change(self, cards: Cards, name: str) -> Cards:
        """These cards after some edits; new ones are called after ``name``."""
        after = dict(cards)
        for _ in range(self.random.randrange(5)):
            id_ = self.random.choice(list(after))
            what = self.random.choice(["front", "back", "add", "remove", "move", "move"])
            front, back = after[id_]
            if what == "front":
                after[id_] = self.text(), back
            elif what == "back":
                after[id_] = front, self.text()
            elif what == "remove" and len(after) > 2:
                del after[id_]
            else:
                if what == "add":
                    self.count += 1
                    id_ = f"{name}{self.count}"
                    texts = self.text(), self.text()
                else:
                    texts = after.pop(id_)
                order = list(after.items())
                order.insert(self.random.randrange(len(order) + 1), (id_, texts))
                after = dict(order)
        return after


class Sides:
    """A note of the file and of Anki, by the same words."""

    def __init__(self, desk: DynamicDeckDesk) -> None:
        self.desk = desk
        (self.note_id,) = desk.ids()

    def in_file(self) -> Cards:
        deck, problems = read_deck(self.desk.text)
        assert deck is not None and not problems
        return {card.id or "": (card.front, card.back) for card in deck.notes[0].cards}

    def in_anki(self) -> Cards:
        return {
            card.id: (VALUES.to_toml(card.front, True), VALUES.to_toml(card.back, True))
            for card in self.desk.read(self.note_id).content.cards
        }

    def write_file(self, cards: Cards) -> None:
        start = self.desk.text[: self.desk.text.index("\n[[notes.cards]]")]
        written = (card(*sides, id_) for id_, sides in cards.items())
        self.desk.file.write_text(start + "".join(written))

    def write_anki(self, cards: Cards) -> None:
        """Edit Anki; what is not edited keeps its HTML."""
        html = {c.id: (c.front, c.back) for c in self.desk.read(self.note_id).content.cards}
        shown = self.in_anki()
        edited = []
        for id_, sides in cards.items():
            same = shown.get(id_) == sides
            front, back = html[id_] if same else (VALUES.to_anki(side, True) for side in sides)
            edited.append((id_, front, back))
        self.desk.edit_cards(self.note_id, *edited)


def expect(old: Cards, mine: Cards, theirs: Cards, id_: str) -> object:
    """What both sides are to have of a card, or ``...`` where that is for a person to say."""
    was, ours, others = old.get(id_), mine.get(id_), theirs.get(id_)
    if ours == others or others == was:
        return ours
    if ours == was:
        return others
    if was is None or ours is None or others is None:
        return ...
    sides = []
    for before, our, their in zip(was, ours, others):
        if before not in (our, their) and our != their:
            return ...
        sides.append(their if our == before else our)
    return tuple(sides)


def check_merge(old: Cards, mine: Cards, theirs: Cards, file: Cards, anki: Cards) -> None:
    """Each card is as the side has it that edited it; cards that both edited wait as they are."""
    for id_ in {*old, *mine, *theirs}:
        wanted = expect(old, mine, theirs, id_)
        if wanted is ...:
            assert (file.get(id_), anki.get(id_)) == (mine.get(id_), theirs.get(id_))
        else:
            assert file.get(id_) == anki.get(id_) == wanted
    assert {*file} | {*anki} <= {*mine, *theirs}


def check_order(old: Cards, mine: Cards, theirs: Cards, after: Cards) -> None:
    """Of two cards, the one comes first that does on the side which changed it."""
    shared = [id_ for id_ in old if id_ in mine and id_ in theirs and id_ in after]
    place = list(after).index
    for one, two in combinations(shared, 2):
        for side in (mine, theirs):
            if list(side).index(one) > list(side).index(two):
                assert place(one) > place(two)


@pytest.mark.parametrize("seed", range(3))
def test_random_edits_on_both_sides_merge_without_loss(desk: DynamicDeckDesk, seed: int) -> None:
    editor = Editor(seed)
    first = {f"s{n}": (editor.text(), editor.text()) for n in range(6)}
    desk.write(dynamic(*(card(*sides, id_) for id_, sides in first.items())))
    desk.sync()
    sides = Sides(desk)
    history: dict[str, list[int]] = {}
    for _ in range(ROUNDS):
        for id_, anki_card in desk.cards_of(sides.note_id).items():
            if editor.random.random() < 0.3:
                rating = editor.random.randint(1, 4)
                review(desk.col, anki_card, rating)
                history.setdefault(id_, []).append(rating)
        old = sides.in_file()
        assert old == sides.in_anki()
        mine, theirs = editor.change(old, "f"), editor.change(old, "k")
        if desk.read(sides.note_id).next_slot + 10 > 100:
            break
        sides.write_file(mine)
        sides.write_anki(theirs)
        plan = desk.plan()
        assert desk.sync().ok
        file, anki = sides.in_file(), sides.in_anki()
        check_merge(old, mine, theirs, file, anki)
        if not any(part.part == "order" for part in plan.notes[0].parts):
            assert [id_ for id_ in file if id_ in anki] == [id_ for id_ in anki if id_ in file]
            check_order(old, mine, theirs, file)
        assert desk.sync(on_conflict=editor.random.choice(["prefer_toml", "prefer_anki"])).ok
        desk.assert_settled()
        cards = desk.cards_of(sides.note_id)
        history = {id_: history[id_] for id_ in history if id_ in cards and id_ in theirs}
        for id_, answers in history.items():
            assert reviews_of(desk.col, [cards[id_]]) == {cards[id_]: answers}


def test_random_edits_settle_whatever_the_policy_and_direction(desk: DynamicDeckDesk) -> None:
    """Also when the base is lost in between, and ids are taken out of the file."""
    editor = Editor(7)
    desk.write(dynamic(*(card(editor.text(), editor.text(), f"s{n}") for n in range(5))))
    desk.sync()
    sides = Sides(desk)
    for _ in range(ROUNDS):
        if desk.read(sides.note_id).next_slot > 85:
            break
        sides.write_file(editor.change(sides.in_file(), "f"))
        sides.write_anki(editor.change(sides.in_anki(), "k"))
        if editor.random.random() < 0.2:
            desk.lose_base()
        if editor.random.random() < 0.2:
            lines = desk.text.splitlines(keepends=True)
            desk.file.write_text("".join(line for line in lines if not line.startswith("id =")))
        strategy = editor.random.choice(["bidirectional", "push_only", "pull_only"])
        desk.sync(strategy=strategy, on_conflict="prefer_toml")
        desk.sync(on_conflict="prefer_toml")
        assert sides.in_file() == sides.in_anki()
        desk.cards_of(sides.note_id)
        desk.assert_settled()
