"""What live mode is doing: the value that its sign shows, and the words for it."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Literal

Kind = Literal["off", "in step", "working", "questions", "trouble", "resting"]


@dataclass(frozen=True)
class LiveState:
    """How Anki and the vault stand, as live mode knows it. ``off``: nothing is shown."""

    kind: Kind
    since: float = 0.0  # time.time() of the last run that ended well; 0: none yet
    questions: int = 0  # what waits for a person
    text: str = ""  # what happened last, or what is wrong and what to do; plain text

    def words(self) -> str:
        """One sentence about the state: what it is, since when, and what happened last."""
        return " · ".join(part for part in ("Ankivault: " + self._stand(), self.text) if part)

    def _stand(self) -> str:
        when = _tell_time(self.since) if self.since else ""
        if self.kind == "in step":
            return f"in step since {when}" if when else "in step"
        if self.kind == "questions":
            count = f"{self.questions:,} question" + ("s" if self.questions != 1 else "")
            stand = f"{count} for you"
            return f"{stand}, all else in step since {when}" if when else stand
        stand = {
            "working": "bringing both sides in step…",
            "trouble": "not in step",
            "resting": "live mode rests",
            "off": "live mode is off",
        }[self.kind]
        is_told = when and self.kind in ("trouble", "resting")
        return f"{stand}, last in step {when}" if is_told else stand


def _tell_time(moment: float) -> str:
    """The time of day, with the day in front where it is not today."""
    then, now = time.localtime(moment), time.localtime()
    clock = time.strftime("%H:%M", then)
    if then[:3] == now[:3]:
        return clock
    return f"{then.tm_mday} {time.strftime('%B', then)}, {clock}"
