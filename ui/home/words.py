"""Home's sentences about the vault."""

from __future__ import annotations

from ...sync.run.done import count_words
from ...sync.vault.settings import Settings
from ..app.messages import capitalise
from ..app.moments import tell_duration, tell_moment
from ..live.state import LiveState
from ..runs.ended import LastRun
from ..widgets.card import Mood
from .standing import VaultFacts


def tell_mode(settings: Settings, facts: VaultFacts) -> str:
    """How the vault is kept, and how much there is."""
    mode = "Two-way" if settings.two_way else "Mirror: Anki is the source"
    parts = [mode, "live while Anki is open" if settings.live else "live mode is off"]
    if facts.pages:
        parts.append(count_words(facts.pages, "page"))
    if facts.obsidian:
        parts.append(f"in the Obsidian vault “{facts.obsidian}”")
    return " · ".join(parts)


def tell_last_run(last: LastRun) -> str:
    """When the last run was, and what it did."""
    if not last.began:
        return "There was no run yet. Sync Now writes the pages."
    parts = (tell_moment(last.began), last.by, tell_duration(last.seconds))
    when = capitalise(", ".join(part for part in parts if part))
    return f"{when}: {last.summary}"


def count_questions(live: LiveState, last: LastRun) -> int:
    """How many questions wait: as live mode knows, or else as the last run left."""
    has_looked = live.kind not in ("off", "working") or live.since
    return live.questions - live.others if has_looked else last.questions


def tell_state(
    settings: Settings, facts: VaultFacts, live: LiveState, last: LastRun
) -> tuple[str, Mood]:
    """Whether both sides are in step, in a sentence, and how that feels."""
    if not facts.is_there:
        return "The folder is not there. Is the drive connected, the cloud folder loaded?", "bad"
    if live.kind == "trouble":
        return live.sentence(), "bad"
    if live.kind != "off":
        mood: Mood = "asks" if live.questions else "" if live.kind in _UNSURE else "good"
        return live.sentence(), mood
    if not last.began:
        return "", ""
    if not last.ok:
        return "The last run did not do all it was asked for.", "bad"
    if last.questions:
        return f"{count_words(last.questions, 'question')} left to you by the last run.", "asks"
    since = tell_moment(last.began + last.seconds)
    if settings.live:
        return f"In step when the last run ended, {since}.", "good"
    return f"In step when the last run ended, {since}. Live mode is off.", "good"


_UNSURE = ("working", "resting")
