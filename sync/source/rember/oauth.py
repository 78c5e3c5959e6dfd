"""Asks the authorization server for tokens (RFC 6749, with PKCE). The protocol is oauthlib's.

oauthlib wants ``https`` in each address. That is checked by ``Web`` for the addresses of the
service; the address on this computer that the browser is sent back to has none (RFC 8252).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Optional

from ...run.errors import AnkivaultError
from ..web import Answer, Web, WebTrouble, explain_status, show_address
from .patch import NotUnderstood, read_json
from .service import Service
from .tokens import Tokens, read_expiry

if TYPE_CHECKING:
    from ....vendor.lib.oauthlib.oauth2.rfc6749.clients.web_application import WebApplicationClient

Clock = Callable[[], float]
_FORM = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
# What a server says with, when it will never take this code or refresh token again.
_FINAL = frozenset(("invalid_grant", "invalid_client", "unauthorized_client", "access_denied"))


class Refused(AnkivaultError):
    """The authorization server refuses for good what we showed it."""


class OtherState(AnkivaultError):
    """An answer does not belong to what was asked."""


@dataclass(frozen=True)
class Request:
    """What the browser is sent to, and what proves later that it was us."""

    address: str
    redirect: str
    state: str
    verifier: str

    def __repr__(self) -> str:
        return f"Request({show_address(self.address)!r})"


def make_request(service: Service, redirect: str) -> Request:
    """The address at which a person signs in. ``redirect`` is where the browser comes back."""
    from ....vendor.lib.oauthlib.common import generate_token

    client = _client(service)
    verifier, state = client.create_code_verifier(64), generate_token(43)
    scheme, _, rest = service.authorize.partition("://")
    address = client.prepare_request_uri(
        f"https://{rest}",
        redirect_uri=redirect,
        state=state,
        code_challenge=client.create_code_challenge(verifier, "S256"),
        code_challenge_method="S256",
    )
    return Request(scheme + address[len("https") :], redirect, state, verifier)


def read_code(service: Service, request: Request, query: str) -> str:
    """The code with which the browser came back. Raises ``OtherState`` or ``Refused``."""
    from ....vendor.lib.oauthlib.oauth2.rfc6749.errors import MismatchingStateError, OAuth2Error

    try:
        uri = f"https://127.0.0.1/callback?{query}"
        answer = _client(service).parse_request_uri_response(uri, state=request.state)
        return str(answer["code"])
    except MismatchingStateError:
        raise OtherState("The browser came back with an answer to another question.") from None
    except OAuth2Error as error:
        denied = error.error == "access_denied"
        told = "Rember was told not to let Ankivault in." if denied else "Rember did not sign in."
        raise Refused(told) from None
    except Exception:
        raise Refused("Rember's answer is not understood.") from None


def exchange_code(web: Web, service: Service, request: Request, code: str, clock: Clock) -> Tokens:
    """The tokens for a code.

    Raises ``Refused``, ``NotUnderstood``, ``WebTrouble`` or ``Cancelled``.
    """
    body = _client(service).prepare_request_body(
        code=code, redirect_uri=request.redirect, code_verifier=request.verifier
    )
    return _ask(web, service, body, clock, None)


def refresh_tokens(web: Web, service: Service, tokens: Tokens, clock: Clock) -> Tokens:
    """New tokens for old ones. Raises what ``exchange_code`` raises."""
    body = _client(service).prepare_refresh_body(
        refresh_token=tokens.refresh, client_id=service.client_id
    )
    return _ask(web, service, body, clock, tokens.refresh)


def _client(service: Service) -> WebApplicationClient:
    from ....vendor.lib.oauthlib.oauth2.rfc6749.clients.web_application import WebApplicationClient

    return WebApplicationClient(service.client_id)


def _ask(web: Web, service: Service, body: str, clock: Clock, refresh: Optional[str]) -> Tokens:
    answer = web.post(service.token, _FORM, data=body.encode("ascii"))
    if answer.status != 200:
        raise _explain(answer)
    try:
        read = _read(answer.body.decode("utf-8"), service)
    except Exception:  # its text may hold what was sent
        raise NotUnderstood("it brings no tokens") from None
    access, new = read.get("access_token"), read.get("refresh_token", refresh)
    if not isinstance(access, str) or not isinstance(new, str) or not access or not new:
        raise NotUnderstood("it brings no tokens")
    expires = read_expiry(access)
    lasts = read.get("expires_in")
    if expires is None and isinstance(lasts, int):
        expires = clock() + lasts
    return Tokens(access, new, expires)


def _read(text: str, service: Service) -> Any:
    return _client(service).parse_request_body_response(text)


def _explain(answer: Answer) -> AnkivaultError:
    """What an answer without tokens means. It is final only when the server says so."""
    try:
        said = read_json(answer.body)
    except NotUnderstood:
        said = None
    code = said.get("error") if isinstance(said, dict) else None
    if answer.status in (400, 401, 403) and code in _FINAL:
        return Refused("Rember does not take the sign-in any more.")
    return WebTrouble(show_address(answer.address), explain_status(answer.status))
