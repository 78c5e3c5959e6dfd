"""Signing in to Rember in a browser, and staying signed in, with a real authorization server."""

from __future__ import annotations

import http.client
import logging
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Optional
from urllib.parse import parse_qs, urlencode, urlsplit
from urllib.request import Request, urlopen

import pytest

from ankivault.sync.run.errors import Cancelled
from ankivault.sync.source.rember.loopback import Loopback, NoPort, TookTooLong
from ankivault.sync.source.rember.pull import NotSignedIn, Session, SignedOut
from ankivault.sync.source.rember.service import Service
from ankivault.sync.source.rember.sign_in import Attempt, SignInFailed, sign_in
from ankivault.sync.source.rember.tokens import Tokens
from ankivault.sync.source.web import Web, WebTrouble
from tests.desks.authorization_server import Authority, serve_authority
from tests.desks.rember_desk import LIMITS
from tests.desks.rember_service import USER, RemberStandIn, Store, make_remb, reply, serve_rember

HASTY = Attempt(patience=0)


@dataclass
class Desk:
    """A person at a browser, between Anki and both servers."""

    authority: Authority
    rember: RemberStandIn
    store: Store
    service: Service
    page: str = ""

    def browse(self, address: str, answer: str = "allow") -> None:
        """Follow the address as a browser does, and press a button there."""
        with urlopen(address) as asked:
            assert b"Allow" in asked.read()
        data = urlencode({"answer": answer}).encode()
        with urlopen(Request(address, data)) as back:
            self.page = back.read().decode()

    def sign_in(self, browse: Optional[Callable[[str], object]] = None, **how: object) -> Tokens:
        attempt = replace(Attempt(patience=20), **how)
        return sign_in(self.service, self.store, browse or self.browse, attempt)

    def pull(self) -> list[str]:
        """The ids of all rembs."""
        with Web(LIMITS) as web:
            return [*Session(self.service, self.store, web).pull(USER, None).says]


