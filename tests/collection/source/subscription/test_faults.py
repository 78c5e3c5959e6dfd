"""Whatever a server answers: one clear line with the address, and nothing is half done."""

from __future__ import annotations

import gzip
import threading
import time
from typing import Any

import pytest

from ankivault.sync.run.errors import AnkivaultError, Cancelled
from ankivault.sync.source.subscription.run import fetch
from ankivault.sync.source.web import Limits, Web
from tests.desks.source_desk import HEAD, SourceDesk, note


def answer(handler: Any, kind: str) -> bool:
    if kind == "cut":
        handler.send(200, HEAD.encode(), told=100_000)
    elif kind == "half a file, whole answer":
        handler.send(200, (HEAD + note("g1", "gato")).encode()[:-20])
    elif kind == "page":
        handler.send(200, b"<!DOCTYPE html><html>Sign in</html>")
    elif kind == "bytes":
        handler.send(200, b"\xff\xfe\x00garbage")
    elif kind == "empty":
        handler.send(200, b"")
    elif kind == "other scheme":
        handler.send(302, b"", {"Location": "file:///etc/passwd"})
    elif kind == "round":
        handler.send(302, b"", {"Location": "/deck.toml"})
    elif kind == "packed twice":
        packed = gzip.compress(gzip.compress(HEAD.encode()))
        handler.send(200, packed, {"Content-Encoding": "gzip, gzip"})
    elif kind == "unasked 304":
        handler.send(304, b"")
    else:
        handler.send(int(kind), b"")
    return True


KINDS = ["cut", "half a file, whole answer", "page", "bytes", "empty", "other scheme", "round"]
KINDS += ["packed twice"]


@pytest.mark.parametrize("kind", [*KINDS, "401", "403", "404", "410", "429", "500", "503"])
def test_a_bad_answer_changes_nothing_and_says_so(desk: SourceDesk, kind: str) -> None:
    me = desk.me
    desk.publish(note("g1", "gato"))
    me.subscribe()
    rows, files = me.rows(), me.files()
    desk.change('"gato"', '"el gato"')
    desk.server.fault = lambda handler: answer(handler, kind)
    with pytest.raises(AnkivaultError) as caught:
        me.fetch()
    told = str(caught.value)
    assert me.address in told and told.endswith(".") and "\n" not in told
    assert (me.rows(), me.files()) == (rows, files)
    desk.server.fault = None
    me.pull()
    assert me.find("el gato")


@pytest.mark.parametrize("kind", [*KINDS, "404", "unasked 304"])
def test_a_first_fetch_that_fails_leaves_nothing(desk: SourceDesk, kind: str) -> None:
    desk.server.fault = lambda handler: answer(handler, kind)
    with pytest.raises(AnkivaultError) as caught:
        desk.me.fetch()
    assert desk.me.address in str(caught.value)
    assert not desk.me.state.exists() or desk.me.files() == {}


def test_a_server_without_validators_costs_one_request_and_no_write(desk: SourceDesk) -> None:
    me = desk.me
    desk.server.validators = ()
    desk.publish(note("g1", "gato"))
    me.subscribe()
    files, rows = me.files(), me.rows()
    desk.server.take_asked()
    me.pull()
    assert desk.server.take_asked() == ["GET /deck.toml 200"]
    assert (me.files(), me.rows()) == (files, rows)
    desk.server.validators = ("Last-Modified",)
    me.pull()
    desk.server.take_asked()
    me.pull()
    assert desk.server.take_asked() == ["GET /deck.toml 304"]


def test_a_server_that_does_not_answer_ends_with_the_time(desk: SourceDesk) -> None:
    me = desk.me
    desk.publish(note("g1", "gato"))
    me.subscribe()
    files, free = me.files(), threading.Event()

    def hold(handler: Any) -> bool:
        free.wait(20)
        return True

    desk.server.fault = hold
    began = time.monotonic()
    with pytest.raises(AnkivaultError, match="Try again later"):
        me.fetch(Limits(1000, 0.3))
    assert time.monotonic() - began < 3
    cancelled = Web(Limits(1000, 20), is_cancelled=lambda: time.monotonic() - began > 0.6)
    with cancelled, pytest.raises(Cancelled):
        fetch(me.state, me.address, cancelled)
    free.set()
    assert me.files() == files


def test_a_file_that_is_too_large_is_left(desk: SourceDesk) -> None:
    desk.publish(note("g1", "gato" * 1000))
    with pytest.raises(AnkivaultError, match="larger"):
        desk.me.fetch(Limits(1000, 20))


def test_no_trace_of_a_secret_in_an_address_is_told(desk: SourceDesk) -> None:
    desk.me.address += "?token=secret"
    desk.server.fault = lambda handler: answer(handler, "404")
    with pytest.raises(AnkivaultError) as caught:
        desk.me.fetch()
    assert "secret" not in str(caught.value)


def test_what_was_fetched_later_is_not_written_by_an_old_plan(desk: SourceDesk) -> None:
    me = desk.me
    desk.publish(note("g1", "gato"))
    me.subscribe()
    desk.change('"gato"', '"el gato"')
    me.fetch()
    plan = me.plan()
    me.edit(me.find("gato"), English="typed meanwhile")
    report = me.apply(plan)
    assert "meanwhile" in report.messages[0].text
    assert me.fields(me.find("gato")) == ["gato", "typed meanwhile", ""]
    plan = me.plan()
    desk.change('"el gato"', '"la gata"')
    me.fetch()
    report = me.apply(plan)
    assert not report.ok and me.find("gato")
    me.take()
    assert me.fields(me.find("la gata")) == ["la gata", "typed meanwhile", ""]


@pytest.mark.parametrize("kind", ["whole", "in two parts", "cut", "no gzip", "bomb"])
def test_a_compressed_answer_is_read_and_a_damaged_one_changes_nothing(
    desk: SourceDesk, kind: str
) -> None:
    me = desk.me
    desk.publish(note("g1", "gato"))
    data = gzip.compress(desk.file.read_bytes())
    half = len(desk.file.read_bytes()) // 2
    parts = desk.file.read_bytes()[:half], desk.file.read_bytes()[half:]
    sent = {
        "whole": data,
        "in two parts": gzip.compress(parts[0]) + gzip.compress(parts[1]),
        "cut": data[:-30],
        "no gzip": b"no gzip" * 20,
        "bomb": gzip.compress(b"#" * 60_000_000),
    }[kind]

    def compressed(handler: Any) -> bool:
        handler.send(200, sent, {"Content-Encoding": "gzip", "ETag": 'W/"1"'})
        return True

    desk.server.fault = compressed
    if kind in ("whole", "in two parts"):
        assert me.subscribe().ok and me.find("gato")
        return
    if kind == "bomb":
        with pytest.raises(AnkivaultError, match="larger than 50 MB"):
            me.fetch()
        return
    with pytest.raises(AnkivaultError, match="the answer is damaged"):
        me.fetch()
    assert not me.state.exists() or me.files() == {}
