"""Answers one by one: each plans only its own page, and the plan is what a whole one would be."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule, run_state_machine_as_test

from ankivault.sync.reconcile.question import Answers, Choice
from ankivault.sync.run.report import Report
from ankivault.sync.vault.answering import AskedPlan
from ankivault.sync.vault.changes import VaultPlan
from ankivault.sync.vault.run import answer_vault, ask_vault

from ...desks.random_desk import RandomDesk, any_days
from ..conftest import Desk
from .test_two_way_stress import DECKS, Person, picks


def ask(desk: Desk, answers: Answers) -> AskedPlan:
    """Plan everything, with these answers."""
    return ask_vault(desk.col, desk.settings, desk.state, answers=answers)


def answer(desk: Desk, asked: AskedPlan, answers: Answers) -> AskedPlan:
    """Plan only what these answers change."""
    return answer_vault(asked, desk.col, desk.state, answers)


def in_order(plan: VaultPlan) -> VaultPlan:
    """The plan without the random guids of new notes, and its messages and media in one order."""
    notes = [replace(n, guid="", claimed=None) if n.kind == "create" else n for n in plan.notes]
    return replace(
        plan,
        notes=tuple(notes),
        messages=tuple(sorted(plan.messages, key=str)),
        media=tuple(sorted(plan.media, key=str)),
    )


class Decider(Person):
    """A person with many questions, who answers some of them, one by one or several at once."""

    @precondition(RandomDesk.has_pages)
    @rule(pick=picks, field=st.integers(0, 1))
    def edit_both_sides(self, pick: int, field: int) -> None:
        page = self.page(pick)
        note_id = int(page.read_text("utf-8").split("anki_note_id: ")[1].split("\n")[0])
        if note_id in self.desk.col.find_notes(""):
            note = self.desk.col.get_note(note_id)
            note.fields[field] += f" {self.word()}"
            self.desk.col.update_note(note)
            self.retype(page, r"^(?![#%]).+$", f"\\g<0> {self.word()}", field)

    @rule(suffix=st.sampled_from(["note_id", "none"]), renames=st.booleans())
    def choose_names(self, suffix: str, renames: bool) -> None:
        self.desk.set(filename_suffix=suffix, rename_on_title_change=renames)

    @rule(deck=st.sampled_from(DECKS))
    def add_the_same_note(self, deck: str) -> None:
        self.desk.add(deck, Front="The same title", Back=self.word())

    @rule()
    def switch_two_way_on_again(self) -> None:
        self.desk.set(two_way=False)
        self.desk.sync(confirmed=True)
        self.desk.set(two_way=True)

    def run_once(self, **how: Any) -> Report:
        return self.desk.sync(confirmed=True, **how)

    @rule()
    def sync(self) -> None:
        self.run_once()

    @rule(turns=st.lists(st.tuples(picks, picks, st.integers(1, 3)), min_size=1, max_size=4))
    def decide(self, turns: list[tuple[int, int, int]]) -> None:
        answers: dict[str, Choice] = {}
        asked = ask(self.desk, answers)
        for pick, choice, several in turns:
            questions = asked.plan.questions
            for question in questions[pick % (len(questions) or 1) :][:several]:
                answers = {
                    **answers,
                    question.key: question.choices[choice % len(question.choices)],
                }
            asked = answer(self.desk, asked, answers)
            assert in_order(asked.plan) == in_order(ask(self.desk, answers).plan)

    def teardown(self) -> None:
        try:
            self.decide([(0, 0, 1), (1, 1, 2), (0, 1, 1), (5, 0, 3), (2, 2, 3)])
        finally:
            super().teardown()


def test_answers_one_by_one_make_the_plan_that_a_whole_one_would_be() -> None:
    """Whatever a person did on both sides before, and in whatever order the questions are."""
    run_state_machine_as_test(Decider, settings=any_days(12, 25))


def test_an_answer_plans_only_its_own_page(desk: Desk) -> None:
    """Also right after two-way was switched on, when the base knows nothing of it yet."""
    (desk.vault / ".obsidian").mkdir()
    ids = [desk.add(Front=f"Question {n}?", Back=f"old {n}") for n in range(5)]
    desk.sync(confirmed=True)
    desk.set(two_way=True)
    for n, note_id in enumerate(ids[:2]):
        desk.retype(note_id, f"old {n}", f"page {n}")
        desk.edit(note_id, Back=f"anki {n}")
    copy = desk.page(ids[3]).with_name("Copy.md")
    copy.write_text(desk.page(ids[3]).read_text("utf-8").replace("3?", "9?"), "utf-8")
    asked = ask(desk, {})
    one, other, copied = asked.plan.questions
    desk.page(ids[4]).write_text("This is read again only by a plan of everything.", "utf-8")

    answered = answer(desk, asked, {one.key: "obsidian", copied.key: "create"})

    edited, created = answered.plan.notes
    assert (edited.note_id, created.kind) == (one.note_id, "create")
    assert answered.plan.open_questions == (other,)
    assert answered.plan.messages == asked.plan.messages
    kept = [page for page in answered.plan.pages if page.note_id != one.note_id]
    assert kept == [page for page in asked.plan.pages if page.note_id != one.note_id]


def test_everything_is_planned_after_a_change_in_anki(desk: Desk) -> None:
    """An answer is never given to what the collection was before."""
    desk.set(two_way=True)
    note_id = desk.add(Front="Question?", Back="old")
    desk.sync()
    desk.retype(note_id, "old", "page")
    desk.edit(note_id, Back="anki")
    asked = ask(desk, {})
    (question,) = asked.plan.questions
    another = desk.add(Front="Another?", Back="new")

    answered = answer(desk, asked, {question.key: "anki"})

    assert another in {page.note_id for page in answered.plan.pages}


def test_an_answer_changes_how_other_pages_are_linked(desk: Desk) -> None:
    """A name that two pages have is linked by its path, and one that is alone by itself."""
    desk.set(two_way=True, filename_suffix="none")
    ids = [desk.add(deck, Front="The same title", Back=deck) for deck in ("Biology", "History")]
    desk.add("Biology", Front="Another title", Back="It keeps the deck's index page.")
    desk.sync()
    desk.page(ids[0]).unlink()
    asked = ask(desk, {})
    (question,) = asked.plan.questions

    for choice in ("delete", "keep", "later"):
        asked = answer(desk, asked, {question.key: choice})

        assert in_order(asked.plan) == in_order(ask(desk, {question.key: choice}).plan)
        texts = {index.deck: index.text for index in asked.plan.indexes}
        assert ("[[The same title|" in (texts.get("History") or "")) == (choice == "delete")
