"""Signing in to Rember as a person does it: in a browser, which follows the address."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ankivault.sync.source.rember.service import REMBER
from ankivault.sync.source.rember.sign_in import Attempt, SignInFailed, sign_in
from tests.desks.authorization_server import CLIENT, serve_authority
from tests.desks.rember_service import Store

from .chromium import Browser, Visit

PRESS = "document.getElementById('{0}') && (document.getElementById('{0}').click(), true)"
BACK = "document.title === 'Back to Anki' && document.body.innerText"


def test_a_browser_follows_the_address_and_comes_back(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = Store()
    visits: list[Visit] = []
    with serve_authority(monkeypatch) as authority:
        service = replace(
            REMBER,
            authorize=authority.address("authorize"),
            token=authority.address("token"),
            client_id=CLIENT,
        )

        def follow(answer: str) -> None:
            sign_in(
                service,
                store,
                lambda address: visits.append(browser.visit(address, PRESS.format(answer), BACK)),
                Attempt(patience=20),
            )

        with pytest.raises(SignInFailed, match="told not to let"):
            follow("deny")
        assert store.load() is None
        follow("allow")
        tokens = store.load()
        assert tokens and authority.accepts(tokens.access)
    for visit in visits:
        assert "You can close this tab" in visit.values[1]
        assert visit.console == []
        assert all(address.startswith("http://127.0.0.1:") for address in visit.requests)