@pytest.fixture
def desk(monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    with serve_authority(monkeypatch) as authority, serve_rember() as rember:
        rember.accepts = authority.accepts
        rember.put(make_remb("r1"))
        addresses = {
            "authorize": authority.address("authorize"),
            "token": authority.address("token"),
        }
        yield Desk(authority, rember, Store(), replace(rember.service, **addresses))


def test_a_browser_signs_in_and_the_tokens_pull(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    addresses: list[str] = []

    def browse(address: str) -> None:
        addresses.append(address)
        desk.browse(address)

    tokens = desk.sign_in(browse)
    asked = parse_qs(urlsplit(addresses[0]).query)
    assert asked["code_challenge_method"] == ["S256"] and asked["response_type"] == ["code"]
    assert desk.store.tokens == tokens and tokens.account == USER
    assert "You can close this tab" in desk.page and "http" not in desk.page.replace("https", "")
    assert desk.pull() == ["r1"]
    logged = [each.getMessage() for each in caplog.records if not each.name.startswith("authlib")]
    assert any("/authorize" in line for line in logged)
    shown = repr(tokens) + desk.page + "".join(logged)
    assert not any(secret in shown for secret in desk.authority.secrets())


def test_the_wrong_browser_signs_nobody_in(desk: Desk) -> None:
    def with_other_state(address: str) -> None:
        query = parse_qs(urlsplit(address).query)
        urlopen(f"{query['redirect_uri'][0]}?code=stolen&state=guessed").close()

    def without_state(address: str) -> None:
        query = parse_qs(urlsplit(address).query)
        urlopen(f"{query['redirect_uri'][0]}?code=stolen").close()

    for browse in (with_other_state, without_state):
        with pytest.raises(SignInFailed, match="another question"):
            desk.sign_in(browse)
    assert desk.authority.grants == [] and desk.store.tokens is None


def test_who_says_no_is_not_signed_in(desk: Desk) -> None:
    with pytest.raises(SignInFailed, match="told not to let Ankivault in"):
        desk.sign_in(lambda address: desk.browse(address, "deny"))
    with pytest.raises(SignInFailed, match="No browser"):
        desk.sign_in(lambda address: False)
    assert desk.store.tokens is None


def test_a_code_without_its_verifier_is_worth_nothing(desk: Desk) -> None:
    """The code is taken by another program: the server insists on what only we know."""
    codes: list[str] = []

    def browse(address: str) -> None:
        desk.browse(address)
        codes.extend(desk.authority.codes)
        query = urlencode(
            {
                "grant_type": "authorization_code",
                "code": codes[0],
                "client_id": "us",
                "redirect_uri": parse_qs(urlsplit(address).query)["redirect_uri"][0],
            }
        )
        with pytest.raises(OSError, match="400"):
            urlopen(Request(desk.service.token, query.encode()))

    assert desk.sign_in(browse) and len(codes) == 1


def test_a_closed_tab_and_a_cancelled_attempt_end(desk: Desk) -> None:
    with pytest.raises(TookTooLong, match="in time"):
        desk.sign_in(lambda address: None, patience=0)
    with pytest.raises(Cancelled):
        desk.sign_in(lambda address: None, is_cancelled=lambda: True)
    # A profile that is closed after the browser came back gets no tokens.
    with pytest.raises(Cancelled):
        desk.sign_in(is_cancelled=lambda: bool(desk.authority.issued))
    assert desk.store.tokens is None


def test_only_the_way_back_is_answered() -> None:
    with Loopback() as loopback:
        place = urlsplit(loopback.address)
        asked = [
            ("/favicon.ico", {}),
            ("/callback", {}),
            ("/callback?code=1", {"Host": "evil.com"}),
        ]
        with socket.create_connection(
            (place.hostname, place.port)
        ):  # says nothing, holds up nobody
            for path, headers in asked:
                line = http.client.HTTPConnection(place.netloc)
                line.request("GET", path, headers=headers)
                assert line.getresponse().status == 404
                line.close()
            with urlopen(f"{loopback.address}?code=1") as page:
                assert "default-src 'none'" in page.headers["Content-Security-Policy"]
        assert loopback.wait(20) == "code=1"
        with pytest.raises(NoPort, match="firewall"):
            Loopback(place.port or 0)


def test_tokens_that_expire_are_renewed_before_they_are_used(desk: Desk) -> None:
    desk.authority.lasts = 20
    first = desk.sign_in()
    desk.authority.lasts = 3600
    assert desk.pull() == ["r1"] and desk.pull() == ["r1"]
    assert desk.authority.grants == ["authorization_code", "refresh_token"]
    assert desk.store.tokens and desk.store.tokens.refresh != first.refresh
    assert len(desk.rember.asked) == 2


def test_tokens_that_are_refused_are_renewed_once(desk: Desk) -> None:
    desk.sign_in()
    desk.rember.replies = [reply(401, b"{}")]
    assert desk.pull() == ["r1"]
    desk.rember.replies = [reply(403, b"{}")] * 2
    with pytest.raises(WebTrouble, match="does not let this account"):
        desk.pull()
    assert desk.store.tokens is not None
    desk.rember.replies = [reply(401, b"{}")] * 2
    with pytest.raises(SignedOut):
        desk.pull()
    with pytest.raises(NotSignedIn):
        desk.pull()


def test_a_refused_renewal_is_told_once_and_a_failed_one_signs_nobody_out(desk: Desk) -> None:
    desk.authority.lasts = 0
    tokens = desk.sign_in()
    good = desk.service
    desk.service = replace(good, token=desk.rember.service.token)  # which has a fault of its own
    desk.rember.replies = [reply(500, b"<html>")]
    with pytest.raises(WebTrouble, match="fault of its own"):
        desk.pull()
    assert desk.store.tokens == tokens
    desk.service = good
    desk.authority.revoke_all()
    with pytest.raises(SignedOut) as told:
        desk.pull()
    assert not any(secret in str(told.value) for secret in desk.authority.secrets())
    with pytest.raises(NotSignedIn):
        desk.pull()


def test_two_attempts_at_once_have_a_port_each(desk: Desk) -> None:
    second = Store()

    def browse(address: str) -> None:
        other = threading.Thread(
            target=lambda: sign_in(desk.service, second, desk.browse, Attempt(patience=20))
        )
        other.start()
        other.join()
        desk.browse(address)

    desk.sign_in(browse)
    assert desk.store.tokens and second.tokens and desk.store.tokens != second.tokens
