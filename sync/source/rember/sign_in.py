"""Signs in to Rember in the person's own browser (RFC 8252, with PKCE)."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from ...run.errors import AnkivaultError, Cancelled
from ..web import Limits, Web, WebTrouble
from .loopback import Loopback
from .oauth import Clock, OtherState, Refused, exchange_code, make_request, read_code
from .patch import NotUnderstood
from .service import Service
from .tokens import Tokens, TokenStore

PATIENCE = 120.0  # seconds for the person in the browser
_LIMITS = Limits(1_000_000, 20)  # of the request for tokens


class SignInFailed(AnkivaultError):
    """Nobody was signed in. ``str(error)`` says why, and what to do."""


@dataclass(frozen=True)
class Attempt:
    """How an attempt to sign in is made: how long it may take, who may end it, and which clocks.

    ``clock`` counts seconds, ``date`` says how many there were since 1970.
    """

    is_cancelled: Callable[[], bool] = lambda: False
    patience: float = PATIENCE
    clock: Clock = time.monotonic
    date: Clock = time.time


def sign_in(
    service: Service,
    store: TokenStore,
    open_browser: Callable[[str], object],
    attempt: Attempt = Attempt(),
) -> Tokens:
    """Open Rember in the browser, wait for its answer, and keep the tokens in ``store``.

    ``open_browser`` opens an address, and returns False when it cannot. Nothing is kept unless all
    went well. Raises ``SignInFailed``, ``TookTooLong``, ``NoPort`` or ``Cancelled``.
    """
    with Loopback() as loopback:
        request = make_request(service, loopback.address)
        if open_browser(request.address) is False:
            raise SignInFailed("No browser could be opened. Set one as the default, and try again.")
        query = loopback.wait(attempt.patience, attempt.is_cancelled, attempt.clock)
    try:
        code = read_code(service, request, query)
        with Web(_LIMITS, is_cancelled=attempt.is_cancelled, clock=attempt.clock) as web:
            tokens = exchange_code(web, service, request, code, attempt.date)
    except (OtherState, Refused, NotUnderstood, WebTrouble) as error:
        raise SignInFailed(f"{error} You are not signed in. Try Sign In… again.") from None
    if attempt.is_cancelled():
        raise Cancelled
    store.save(tokens)
    return tokens
