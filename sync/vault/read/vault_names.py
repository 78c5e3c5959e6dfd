"""Corrects links from notes to pages after the vault was renamed: they hold the vault's name."""

from __future__ import annotations

import re
from collections.abc import Callable, Set
from html import unescape
from typing import Optional
from urllib.parse import quote

from ....convert.text.file_names import fold_file_name
from ...collection.reads import note_digest
from ...reconcile.note_change import FieldChange, NoteChange
from .pages_on_disk import PageOnDisk
from .snapshot import VaultSnapshot

_ADDRESS = re.compile(r"(obsidian://open\?vault=)([^&\"'<>\s]+)((?:&amp;|&)file=[^&\"'<>\s]+)")
_PART = re.compile(r"[#^].*\Z", re.DOTALL)


def make_page_test(has_file_named: Callable[[str], bool]) -> Callable[[str], bool]:
    """What tells whether a wikilink's target is a page or a file of this vault.

    ``has_file_named`` knows the folded names of all of them.
    """

    def is_here(target: str) -> bool:
        name = fold_file_name(_PART.sub("", target))
        return bool(name) and (has_file_named(name) or has_file_named(name + ".md"))

    return is_here


def plan_vault_name(
    snapshot: VaultSnapshot,
    name: str,
    link_target: Callable[[str], Optional[str]],
    leave: Set[int],
) -> tuple[list[NoteChange], bool]:
    """Changes of notes whose links have a former name of this vault: they get the name ``name``.

    ``link_target`` returns the target of an address in this vault, under any of its names, or
    None. Notes in ``leave`` are skipped: the run edits them anyway, or they wait for an answer.
    Returns, too, whether one of them has links with a former name, for the run after that.
    """
    found = snapshot.anki.find_notes_with("obsidian://open?vault=")
    waits = any(
        _rename(row.fields, name, link_target) != row.fields
        for row in snapshot.anki.read_notes([note_id for note_id in found if note_id in leave])
    )
    opened = {note_id: snapshot.finder.find(note_id) for note_id in found if note_id not in leave}
    pages = {id_: page for id_, page in opened.items() if isinstance(page, PageOnDisk)}
    changes: list[NoteChange] = []
    for row in snapshot.anki.read_notes(list(pages)):
        notetype = snapshot.notetypes.get(row.notetype)
        values = row.fields.split("\x1f")
        if notetype is None or len(values) != len(notetype.fields):
            continue
        fields = [
            FieldChange(field, before, after)
            for field, before in zip(notetype.fields, values)
            for after in [_rename(before, name, link_target)]
            if after != before
        ]
        if fields:
            page = pages[row.id]
            changes.append(
                NoteChange(
                    kind="edit",
                    note_id=row.id,
                    path=page.path,
                    title=page.path.rpartition("/")[2][:-3],
                    reason="the vault has another name",
                    notetype=notetype.name,
                    fields=tuple(fields),
                    note_digest=note_digest(row),
                    file_digest=page.digest,
                )
            )
    return changes, waits


def _rename(html: str, name: str, link_target: Callable[[str], Optional[str]]) -> str:
    def replace(found: re.Match[str]) -> str:
        if link_target(unescape(found[0])) is None:
            return found[0]
        return f"{found[1]}{quote(name, safe='')}{found[3]}"

    return _ADDRESS.sub(replace, html)
