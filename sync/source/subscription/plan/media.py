"""Plans the media of an update: fetched files come into Anki's folder, and replace no other's."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from ....collection.media import find_media
from ..changes import Choice, MediaPlan, Question
from ..places import digest_media, refuse_name
from ..store import Home, Validators
from .sides import Sides

_SIDES: tuple[Choice, ...] = ("mine", "theirs")


def plan_media(sides: Sides, home: Home, received: Mapping[str, Validators]) -> list[MediaPlan]:
    """Plan each declared file that was fetched and is not taken yet."""
    folder = Path(sides.col.media.dir())
    plans = []
    for entry in sides.author.deck.media:
        known, staged = received.get(entry.path), home.staged(entry.path)
        if known is None or refuse_name(entry.name) or not known.sha256:
            continue
        taken = sides.known_media.get(entry.name)
        if staged.is_file():
            plans.append(_plan_one(sides, entry.name, staged, known.sha256, folder))
        elif taken != known.sha256 and find_media(folder, entry.name):
            plans.append(MediaPlan(entry.name, staged, known.sha256, writes=False))
    return plans


def _plan_one(sides: Sides, name: str, staged: Path, sha256: str, folder: Path) -> MediaPlan:
    now = digest_media(folder, name)
    if now == sha256:
        return MediaPlan(name, staged, sha256, writes=False, seen=now)
    taken = sides.known_media.get(name)
    if now is None or now == taken:
        return MediaPlan(name, staged, sha256, seen=now)
    if taken == sha256:  # fetched again, and the subscriber has another one
        return MediaPlan(name, staged, sha256, writes=False, seen=now)
    key = f"media:{name}"
    answer = sides.answers.get(key)
    answer = answer if answer in _SIDES else None
    text = f"Anki has another file “{name}” than the author."
    question = Question(key, "media", name, text, _SIDES, answer=answer)
    return MediaPlan(name, staged, sha256, answer == "theirs", question, now)
