"""Live mode beside all that a page can do: choices change, and earlier words come back."""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.stateful import rule, run_state_machine_as_test

from ....desks.live_desk import EVERYWHERE
from ....desks.random_desk import any_days
from ..test_choices_stress import CHOICES, Chooser
from .test_live_days import LiveDays


class LiveChooser(LiveDays, Chooser):
    """A person who tries the settings while live mode is on."""

    @rule(policy=st.sampled_from(["ask", "prefer_anki", "prefer_obsidian"]),
          style=st.sampled_from(["outline", "inline"]), decks=st.sampled_from(CHOICES),
          more=st.tuples(st.booleans(), st.booleans(), st.booleans()))  # fmt: skip
    def choose_settings(  # type: ignore[no-untyped-def]
        self, policy: str, style: str, decks, more
    ) -> None:
        """A full run follows a change of a setting."""
        self.desk.set(
            conflict_policy=policy,
            cloze_style=style,
            colours=more[0],
            study_properties=more[1],
            anki_links=more[2],
            **{"excluded_decks": (), "included_decks": (), "new_decks": True, **decks},
        )
        self.run_once()

    @rule()
    def go_back_to_the_base_of_before(self) -> None:
        """Anki died with the run, and looks at everything when it starts again."""
        super().go_back_to_the_base_of_before()
        self.live_run(EVERYWHERE)

    @rule()
    def run_before_ankiweb(self) -> None:
        """After AnkiWeb, everything is looked at."""
        super().run_before_ankiweb()
        self.run_once()

    def choose_more(self) -> None:
        """Left to ``choose_settings``."""


def test_days_of_choices_with_live_runs_end_as_full_runs_would_end_them() -> None:
    run_state_machine_as_test(LiveChooser, settings=any_days(sequences=3, steps=25))
