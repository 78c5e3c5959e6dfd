"""Tools ▸ Ankivault."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from aqt import gui_hooks
from aqt.main import AnkiQt
from aqt.qt import QDialog, QDialogButtonBox, QMenu, QTextBrowser, QVBoxLayout, qconnect
from aqt.utils import disable_help_button, restoreGeom, saveGeom

from . import obsidian, preview, sync_now
from .decks.window import show_linked_decks
from .dynamic.open_editor import show_new_note
from .page_templates import create_templates
from .settings_dialog import show_settings


def set_up(mw: AnkiQt) -> None:
    """Add the menu, and open our settings for Add-ons ▸ Config."""
    menu = QMenu("&Ankivault", mw)
    entries: tuple[tuple[str, Callable[[AnkiQt], object]], ...] = (
        ("&Sync Now", sync_now.run),
        ("&Preview Changes…", preview.show_preview),
        ("&TOML Decks…", show_linked_decks),
        ("New &Dynamic Note…", show_new_note),
        ("&Last Summary…", sync_now.show_last_summary),
        ("", lambda _: None),
        ("&Open Vault in Obsidian", open_vault),
        ("Create Page Te&mplates…", create_templates),
        ("", lambda _: None),
        ("&Configure…", show_settings),
        ("&Help", show_help),
    )
    for label, act in entries:
        if label:
            action = menu.addAction(label)
            assert action is not None
            qconnect(action.triggered, _caller(act, mw))
        else:
            menu.addSeparator()
    mw.form.menuTools.addSeparator()
    mw.form.menuTools.addMenu(menu)
    mw.addonManager.setConfigAction(__name__, lambda: show_settings(mw))
    gui_hooks.profile_did_open.append(sync_now.forget)


def open_vault(mw: AnkiQt) -> None:
    """Show the vault folder in Obsidian."""
    settings = sync_now.settings_to_use(mw)
    if settings:
        obsidian.show_vault(settings, mw)


def show_help(mw: AnkiQt) -> None:
    """Show what every setting does, and what happens to pages."""
    text = (Path(__file__).parent.parent / "config.md").read_text(encoding="utf-8")
    dialog = QDialog(mw)
    dialog.setWindowTitle("Ankivault: Help")
    disable_help_button(dialog)
    mw.garbage_collect_on_dialog_finish(dialog)
    page = QTextBrowser()
    page.setOpenExternalLinks(True)
    page.setMarkdown(text)
    buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
    layout = QVBoxLayout(dialog)
    layout.addWidget(page)
    layout.addWidget(buttons)
    qconnect(buttons.rejected, dialog.reject)
    qconnect(dialog.finished, lambda _: saveGeom(dialog, "ankivaultHelp"))
    dialog.resize(640, 560)
    restoreGeom(dialog, "ankivaultHelp")
    dialog.setModal(True)
    dialog.show()


def _caller(act: Callable[[AnkiQt], object], mw: AnkiQt) -> Callable[[bool], None]:
    def call(_checked: bool) -> None:
        act(mw)

    return call
