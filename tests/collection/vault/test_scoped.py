"""A run that looks at a few notes and pages plans for these what a run over everything would."""

from __future__ import annotations

import contextlib
import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, precondition, rule, run_state_machine_as_test

from ankivault.model.note import Card, DynamicNote
from ankivault.sync.dynamic.notes import NewNote, create_notes
from ankivault.sync.run.errors import Cancelled
from ankivault.sync.run.scope import NeedsEverything, Scope
from ankivault.sync.vault.changes import VaultPlan
from ankivault.sync.vault.gone_back import NEWEST
from ankivault.sync.vault.run import apply_plan

from ...desks.random_desk import WORD, RandomDesk, any_days
from ..conftest import Desk
from .test_two_way_stress import DECKS, Person, picks

FILES = ("Same.md", "Mine/Same.md", "Bio/Same.md", "Mine/Other.md", "_Bio.md")
PICTURES = ("one.png", "two.png", "three.png")


class Touched:
    """The notes and the pages that changed since both sides last agreed."""

    def __init__(self, desk: Desk) -> None:
        self.notes, self.pictures, self.files = self._look(desk)
        self.scope = Scope()

    def look(self, desk: Desk) -> Scope:
        """What is touched by now."""
        before = self.notes, self.pictures, self.files
        self.notes, self.pictures, self.files = now = self._look(desk)
        notes, pictures, files = map(_find_changed, before, now)
        notes |= {
            note_id
            for note_id, (_, fields, *_) in self.notes.items()
            if any(name in fields for name in pictures)
        }
        pages = frozenset(path for path in files if path.endswith(".md"))
        self.scope = self.scope.joined(Scope(frozenset(notes), pages))
        return self.scope

    def _look(self, desk: Desk) -> tuple[dict[Any, Any], dict[Any, Any], dict[Any, Any]]:
        assert desk.col.db is not None
        rows = desk.col.db.all(
            "select n.id, n.guid, n.flds, n.tags, group_concat(c.did || ' ' || "
            "c.ord || ' ' || c.queue || ' ' || c.reps || ' ' || c.flags) from notes n "
            "left join cards c on c.nid = n.id group by n.id"
        )
        files = {
            path.relative_to(desk.vault).as_posix(): (path.read_bytes(), path.stat().st_mtime_ns)
            for path in desk.vault.rglob("*")
            if path.is_file() and ".trash" not in path.parts
        }
        media = {path.name: path.read_bytes() for path in Path(desk.col.media.dir()).iterdir()}
        return {row[0]: row[1:] for row in rows}, media, files


def _find_changed(before: dict[Any, Any], now: dict[Any, Any]) -> set[Any]:
    return {key for key in before.keys() | now.keys() if before.get(key) != now.get(key)}


def shown(plan: VaultPlan) -> dict[str, Any]:
    """What a plan does, and what it asks; copies of media that are left over do not count."""
    return {
        "pages": sorted(map(str, plan.pages)),
        "notes": sorted(str(replace(change, guid="", claimed=None)) for change in plan.notes),
        "questions": sorted(map(str, plan.questions)),
        "indexes": sorted(map(str, plan.indexes)),
        "media": sorted(str(media) for media in plan.media if media.kind != "remove"),
        "folders": plan.folders,
        "links": {key: value for key, value in plan.links.items() if key not in ("others", NEWEST)},
        "learned": sorted(map(str, plan.strangers.learned)),
        "gone": sorted(plan.strangers.gone),
    }


