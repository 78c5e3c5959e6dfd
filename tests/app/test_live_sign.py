"""Live mode as a person sees it in Anki's window: its setting, and its sign in the toolbar."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from ankivault.sync.vault.live.live_vault import Standing
from ankivault.ui.home.words import count_questions
from ankivault.ui.live.state import LiveState, tell_standing
from ankivault.ui.runs.ended import LastRun

from .anki_app import AnkiApp
from .test_window_corners import with_settings

SINCE = 4102491600.0  # on a day that is not today
STATES: list[dict[str, Any]] = [
    {"kind": "off"},
    {"kind": "in step", "since": SINCE, "text": "1 page → Anki: Mitosis"},
    {"kind": "working"},
    {"kind": "questions", "questions": 3},
    {"kind": "questions", "questions": 1234},
    {"kind": "trouble", "text": "The folder is not there. Connect the drive."},
    {"kind": "resting", "text": "Sync Now starts it again."},
    {"kind": "off"},
]
IN_STEP = {"kind": "in step", "text": "1 page → Anki: Mitosis"}


@pytest.fixture
def linked(any_anki: AnkiApp, vault: Path) -> AnkiApp:
    """Anki with a profile that has a vault folder."""
    app = with_settings(any_anki, vault, before_ankiweb_sync=False, two_way=True)
    return replace(app, environment={"TZ": "UTC"})


def test_live_is_on_until_it_is_switched_off_in_the_settings(anki: AnkiApp) -> None:
    assert anki.play("switch_live_off").value == [True, False, False]


@pytest.mark.parametrize("night", [False, True], ids=["day", "night"])
def test_each_state_has_a_mark_of_its_own_and_says_what_it_is(linked: AnkiApp, night: bool) -> None:
    """In the colour of Anki's text, and without moving Anki's links by a pixel."""
    seen = linked.play("show_live_states", states=STATES, night=night).value

    assert [sign["shown"] for sign in seen] == [state["kind"] != "off" for state in STATES]
    assert [sign["text"] for sign in seen[3:5]] == ["3", "99+"]
    assert {sign["text"] for sign in seen[1:3] + seen[5:7]} == {""}
    for sign in seen:
        assert sign["colour"] == sign["text_colour"]
        assert sign["links"] == seen[0]["links"]
        assert (sign["below"], sign["beside"]) == (0, 0)
    names = [sign["name"] for sign in seen]
    assert names[1] == "Ankivault: in step since 1 January, 13:00 · 1 page → Anki: Mitosis"
    assert names[3] == "Ankivault: 3 things wait for you"
    assert names[4] == "Ankivault: 1,234 things wait for you"
    assert names[5] == "Ankivault: not in step · The folder is not there. Connect the drive."
    assert len({*names}) == len(STATES) - 1
    assert [" ".join(sign["tip"].split()) for sign in seen] == names


def test_names_are_plain_text(linked: AnkiApp) -> None:
    """In the sign, however it is drawn, and in the tooltip, which Qt may take for HTML."""
    state = {"kind": "in step", "text": '1 page → Anki: <b>"Mitosis"</b> &lt;i> {}'}
    plain, *nasty = linked.play("redraw_toolbar", states=[IN_STEP, state, state, state]).value

    for sign in nasty:
        assert sign["name"].endswith(state["text"])
        assert sign["elements"] == plain["elements"]
    tip = linked.play("point_at_sign", state=state).value
    assert "<b>" not in tip and "&lt;" not in tip
    assert " ".join(tip.replace("\u200b", "").split()).endswith(state["text"])


def test_a_long_tooltip_is_wrapped(linked: AnkiApp) -> None:
    tip = linked.play("point_at_sign", state={"kind": "trouble", "text": "word " * 80}).value

    assert tip.count("word") == 80
    assert max(map(len, tip.splitlines())) <= 60


def test_the_sign_outlives_all_that_anki_does_with_its_toolbar(linked: AnkiApp) -> None:
    """Drawn anew before and after, hidden while reviewing, and shown again."""
    states = [IN_STEP, STATES[3], STATES[5], STATES[6]]
    seen = linked.play("redraw_toolbar", states=states).value

    assert [sign["marks"] for sign in seen] == [[state["kind"]] for state in states]
    assert {sign["signs"] for sign in seen} == {1}


def test_nothing_is_shown_without_a_vault_folder_or_a_profile(
    own_anki: AnkiApp, vault: Path
) -> None:
    several = replace(own_anki, profiles={"User 1": {}, "Ben": {}})
    assert several.play("show_live_nowhere", profile=None, state=IN_STEP).value is False
    without = with_settings(own_anki, vault, vault_folder=" ")
    assert without.play("show_live_nowhere", state=IN_STEP).value is False


def test_nothing_is_called_in_step_before_both_sides_were_looked_at() -> None:
    """Two questions of the last run, say, wait when Anki opens."""
    kinds = [
        tell_standing(standing, since, "", works=False).kind
        for standing, since in (
            (Standing(), 0.0),
            (Standing(failure="The folder is away."), 0.0),
            (Standing(), 1.0),
        )
    ]
    assert kinds == ["working", "trouble", "in step"]
    begins = LiveState("working")
    assert count_questions(begins, LastRun(questions=2)) == 2
