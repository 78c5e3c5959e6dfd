"""Two-way with all that a page can do: choices change, and earlier words come back, day by day.

``ANKIVAULT_STRESS=1000`` looks at more sequences than a normal run, and at others each time.
"""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule, run_state_machine_as_test

from ankivault.sync.activity.find import Query, reading
from ankivault.sync.bring_back.run import apply_back, plan_back

from ...desks.random_desk import WORD, RandomDesk, any_days
from .test_stress import Person as Onlooker
from .test_two_way_stress import DECKS, Person, picks

CHOICES = (
    {},
    {"excluded_decks": ("Geo",)},
    {"excluded_decks": ("Bio",), "included_decks": ("Bio::Cell",)},
    {"new_decks": False, "included_decks": ("Geo", "Bio::Cell")},
)
FORMS = (
    '<span style="color:red">{}</span> {}<br><font color="#00f">{}</font>',
    '<mark style="background: yellow">{} {}</mark><div style="color:green">{}</div>',
    "<ul><li>{}</li><li style='color:red'>{}</li></ul>{}",
)
CLOZES = (
    "{{{{c1::{}<br>{}}}}} then {{{{c2::{}}}}}",
    "{{{{c1::<ul><li>{}</li><li>{}</li></ul>}}}}{{{{c2::{}}}}}",
    "<pre>x = {{{{c1::{}}}}}\ny = {}</pre>{{{{c2::{}}}}}",
    '<span style="color:red">{{{{c1::{}}}}} {}</span><br>{{{{c3::{}}}}}',
)


class Chooser(Person):
    """A person who tries the settings, and brings back what was."""

    @rule(deck=st.sampled_from(DECKS), form=st.sampled_from(FORMS))
    def add_coloured_note(self, deck: str, form: str) -> None:
        back = form.format(self.word(), self.word(), self.word())
        self.desk.add(deck, Front=f"Is it {self.word()}?", Back=back)

    @rule(deck=st.sampled_from(DECKS), form=st.sampled_from(CLOZES))
    def add_cloze_of_lines(self, deck: str, form: str) -> None:
        self.desk.add(deck, "Cloze", Text=form.format(self.word(), self.word(), self.word()))

    @rule(
        colours=st.booleans(),
        study=st.booleans(),
        links=st.booleans(),
        tags=st.booleans(),
        style=st.sampled_from(["outline", "inline"]),
        decks=st.sampled_from(CHOICES),
    )
    def choose_more(  # type: ignore[no-untyped-def]
        self, colours: bool, study: bool, links: bool, tags: bool, style: str, decks
    ) -> None:
        self.desk.set(
            colours=colours,
            study_properties=study,
            anki_links=links,
            include_tags=tags,
            cloze_style=style,
            **{"excluded_decks": (), "included_decks": (), "new_decks": True, **decks},
        )

    @rule()
    def sync(self) -> None:
        self.run_once()  # it may make the deck in whose folder a new page lies
        super().sync()

    @precondition(RandomDesk.has_notes)
    @rule(pick=picks, which=picks)
    def bring_back(self, pick: int, which: int) -> None:
        self.given_up |= bring_something_back(self, pick, which, self.given_up)


class Reader(Onlooker):
    """A person with a mirror who brings back what was."""

    @rule(pick=picks, which=picks)
    def bring_back(self, pick: int, which: int) -> None:
        bring_something_back(self, pick, which, set())


def bring_something_back(person: RandomDesk, pick: int, which: int, given_up: set[str]) -> set[str]:
    """Bring back one of the last things that runs did. Returns the words that it replaced."""
    desk = person.desk
    with reading(desk.state) as history:
        runs = [run for run in history.runs(Query()) if run.entries][:5]
        entries = history.entries(runs[pick % len(runs)].id, Query()) if runs else ()
    if not entries:
        return set()
    plan = plan_back(desk.col, desk.settings, desk.state, entries[which % len(entries)])
    if plan.refusal:
        return set()
    now, then = (
        set(WORD.findall(" ".join(text or "" for text in texts)))
        for texts in zip(*((part.now, part.then) for part in plan.parts))
    )
    before = person.words()
    report = apply_back(desk.col, desk.settings, desk.state, plan)
    assert not report.ok or then <= {*person.words(), *WORD.findall(" ".join(person.fields()))}
    assert before - now - given_up <= person.words()
    return now - then


def test_any_sequence_of_choices_and_ways_back_keeps_every_word() -> None:
    run_state_machine_as_test(Chooser, settings=any_days(sequences=12, steps=25))


def test_any_sequence_of_ways_back_in_a_mirror_keeps_every_word() -> None:
    run_state_machine_as_test(Reader, settings=any_days(sequences=12, steps=25))