class Glancing(Person):
    """A person, with a program that looks at what was touched, and one that looks at everything."""

    glances = 0
    steps = 0

    def __init__(self) -> None:
        self.touched: Any = None
        super().__init__()

    @initialize(
        suffix=st.sampled_from(["note_id", "none", "Front"]), renames=st.booleans(),
        indexes=st.booleans(), tags=st.booleans(), place=st.sampled_from(["", "Anki", "vault"]),
        studies=st.booleans(),
    )  # fmt: skip
    def begin(
        self, suffix: str, renames: bool, indexes: bool, tags: bool, place: str, studies: bool
    ) -> None:
        vault = self.desk.vault
        if place:
            (vault if place == "vault" else vault.parent).joinpath(".obsidian").mkdir()
            (vault.parent / "Elsewhere").mkdir()
            for name in ("Same.md", "one.png"):
                (vault.parent / "Elsewhere" / name).write_bytes(b"mine")
        self.desk.set(
            filename_suffix=suffix, rename_on_title_change=renames, index_pages=indexes,
            include_tags=tags, study_properties=studies, anki_links=studies,
        )  # fmt: skip
        for deck in DECKS:
            self.add_a_note_like_another(deck)
        content = DynamicNote(self.word(), (Card("a", self.word(), self.word()),))
        create_notes(self.desk.col, [NewNote(content, self.desk.col.decks.id("Bio"))])
        self.settle()

    @rule(deck=st.sampled_from(DECKS))
    def add_a_note_like_another(self, deck: str) -> None:
        self.desk.add(deck, Front="Same", Back=self.word())

    @precondition(RandomDesk.has_notes)
    @rule(pick=picks, what=st.sampled_from(["answer", "suspend", "bury", "flag"]))
    def study_a_card(self, pick: int, what: str) -> None:
        col, card_id = self.desk.col, self.note(pick).card_ids()[0]
        if what == "answer":
            card = col.get_card(card_id)
            card.start_timer()
            states = col._backend.get_scheduling_states(card_id)
            col.sched.answer_card(col.sched.build_answer(card=card, states=states, rating=2))
        elif what == "suspend":
            col.sched.suspend_cards([card_id])
        elif what == "bury":
            col.sched.bury_cards([card_id])
        else:
            col.set_user_flag_for_cards(pick % 8, [card_id])

    @precondition(RandomDesk.has_notes)
    @rule(pick=picks, title=st.sampled_from(["Same", "Other", "_Bio"]))
    def retitle_a_note(self, pick: int, title: str) -> None:
        note = self.note(pick)
        self.given_up |= {*WORD.findall(note.fields[0])}
        note.fields[0] = title if note.note_type()["name"] == "Basic" else f"{{{{c1::{title}}}}}"
        self.desk.col.update_note(note)

    @precondition(RandomDesk.has_notes)
    @rule(pick=picks, name=st.sampled_from(PICTURES))
    def show_a_picture_in_a_note(self, pick: int, name: str) -> None:
        note = self.note(pick)
        note.fields[1] += f'<img src="{name}">'
        self.desk.col.update_note(note)

    @rule(name=st.sampled_from(PICTURES), gone=st.booleans())
    def change_a_picture(self, name: str, gone: bool) -> None:
        place = Path(self.desk.col.media.dir()) / name
        if gone:
            place.unlink(missing_ok=True)
        else:
            place.write_text(self.word())
            self.given_up.add(f"typed{self.typed:04}")

    @rule(name=st.sampled_from(FILES), gone=st.booleans())
    def write_a_file_of_their_own(self, name: str, gone: bool) -> None:
        file = self.desk.vault / name
        if file.exists() and b"anki" in file.read_bytes():
            return
        file.parent.mkdir(exist_ok=True)
        if gone:
            file.unlink(missing_ok=True)
        else:
            file.write_bytes(b"mine")

    @rule(calls=st.sampled_from([3, 6, 9, 1000, 1000, 1000]))
    def do_what_a_glance_sees(self, calls: int) -> None:
        if self.touched is None:
            return
        left = [calls]

        def progress(label: str, done: int, total: int) -> None:
            left[0] -= 1
            if left[0] < 0:
                raise Cancelled

        before, cards = self.words(), self.cards()
        with contextlib.suppress(NeedsEverything, Cancelled):
            plan = self.desk.plan(scope=self.touched.look(self.desk))
            report = apply_plan(self.desk.col, plan, self.desk.state, progress)
            if not report.cancelled:
                left_over = shown(self.desk.plan())
                left_over.pop("questions")
                assert not any(left_over.values())
        assert before - self.given_up <= self.words()
        assert {card: self.cards().get(card) for card in cards} == cards

    @rule()
    def sync(self) -> None:
        self.run_once()
        self.run_once()

    @rule()
    def settle(self) -> None:
        """Run and answer until both sides agree; then nothing is touched."""
        for _ in range(4):
            self.run_once()
            questions = self.desk.plan().open_questions
            if not questions:
                break
            for question in questions:
                self.answer(question)
        plan = self.desk.plan()
        if plan.is_empty and not plan.questions:
            self.touched = Touched(self.desk)

    def answer(self, question: Any) -> None:
        choice = "obsidian" if "obsidian" in question.choices else question.choices[0]
        if choice == "delete":
            note = self.desk.col.get_note(question.note_id)
            self.given_up.update(WORD.findall(" ".join(note.fields)))
        self.run_once(answers={question.key: choice})

    @rule(policy=st.sampled_from(["ask", "prefer_anki", "prefer_obsidian"]),
          style=st.just("outline"), excluded=st.just(()))  # fmt: skip
    def choose_settings(self, policy: str, style: str, excluded: tuple[str, ...]) -> None:
        self.desk.set(conflict_policy=policy)

    @rule(deck=st.sampled_from(DECKS), name=st.sampled_from(("Bio", "Geo::Bio", "Other")))
    def rename_deck(self, deck: str, name: str) -> None:
        super().rename_deck(deck, name)
        self.settle()

    @rule(more=st.integers(0, 2), whole=st.just(False))
    def lose_the_base(self, more: int, whole: bool) -> None:
        self.settle()

    @rule()
    def go_back_to_the_base_of_before(self) -> None:
        self.settle()

    @invariant()
    def a_glance_sees_what_a_look_at_everything_sees(self) -> None:
        if self.touched is None:
            return
        type(self).steps += 1
        scope = self.touched.look(self.desk)
        try:
            scoped = self.desk.plan(scope=scope)
        except NeedsEverything:
            return
        type(self).glances += 1
        few, everything = shown(scoped), shown(self.desk.plan())
        for part, planned in everything.items():
            assert few[part] == planned, part


@pytest.mark.parametrize("two_way", [True, False])
def test_a_glance_plans_what_a_look_at_everything_does(two_way: bool) -> None:
    class Here(Glancing):
        pass

    Here.two_way = two_way
    run_state_machine_as_test(Here, settings=any_days(6, 10))
    if os.environ.get("ANKIVAULT_STRESS"):
        print(Here.glances, Here.steps)
    assert Here.glances > Here.steps / 2


def test_a_page_that_waits_for_an_answer_gets_no_second_one(desk: Desk) -> None:
    """Also where the base is lost, and the page was moved, so that a narrow run does not see it."""
    desk.set(two_way=True)
    note_id = desk.add("Old", Front="q", Back="a")
    desk.add("Other", Front="other", Back="a")
    desk.sync()
    desk.lose_base()
    desk.retype(note_id, "\na\n", "\nsomething else\n")
    page = desk.page(note_id)
    (desk.vault / "Mine").mkdir()
    page.rename(desk.vault / "Mine" / page.name)
    assert desk.sync().questions
    desk.edit(note_id, Back="a third")
    plan = desk.plan(scope=Scope(frozenset({note_id}), frozenset()))
    assert not plan.pages
    assert plan.questions == desk.plan().questions
