"""An author's folder on a web server, and a subscriber's collection."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from anki.collection import Collection
from anki.consts import CARD_TYPE_REV, QUEUE_TYPE_REV

from ankivault.sync.run.report import Report
from ankivault.sync.source.subscription.changes import Question, SubscriptionPlan
from ankivault.sync.source.subscription.run import (
    BY_HAND,
    Fetched,
    Request,
    add_subscription,
    apply_subscription,
    change_subscription,
    fetch,
    find_subscriptions,
    plan_subscription,
)
from ankivault.sync.source.subscription.subscription import Subscription
from ankivault.sync.source.web import Limits, Web

from .web_server import WebServer, serve

HEAD = """\
[package]
name = "Animals"
version = "1"
author = "Ada"

[[models]]
name = "Animal"
fields = ["Spanish", "English", "Example"]
markdown_fields = ["Example"]
css = ".card { color: black }"

[[models.templates]]
name = "Card 1"
front = "{{Spanish}}"
back = "{{English}}<br>{{Example}}"

[[decks]]
name = "Animals"

[[decks]]
name = "Animals::Sea"
"""


def note(guid: str, spanish: str, english: str = "?", **more: Any) -> str:
    """A ``[[notes]]`` entry; ``example``, ``tags``, ``deck`` and ``note_id`` if given."""
    lines = ["", "[[notes]]", f"deck = {json.dumps(more.get('deck', 'Animals'))}"]
    lines += [f"model = {json.dumps(more.get('model', 'Animal'))}"]
    lines += [f"guid = {json.dumps(guid)}"] if guid else []
    for key in ("tags", "note_id"):
        if key in more:
            lines.append(f"{key} = {json.dumps(more[key])}")
    fields = {"Spanish": spanish, "English": english}
    fields.update({"Example": more["example"]} if "example" in more else {})
    fields.update(more.get("fields", {}))
    lines.append("[notes.fields]")
    lines += [f"{name} = {json.dumps(text, ensure_ascii=False)}" for name, text in fields.items()]
    return "\n".join(lines) + "\n"


class Subscriber:
    """A person's collection and state folder, and the deck that they subscribe to."""

    def __init__(self, folder: Path, address: str) -> None:
        (folder / "anki").mkdir(parents=True, exist_ok=True)
        self.folder, self.address = folder, address
        self.state = folder / "state"
        self.col = Collection(str(folder / "anki" / "collection.anki2"))
        self.last: SubscriptionPlan
        self.brought: Fetched

    @property
    def media(self) -> Path:
        return Path(self.col.media.dir())

    @property
    def subscription(self) -> Subscription:
        (found,) = find_subscriptions(self.state)
        return found

    def want(self, **values: Any) -> None:
        """Change what the subscriber wants."""
        change_subscription(self.state, replace(self.subscription, **values))

    def fetch(self, limits: Limits = BY_HAND, **how: Any) -> Fetched:
        with Web(limits) as web:
            subscribed = bool(find_subscriptions(self.state))
            media = self.media if subscribed else None
            self.brought = fetch(self.state, self.address, web, media, **how)
        return self.brought

    def subscribe(self, **values: Any) -> Report:
        """Look at the deck, subscribe to it, and take it."""
        self.fetch()
        add_subscription(self.state, Subscription(self.address, **values))
        return self.pull()

    def plan(self, **asked: Any) -> SubscriptionPlan:
        return plan_subscription(self.col, self.state, self.address, Request(**asked))

    def apply(self, plan: SubscriptionPlan) -> Report:
        return apply_subscription(self.col, plan, self.state)

    def pull(self, **asked: Any) -> Report:
        self.fetch(thorough=True)
        return self.take(**asked)

    def take(self, **asked: Any) -> Report:
        request = Request(**asked)
        self.last = plan_subscription(self.col, self.state, self.address, request, self.brought)
        return self.apply(self.last)

    def questions(self) -> dict[str, Question]:
        return {question.key: question for question in self.plan().questions}

    def find(self, spanish: str) -> int:
        """The one note with this first field."""
        rows = self.col.db.all("select id, flds from notes")
        (id_,) = [id_ for id_, fields in rows if fields.split("\x1f")[0] == spanish]
        return int(id_)

    def notetype(self, name: str) -> Any:
        return self.col.models.by_name(name)

    def deck_of(self, note_id: int) -> str:
        """The deck of a note's first card."""
        return self.col.decks.name(self.col.get_note(note_id).cards()[0].did)

    def fields(self, note_id: int) -> list[str]:
        return list(self.col.get_note(note_id).fields)

    def edit(self, note_id: int, *, tags: str | None = None, **fields: str) -> None:
        """Edit a note in Anki."""
        note = self.col.get_note(note_id)
        for name, value in fields.items():
            note[name] = value
        if tags is not None:
            note.tags = tags.split()
        self.col.update_note(note)

    def move(self, note_id: int, deck: str) -> None:
        self.col.set_deck(self.col.card_ids_of_note(note_id), self.col.decks.id(deck))

    def learn(self, note_id: int) -> None:
        """Make a note's first card a review card with an interval of 30 days."""
        card = self.col.get_note(note_id).cards()[0]
        card.type, card.queue = CARD_TYPE_REV, QUEUE_TYPE_REV
        card.due, card.ivl, card.reps, card.factor = 99, 30, 7, 2300
        self.col.update_card(card)

    def rows(self) -> list[Any]:
        """Every note, card, deck and note type, as Anki stores them."""
        tables = ("notes", "cards", "revlog", "decks", "notetypes", "fields", "templates")
        return [tuple(row) for table in tables for row in self.col.db.all(f"select * from {table}")]

    def files(self) -> dict[str, tuple[int, bytes]]:
        """Every file of the state folder but that of what runs did: path → date and content."""
        return {
            str(file.relative_to(self.state)): (file.stat().st_mtime_ns, file.read_bytes())
            for file in sorted(self.state.rglob("*"))
            if file.is_file() and file.stem != "activity"
        }


class SourceDesk:
    """An author's folder on a web server, and a subscriber."""

    def __init__(self, folder: Path, server: WebServer) -> None:
        self.server = server
        self.file = server.folder / "deck.toml"
        self.me = Subscriber(folder / "me", f"{server.url}/deck.toml")

    def publish(self, *notes: str, head: str = HEAD) -> None:
        self.file.write_bytes((head + "".join(notes)).encode())

    def publish_more(self, *notes: str) -> None:
        self.file.write_bytes(self.file.read_bytes() + "".join(notes).encode())

    def change(self, old: str, new: str, times: int = 1) -> None:
        """Replace text in the author's file."""
        text = self.file.read_bytes().decode()
        assert text.count(old) >= 1, old
        self.file.write_bytes(text.replace(old, new, times).encode())


@contextmanager
def source_desk(folder: Path) -> Iterator[SourceDesk]:
    """A desk with a running server."""
    (folder / "web").mkdir()
    with serve(folder / "web") as server:
        desk = SourceDesk(folder, server)
        try:
            yield desk
        finally:
            desk.me.col.close()
