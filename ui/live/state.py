"""What live mode is doing: the value that its sign shows, and the words for it."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from ...sync.vault.live.live_vault import Standing

Kind = Literal["off", "in step", "working", "questions", "trouble", "resting"]


@dataclass(frozen=True)
class LiveState:
    """How Anki and the vault stand, as live mode knows it. ``off``: nothing is shown."""

    kind: Kind
    since: float = 0.0  # time.time() of the last run that ended well; 0: none yet
    questions: int = 0  # what waits for a person
    text: str = ""  # what happened last, or what is wrong and what to do; plain text
    others: int = 0  # of what waits, what is no question: the next run sees to it

    def words(self) -> str:
        """One sentence about the state: what it is, since when, and what happened last."""
        return " · ".join(part for part in ("Ankivault: " + self._stand(), self.text) if part)

    def sentence(self) -> str:
        """The same without our name, for a window of ours."""
        text = " · ".join(part for part in (self._stand(), self.text) if part)
        return text[:1].upper() + text[1:]

    def _stand(self) -> str:
        when = _tell_time(self.since) if self.since else ""
        if self.kind == "in step":
            return f"in step since {when}" if when else "in step"
        if self.kind == "questions":
            stand = "1 thing waits for you"
            if self.questions != 1:
                stand = f"{self.questions:,} things wait for you"
            return f"{stand}, all else in step since {when}" if when else stand
        stand = {
            "working": "bringing both sides in step…",
            "trouble": "not in step",
            "resting": "live mode rests",
            "off": "live mode is off",
        }[self.kind]
        is_told = when and self.kind in ("trouble", "resting")
        return f"{stand}, last in step {when}" if is_told else stand


def tell_standing(standing: Standing, since: float, needs_run: str, *, works: bool) -> LiveState:
    """The state to show. ``since`` is of the last run, 0 before both sides were looked at at all.

    ``works``: a run goes on. ``needs_run`` says that a full run has to come first, if it has to.
    """
    from ...sync.vault.live.telling import tell_message

    waits = len(standing.waits)
    others = sum(wait.kind != "question" for wait in standing.waits.values())
    text = " · ".join(part for part in (standing.holds, standing.last) if part)
    if standing.rests:
        rests = f"{standing.failure} Live mode rests until the next Sync Now."
        return LiveState("resting", since, waits, rests, others)
    if needs_run:
        return LiveState("resting", since, waits, needs_run, others)
    if works or not (since or standing.failure):
        return LiveState("working", since, waits, text, others)
    if standing.failure:
        return LiveState("trouble", since, waits, standing.failure, others)
    if standing.troubles:
        first = tell_message(next(iter(standing.troubles.values())))
        more = f" ({len(standing.troubles) - 1:,} more)" if len(standing.troubles) > 1 else ""
        return LiveState("trouble", since, waits, first + more, others)
    return LiveState("questions" if waits else "in step", since, waits, text, others)


def _tell_time(moment: float) -> str:
    """The time of day, with the day in front where it is not today."""
    then, now = time.localtime(moment), time.localtime()
    clock = time.strftime("%H:%M", then)
    if then[:3] == now[:3]:
        return clock
    return f"{then.tm_mday} {time.strftime('%B', then)}, {clock}"
