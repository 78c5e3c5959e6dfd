"""Media of a subscription: only what is needed is fetched, and no file of the subscriber's goes."""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from ankivault.sync.run.errors import Cancelled
from ankivault.sync.source.subscription.store import Home
from tests.desks.source_desk import HEAD, SourceDesk, note


def media(name: str, path: str = "", data: bytes | None = None) -> str:
    text = f'\n[[media]]\nname = "{name}"\npath = "{path or f"media/{name}"}"\n'
    if data is not None:
        text += f'sha256 = "{sha256(data).hexdigest()}"\nsize = {len(data)}\n'
    return text


def put(desk: SourceDesk, name: str, data: bytes) -> None:
    file = desk.server.folder / "media" / name
    file.parent.mkdir(exist_ok=True)
    file.write_bytes(data)


@pytest.mark.parametrize("told", [True, False], ids=["digests", "no digests"])
def test_only_what_is_missing_or_changed_is_fetched(desk: SourceDesk, told: bool) -> None:
    me = desk.me

    def publish(*names: str, **data: bytes) -> None:
        files = {"a.png": b"one", "ü b.png": b"two", **data}
        parts = [media(name, data=data if told else None) for name, data in files.items()]
        desk.publish(note("g1", "gato " + " ".join(names)), *parts)
        for name, content in files.items():
            put(desk, name, content)

    publish()
    me.subscribe()
    assert (me.media / "a.png").read_bytes() == b"one"
    assert (me.media / "ü b.png").read_bytes() == b"two"
    assert not any((me.state / "sources").rglob("media/*"))
    desk.server.take_asked()
    me.pull()
    assert desk.server.take_asked() == ["GET /deck.toml 304"]

    publish("changed", **{"a.png": b"three"})
    before = me.media.joinpath("ü b.png").stat().st_mtime_ns
    me.pull()
    asked = desk.server.take_asked()
    assert "GET /media/a.png 200" in asked and not any("b.png 200" in each for each in asked)
    assert len(asked) == (2 if told else 3)
    assert (me.media / "a.png").read_bytes() == b"three"
    assert me.media.joinpath("ü b.png").stat().st_mtime_ns == before

    (me.media / "a.png").unlink()  # lost, and fetched again by hand
    me.pull()
    assert (me.media / "a.png").read_bytes() == b"three"


def test_a_file_of_mine_is_never_replaced_without_a_question(desk: SourceDesk) -> None:
    me = desk.me
    (me.media / "a.png").write_bytes(b"mine")
    put(desk, "a.png", b"theirs")
    desk.publish(note("g1", "gato"), media("a.png", data=b"theirs"))
    report = me.subscribe()
    assert report.questions == 1 and (me.media / "a.png").read_bytes() == b"mine"
    ((key, question),) = me.questions().items()
    assert question.kind == "media"
    me.pull(answers={key: "mine"})
    assert (me.media / "a.png").read_bytes() == b"mine" and not me.questions()
    assert not any((me.state / "sources").rglob("media/*"))
    put(desk, "a.png", b"theirs 2")
    desk.publish(note("g1", "gato"), media("a.png", data=b"theirs 2"))
    me.pull()
    me.pull(answers={key: "theirs"})
    assert (me.media / "a.png").read_bytes() == b"theirs 2"


def test_media_that_other_hands_put_there_are_not_fetched(desk: SourceDesk) -> None:
    me = desk.me
    (me.media / "a.png").write_bytes(b"same")  # AnkiWeb brought it
    put(desk, "a.png", b"same")
    desk.publish(note("g1", "gato"), media("a.png", data=b"same"))
    me.subscribe()
    assert not any("a.png" in each for each in desk.server.take_asked())


