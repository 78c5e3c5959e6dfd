"""A real authorization server on loopback (Authlib): it insists on PKCE, and rotates its tokens."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Optional

import pytest
from authlib.integrations.flask_oauth2 import AuthorizationServer
from authlib.oauth2.rfc6749 import AuthorizationCodeMixin, ClientMixin, TokenMixin, grants
from authlib.oauth2.rfc7636 import CodeChallenge
from flask import Flask, request
from werkzeug.serving import make_server

from tests.desks.rember_service import make_token

CLIENT = "us"
ASK = """\
<!doctype html><title>Sign in</title><form method="post">
<button name="answer" value="allow" id="allow">Allow</button>
<button name="answer" value="deny" id="deny">Deny</button></form>
"""


class Client(ClientMixin):  # type: ignore[misc]
    """The add-on: a public client that comes back to any port of this computer."""

    client_id = CLIENT

    def get_client_id(self) -> str:
        return CLIENT

    def get_default_redirect_uri(self) -> None:
        return None

    def get_allowed_scope(self, scope: str) -> str:
        return scope or ""

    def check_redirect_uri(self, uri: str) -> bool:
        return bool(re.fullmatch(r"http://127\.0\.0\.1:\d+/callback", uri))

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:
        return method == "none"

    def check_response_type(self, response_type: str) -> bool:
        return response_type == "code"

    def check_grant_type(self, grant_type: str) -> bool:
        return grant_type in ("authorization_code", "refresh_token")


@dataclass
class Code(AuthorizationCodeMixin):  # type: ignore[misc]
    """A code, good for one exchange."""

    code: str
    redirect_uri: str
    code_challenge: str
    code_challenge_method: str

    def get_redirect_uri(self) -> str:
        return self.redirect_uri

    def get_scope(self) -> str:
        return ""


@dataclass
class Issued(TokenMixin):  # type: ignore[misc]
    """Tokens that were given out."""

    access: str
    refresh: str
    revoked: bool = False

    def check_client(self, client: Client) -> bool:
        return True

    def get_scope(self) -> str:
        return ""

    def get_expires_in(self) -> int:
        return 3600

    def is_expired(self) -> bool:
        return False

    def is_revoked(self) -> bool:
        return self.revoked


@dataclass
class Authority:
    """What the server knows, and how it behaves. ``lasts`` is the life of access tokens."""

    port: int = 0
    lasts: float = 3600
    codes: dict[str, Code] = field(default_factory=dict)
    issued: list[Issued] = field(default_factory=list)
    grants: list[str] = field(default_factory=list)  # the kinds of all requests for tokens
    serial: int = 0

    def address(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}/{path}"

    def accepts(self, access: str) -> bool:
        """Whether an access token is one that was given out and not taken back."""
        return any(each.access == access and not each.revoked for each in self.issued)

    def revoke_all(self) -> None:
        for each in self.issued:
            each.revoked = True

    def secrets(self) -> set[str]:
        """All that must never be shown."""
        return {text for each in self.issued for text in (each.access, each.refresh)}


def make_grants(authority: Authority) -> tuple[type, type]:
    """What a client may ask for: tokens for a code, and new tokens for old ones."""

    class CodeGrant(grants.AuthorizationCodeGrant):  # type: ignore[misc]
        TOKEN_ENDPOINT_AUTH_METHODS = ("none",)

        def save_authorization_code(self, code: str, asked: Any) -> None:
            payload = asked.payload
            authority.codes[code] = Code(
                code,
                payload.redirect_uri,
                payload.data["code_challenge"],
                payload.data["code_challenge_method"],
            )

        def query_authorization_code(self, code: str, client: Client) -> Optional[Code]:
            return authority.codes.get(code)

        def delete_authorization_code(self, code: Code) -> None:
            del authority.codes[code.code]

        def authenticate_user(self, code: Code) -> str:
            return "user-1"

    class Refresh(grants.RefreshTokenGrant):  # type: ignore[misc]
        TOKEN_ENDPOINT_AUTH_METHODS = ("none",)
        INCLUDE_NEW_REFRESH_TOKEN = True

        def authenticate_refresh_token(self, token: str) -> Optional[Issued]:
            living = (each for each in authority.issued if not each.revoked)
            return next((each for each in living if each.refresh == token), None)

        def authenticate_user(self, token: Issued) -> str:
            return "user-1"

        def revoke_old_credential(self, token: Issued) -> None:
            token.revoked = True

    return CodeGrant, Refresh


def make_app(authority: Authority) -> Flask:
    """The server's pages."""
    app = Flask(__name__)

    def save(token: dict[str, Any], _: Any) -> None:
        authority.issued.append(Issued(token["access_token"], token["refresh_token"]))

    server = AuthorizationServer(app, query_client=lambda id_: Client(), save_token=save)

    def generate(*_: Any, **__: Any) -> dict[str, Any]:
        authority.serial += 1
        access = make_token(authority.serial, time.time() + authority.lasts)
        refresh = f"refresh-secret-{authority.serial}"
        return {"token_type": "Bearer", "access_token": access, "refresh_token": refresh}

    server.register_token_generator("default", generate)
    by_code, by_refresh_token = make_grants(authority)
    server.register_grant(by_code, [CodeChallenge(required=True)])
    server.register_grant(by_refresh_token)

    @app.get("/authorize")
    def ask() -> str:
        server.get_consent_grant(end_user="user-1")  # refuses what is not asked as it should be
        return ASK

    @app.post("/authorize")
    def hear() -> Any:
        user = "user-1" if request.form["answer"] == "allow" else None
        grant = server.get_consent_grant(end_user="user-1")
        return server.create_authorization_response(grant_user=user, grant=grant)

    @app.post("/token")
    def token() -> Any:
        authority.grants.append(request.form["grant_type"])
        return server.create_token_response()

    return app


@contextmanager
def serve_authority(monkeypatch: pytest.MonkeyPatch) -> Iterator[Authority]:
    """Run an authorization server on a free port."""
    monkeypatch.setenv("AUTHLIB_INSECURE_TRANSPORT", "1")  # of Authlib alone: it is on loopback
    authority = Authority()
    server = make_server("127.0.0.1", 0, make_app(authority), threaded=True)
    authority.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield authority
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
