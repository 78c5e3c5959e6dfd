"""Pulls what changed in an account: asks the service, and renews the tokens when they are old."""

from __future__ import annotations

import math
import time
from email.utils import parsedate_to_datetime
from typing import Optional

from ...run.errors import AnkivaultError
from ..web import Answer, Web, WebTrouble, explain_status, show_address
from .oauth import Clock, Refused, refresh_tokens
from .patch import NotUnderstood, Patch, read_json, read_patch
from .service import VERSIONS, Service
from .tokens import Tokens, TokenStore

_SOON = 30  # seconds before a token expires, in which it is not used any more
_LONGEST = 24 * 3600  # seconds; who wants to be left alone for longer is asked with the next pull
LEFT_ALONE: dict[str, float] = {}  # address → when it may be asked again, in seconds since 1970
_SIGN_IN = "Sign in again in Tools ▸ Ankivault ▸ Rember."
_TOO_OLD = "Replicache/ErrorVersionNotSupported"


class NotSignedIn(AnkivaultError):
    """Nobody is signed in."""

    def __init__(self) -> None:
        super().__init__(f"You are not signed in to Rember. {_SIGN_IN}")


class SignedOut(AnkivaultError):
    """Rember does not take the tokens any more, so they were forgotten. To be told once."""

    def __init__(self) -> None:
        super().__init__(f"Rember has signed you out. Your notes stay as they are. {_SIGN_IN}")


class OtherAccount(AnkivaultError):
    """Somebody has signed in or out since the run began."""

    def __init__(self) -> None:
        super().__init__("Somebody signed in to Rember or out of it meanwhile. Try again.")


class VersionRefused(AnkivaultError):
    """The service speaks a newer protocol."""

    def __init__(self) -> None:
        super().__init__(
            "Rember has changed, and this Ankivault is too old for it. Your notes stay as they "
            "are. Get the newest Ankivault in Tools ▸ Add-ons ▸ Check for Updates."
        )


class Session:
    """Asks the service as the person who is signed in."""

    def __init__(
        self, service: Service, store: TokenStore, web: Web, clock: Clock = time.time
    ) -> None:
        self._service, self._store, self._web, self._clock = service, store, web, clock

    def pull(self, account: str, cookie: Optional[int]) -> Patch:
        """What changed in an account since ``cookie``; None: everything.

        Raises ``NotSignedIn``, ``SignedOut``, ``OtherAccount``, ``VersionRefused``,
        ``NotUnderstood``, ``WebTrouble`` or ``Cancelled``.
        """
        tokens = self._store.load()
        if tokens is None:
            raise NotSignedIn
        if tokens.account != account:
            raise OtherAccount
        wait = LEFT_ALONE.get(self._service.pull, 0.0) - self._clock()
        if 0 < wait <= _LONGEST:
            raise WebTrouble(show_address(self._service.pull), _leave_alone(wait), wait)
        renewed = tokens.expires is not None and tokens.expires - self._clock() < _SOON
        if renewed:
            tokens = self._renew(tokens)
        answer = self._ask(tokens, cookie)
        if answer.status in (401, 403) and not renewed:
            tokens = self._renew(tokens)
            answer = self._ask(tokens, cookie)
        if answer.status == 401:
            raise self._sign_out(tokens)
        if answer.status != 200:
            raise self._explain(answer)
        return read_patch(answer.body)

    def _ask(self, tokens: Tokens, cookie: Optional[int]) -> Answer:
        headers = {"Authorization": f"Bearer {tokens.access}", "Accept": "application/json"}
        return self._web.post(self._service.pull, headers, json={**VERSIONS, "cookie": cookie})

    def _renew(self, tokens: Tokens) -> Tokens:
        """New tokens, kept before they are used: the old ones may be worth nothing by then."""
        try:
            new = refresh_tokens(self._web, self._service, tokens, self._clock)
        except Refused:
            raise self._sign_out(tokens) from None
        if self._store.load() != tokens:
            raise OtherAccount
        self._store.save(new)
        return new

    def _sign_out(self, tokens: Tokens) -> AnkivaultError:
        """Forget the tokens, unless the person has signed in or out meanwhile."""
        if self._store.load() != tokens:
            return OtherAccount()
        self._store.forget()
        return SignedOut()

    def _explain(self, answer: Answer) -> AnkivaultError:
        try:
            said = read_json(answer.body)
        except NotUnderstood:
            said = None
        if isinstance(said, dict) and said.get("_tag") == _TOO_OLD:
            return VersionRefused()
        seconds = read_retry_after(answer.headers.get("retry-after", ""), self._clock())
        why = explain_status(answer.status)
        if answer.status == 403:
            why = "Rember does not let this account do that."
        elif seconds:
            why = _leave_alone(seconds)
            LEFT_ALONE[self._service.pull] = self._clock() + seconds
        return WebTrouble(show_address(answer.address), why, seconds)


def _leave_alone(seconds: float) -> str:
    minutes = math.ceil(seconds / 60)
    return f"Rember asks to be left alone for {minutes:,} min. Try again after that."


def read_retry_after(text: str, now: float) -> Optional[float]:
    """The seconds that a server wants to be left alone; None when it does not say."""
    if text.strip().isdecimal() and len(text) < 10:
        return float(text)
    try:
        return max(0.0, parsedate_to_datetime(text).timestamp() - now)
    except (TypeError, ValueError, IndexError, OverflowError):
        return None
