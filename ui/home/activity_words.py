"""The words of Activity: a run in one line, what it did to one note or page, and its texts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import PurePath

from ...convert.segment import join_markdown
from ...convert.shown.page import Form
from ...convert.to_markdown.html_to_markdown import html_to_markdown
from ...sync.activity.entry import Entry, NoteWords, Run, unpack_words
from ...sync.run.done import Done, count_words
from ...sync.run.encodings import decode_page
from ..app.messages import capitalise
from ..app.moments import tell_duration, tell_moment
from ..widgets.message_list import LEVELS
from ..widgets.side_by_side import Section, Side

ABOUT = {
    "vault": "vault",
    "deck": "TOML deck",
    "subscription": "subscription",
    "rember": "Rember",
    "back": "Bring Back",
}
# The kinds to choose from: what each is called, and what it holds.
KINDS: tuple[tuple[str, frozenset[Done]], ...] = (
    ("Everything", frozenset()),
    ("Notes changed in Anki", frozenset({Done.NOTE_UPDATED})),
    ("Notes added to Anki", frozenset({Done.NOTE_ADDED, Done.NOTE_RESTORED})),
    ("Notes deleted from Anki", frozenset({Done.NOTE_DELETED})),
    ("Pages changed", frozenset({Done.PAGE_UPDATED, Done.PAGE_REWRITTEN, Done.PAGE_MOVED})),
    ("Pages created", frozenset({Done.PAGE_CREATED, Done.PAGE_RESTORED})),
    ("Pages deleted", frozenset({Done.PAGE_DELETED})),
    (
        "TOML files changed",
        frozenset(
            {Done.NOTE_ADDED_TO_FILE, Done.NOTE_UPDATED_IN_FILE, Done.NOTE_DELETED_FROM_FILE}
        ),
    ),
)
_TITLE = 50  # characters of a title in the line of a run
_MOST = 20_000  # characters of a field that are shown as Markdown
IS_NEW = (Done.PAGE_CREATED, Done.NOTE_ADDED, Done.NOTE_ADDED_TO_FILE)
_WHAT = {
    Done.PAGE_CREATED: "new page",
    Done.PAGE_RESTORED: "page restored",
    Done.PAGE_UPDATED: "page updated",
    Done.PAGE_MOVED: "page moved",
    Done.PAGE_REWRITTEN: "page written again",
    Done.PAGE_DELETED: "page deleted",
    Done.INDEX_UPDATED: "index page written again",
    Done.MEDIA_COPIED: "media file replaced",
    Done.MEDIA_REMOVED: "media file removed",
    Done.NOTE_ADDED: "added to Anki",
    Done.NOTE_RESTORED: "added to Anki again",
    Done.NOTE_UPDATED: "changed in Anki",
    Done.NOTE_DELETED: "deleted from Anki",
    Done.NOTE_ADDED_TO_FILE: "added to the file",
    Done.NOTE_UPDATED_IN_FILE: "changed in the file",
    Done.NOTE_DELETED_FROM_FILE: "deleted from the file",
}


def tell_run(run: Run) -> str:
    """A run in one line: when, who began it, what it did, and how long that took."""
    parts = [capitalise(tell_moment(run.last if run.times > 1 else run.when))]
    if run.began.kind == "back":
        parts += [f"Bring Back: {run.began.target}", _tell_end(run)]
    else:
        parts += [run.began.who, _tell_target(run)]
        titles = " ".join(run.title.split())
        titles = titles if len(titles) <= _TITLE else f"{titles[: _TITLE - 1]}…"
        more = "" if run.entries < 2 else " …"
        parts.append(_tell_end(run) + (f": {titles}{more}" if titles else ""))
    if run.times > 1:
        parts.append(f"{run.times:,} times, first {tell_moment(run.when)}")
    elif run.state != "running" and run.seconds >= 0.05:
        parts.append(tell_duration(run.seconds))
    return " · ".join(part for part in parts if part)


def _tell_target(run: Run) -> str:
    about = ABOUT[run.began.kind]
    if run.began.kind == "deck":
        return f"{about} “{PurePath(run.began.target).stem}”"
    return f"{about} {run.began.target}" if run.began.kind == "subscription" else about


def _tell_end(run: Run) -> str:
    done = ", ".join(what.tell(n) for what, n in run.counts.items() if n)
    if run.state == "running":
        return f"did not end, or is still running ({count_words(run.entries, 'entry', 'entries')})"
    if run.state == "failed":
        return "stopped" + (f": {run.messages[0].text}" if run.messages else "")
    if run.state == "cancelled":
        return f"cancelled: {done}" if done else "cancelled"
    troubles = sum(message.level == "error" for message in run.messages)
    if troubles:
        wrong = count_words(troubles, "thing") + " went wrong"
        return f"{done}, {wrong}" if done else wrong
    return done or "nothing to do"


def tell_entry(entry: Entry) -> str:
    """What a run did to one note or page, in one line."""
    what = _WHAT.get(entry.done, entry.done.one)
    title = " ".join(entry.title.split()) or entry.path or "(no title)"
    parts = [f"{title} – {what}"]
    if entry.was:
        parts.append(f"from {entry.was}")
    if entry.trash:
        parts.append("the version before is in the trash")
    return " · ".join(parts)


def write_messages(run: Run) -> Sequence[Section]:
    """What a run had to tell, each with the page or file that it is about."""
    return [
        Section(
            LEVELS.get(m.level, m.level),
            (Side("", m.text),),
            outcome=m.path or "",
            form="plain",
        )
        for m in run.messages
    ]


def write_sections(entry: Entry) -> tuple[str, Sequence[Section]]:
    """A heading, and the words before and after."""
    heading = " · ".join(part for part in (entry.deck, entry.path) if part) or "No deck"
    if entry.trash:
        heading += f" · in the trash: {entry.trash}"
    if not entry.before and not entry.after:
        return heading, (
            Section(_WHAT.get(entry.done, entry.done.one), outcome=_tell_no_words(entry)),
        )
    if entry.side == "page":
        before, after = decode_page(entry.before), decode_page(entry.after)
        form: Form = "page" if entry.path.lower().endswith(".md") else "plain"
        return heading, (_compare("The page", before, after if entry.after else None, form),)
    return heading, tuple(_write_note(unpack_words(entry.before), unpack_words(entry.after), entry))


def _write_note(before: NoteWords, after: NoteWords, entry: Entry) -> Iterator[Section]:
    gone = not entry.after
    for name in {**before.fields, **after.fields}:
        old, new = before.fields.get(name), None if gone else after.fields.get(name)
        yield _compare(name, old, new, "html" if entry.side == "anki" else "markdown")
    if before.tags is not None or after.tags is not None:
        old, new = (None if t is None else " ".join(t) for t in (before.tags, after.tags))
        yield _compare("Tags", old, new, "plain")
    if before.deck is not None or after.deck is not None:
        yield _compare("Deck", before.deck, after.deck, "plain")


def compare_texts(
    name: str, before: tuple[str, str | None], after: tuple[str, str | None], form: Form
) -> Section:
    """Two versions of a text, each with its heading.

    HTML is shown as Markdown, which reads better, if that shows how they differ.
    """
    texts = before[1], after[1]
    if form == "html":
        old, new = texts
        if max(len(text or "") for text in texts) <= _MOST:
            old, new = (text and join_markdown(html_to_markdown(text)) for text in texts)
        form = "plain" if old == new or texts == (old, new) else "markdown"
        texts = (old, new) if form == "markdown" else texts
    sides = (Side(before[0], texts[0], "old"), Side(after[0], texts[1], "new"))
    return Section(name, sides, form=form)


def _compare(name: str, before: str | None, after: str | None, form: Form) -> Section:
    return compare_texts(name, ("Before", before), ("After", after), form)


def _tell_no_words(entry: Entry) -> str:
    if entry.done in IS_NEW:
        return "it is new: there are no words before it"
    return "no words were replaced"
