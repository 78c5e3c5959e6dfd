"""What Anki has to load while it starts, so that nobody waits for it longer."""

from __future__ import annotations

from pathlib import Path

from .anki_app import AnkiApp
from .test_window_corners import with_settings

# Errors, the settings and the choice of decks, the list of TOML decks, the dynamic type, packages.
MOST_OF_ENGINE = 17


def test_the_engine_is_loaded_when_it_is_first_needed(any_own_anki: AnkiApp, vault: Path) -> None:
    """Set up, with a profile opened that has a vault folder: no parser, and hardly an engine."""
    anki = with_settings(any_own_anki, vault, before_ankiweb_sync=False)
    modules = anki.play("list_modules").value
    started, used = (
        [name for name in modules[when] if name.split(".")[1] in ("convert", "sync", "vendor")]
        for when in ("at_start", "with_preview")
    )

    assert "ankivault.ui.menu" in modules["at_start"]
    assert not [name for name in started if ".vendor" in name], "a library: Markdown, YAML, TOML"
    assert not [name for name in started if ".source" in name], "nobody has a source"
    assert len(started) <= MOST_OF_ENGINE, started
    assert len(used) > 10 * MOST_OF_ENGINE
    windows = [name for name in modules["at_start"] if name.startswith("ankivault.ui.")]
    assert len(windows) < len([n for n in modules["with_preview"] if ".ui." in n])
