"""Whatever the service answers: one clear sentence, nothing half done, and nothing lost."""

from __future__ import annotations

import datetime
import ipaddress
import json
import logging
import ssl
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from ankivault.sync.run.errors import AnkivaultError, Cancelled
from ankivault.sync.source.rember.pull import SignedOut
from ankivault.sync.source.rember.run import Place, pull, sign_out
from ankivault.sync.source.web import Limits, Web, WebTrouble
from tests.desks.rember_desk import RemberDesk
from tests.desks.rember_service import Reply, make_remb, make_token, reply

PUT = {"op": "put", "key": "Remb/r", "value": make_remb("r", q=("New?", "n"))}


def say(**answer: Any) -> Reply:
    return reply(200, json.dumps(answer).encode())


def cut(request: BaseHTTPRequestHandler) -> None:
    """The line is cut in the middle of the answer."""
    request.send_response(200)
    request.send_header("Content-Length", "1000")
    request.end_headers()
    request.wfile.write(b'{"cookie": 9, "patch": [')
    request.close_connection = True


def forbid(request: BaseHTTPRequestHandler) -> None:
    """Send on to another place, which must never get the token."""
    reply(307, b"", Location=f"http://{request.headers['Host']}/elsewhere")(request)


BAD: dict[str, tuple[Reply, str]] = {
    "no JSON": (reply(200, b"<html>"), "damaged, or no JSON"),
    "half": (reply(200, b'{"cookie": 9, "patch": [{"op": "cl'), "damaged, or no JSON"),
    "no UTF-8": (reply(200, b'{"cookie": 9, "patch": ["\xff"]}'), "damaged, or no JSON"),
    "not a number": (reply(200, b'{"cookie": NaN, "patch": []}'), "damaged, or no JSON"),
    "deep": (reply(200, b"[" * 200_000), "damaged, or no JSON"),
    "a list": (reply(200, b"[]"), "no patch"),
    "no patch": (say(cookie=9), "no patch"),
    "no cookie": (say(patch=[PUT]), "cookie is no number"),
    "a text as cookie": (say(cookie="9", patch=[PUT]), "cookie is no number"),
    "a truth as cookie": (say(cookie=True, patch=[PUT]), "cookie is no number"),
    "no operation": (say(cookie=9, patch=[PUT, 7]), "no operation"),
    "an unknown operation": (say(cookie=9, patch=[PUT, {"op": "update"}]), "is not known"),
    "no key": (say(cookie=9, patch=[{"op": "del"}]), "is not known"),
    "no value": (say(cookie=9, patch=[{"op": "put", "key": "Remb/r"}]), "without a value"),
    "cut": (cut, "cut off"),
    "sent on": (forbid, "not understood"),
    "a fault": (reply(500, b"<html>"), "fault of its own"),
    "busy": (reply(503, b"", Retry_After="90"), "left alone for 2 min"),
    "too often": (reply(429, b"", Retry_After="Wed, 21 Oct 2015 07:28:00 GMT"), "too often"),
    "too often, and how long": (reply(429, b"", Retry_After="60"), "left alone for 1 min"),
    "too new": (
        reply(400, b'{"_tag": "Replicache/ErrorVersionNotSupported", "versionType": "pull"}'),
        "newest Ankivault",
    ),
}


@pytest.fixture
def settled(rember: RemberDesk) -> RemberDesk:
    """Somebody whose one remb is in Anki, and who has edited it in Rember."""
    rember.rember.put(make_remb("r", q=("Old?", "o")))
    rember.sync()
    rember.rember.put(make_remb("r", q=("New?", "n")))
    return rember


