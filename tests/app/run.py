"""`make run`: real Anki in a window, with the add-on and the sample collection, to try things."""

from __future__ import annotations

import os
import shutil
import sys

from .anki_app import FIRST_PROFILE, PACKAGE, AnkiApp, AnkiFailed

FOLDER = PACKAGE.parent / "run"
SCREENS = {"xcb": "DISPLAY", "wayland": "WAYLAND_DISPLAY"}


def main() -> int:
    """Exit status 0 when Anki was closed by the person who looked at it."""
    platform = next((name for name, value in SCREENS.items() if os.environ.get(value)), None)
    if platform is None:
        print("There is no screen here. `make demo` needs none.", file=sys.stderr)
        return 1
    shutil.rmtree(FOLDER, ignore_errors=True)
    vault = FOLDER / "My Vault" / "Anki"
    (vault.parent / ".obsidian").mkdir(parents=True)
    vault.mkdir()
    profile = {"ankivault": {"vault_folder": str(vault)}}
    try:
        offscreen = AnkiApp(FOLDER / "anki")
        offscreen.add_sample_collection()
        offscreen.install()
        print(f"The vault folder is {vault}\nTools ▸ Ankivault ▸ Sync Now fills it.")
        AnkiApp(
            FOLDER / "anki",
            profiles={FIRST_PROFILE: profile},
            environment={"QT_QPA_PLATFORM": platform},
        ).play("stay_open", limit=None)
    except AnkiFailed as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
