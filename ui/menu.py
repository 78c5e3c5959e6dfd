"""The menu Tools ▸ Ankivault."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from aqt import gui_hooks
from aqt.main import AnkiQt
from aqt.qt import QMenu, qconnect

from .app import leading, shortcuts
from .app.engine import when_loaded
from .dynamic.open_editor import show_new_note
from .runs import vault as sync_now
from .sources import rember_menu

_KEYS = {"&Home…": "home", "&Sync Now": "sync", "&Preview Changes…": "preview"}


def set_up(mw: AnkiQt) -> None:
    """Add the menu, and make Add-ons ▸ Config open our settings."""
    menu = QMenu("&Ankivault", mw)
    entries: tuple[tuple[str, Callable[[AnkiQt], object]], ...] = (
        ("&Home…", show_home),
        ("&Sync Now", sync_now.run),
        ("&Preview Changes…", _with_engine(show_preview)),
        ("&TOML Decks…", _with_engine(_show_linked_decks)),
        ("So&urces…", _show_sources),
        ("Rember", lambda _: None),
        ("New &Dynamic Note…", show_new_note),
        ("&Last Summary…", sync_now.show_last_summary),
        ("", lambda _: None),
        ("&Open Vault in Obsidian", _with_engine(open_vault)),
        ("Create Page Te&mplates…", _with_engine(_create_templates)),
        ("Create Study &Base…", _with_engine(_create_study_base)),
        ("", lambda _: None),
        ("&Configure…", sync_now.configure),
        ("H&elp", show_help),
        ("Report &a Problem…", _with_engine(_show_problem_report)),
    )
    for label, act in entries:
        if label == "Rember":
            rember_menu.add_menu(mw, menu, partial(show_help, at="rember"))
        elif label:
            action = menu.addAction(label)
            assert action is not None
            qconnect(action.triggered, _caller(act, mw))
            if label in _KEYS:
                shortcuts.bind_action(mw, _KEYS[label], action)
        else:
            menu.addSeparator()
    mw.form.menuTools.addSeparator()
    mw.form.menuTools.addMenu(menu)
    mw.addonManager.setConfigAction(__name__, partial(sync_now.configure, mw))
    gui_hooks.profile_did_open.append(sync_now.forget)
    leading.on_help(show_help)
    sync_now.on_decide(partial(show_preview, at_questions=True))
    sync_now.on_preview(show_preview)


def show_home(mw: AnkiQt, page: str = "") -> None:
    """Open Home, at a page or where it was last."""

    def show() -> None:
        from .home import window

        window.show_home(mw, page)

    when_loaded(mw, show)


def show_overview(mw: AnkiQt) -> None:
    """Open Home where it says how things stand."""
    show_home(mw, "Overview")


def show_preview(mw: AnkiQt, *, at_questions: bool = False) -> None:
    """Make a plan in the background, then show it. ``at_questions``: show its open questions."""
    from .preview import vault_window as preview

    preview.show_preview(mw, at_questions=at_questions)


def open_vault(mw: AnkiQt) -> None:
    """Show the vault folder in Obsidian."""
    from .app import obsidian

    settings = sync_now.settings_to_use(mw)
    if settings:
        obsidian.show_vault(settings, mw)


def show_help(mw: AnkiQt, at: str = "") -> None:
    """Show the guide in Home, at a page such as ``two-way``."""

    def show() -> None:
        from .home import window

        window.show_help(mw, at)

    when_loaded(mw, show)


def _show_linked_decks(mw: AnkiQt) -> None:
    from .decks.window import show_linked_decks

    show_linked_decks(mw)


def _show_problem_report(mw: AnkiQt) -> None:
    from .home.problem_window import show_problem_report

    show_problem_report(mw)


def _show_sources(mw: AnkiQt) -> None:
    def show() -> None:
        from .sources.window import show_sources

        show_sources(mw)

    when_loaded(mw, show, sources=True)


def _create_templates(mw: AnkiQt) -> None:
    from .obsidian.page_templates import create_templates

    create_templates(mw)


def _create_study_base(mw: AnkiQt) -> None:
    from .obsidian.study_base import create_study_base

    create_study_base(mw)


def _with_engine(act: Callable[[AnkiQt], object]) -> Callable[[AnkiQt], None]:
    return lambda mw: when_loaded(mw, partial(act, mw))


def _caller(act: Callable[[AnkiQt], object], mw: AnkiQt) -> Callable[[bool], None]:
    def call(_checked: bool) -> None:
        act(mw)

    return call
