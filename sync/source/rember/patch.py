"""Reads what the service answers: a patch, and the rembs in it. Knows neither Anki nor the disk.

A patch whose form is not understood is refused as a whole, since a part left out would be lost
when the cookie after it is saved. What one remb says is read later and by itself, so that a remb
that cannot be read holds up no other.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Optional

from ...run.errors import AnkivaultError

_REMB, _USER = "Remb/", "User/"
_CARD = "-default"  # what a crop's id gets to be the id of its card
# The texts of a crop's two sides, by the names they may have.
_SHAPES = (("question", "answer"), ("front", "back"))
_REMB_ID = re.compile(r"[!-~]{1,200}")


class NotUnderstood(AnkivaultError):
    """An answer of the service has a form that is not known."""

    def __init__(self, why: str) -> None:
        super().__init__(
            f"Rember's answer is not understood: {why}. Nothing was changed. Try again later, and "
            "see whether there is a newer Ankivault."
        )


class UnreadableRemb(ValueError):
    """A remb says nothing that is understood. ``str(error)`` says why, without a full stop."""


@dataclass(frozen=True)
class Crop:
    """A question and its answer, as Markdown. ``card_id`` is the id of its card."""

    card_id: str
    front: str
    back: str


@dataclass(frozen=True)
class Remb:
    """What one remb says. ``unread`` are the ids of cards whose crops are not understood."""

    id: str
    text: str
    crops: tuple[Crop, ...]
    unread: tuple[str, ...] = ()


@dataclass(frozen=True)
class Patch:
    """What changed in an account. ``cookie`` stands for the state of the account after it.

    ``says``: remb id → its value as JSON, or None when it is gone. ``clears``: whatever is not in
    ``says`` is gone too.
    """

    cookie: Optional[int]
    clears: bool = False
    says: Mapping[str, Optional[str]] = field(default_factory=dict, repr=False)
    email: str = ""
    unusual: tuple[str, ...] = ()  # ids of rembs that cannot be the id of a note


def read_json(body: bytes) -> Any:
    """Read JSON as the standard has it. Raises ``NotUnderstood``."""
    try:
        return json.loads(body.decode("utf-8"), parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        raise NotUnderstood("it is damaged, or no JSON") from None


def read_patch(body: bytes) -> Patch:
    """Read an answer to a pull. Raises ``NotUnderstood``."""
    answer = read_json(body)
    if not isinstance(answer, dict) or not isinstance(answer.get("patch"), list):
        raise NotUnderstood("it has no patch")
    cookie = answer.get("cookie")
    if "cookie" not in answer or isinstance(cookie, bool) or not _is_kind(cookie, int):
        raise NotUnderstood("its cookie is no number")
    says: dict[str, Optional[str]] = {}
    unusual: list[str] = []
    clears, email = False, ""
    for operation in answer["patch"]:
        if not isinstance(operation, dict):
            raise NotUnderstood("its patch holds something that is no operation")
        name = operation.get("op")
        if name == "clear":
            says.clear()
            unusual.clear()
            clears, email = True, ""
            continue
        key = operation.get("key")
        if name not in ("put", "del") or not isinstance(key, str):
            raise NotUnderstood("its patch holds an operation that is not known")
        if name == "put" and "value" not in operation:
            raise NotUnderstood("its patch puts something without a value")
        value = operation.get("value")
        if key.startswith(_USER):
            email = _read_email(value) if name == "put" else ""
        elif key.startswith(_REMB):
            id_ = key[len(_REMB) :]
            if _REMB_ID.fullmatch(id_):
                says[id_] = pack(value) if name == "put" else None
            elif name == "put":
                unusual.append(ascii(id_)[1:-1][:60])
    return Patch(cookie, clears, says, email, tuple(unusual))


def pack(value: Any) -> str:
    """A value as JSON: the same text for the same value."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"))


def read_remb(id_: str, packed: str) -> Remb:
    """Read a remb. Raises ``UnreadableRemb``."""
    value = json.loads(packed)
    if not isinstance(value, dict) or value.get("id") != id_:
        raise UnreadableRemb("it does not say its own id")
    content = value.get("content")
    note = content.get("note") if isinstance(content, dict) else None
    text = note.get("text") if isinstance(note, dict) else None
    crops = content.get("crops") if isinstance(content, dict) else None
    if not isinstance(text, str) or not isinstance(crops, list):
        raise UnreadableRemb("it has no text or no list of questions")
    read: dict[str, Crop] = {}
    unread: list[str] = []
    for crop in crops:
        crop_id = crop.get("id") if isinstance(crop, dict) else None
        if not isinstance(crop_id, str) or not crop_id:
            raise UnreadableRemb("one of its questions has no id")
        card_id = crop_id + _CARD
        if card_id in read or card_id in unread:
            raise UnreadableRemb(f"two of its questions have the id “{crop_id[:60]}”")
        sides = _read_sides(crop)
        if sides is None:
            unread.append(card_id)
        else:
            read[card_id] = Crop(card_id, *sides)
    if unread and not read:
        raise UnreadableRemb("its questions are of a kind that is not known yet")
    return Remb(id_, text, tuple(read.values()), tuple(unread))


def _read_sides(crop: Mapping[str, Any]) -> Optional[tuple[str, str]]:
    """The question and the answer of a crop; nothing when they are not understood."""
    if crop.get("type") != "qa":
        return None
    for names in _SHAPES:
        front, back = (_read_text(crop.get(name)) for name in names)
        if front is not None and back is not None and front.strip():
            return front, back
    return None


def _read_text(value: Any) -> Optional[str]:
    text = value.get("text") if isinstance(value, dict) else value
    return text if isinstance(text, str) else None


def _read_email(value: Any) -> str:
    email = value.get("email") if isinstance(value, dict) else None
    return email[:254] if isinstance(email, str) and email.isprintable() else ""


def _is_kind(value: Any, kind: type) -> bool:
    return value is None or isinstance(value, kind)


def _refuse_constant(name: str) -> Any:
    raise ValueError(name)