def test_names_and_paths_that_lead_away_are_left(desk: SourceDesk) -> None:
    me = desk.me
    (desk.server.folder.parent / "secret.png").write_bytes(b"secret")
    put(desk, "ok.png", b"ok")
    odd = ["%2e%2e/secret.png", "a/%2e%2e/%2e%2e/secret.png", "//evil.example/x.png", "a//b.png"]
    entries = [media(f"n{n}.png", path) for n, path in enumerate(odd)]
    entries += [media("_ankivault_0_1_0.js", "media/ok.png"), media("a:b.png", "media/ok.png")]
    desk.publish(note("g1", "gato"), *entries, media("ok.png"))
    report = me.subscribe()
    assert [file.name for file in me.media.iterdir()] == ["ok.png"]
    asked = [each for each in desk.server.take_asked() if "deck.toml" not in each]
    assert asked == ["GET /media/ok.png 200"]
    assert report.ok and me.find("gato")


@pytest.mark.parametrize("kind", ["missing", "cut", "other bytes"])
def test_a_file_that_cannot_be_fetched_costs_only_itself(desk: SourceDesk, kind: str) -> None:
    me = desk.me
    for name in ("a.png", "b.png"):
        put(desk, name, name.encode())
    parts = [media(name, data=name.encode()) for name in ("a.png", "b.png")]
    desk.publish(note("g1", "gato"), *parts)

    def fault(handler: Any) -> bool:
        if "a.png" not in handler.path:
            return False
        if kind == "missing":
            handler.send(404, b"")
        elif kind == "cut":
            handler.send(200, b"a.p", told=5)
        else:
            handler.send(200, b"other")
        return True

    desk.server.fault = fault
    assert me.subscribe().ok
    assert [file.name for file in me.media.iterdir()] == ["b.png"]
    assert me.brought.missing == 1 and "a.png" in me.brought.messages[0].text
    desk.server.fault = None
    desk.server.take_asked()
    me.fetch()
    assert desk.server.take_asked() == ["GET /deck.toml 304", "GET /media/a.png 200"]
    me.take()
    assert (me.media / "a.png").read_bytes() == b"a.png"


def test_media_of_a_deck_that_is_left_out_are_not_fetched(desk: SourceDesk) -> None:
    me = desk.me
    names = ["both.png", "sea 1.png", "_style.png", "unused.png", "a.png"]
    for name in names:
        put(desk, name, name.encode())
    head = HEAD.replace("color: black", "background: url('_style.png')")
    desk.publish(
        note("g1", '<img src="both.png"> ', example="![[media/a.png]]"),
        note("g2", '<img src="sea%201.png"> <img src="both.png">', deck="Animals::Sea"),
        *(media(name, data=name.encode()) for name in names),
        head=head,
    )
    me.subscribe(left_out=("Animals::Sea",))
    assert sorted(f.name for f in me.media.iterdir()) == sorted({*names} - {"sea 1.png"})
    me.want(left_out=())
    me.fetch()
    me.take()
    assert (me.media / "sea 1.png").exists()


def test_a_file_that_waits_for_an_answer_goes_when_its_author_takes_it_out(
    desk: SourceDesk,
) -> None:
    me = desk.me
    entry = '\n[[media]]\nname = "cat.png"\npath = "cat.png"\n'
    (me.media / "cat.png").write_bytes(b"mine")
    (desk.server.folder / "cat.png").write_bytes(b"theirs")
    desk.publish(note("g1", "gato"), entry)
    assert me.subscribe().questions == 1
    desk.publish(note("g1", "gato"))
    assert me.pull().questions == 0
    me.fetch()
    assert me.plan(thorough=False).unchanged
    desk.publish(note("g1", "gato"), entry)
    assert me.pull().questions == 1
    assert (me.media / "cat.png").read_bytes() == b"mine"


