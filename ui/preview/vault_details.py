"""The details of a change in a vault's plan: its sides as sections, or a diff of the page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Optional

from anki.collection import Collection
from anki.notes import NoteId

from ...convert.field_style import FieldStyle
from ...convert.html.masks import picture_of
from ...convert.segment import join_markdown
from ...convert.shown.page import Form
from ...convert.to_markdown.html_to_markdown import html_to_markdown
from ...sync.reconcile.note_change import FieldChange, NoteChange
from ...sync.reconcile.question import Question
from ...sync.run.regular import read_regular
from ...sync.vault.changes import IndexChange, MediaChange, PageChange, VaultPlan
from ...sync.vault.read.note_fields import read_fields
from ...sync.vault.run import page_texts
from ...sync.vault.words import explain_index, explain_page
from ..app.messages import capitalise
from ..widgets.diff_view import compare
from ..widgets.side_by_side import Section, Side
from .vault_groups import Change


@dataclass(frozen=True)
class Detail:
    """The details of a change: a heading with sections. ``diff``: of a page, as Markdown."""

    heading: str = ""
    sections: tuple[Section, ...] = ()
    diff: Optional[str] = None


def describe(plan: VaultPlan, change: Change, col: Collection) -> Detail:
    """The details of a change. Reads pages from the disk, and notes that may be deleted."""
    if isinstance(change, Question):
        return Detail(change.text, tuple(_question_sections(plan, change, col)))
    if isinstance(change, NoteChange):
        doomed = _note_in_anki(col, change.note_id) if change.kind == "delete" else ()
        return Detail(_about_note(change), (*_note_sections(change), *doomed))
    if isinstance(change, PageChange):
        now, after = page_texts(plan, change)
        return _about_page(_tell_page(change), now, after)
    if isinstance(change, IndexChange):
        now, after = _read(plan, change.old_path or change.path), change.text or ""
        return _about_page(_tell_index(change), now, after)
    return _about_media(change)


def _about_page(told: str, now: str, after: str) -> Detail:
    """A page that is new or goes, or both of its versions."""
    if now == after:
        section = Section("", (Side("The page", now),), form="page")
    elif not now:
        section = Section("", (Side("The new page", after),), form="page")
    elif not after:
        section = Section("", (Side("The page that goes", now),), form="page")
    else:
        sides = (Side("Now", now, "old"), Side("After the run", after, "new"))
        section = Section("", sides, form="page")
    return Detail(told, (section,), compare(now, after) or "The text stays the same.")


def _tell_page(change: PageChange) -> str:
    told = f"{capitalise(explain_page(change))}."
    if change.kind == "delete":
        return f"{told} {_where_to(change.path, change.trash, change.trash_name)}"
    if change.old_path and change.old_path != change.path:
        told += f" It moves from “{change.old_path}” to “{change.path}”."
    if change.trash:
        kept = change.trash_name or change.old_path or change.path
        told += f" The page as it is now is kept in the vault's trash, as “{kept}”."
    return told


def _tell_index(change: IndexChange) -> str:
    told = f"{capitalise(explain_index(change))}."
    return told if change.text else f"{told} {_where_to(change.path, change.trash, '')}"


def _where_to(path: str, trash: bool, name: str) -> str:
    if trash:
        return f"The page goes to the vault's trash, as “{name or path}”."
    return "The page is deleted: nothing on it is yours alone."


def _about_media(change: MediaChange) -> Detail:
    told = {
        "copy": "The file is copied from Anki into the vault.",
        "replace": "The copy in the vault is replaced by Anki's file.",
        "remove": "No page uses the copy in the vault any more: it is removed.",
    }.get(change.kind, "The file is as it should be.")
    picture = picture_of(change.name)
    if picture and change.kind in ("copy", "replace"):
        told = (
            f"The masks of image occlusion notes are drawn on “{picture}”, in a file of the vault."
        )
    if change.trash:
        told += " The present copy is kept in the vault's trash."
    shown = Side(change.path, f"![[{change.name}]]")
    return Detail(told, (Section(change.name, (shown,)),))


def _question_sections(plan: VaultPlan, question: Question, col: Collection) -> Iterator[Section]:
    if question.kind in ("field", "deck"):
        before = (Side("Before", question.base),) if question.base else ()
        anki = Side("In Anki", question.anki, "one")
        page = Side("In Obsidian", question.page, "other")
        result = _find_result(plan, question) if question.field else None
        form: Form = "markdown" if question.field else "plain"
        title = question.field or "Deck"
        yield Section(title, (*before, anki, page), result=result, form=form)
    elif question.kind == "page deleted":
        yield from _note_in_anki(col, question.note_id)
    elif question.kind in ("note deleted", "copy"):
        page = Side("In Obsidian", _read(plan, question.path))
        yield Section(question.path, (page,), form="page")


def _note_in_anki(col: Collection, note_id: int) -> Iterator[Section]:
    note = col.get_note(NoteId(note_id))
    fields, cards = read_fields("\x1f".join(note.fields), note.keys())
    texts = [(name, _show(html)) for name, html in fields if html]
    texts += [("Card", f"{_show(card.front)}\n\n{_show(card.back)}") for card in cards]
    for name, text in texts:
        yield Section(name, (Side("In Anki", text),))


def _find_result(plan: VaultPlan, question: Question) -> Optional[str]:
    """The field as Markdown after its conflict is settled; ``None`` if the field in Anki stays."""
    for note in plan.notes if not question.is_open else ():
        if note.note_id == question.note_id:
            changes = {field.name: field.after for field in note.fields}
            return _show(changes[question.field]) if question.field in changes else None
    return None


def _about_note(change: NoteChange) -> str:
    told = {
        "edit": "The page was edited: its note follows.",
        "create": "The page becomes a note. Its id is written into the page.",
        "restore": "The note that was deleted comes back, with what its page says now.",
        "delete": "The note is deleted, with its cards and their reviews. Anki makes a backup "
        "first, and Undo brings it back.",
    }
    return f"{change.notetype} · {capitalise(change.reason)}. {told[change.kind]}"


def _note_sections(change: NoteChange) -> Iterator[Section]:
    is_new = change.kind in ("create", "restore")
    for field in change.fields:
        yield _compare_field(field, is_new)
    if change.tags is not None:
        before, after = (" ".join(tags) for tags in change.tags)
        if before != after:
            yield replace(_compare("Tags", before, after, is_new), form="plain")
    if change.deck is not None:
        yield replace(_compare("Deck", *change.deck, is_new), form="plain")
    for numbers, one, more in (
        (change.clozes_added, "new, and so is a card", "new, and so are their cards"),
        (
            change.clozes_removed,
            "removed: its card stays until you use Tools ▸ Empty Cards",
            "removed: their cards stay until you use Tools ▸ Empty Cards",
        ),
    ):
        if len(numbers) == 1:
            yield Section(f"Cloze {numbers[0]}", outcome=one)
        elif numbers:
            yield Section(f"Clozes {', '.join(map(str, numbers))}", outcome=more)
    if change.media:
        names = "; ".join(f"{media.name}, from {media.source}" for media in change.media)
        yield Section("Media", outcome=f"goes into Anki's media folder: {names}")


def _compare_field(field: FieldChange, is_new: bool) -> Section:
    before, after = _show(field.before), _show(field.after)
    if before == after:  # only HTML that pages do not show
        before, after = field.before, field.after
    return _compare(field.name, before, after, is_new)


def _compare(title: str, before: str, after: str, is_new: bool) -> Section:
    if is_new:
        return Section(title, (Side("In the note", after),))
    return Section(title, (Side("In Anki now", before, "old"), Side("After the run", after, "new")))


def _show(html: str) -> str:
    """A field's HTML as Markdown, with clozes in the text."""
    style = FieldStyle("inline" if "{{c" in html else "none")
    return join_markdown(html_to_markdown(html, style))


def _read(plan: VaultPlan, path: str) -> str:
    file = plan.folder / path
    return read_regular(file).decode("utf-8", "replace") if file.is_file() else ""
