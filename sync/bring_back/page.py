"""Brings back an earlier version of a page, or a page that is gone."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Optional

from ...convert.page.page_text import DamagedPage, replace_managed, split_page
from ...convert.page.properties import PropertiesError, edit_properties, find_note_id, read_own
from ..activity.entry import Kept
from ..collection.decks import iterate_notes
from ..collection.reads import identify
from ..run.base_file import DAMAGED
from ..run.disk import explain
from ..run.done import Done
from ..run.encodings import decode_page, encode_page
from ..run.regular import read_regular
from ..vault.base import Base
from ..vault.base_tables import VAULT_BASE
from ..vault.read.files import VaultFiles
from ..vault.read.obsidian import find_obsidian_root
from ..vault.read.pages_on_disk import digest_of
from ..vault.rows import Held
from ..vault.settings import Settings
from .note import plan_fields
from .plan import BackPlan, PageBack, Part, refuse

if TYPE_CHECKING:
    from anki.collection import Collection

_NO_WORDS = "The text of that time is not kept any more: the oldest go when there are too many."
_ANKIS = (
    "Only what stands between the marks differs, and without two-way that is as the note in Anki "
    "is. Copy the words from here into the note; or switch two-way on, and then bring this version "
    "back."
)


def plan_page(
    col: Collection, settings: Settings, folder: Path, state: Path, kept: Kept
) -> BackPlan:
    """Plan to put the text that a page had before there again. Writes nothing."""
    entry = kept.entry
    then = entry.before or _find_in_trash(folder, entry.trash)
    refusal = _refuse_at_once(kept, then)
    if refusal:
        return refuse(kept, refusal)
    path, held = _find_page(col, folder, state, entry.note_id)
    files = VaultFiles(folder, None)
    try:
        present = files.read(path or entry.path)
    except OSError as error:
        return refuse(kept, f"The page cannot be read: {explain(error)}.")
    is_known, path = bool(path), path or entry.path
    if present is None:
        return _plan_file(col, kept, path, then)
    if not _is_page_of(entry.note_id, decode_page(present), is_known):
        free = _find_free(files, path)
        if not free:
            return refuse(kept, f"“{path}” is another page now. Rename that one, and try again.")
        return _plan_file(col, kept, free, then)
    try:
        text = _join(decode_page(then), decode_page(present), held, settings.two_way)
    except (DamagedPage, PropertiesError) as error:
        return refuse(kept, f"One of the two versions cannot be read with certainty: {error}.")
    now = decode_page(present)
    words = refuse(kept, "") if settings.two_way else plan_fields(col, kept)
    if words.note is not None:
        return _with_note(words, PageBack(path, encode_page(text), digest_of(present)), now, text)
    if text == now:
        differs = split_page(now).managed != split_page(decode_page(then)).managed
        same = "The page says this already: there is nothing to bring back."
        return refuse(kept, _ANKIS if differs and not settings.two_way else same)
    told = ["The version that is there now goes to the trash of the vault, and stays in Activity."]
    if settings.two_way:
        told.append("Two-way is on: the next run carries what changes on the page into Anki.")
    else:
        told.append(
            "What you wrote outside Anki's part comes back. Anki's part stays as it is: in this "
            "vault Anki decides that."
        )
    back = PageBack(path, encode_page(text), digest_of(present))
    return BackPlan(kept, page=back, parts=(Part(path, now, text, "page"),), told=tuple(told))


def _refuse_at_once(kept: Kept, then: bytes) -> str:
    """Why there is nothing to bring back, whatever is on the disk; empty when there is."""
    entry = kept.entry
    if entry.done in (Done.INDEX_UPDATED, Done.INDEX_REMOVED):
        return "An index page is made anew by each run, from the pages that are there."
    if not entry.note_id:
        where = f" It is in the vault as “{entry.trash}”." if entry.trash else ""
        return f"Only pages of notes can be brought back here.{where}"
    if then:
        return ""
    if entry.before or entry.trash:
        return _NO_WORDS
    return "No words were replaced here: there is no earlier text of this page."


def _with_note(plan: BackPlan, page: PageBack, now: str, text: str) -> BackPlan:
    """The plan for the note of a page; and for the page, where a person's words on it differ."""
    told = (
        "In this vault Anki decides: the note gets its words back, and the page follows with the "
        "next run.",
        *plan.told,
    )
    if text == now:
        return replace(plan, told=told)
    outside = "On the page, only what you wrote outside Anki's part comes back."
    parts = (*plan.parts, Part(page.path, now, text, "page"))
    return replace(plan, page=page, parts=parts, told=(*told, outside))


def _plan_file(col: Collection, kept: Kept, path: str, then: bytes) -> BackPlan:
    note_id = kept.entry.note_id
    if next(iterate_notes(col, [note_id]), None) is not None:
        told = "The page is a file of the vault again. Its note is in Anki: the next run sees both."
    else:
        told = (
            "The page is a file of the vault again. Its note is not in Anki: the page is left "
            "alone until the note is back. With two-way, delete its lines anki_note_id and "
            "anki_guid to make a new note of it."
        )
    part = Part(path, None, decode_page(then), "page")
    return BackPlan(kept, page=PageBack(path, then), parts=(part,), told=(told,))


def _join(then: str, now: str, held: Optional[Held], two_way: bool) -> str:
    """The page with the text of ``then``, and with what it says now of the note itself.

    Our properties are those of now: an older deck or id on the page would move the note. Without
    two-way, so is Anki's part.
    """
    parts = split_page(now)
    own = read_own(parts.front_matter)
    text = then
    if not two_way:
        if parts.damaged or parts.managed is None:
            raise DamagedPage("Anki's part of the page has lost one of its marks")
        text = replace_managed(then, parts.managed)
    old = split_page(text)
    if held is None or old.front_matter is None or own.note_id is None:
        return text
    properties = held.properties
    edited = edit_properties(old.front_matter, properties, properties, old.newline)
    return replace(old, front_matter=edited).text


def _is_page_of(note_id: int, text: str, is_known: bool) -> bool:
    """Whether a page is this note's. ``is_known``: the base says so, if the page names no other."""
    found = find_note_id(text)
    return found == note_id or (is_known and found is None)


def _find_free(files: VaultFiles, path: str) -> str:
    """A path beside one that another page has taken; empty when there is none."""
    stem = path[: -len(".md")] if path.lower().endswith(".md") else path
    for number in range(2, 100):
        free = f"{stem} {number}.md"
        try:
            if files.read(free) is None:
                return free
        except OSError:
            continue
    return ""


def _find_page(
    col: Collection, folder: Path, state: Path, note_id: int
) -> tuple[str, Optional[Held]]:
    """Where a note's page is, and how it was last written; nothing if that is not known."""
    try:
        with VAULT_BASE.read(state, folder, identify(col), trusted=True) as db:
            base = Base(db)
            row = base.page(note_id)
            return (row.path, base.held([note_id]).get(note_id)) if row else ("", None)
    except DAMAGED:
        return "", None


def _find_in_trash(folder: Path, shown: str) -> bytes:
    """The version in the trash, whose path is below the root of the Obsidian vault."""
    root = find_obsidian_root(folder) or folder
    parts = shown.split("/")
    if not shown or ".." in parts or parts[0] != ".trash":
        return b""
    try:
        return read_regular(root.joinpath(*parts), follow=False)
    except OSError:
        return b""
