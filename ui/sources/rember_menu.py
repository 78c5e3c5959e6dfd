"""The submenu Tools ▸ Ankivault ▸ Rember. It loads nothing until it is opened."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from aqt.main import AnkiQt
from aqt.qt import QAction, QMenu, qconnect
from aqt.utils import ask_user, show_info

from ..app.engine import when_loaded
from ..app.messages import TITLE, say
from ..app.source_records import has_tokens


def add_menu(mw: AnkiQt, above: QMenu, show_help: Callable[[AnkiQt], object]) -> None:
    """Add the submenu to the menu ``above``."""
    menu = above.addMenu("&Rember")
    assert menu is not None
    account = _add(menu, "&Sign In…", partial(change_account, mw))
    menu.addSeparator()
    status = _add(menu, "S&tatus", partial(show_status, mw))
    pull = _add(menu, "&Pull Now", partial(pull_now, mw))
    again = _add(menu, "&Import All Again…", partial(import_again, mw))
    menu.addSeparator()
    _add(menu, "&Help", partial(show_help, mw))

    def refresh() -> None:
        is_open = mw.col is not None
        account.setText(name_account_action(mw))
        for action in (account, status):
            action.setEnabled(is_open)
        for action in (pull, again):
            action.setEnabled(is_open and has_tokens(mw))

    qconnect(menu.aboutToShow, refresh)


def name_account_action(mw: AnkiQt) -> str:
    """What can be done about the account now: signing in, ending that, or signing out."""
    from ..runs import rember

    if rember.is_signing_in():
        return "Cancel &Sign-In"
    return "&Sign Out" if has_tokens(mw) else "&Sign In…"


def change_account(mw: AnkiQt) -> None:
    """Sign in, end an attempt to sign in, or sign out, whichever can be done now."""
    from ..runs import rember

    if not mw.col:
        say("Open a profile first: the account belongs to it.", parent=mw)
    elif rember.is_signing_in():
        rember.cancel_sign_in()
    elif has_tokens(mw):
        when_loaded(mw, partial(rember.sign_out, mw), sources=True)
    else:
        rember.sign_in(mw)


def show_status(mw: AnkiQt) -> None:
    """Say how the account stands."""
    from ..runs import rember

    def show() -> None:
        show_info(rember.describe_state(mw), parent=mw, title=TITLE)

    when_loaded(mw, show, sources=True)


def pull_now(mw: AnkiQt) -> None:
    """Pull what changed in Rember."""
    from ..runs import rember

    when_loaded(mw, partial(rember.pull, mw, mw), sources=True)


def import_again(mw: AnkiQt) -> None:
    """Pull everything again, after a question."""
    from ..runs import rember

    def answered(yes: bool) -> None:
        if yes:
            when_loaded(mw, partial(rember.pull, mw, mw, anew=True), sources=True)

    question = (
        "Pull all rembs again? Notes that you deleted in Anki come back. Your own edits and your "
        "reviews stay.\n\nGo on?"
    )
    ask_user(question, answered, defaults_yes=False, parent=mw, title=TITLE)


def _add(menu: QMenu, label: str, act: Callable[[], object]) -> QAction:
    action = menu.addAction(label)
    assert action is not None
    qconnect(action.triggered, lambda _checked: act())
    return action
