"""The first moment after Anki's start: two presses at once, and a profile that is closed again."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from .anki_app import FIRST_PROFILE, AnkiApp
from .test_ankiweb import SAMPLES
from .test_window import pages_in
from .test_window_corners import with_settings


@pytest.mark.parametrize(
    ("entry", "title"),
    [("New Dynamic Note…", "New Dynamic Note"), ("Configure…", "Ankivault: Settings")],
)
def test_a_run_and_a_window_that_both_load_the_engine(
    any_own_anki: AnkiApp, vault: Path, entry: str, title: str
) -> None:
    """Two threads that load the same modules, some of which need each other."""
    anki = with_settings(any_own_anki, vault, before_ankiweb_sync=False)

    told = anki.play("press_at_once", entries=["Sync Now", entry], titles=[title]).value

    assert any(f"{SAMPLES} pages created" in text for text in told)
    assert len(pages_in(vault)) == SAMPLES


@pytest.mark.parametrize("entry", ["Sync Now", "Preview Changes…", "New Dynamic Note…"])
def test_what_was_asked_for_in_one_profile_does_not_come_in_another(
    own_anki: AnkiApp, vault: Path, entry: str
) -> None:
    first = {"ankivault": {"vault_folder": str(vault), "before_ankiweb_sync": False}}
    anki = replace(own_anki, profiles={FIRST_PROFILE: first, "Second": {}})

    seen = anki.play("press_and_switch_profile", entry=entry, second="Second").value

    assert not [title for title in seen["titles"] if "Ankivault" in title or "Dynamic" in title]
    assert not [text for text in seen["told"] if "failed" in text or "report this" in text]
