"""Opens the notes of links such as ``anki://x-callback-url/search?query=nid:…``.

A link reaches Anki as the name of a file that is to be imported: from the system that starts Anki
with it, or from a second Anki that found this one running.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import suppress
from functools import partial
from typing import Optional
from urllib.parse import parse_qs

import aqt
from aqt import gui_hooks
from aqt.main import AnkiQt

from ..app.messages import say

# Anki makes a full path of what it is started with. AnkiDroid's links have other words.
_LINK = re.compile(
    r"(?:^|[\\/])anki:[\\/]+x-callback-url[\\/]+(?:search|browser)[\\/]?\?(.*)\Z", re.S
)
_ANY_LINK = re.compile(r"(?:^|[\\/])anki:[\\/]")
_NOTES = re.compile(r"nid:([0-9]{1,18})")


def set_up(mw: AnkiQt) -> None:
    """Have such links open their notes, where Anki would look for a file of that name."""
    import_file = mw.handleImport

    def open_link(path: str) -> None:
        if _ANY_LINK.search(path):
            _open(mw, find_note_id(path))
        else:
            import_file(path)

    mw.handleImport = open_link  # type: ignore[method-assign]
    gui_hooks.addons_dialog_will_delete_addons.append(partial(_give_up_links, mw))


def find_note_id(link: str) -> Optional[int]:
    """The id of the note that a link is to, also when the link was made a path of."""
    found = _LINK.search(link)
    if found is None:
        return None
    words = parse_qs(found.group(1))
    asked = next((words[name][0] for name in ("query", "search") if name in words), "")
    note = _NOTES.fullmatch(asked.strip())
    return int(note.group(1)) if note else None


def _give_up_links(mw: AnkiQt, _dialog: object, addons: Sequence[str]) -> None:
    """Ankivault is being deleted: who opened links before us opens them again."""
    if mw.addonManager.addonFromModule(__name__) in addons:
        from ..app.scheme import SchemeError, find_scheme

        scheme = find_scheme(mw.pm.base)
        with suppress(SchemeError):
            if scheme is not None:
                scheme.unregister()


def _open(mw: AnkiQt, note_id: Optional[int]) -> None:
    """Show a note in the browser, in front of other windows."""
    if note_id is None:
        say("This link is not to a note. Ankivault opens the links “anki_link” of pages.")
        return
    assert mw.col is not None and mw.col.db is not None
    if not mw.col.db.scalar("select 1 from notes where id = ?", note_id):
        say(f"There is no note with the id {note_id} in this profile.")
        return
    browser = aqt.dialogs.open("Browser", mw, search=(f"nid:{note_id}",))
    browser.activateWindow()
    browser.raise_()