def test_a_bad_answer_changes_nothing_and_is_told(
    settled: RemberDesk, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    before, tokens = settled.marks(), settled.store.tokens
    for name, (answer, told) in BAD.items():
        settled.rember.replies = [answer]
        with pytest.raises(AnkivaultError) as error:
            settled.sync()
        said = str(error.value)
        assert told in said and len(said.splitlines()) == 1, name
        settled.later += 100  # who wants to be left alone is
        assert settled.store.tokens == tokens and settled.marks() == before, name
        assert tokens and tokens.access not in f"{said}{error.value!r}{error.value.__cause__}", name
    assert tokens and tokens.access not in caplog.text
    settled.sync()  # nothing was lost: the cookie is the one from before
    assert settled.content("r").cards[0].front == "New?"


def test_a_server_that_wants_to_be_left_alone_is(settled: RemberDesk) -> None:
    asked = len(settled.rember.asked)
    settled.rember.replies = [reply(429, b"", Retry_After="60"), reply(500, b"")]
    for _ in range(2):
        with pytest.raises(WebTrouble, match="left alone for 1 min"):
            settled.sync()
    assert len(settled.rember.replies) == 1 and len(settled.rember.asked) == asked
    settled.later = 61
    settled.rember.replies = []
    settled.sync()
    assert settled.content("r").cards[0].front == "New?"


def test_what_is_not_ours_is_passed_over(rember: RemberDesk) -> None:
    other = [
        {"op": "put", "key": "Deck/1", "value": 1, "new": True},
        {"op": "del", "key": "Deck/1"},
        {"op": "put", "key": "User/u", "value": {"email": 7}},
        {"op": "put", "key": "Remb/a b", "value": {}},
    ]
    rember.rember.replies = [say(cookie=9, patch=[*other, PUT], later={"more": 1})]
    report = rember.sync()
    assert report.summary() == "1 note added to Anki. 1 message."
    assert "an id that no note can have" in report.messages[0].text


def test_a_run_without_time_or_that_is_cancelled_ends(settled: RemberDesk) -> None:
    for web, error in (
        (Web(Limits(1000, 0)), WebTrouble),
        (Web(Limits(1000, 9), is_cancelled=lambda: True), Cancelled),
        (Web(Limits(10, 9)), WebTrouble),
    ):
        with web, pytest.raises(error):
            pull(settled.place, settled.store, web)


def test_another_account_has_its_own_memory(settled: RemberDesk) -> None:
    """Who signs in as somebody else neither sees the cookie of the first, nor loses its notes."""
    mine = settled.store
    sign_out(settled.place, mine)
    service = settled.rember
    service.access, service.rembs = make_token(2, user="user-2"), {}
    service.put(make_remb("other", q=("Other?", "o")))
    settled.store = service.store()
    with (
        Web(Limits(10_000, 9)) as web,
        pytest.raises(AnkivaultError, match="signed in to"),
    ):
        pull(settled.place, settled.store, web)
    settled.account = settled.store.load().account
    report = settled.sync()
    assert service.asked[-1]["cookie"] is None
    assert report.questions == 1 and {*settled.note_ids()} == {"r", "other"}
    assert settled.sync({"strangers": "keep"}).questions == 0
    assert settled.sync(anew=True).summary() == "Nothing to do."


def test_tokens_that_were_taken_back_sign_out(settled: RemberDesk) -> None:
    settled.rember.access = make_token(7)
    settled.rember.replies = [reply(401, b""), reply(400, b'{"error": "invalid_grant"}')]
    with pytest.raises(SignedOut):
        settled.sync()
    assert settled.store.tokens is None


def test_a_server_with_a_wrong_certificate_gets_no_token(
    settled: RemberDesk, tmp_path: Path
) -> None:
    heard: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            heard.append(self.headers["Authorization"])

    server = HTTPServer(("127.0.0.1", 0), Handler)
    server.handle_error = lambda *_: None  # type: ignore[method-assign]
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(make_certificate(tmp_path))
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = Thread(target=server.handle_request, daemon=True)
    thread.start()
    place = settled.place
    service = replace(place.service, pull=f"https://127.0.0.1:{server.server_port}/pull")
    elsewhere = Place(place.state, place.account, place.collection, service)
    with Web(Limits(1000, 9)) as web, pytest.raises(WebTrouble, match="certificate"):
        pull(elsewhere, settled.store, web)
    thread.join()
    server.server_close()
    assert heard == []


def make_certificate(folder: Path) -> Path:
    """A key and a certificate that nobody trusts."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    start = datetime.datetime(2020, 1, 1)
    here = x509.IPAddress(ipaddress.ip_address("127.0.0.1"))
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(start)
        .not_valid_after(start + datetime.timedelta(36500))
        .add_extension(x509.SubjectAlternativeName([here]), critical=False)
        .sign(key, hashes.SHA256())
    )
    file = folder / "server.pem"
    pem = serialization.Encoding.PEM
    private = key.private_bytes(
        pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file.write_bytes(private + certificate.public_bytes(pem))
    return file
