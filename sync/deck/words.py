"""Describes a plan in words, for windows, reports and the terminal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ..collection.card_effects import explain_clozes
from ..run.done import count_words
from .changes import DeckNote, DeckPlan, Did, PartChange, Refused, Why

_PARTS = {"tags": "tags", "deck": "deck", "card": "cards", "order": "order of the cards"}
_DID: Mapping[Did, str] = {
    Did.EDITED: "edited",
    Did.ADDED: "added",
    Did.ADDED_AGAIN: "removed in {side}, added again",
    Did.REMOVED: "removed",
    Did.REMOVED_AND_EDITED: "removed in {side}, edited on the other side",
    Did.LEFT_OUT: "not in {side}; this run only writes {other}",
    Did.MOVED: "moved from {moved[0]} to {moved[1]}",
    Did.PUT_RIGHT: "in Anki do not match the note, repaired",
    Did.LEFT_TAGS: "left, this run changes no tags",
}
_WHY: Mapping[Why, str] = {
    Why.NEW_IN_FILE: "new in the file",
    Why.NEW_IN_ANKI: "new in Anki",
    Why.NOT_PUSHED: "not in Anki; this run only writes the file",
    Why.NOT_ADDED_TO_ANKI: "not in Anki; this run adds no notes there",
    Why.NOT_PULLED: "not in the file; this run only writes Anki",
    Why.NOT_ADDED_TO_FILE: "not in the file; this run adds no notes there",
    Why.DELETED_IN_ANKI: "deleted in Anki",
    Why.DELETED_IN_FILE: "deleted in the file",
    Why.BACK_TO_ANKI: "deleted in Anki, to be added again",
    Why.BACK_TO_FILE: "deleted in the file, to be written again",
    Why.ASK_ANKI: "deleted in Anki; left in the file until you decide",
    Why.ASK_ANKI_EDITED: "deleted in Anki, and edited in the file since; left in the file until "
    "you decide",
    Why.ASK_FILE: "deleted in the file; left in Anki until you decide",
    Why.ASK_FILE_EDITED: "deleted in the file, and edited in Anki since; left in Anki until you "
    "decide",
}
_DECKS = {
    "create": "created in Anki",
    "describe_anki": "description changed in Anki",
    "describe_toml": "description changed in the file",
    "declare": "added to the file's [[decks]]",
}
_MEDIA = {"to_anki": "to Anki", "to_toml": "to the file's folder", "none": "left"}


def name_part(part: PartChange) -> str:
    """The name of a part."""
    if part.part == "card" and part.name:
        return f"card {part.name}"
    return part.name or _PARTS[part.part]


def explain_part(part: PartChange) -> str:
    """What happened to a part; empty for an edit of a text."""
    if part.refusal:
        return f"left, {part.refusal.reason}"
    if part.did is None:
        return ""
    side, other = "the file", "Anki"
    if part.anki is None:
        side, other = other, side
    return _DID[part.did].format(side=side, other=other, moved=part.moved)


def tell_part(part: PartChange) -> str:
    """The name of a part, and what happened to it."""
    words = explain_part(part)
    return f"{name_part(part)}: {words}" if words else name_part(part)


def explain_note(note: DeckNote) -> str:
    """Why a note is written or left; empty when there is nothing to say."""
    if note.fault:
        return note.fault
    told = [_WHY[note.why]] if note.why else []
    parts = [part for part in note.parts if part.did is not Did.PUT_RIGHT]
    if parts:
        told.append(_explain_parts(parts))
    losses = list_losses(note)
    if losses:
        told = ["; ".join((*told, *losses))]
    told += [
        f"{name_part(part)} {explain_part(part)}"
        for part in note.parts
        if part.did is Did.PUT_RIGHT
    ]
    return ", ".join(told)


def list_losses(note: DeckNote) -> list[str]:
    """What the edit of a note deletes: cards of clozes, and reviews."""
    told = []
    if note.lost_clozes:
        told += explain_clozes((), note.lost_clozes.numbers, note.lost_clozes.reviews)
    if note.lost_reviews:
        count = note.lost_reviews
        told.append(f"deletes {count_words(count, 'review')}")
    return told


def _explain_parts(parts: Sequence[PartChange]) -> str:
    conflicts = [name_part(part) for part in parts if part.conflict and part.state == "skipped"]
    if conflicts:
        return f"conflict in {', '.join(conflicts)}"
    if any(part.overwrites for part in parts):
        names = dict.fromkeys(map(name_part, parts))
        return f"{', '.join(names)} edited on the other side, overwritten"
    edited = [
        name_part(part) for part in parts if part.did in (None, Did.EDITED) and part.refusal is None
    ]
    told = [f"{', '.join(edited)} edited"] if edited else []
    told += [
        f"{name_part(part)} {explain_part(part)}" for part in parts if name_part(part) not in edited
    ]
    return ", ".join(told)


def explain_refusal(plan: DeckPlan) -> str:
    """Why applying a plan writes nothing at all; empty when it does write."""
    if plan.refusal is None:
        return ""
    if plan.refusal is Refused.FAULTS:
        errors = sum(problem.level == "error" for problem in plan.problems)
        wrong, them = ("errors", "them") if errors > 1 else ("an error", "it")
        return f"The file has {wrong}. Correct {them} and run again; nothing was written."
    conflicts = plan.counts["conflicts"]
    return (
        f"{count_words(conflicts, 'conflict')}, and the policy is to "
        "write nothing then. Settle them, or choose another policy."
    )


def list_other_changes(plan: DeckPlan) -> tuple[str, ...]:
    """What happens to models, decks and media, one line for each."""
    lines = []
    for model in plan.models:
        done = "changed in Anki" if model.notetype else "created in Anki"
        done = done if model.to_anki else "written to the file" if model.to_toml else "left"
        lines.append(f"model “{model.name}”: {done} ({'; '.join(model.details)})")
    lines += [f"deck “{deck.name}”: {_DECKS[deck.action]}" for deck in plan.decks]
    for media in plan.media:
        if media.action != "adopt":
            conflict = " (another file has this name)" if media.conflict else ""
            lines.append(f"media “{media.name}”: {_MEDIA[media.action]}{conflict}")
    return tuple(lines)
