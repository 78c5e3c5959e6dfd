"""What the tests do in Anki's window. Each script is played by ``start.py`` in a fresh Anki."""

from __future__ import annotations

from typing import Any

from window import Steps, Window


def install(window: Window, package: str) -> Steps[dict[str, Any]]:
    """Install a package file, as Tools ▸ Add-ons ▸ Install from file does."""
    yield from window.ready()
    result = window.mw.addonManager.install(package)
    return {
        "error": getattr(result, "errmsg", None),
        "compatible": getattr(result, "compatible", None),
    }


def look(window: Window) -> Steps[dict[str, Any]]:
    """Open Anki and close it again."""
    yield from window.ready()
    assert window.mw.col is not None
    return {"notes": window.mw.col.note_count(), "addons": window.mw.addonManager.allAddons()}
