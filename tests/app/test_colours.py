"""Colours and clozes over several lines on a page, in real Anki."""

from __future__ import annotations

from pathlib import Path

from .anki_app import AnkiApp
from .test_window_corners import with_settings

TEXT = 'A <font color="#0000ff">blue</font> {{c1::<ul><li>one</li><li>two</li></ul>}}'


def test_the_box_in_the_settings_shows_colours_and_changes_no_note(
    anki: AnkiApp, vault: Path, tmp_path: Path
) -> None:
    picture = str(tmp_path / "settings.png")
    seen = (
        with_settings(anki, vault, live=False)
        .play("tick_colours", vault=str(vault), html=TEXT, picture=picture)
        .value
    )
    assert not seen["was"]
    assert '<span style="color: #0000ff">blue</span>' in seen["page"]
    assert "- ==one==%%c1…%%\n- ==two==%%c1%%" in seen["page"]
    assert seen["field"] == TEXT
