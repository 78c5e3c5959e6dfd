"""What of a plan a live run does by itself, and what waits for a person."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from ..changes import IndexChange, MediaChange, PageChange, VaultPlan, Why
from ..gone_back import NEWEST

WaitKind = Literal["question", "deletion", "edited page", "large change"]

# A page is written over by hand's own words only where a person has said so: by Undo in Anki, or
# by the policy for conflicts.
_CERTAIN = {Why.TAKEN_BACK, Why.ANKI_CHOSEN}


@dataclass(frozen=True)
class Waiting:
    """Something that waits for a person."""

    kind: WaitKind
    note_id: int
    path: str


@dataclass(frozen=True)
class SplitPlan:
    """A plan of what is done at once, and what of the whole plan waits."""

    flows: VaultPlan
    waits: tuple[Waiting, ...]


def split_plan(plan: VaultPlan) -> SplitPlan:
    """Part a plan in what is certain, and in what only a person may decide.

    Questions wait, so does every deletion, and a plan that is a large change waits as a whole.
    A note and its page wait together.
    """
    waits = [*_find_waiting(plan)]
    notes = {each.note_id for each in waits if each.note_id}
    paths = {each.path for each in waits}
    flows = replace(
        plan,
        pages=tuple(
            page for page in plan.pages if page.note_id not in notes and page.path not in paths
        ),
        notes=tuple(
            note for note in plan.notes if note.note_id not in notes and note.path not in paths
        ),
        indexes=tuple(index for index in plan.indexes if _is_certain(index)),
        media=tuple(_find_certain_media(plan)),
        questions=(),
        # While a page waits, its note has not gone back to an earlier state unseen.
        links={key: text for key, text in plan.links.items() if not waits or key != NEWEST},
    )
    if plan.emptied or flows.large_change:
        return SplitPlan(_nothing_of(plan), (Waiting("large change", 0, ""), *waits))
    return SplitPlan(flows, tuple(waits))


def leave_out(
    plan: VaultPlan, note_ids: frozenset[int], paths: frozenset[str] = frozenset()
) -> VaultPlan:
    """A plan without the changes of these notes and their pages, and of these new pages."""
    return replace(
        plan,
        pages=tuple(page for page in plan.pages if page.note_id not in note_ids),
        notes=tuple(
            note for note in plan.notes if note.note_id not in note_ids and note.path not in paths
        ),
    )


def _find_waiting(plan: VaultPlan) -> Iterator[Waiting]:
    written = {note.note_id for note in plan.notes}
    for question in plan.open_questions:  # the note of a copy has a page of its own: it flows
        note_id = 0 if question.kind == "copy" else question.note_id
        yield Waiting("question", note_id, question.path)
    for page in plan.pages:
        if page.kind == "delete":
            yield Waiting("deletion", page.note_id, page.path)
        elif not _is_page_certain(page) or (page.puts_back and page.note_id not in written):
            yield Waiting("edited page", page.note_id, page.path)
    for note in plan.notes:
        if note.kind == "delete":
            yield Waiting("deletion", note.note_id, note.path)


def _find_certain_media(plan: VaultPlan) -> Iterator[MediaChange]:
    """Copies, and the removal of those that have a copy in another folder now.

    The base has one path for each name: a copy that stayed behind would stay for ever.
    """
    copied = {each.name for each in plan.media if each.kind != "remove" and not each.trash}
    for each in plan.media:
        if each.name in copied if each.kind == "remove" else not each.trash:
            yield each


def _is_page_certain(page: PageChange) -> bool:
    return page.kind != "rewrite" or not _CERTAIN.isdisjoint(page.why)


def _is_certain(index: IndexChange) -> bool:
    """Two computers would write an index page in turn for ever, each as its own notes are.

    One that was left behind in a folder with another name holds what we wrote, and nothing else.
    """
    if index.text is None:
        return index.why is Why.FOLDER_RENAMED or not index.writes
    return not index.trash and index.why != Why.CHANGED_ELSEWHERE


def _nothing_of(plan: VaultPlan) -> VaultPlan:
    return VaultPlan(plan.folder, plan.settings, scope=plan.scope, elsewhere=plan.elsewhere)