def test_a_fetch_that_is_cancelled_goes_on_where_it_was(desk: SourceDesk) -> None:
    me = desk.me
    names = [f"{n}.png" for n in range(6)]
    for name in names:
        put(desk, name, name.encode())
    desk.publish(note("g1", "gato"))
    me.subscribe()
    desk.publish(note("g1", "gato"), *(media(name) for name in names))
    desk.server.take_asked()

    def stop(label: str, done: int, total: int) -> None:
        if done == 4:
            raise Cancelled

    with pytest.raises(Cancelled):
        me.fetch(progress=stop)
    assert len(desk.server.take_asked()) == 5
    assert not [*me.media.iterdir()]
    me.fetch()
    assert desk.server.take_asked() == [
        "GET /deck.toml 304",
        *(f"GET /media/{name} 200" for name in names[4:]),
    ]
    me.take()
    assert sorted(file.name for file in me.media.iterdir()) == names


def test_a_link_that_leads_nowhere_takes_no_file_out_of_ankis_folder(
    desk: SourceDesk, tmp_path: Path
) -> None:
    me = desk.me
    (desk.server.folder / "cat.png").write_bytes(b"theirs")
    (me.media / "cat.png").symlink_to(tmp_path / "outside.png")
    desk.publish(note("g1", "gato"), '\n[[media]]\nname = "cat.png"\npath = "cat.png"\n')
    assert me.subscribe().ok
    assert not (tmp_path / "outside.png").exists()
    assert (me.media / "cat.png").read_bytes() == b"theirs"


def test_a_file_that_i_change_while_an_update_is_planned_stays(desk: SourceDesk) -> None:
    me = desk.me
    put(desk, "a.png", b"theirs")
    desk.publish(note("g1", "gato"), media("a.png", data=b"theirs"))
    me.subscribe()
    put(desk, "a.png", b"theirs 2")
    desk.publish(note("g1", "gato"), media("a.png", data=b"theirs 2"))
    me.fetch()
    plan = me.plan()
    (me.media / "a.png").write_bytes(b"mine")
    (told,) = me.apply(plan).messages
    assert told.level == "warning" and "a.png" in told.text
    assert (me.media / "a.png").read_bytes() == b"mine"
    assert me.pull().questions == 1
    ((key, _),) = me.questions().items()
    me.take(answers={key: "theirs"})
    assert (me.media / "a.png").read_bytes() == b"theirs 2"


def test_a_file_that_is_fetched_anew_while_an_update_is_planned_comes(desk: SourceDesk) -> None:
    me = desk.me
    put(desk, "a.png", b"one")
    desk.publish(note("g1", "gato"), media("a.png"))
    me.subscribe()
    put(desk, "a.png", b"two")
    desk.publish_more("\n")
    me.fetch()
    (me.media / "a.png").write_bytes(b"two")  # AnkiWeb was faster
    plan = me.plan()
    home = Home(me.state, me.address)
    home.staged("media/a.png").write_bytes(b"three")
    known = home.read_received()
    now = replace(known.media["media/a.png"], sha256=sha256(b"three").hexdigest())
    home.save_received(replace(known, media={"media/a.png": now}))
    me.apply(plan)
    assert home.staged("media/a.png").read_bytes() == b"three"
    ((key, _),) = me.questions().items()  # nobody knows who put the second one there
    me.take(answers={key: "theirs"})
    assert (me.media / "a.png").read_bytes() == b"three"


def test_a_deck_that_is_wanted_again_while_media_come_gets_its_own(desk: SourceDesk) -> None:
    me = desk.me
    put(desk, "sea.png", b"sea.png")
    desk.publish(
        note("g1", '<img src="land.png">'),
        note("g2", '<img src="sea.png">', deck="Animals::Sea"),
        *(media(name, data=name.encode()) for name in ("land.png", "sea.png")),
    )
    me.subscribe(left_out=("Animals::Sea",))
    put(desk, "land.png", b"land.png")  # it could not be fetched at first

    def want_all(label: str, done: int, total: int) -> None:
        if label == "Fetching media":
            me.want(left_out=())

    me.fetch(progress=want_all)
    me.fetch()  # as with the next AnkiWeb sync
    me.take()
    assert sorted(file.name for file in me.media.iterdir()) == ["land.png", "sea.png"]
