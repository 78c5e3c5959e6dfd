"""Two-way: whatever a person does on both sides, in whatever order, no word of theirs vanishes.

``ANKIVAULT_STRESS=1000`` looks at more sequences than a normal run, and at others each time.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule, run_state_machine_as_test

from ankivault.convert.page.page_text import split_page
from ankivault.sync.reconcile.question import Choice
from ankivault.sync.run.errors import Cancelled
from ankivault.sync.run.report import Message, Report
from ankivault.sync.vault.apply.manner import UNDO_NAME
from ankivault.sync.vault.deck_choice import find_hidden

from ...desks.random_desk import WORD, RandomDesk, any_days

DECKS = ("Bio", "Bio::Cell", "Geo")
HEADINGS = ("### Back", "## back ##", "##Back", "## Answer", "", "## Back\n\n## Front",
            "```\n## Back", "%%\n## Back")  # fmt: skip
BODIES = ("## Front\n{}\n## Back\n{}", "{}\n{}", "{}\n## Front\n{}", "## Other\n{}")
picks = st.integers(0, 1000)


class Person(RandomDesk):
    """A person who edits notes in Anki and pages in Obsidian, and runs a sync now and then."""

    def __init__(self) -> None:
        super().__init__()
        for deck in DECKS:
            self.add_note(deck)
            self.add_cloze_note(deck)
        self.sync()

    # In Anki

    @rule(deck=st.sampled_from(DECKS))
    def add_note(self, deck: str) -> None:
        back = f"<b>{self.word()}</b> <i>and {self.word()}</i><br>second {self.word()}"
        self.desk.add(deck, Front=f"Is it {self.word()}?", Back=back, tags="one a::b")

    @rule(deck=st.sampled_from(DECKS))
    def add_cloze_note(self, deck: str) -> None:
        text = f"{self.word()} is {{{{c1::{self.word()}}}}}<br>then {{{{c2::{self.word()}}}}}"
        self.desk.add(deck, "Cloze", Text=text, Back_Extra=self.word(), tags="it's")

    @precondition(RandomDesk.has_notes)
    @rule(
        pick=picks, field=st.integers(0, 1), form=st.sampled_from(["{} {}", "{1} {0}", "{}<br>{}"])
    )
    def edit_note(self, pick: int, field: int, form: str) -> None:
        note = self.note(pick)
        note.fields[field] = form.format(note.fields[field], self.word())
        self.desk.col.update_note(note)

    @precondition(RandomDesk.has_notes)
    @rule(pick=picks, field=st.integers(0, 1), which=picks)
    def replace_a_word_in_a_note(self, pick: int, field: int, which: int) -> None:
        note = self.note(pick)
        found = WORD.findall(note.fields[field])
        if found:
            old = found[which % len(found)]
            note.fields[field] = note.fields[field].replace(old, self.word())
            self.desk.col.update_note(note)
            self.given_up.add(old)

    @precondition(RandomDesk.has_notes)
    @rule(pick=picks, tag=st.sampled_from(["one", "new", "c++", "leech"]))
    def tag_note(self, pick: int, tag: str) -> None:
        note = self.note(pick)
        if note.has_tag(tag):
            note.remove_tag(tag)
        else:
            note.add_tag(tag)
        self.desk.col.update_note(note)

    @precondition(RandomDesk.has_notes)
    @rule(pick=picks, deck=st.sampled_from(DECKS))
    def move_note(self, pick: int, deck: str) -> None:
        self.desk.move(self.note(pick).id, deck)

    @rule(deck=st.sampled_from(DECKS), name=st.sampled_from(("Bio", "Geo::Bio", "Other")))
    def rename_deck(self, deck: str, name: str) -> None:
        decks = {d.name: d.id for d in self.desk.col.decks.all_names_and_ids()}
        if deck in decks and not name.startswith(f"{deck}::"):
            self.desk.col.decks.rename(decks[deck], name)

    @precondition(RandomDesk.has_notes)
    @rule(pick=picks)
    def delete_note(self, pick: int) -> None:
        self.delete(self.note(pick).id)

    def delete(self, note_id: int) -> None:
        self.given_up.update(WORD.findall(" ".join(self.desk.col.get_note(note_id).fields)))
        self.desk.col.remove_notes([note_id])

    @precondition(RandomDesk.has_notes)
    @rule(rating=st.sampled_from([1, 3, 4]))
    def study(self, rating: Any) -> None:
        self.desk.col.decks.select(self.desk.col.decks.id("Bio"))
        card = self.desk.col.sched.getCard()
        if card:
            self.desk.col.sched.answerCard(card, rating)

    # In Obsidian

    def retype(self, page: Path, pattern: str, new: str, which: int = 0) -> None:
        """Replace one place of a page's managed part."""
        text = page.read_bytes().decode()
        managed = split_page(text).managed
        if not managed:
            return
        found = list(re.finditer(pattern, managed, re.M))
        if not found:
            return
        at = found[which % len(found)]
        changed = managed[: at.start()] + at.expand(new) + managed[at.end() :]
        self.given_up |= set(WORD.findall(managed)) - set(WORD.findall(changed))
        page.write_bytes(text.replace(managed, changed).encode())

    @precondition(RandomDesk.has_pages)
    @rule(pick=picks, which=picks, new=st.sampled_from(["\\g<0> {}", "{} \\g<0>", "\\g<0>\n{}"]))
    def type_on_a_page(self, pick: int, which: int, new: str) -> None:
        self.retype(self.page(pick), r"^(?![#%]).+$", new.format(self.word()), which)

    @precondition(RandomDesk.has_pages)
    @rule(pick=picks, which=picks)
    def replace_a_word_on_a_page(self, pick: int, which: int) -> None:
        self.retype(self.page(pick), WORD.pattern, self.word(), which)

    @precondition(RandomDesk.has_pages)
    @rule(pick=picks, which=picks)
    def delete_a_line_of_a_page(self, pick: int, which: int) -> None:
        self.retype(self.page(pick), r"^.+\n", "", which)

    @precondition(RandomDesk.has_pages)
    @rule(pick=picks, new=st.sampled_from(HEADINGS))
    def retype_a_heading(self, pick: int, new: str) -> None:
        self.retype(self.page(pick), "^## Back( Extra)?$", new)

    @precondition(RandomDesk.has_pages)
    @rule(pick=picks, which=picks)
    def add_and_remove_clozes(self, pick: int, which: int) -> None:
        if which % 2:
            self.retype(self.page(pick), f"^{WORD.pattern}$", "==\\g<0>==", which)
        else:
            self.retype(self.page(pick), "==(.+?)==%%c\\d%%", "\\1", which)

    @precondition(RandomDesk.has_pages)
    @rule(pick=picks)
    def change_the_order(self, pick: int) -> None:
        self.retype(self.page(pick), r"\A(## Front\n(?s:.*?))\n\n(## Back\n(?s:.*))\Z", r"\2\n\n\1")

    @precondition(RandomDesk.has_pages)
    @rule(pick=picks, tags=st.sampled_from(["tags: [mine, a/b]", "tags:", "tags:\n  - '#one'"]))
    def retype_tags(self, pick: int, tags: str) -> None:
        page = self.page(pick)
        text = page.read_bytes().decode()
        page.write_bytes(re.sub(r"^tags:.*\n(?:  - .*\n)*", f"{tags}\n", text, flags=re.M).encode())

    @precondition(RandomDesk.has_pages)
    @rule(pick=picks, deck=st.sampled_from((*DECKS, "Bio::New")))
    def retype_deck(self, pick: int, deck: str) -> None:
        page = self.page(pick)
        text = page.read_bytes().decode()
        page.write_bytes(re.sub("^anki_deck: .*$", f"anki_deck: {deck}", text, flags=re.M).encode())

    @precondition(RandomDesk.has_pages)
    @rule(pick=picks, crlf=st.booleans())
    def type_around_the_marks(self, pick: int, crlf: bool) -> None:
        page = self.page(pick)
        text = page.read_bytes().decode().replace("\r\n", "\n")
        text = text.replace("\nanki_guid", f"\nmine{self.typed}: {self.word()}\nanki_guid", 1)
        text += f"\n{self.word()} without a newline"
        page.write_bytes((text.replace("\n", "\r\n") if crlf else text).encode())

    @precondition(RandomDesk.has_pages)
    @rule(pick=picks)
    def rub_out_the_marks(self, pick: int) -> None:
        page = self.page(pick)
        text = page.read_bytes().decode()
        text = text.replace("%% anki:begin %%", self.word()).replace("%% anki:end %%", "")
        page.write_bytes(text.encode())

    @rule(deck=st.sampled_from(DECKS), body=st.sampled_from(BODIES))
    def write_a_new_page(self, deck: str, body: str) -> None:
        folder = self.desk.vault / deck.replace("::", "/")
        folder.mkdir(parents=True, exist_ok=True)
        text = "---\nanki_note_type: Basic\ntags: [x]\n---\n"
        text += body.format(self.word(), self.word())
        name = self.word()
        self.given_up.add(name)  # an index page names it, for as long as its deck has pages
        (folder / f"{name}.md").write_text(text, "utf-8")

    @precondition(RandomDesk.has_pages)
    @rule(pick=picks)
    def delete_a_page(self, pick: int) -> None:
        self.page(pick).unlink()

    @precondition(RandomDesk.has_pages)
    @rule(pick=picks, folder=st.sampled_from(("", "Bio", "Geo", "Mine")))
    def move_a_page(self, pick: int, folder: str) -> None:
        page = self.page(pick)
        target = self.desk.vault / folder / page.name
        target.parent.mkdir(exist_ok=True)
        if not target.exists():
            os.rename(page, target)

    @precondition(RandomDesk.has_pages)
    @rule(pick=picks, edit=st.booleans())
    def copy_a_page(self, pick: int, edit: bool) -> None:
        page = self.page(pick)
        copied = page.with_name(f"copy {self.typed}.md")
        text = page.read_bytes().decode()
        if edit:
            text = text.replace("%% anki:end", f"{self.word()}\n%% anki:end")
        copied.write_bytes(text.encode())

    # What happens to both

    @rule(policy=st.sampled_from(["ask", "ask", "prefer_anki", "prefer_obsidian"]),
          style=st.sampled_from(["outline", "inline"]),
          excluded=st.sampled_from([(), (), ("Geo",)]))  # fmt: skip
    def choose_settings(self, policy: str, style: str, excluded: tuple[str, ...]) -> None:
        self.desk.set(conflict_policy=policy, cloze_style=style, excluded_decks=excluded)

    @precondition(RandomDesk.has_pages)
    @rule(pick=picks, which=picks)
    def drop_an_image_into_a_page(self, pick: int, which: int) -> None:
        name = f"{self.word()}.png"
        (self.home / "Obsidian" / name).write_bytes(b"picture")
        self.retype(self.page(pick), r"^(?![#%]).+$", f"\\g<0> ![[{name}]]", which)

    @rule(more=st.integers(0, 2), whole=st.booleans())
    def lose_the_base(self, more: int, whole: bool) -> None:
        if more:  # so that it is not too often
            self.sync()
        elif not whole:
            self.desk.lose_base()
        else:  # a vault from a backup, or that another program copied
            place = self.desk.vault.with_name(f"{self.desk.vault.name} copy")
            shutil.copytree(self.desk.vault, place)
            shutil.rmtree(self.desk.vault)
            self.desk.vault = place
            self.desk.set(vault_folder=str(place))

    @rule()
    def go_back_to_the_base_of_before(self) -> None:
        """A run that was killed before it could note down what it did."""
        aside = self.home / "aside"
        shutil.copytree(self.desk.state, aside)
        self.sync()
        shutil.rmtree(self.desk.state)
        os.rename(aside, self.desk.state)

    @rule(calls=st.integers(1, 30))
    def cancel_a_run(self, calls: int) -> None:
        left = [calls]

        def progress(label: str, done: int, total: int) -> None:
            left[0] -= 1
            if left[0] < 0:
                raise Cancelled

        before = self.words()
        with contextlib.suppress(Cancelled):
            self.desk.sync(progress=progress, confirmed=True)
        assert before - self.given_up <= self.words()

    @rule()
    def run_before_ankiweb(self) -> None:
        notes = self.fields()
        self.run_once(inward=False)
        assert self.fields() == notes

    @rule()
    def undo_the_last_run(self) -> None:
        if self.desk.col.undo_status().undo == UNDO_NAME:
            before = self.words()
            self.desk.col.undo()
            assert before - self.given_up <= self.words()  # they still stand on their pages

    @rule(pick=picks, choice=picks)
    def answer_a_question(self, pick: int, choice: int) -> None:
        questions = self.desk.plan().open_questions
        if not questions:
            return
        question = questions[pick % len(questions)]
        answer: Choice = question.choices[choice % len(question.choices)]
        if (question.kind, answer) == ("page deleted", "delete"):
            note = self.desk.col.get_note(question.note_id)
            self.given_up.update(WORD.findall(" ".join(note.fields)))
        if (question.kind, answer) == ("copy", "leave"):
            self.left_alone.add(question.path)
        self.run_once(answers={question.key: answer})

    def run_once(self, **how: Any) -> Report:
        before, cards = self.words(), self.cards()
        answers = how.get("answers", {})
        gone = {int(key.rpartition(":")[2]) for key, word in answers.items() if word == "delete"}
        report = self.desk.sync(confirmed=True, **how)
        assert before - self.given_up <= self.words()
        after = self.cards()
        for number, card in cards.items():
            assert after.get(number) == card or (number not in after and card[1] in gone)
        return report

    @rule()
    def sync(self) -> None:
        report = self.run_once()
        plan = self.desk.plan()
        assert plan.is_empty, [*plan.notes, *plan.pages]
        vault, dates, fields = self.desk.everything(), self.desk.dates(), self.fields()
        assert self.run_once().questions == len(plan.open_questions)
        assert (self.desk.everything(), self.desk.dates(), self.fields()) == (vault, dates, fields)
        self.compare(report.messages)

    def left_out(self) -> set[int]:
        """The notes of decks that have no pages."""
        names = {d.id: d.name for d in self.desk.col.decks.all_names_and_ids()}
        hidden = find_hidden(names, self.desk.settings.deck_choice)
        found = self.desk.col.db.all(
            "select nid, iif(odid, odid, did) from cards order by ord desc"
        )
        return {note for note, deck in dict(found).items() if deck in hidden}

    def compare(self, messages: Sequence[Message]) -> None:
        """What is neither asked nor told about is on both sides, and says the same."""
        plan = self.desk.plan()
        asked = {question.note_id for question in plan.questions}
        left_out = self.left_out()
        told = {message.note_id for message in messages if message.level == "error"}
        said = (*messages, *plan.messages)  # what a run asked about may be told by the next one
        left = {message.path for message in said if "This is a copy" in message.text}
        left |= self.left_alone
        for note_id in set(self.desk.col.find_notes("")) - asked - told - left_out:
            note = self.desk.col.get_note(note_id)
            pages = [
                page
                for page in self.desk.pages(note_id)
                if page.relative_to(self.desk.vault).as_posix() not in left
            ]
            assert len(pages) == 1, note_id
            managed = split_page(pages[0].read_bytes().decode()).managed or ""
            assert set(WORD.findall(managed)) == set(WORD.findall(" ".join(note.fields))), managed


def test_any_sequence_of_edits_on_both_sides_keeps_every_word() -> None:
    run_state_machine_as_test(
        Person,
        settings=any_days(sequences=20, steps=25),
    )
