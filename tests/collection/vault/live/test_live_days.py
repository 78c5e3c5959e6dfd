"""Days with live runs in between: both sides end as full runs alone would have made them.

``ANKIVAULT_STRESS=1000`` looks at more sequences than a normal run, and at others each time.
"""

from __future__ import annotations

import difflib
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import rule, run_state_machine_as_test

from ankivault.sync.run.scope import Scope
from ankivault.sync.vault.live.live_vault import Look, NoRunYet

from ....desks.live_desk import EVERYWHERE, LiveDesk, read_both, twin_of
from ....desks.random_desk import RandomDesk, any_days
from ..test_stress import Person as Reader
from ..test_two_way_stress import Person, picks


def differences(one: dict[str, Any], other: dict[str, Any]) -> list[str]:
    """The lines that are not the same on both."""
    first, second = ([f"{k}: {line}" for k in d for line in show(d[k])] for d in (one, other))
    return list(difflib.unified_diff(first, second, lineterm=""))


def show(value: Any) -> list[str]:
    if isinstance(value, str):
        return value.split("\n")
    return [line for each in value for line in str(each).split("\n")]


def forget_names(both: dict[str, Any]) -> dict[str, Any]:
    """The notes, the media, and the texts of pages."""
    texts = [t for path, t in both.items() if ".trash" not in path and "\nanki_note_id: " in t]
    return {"notes": both["notes"], "media": both["media"], "texts": sorted(texts)}


class LiveDays(RandomDesk):
    """What live mode does at any moment of a person's day. For a class of ``RandomDesk``."""

    def __init__(self) -> None:
        super().__init__()
        self.live = LiveDesk(self.desk)

    def live_run(self, look: Look) -> None:
        """A live run in which nothing is lost, no card, no page and no note."""
        before, cards = self.words(), self.cards()
        try:
            self.live.run(look)
        except NoRunYet:
            self.desk.sync(confirmed=True)
        assert before - self.given_up <= self.words()
        after = self.cards()
        assert {number: after.get(number) for number in cards} == cards

    @rule(times=st.integers(1, 2))
    def all_that_changed_flows(self, times: int) -> None:
        alone = self.full_runs_alone()
        for _ in range(times):
            self.live_run(EVERYWHERE)
        self.live.check_in_step()
        self.compare_with(alone)

    @rule(pages=st.lists(picks, max_size=3), notes=st.lists(picks, max_size=2),
          inward=st.booleans())  # fmt: skip
    def some_of_it_flows(self, pages: list[int], notes: list[int], inward: bool) -> None:
        alone = self.full_runs_alone()
        files = sorted(f for f in self.desk.vault.rglob("*.md") if ".trash" not in f.parts)
        paths = {files[pick % len(files)] for pick in pages if files}
        ids = {self.note(pick).id for pick in notes if self.has_notes()}
        relative = frozenset(path.relative_to(self.desk.vault).as_posix() for path in paths)
        self.live_run(Look(Scope(frozenset(ids), relative), inward=inward))
        self.compare_with(alone, names=False)

    @rule(anki=st.booleans(), inward=st.booleans())
    def one_side_flows(self, anki: bool, inward: bool) -> None:
        alone = self.full_runs_alone()
        self.live_run(Look(Scope(), anki=anki, folder=not anki, inward=inward))
        self.compare_with(alone, names=False)

    @rule(moment=st.integers(1, 80))
    def a_live_run_is_killed(self, moment: int) -> None:
        alone, before, cards = self.full_runs_alone(), self.words(), self.cards()
        self.live.run_and_die(moment)
        assert before - self.given_up <= self.words()
        after = self.cards()
        assert {number: after.get(number) for number in cards} == cards
        self.compare_with(alone, names=False)

    def full_runs_alone(self) -> dict[str, Any]:
        """What full runs would make of both sides as they are now."""
        with twin_of(self.desk, self.home) as twin:
            twin.sync(confirmed=True)
            twin.sync(confirmed=True)
            return read_both(twin)

    def compare_with(self, alone: dict[str, Any], *, names: bool = True) -> None:
        """Pages that want one name get it in the order of the runs, unless all is looked at."""
        now = self.full_runs_alone()
        if not names:
            alone, now = forget_names(alone), forget_names(now)
        found = differences(alone, now)
        assert not found, "\n".join(found)


class LivePerson(LiveDays, Person):
    """A person who edits both sides while live mode is on."""

    @rule(policy=st.sampled_from(["ask", "prefer_anki", "prefer_obsidian"]),
          style=st.sampled_from(["outline", "inline"]),
          excluded=st.sampled_from([(), ("Geo",)]))  # fmt: skip
    def choose_settings(self, policy: str, style: str, excluded: tuple[str, ...]) -> None:
        """A full run follows a change of a setting."""
        self.desk.set(conflict_policy=policy, cloze_style=style, excluded_decks=excluded)
        self.desk.set(included_decks=("Geo::Bio",) if style == "inline" else ())
        self.run_once()


class LiveReader(LiveDays, Reader):
    """A person with a mirror, while live mode is on."""

    @rule(suffix=st.sampled_from(("note_id", "none", "Back")), index=st.booleans(),
          excluded=st.sampled_from(((), ("Geo",))), kept=st.sampled_from(((), ("Geo::A.md",))),
          rename=st.booleans())  # fmt: skip
    def choose_settings(self, **chosen: Any) -> None:
        """A full run follows a change of a setting."""
        chosen = {
            "filename_suffix": chosen["suffix"],
            "index_pages": chosen["index"],
            "excluded_decks": chosen["excluded"],
            "included_decks": chosen["kept"],
            "rename_on_title_change": chosen["rename"],
        }
        self.desk.set(**chosen)
        self.sync()


def test_two_way_days_with_live_runs_end_as_full_runs_would_end_them() -> None:
    run_state_machine_as_test(LivePerson, settings=any_days(sequences=3, steps=25))


def test_mirror_days_with_live_runs_end_as_full_runs_would_end_them() -> None:
    run_state_machine_as_test(LiveReader, settings=any_days(sequences=3, steps=25))
