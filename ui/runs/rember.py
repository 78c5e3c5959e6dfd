"""Signing in to Rember and out of it, and what the menu and the window say about the account."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from typing import Any, Optional

from aqt import gui_hooks
from aqt.main import AnkiQt
from aqt.qt import QWidget
from aqt.utils import openLink

from ...sync.run.done import count_words
from ...sync.run.errors import Cancelled
from ..app.asking import Asking
from ..app.files_in_place import may_load
from ..app.messages import say, tell_error
from ..app.source_records import (
    REMBER,
    ProfileTokens,
    change_record,
    forget_record,
    get_record,
)
from . import source_kinds, sources

_KEY = "sign in"
_attempt: Optional[Asking] = None


def is_signing_in() -> bool:
    """Whether the browser is open, and has not come back yet."""
    return _attempt is not None


def sign_in(mw: AnkiQt, open_address: Callable[[str], object] = openLink) -> None:
    """Open Rember in the browser, and go on when it comes back. Anki can be used meanwhile."""
    global _attempt
    if _attempt is not None or not may_load(mw):
        return
    attempt = _attempt = Asking()
    store = ProfileTokens(mw)

    def open_browser(address: str) -> None:
        mw.taskman.run_on_main(lambda: _open(open_address, address))

    def work() -> Any:
        from ...sync.source.rember import sign_in as signing_in
        from ...sync.source.rember.service import REMBER as USUAL

        how = signing_in.Attempt(is_cancelled=lambda: attempt.is_dropped)
        return signing_in.sign_in(source_kinds.service or USUAL, store, open_browser, how)

    attempt.add(_KEY, work)
    attempt.wait(mw, lambda: _tell(mw, attempt), shows=False)
    sources.announce_change()


def _open(open_address: Callable[[str], object], address: str) -> None:
    open_address(address)


def cancel_sign_in() -> None:
    """End the attempt to sign in. Nothing is kept of it."""
    global _attempt
    if _attempt is not None:
        _attempt.drop()
        _attempt = None
        sources.announce_change()


def _tell(mw: AnkiQt, attempt: Asking) -> None:
    global _attempt
    if _attempt is attempt:
        _attempt = None
    outcome = attempt.outcomes.get(_KEY)
    if attempt.is_dropped or outcome is None or isinstance(outcome.error, Cancelled):
        say("You are not signed in to Rember.", parent=mw)
    elif outcome.error is not None:
        tell_error(mw, outcome.error)
    else:
        change_record(mw, REMBER, result="Signed in", waiting=0)
        say(
            "You are signed in to Rember. Your rembs come with Pull Now, and before each AnkiWeb "
            "sync.",
            parent=mw,
        )
    sources.announce_change()


def sign_out(mw: AnkiQt) -> None:
    """Forget the tokens. The notes stay; the next sign-in pulls everything anew."""
    rember = source_kinds.look_around(mw).find_rember()
    if rember is None or not may_load(mw):
        return
    leaving = Asking()
    leaving.add(_KEY, partial(_sign_out, rember))

    def tell() -> None:
        outcome = leaving.outcomes[_KEY]
        if outcome.error is not None:
            tell_error(mw, outcome.error)
            return
        forget_record(mw, REMBER)
        say("You are signed out of Rember. Your notes stay as they are.", parent=mw)
        sources.announce_change()

    leaving.wait(mw, tell, shows=False)


def _sign_out(rember: source_kinds.RemberSource) -> None:
    from ...sync.source.rember.run import sign_out as leave

    leave(rember.place, rember.store)


def pull(mw: AnkiQt, parent: QWidget, *, anew: bool = False) -> None:
    """Pull what changed in Rember, or everything ``anew``, then show what was done."""
    rember = source_kinds.look_around(mw).find_rember(anew=anew)
    if rember is None:
        say("You are not signed in to Rember.", parent=parent)
    else:
        sources.update(mw, [rember], parent)


def describe_state(mw: AnkiQt) -> str:
    """How the account stands, in one or more lines."""
    if is_signing_in():
        return "Your browser is open: sign in there. Anki waits for it two minutes."
    rember = source_kinds.look_around(mw).find_rember()
    if rember is None:
        return "You are not signed in to Rember."
    from ...sync.source.rember.run import read_status

    status, record = read_status(rember.place), get_record(mw, REMBER)
    lines = [f"You are signed in to Rember{f' as {status.email}' if status.email else ''}."]
    if not status.pulled:
        lines.append("Not everything was pulled yet.")
    if record.last_run:
        when = time.strftime("%Y-%m-%d %H:%M", time.localtime(record.last_run))
        lines.append(f"Last pull: {when}. {record.result.rstrip('.')}.")
    if status.rembs:
        lines.append(f"{count_words(status.rembs, 'remb')} in Anki.")
    if status.waiting:
        waits = "waits" if status.waiting == 1 else "wait"
        lines.append(
            f"{count_words(status.waiting, 'remb')} {waits}: see Preview… in {sources.WHERE}"
        )
    return "\n".join(lines)


gui_hooks.profile_will_close.append(cancel_sign_in)
