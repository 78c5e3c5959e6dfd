"""A stand-in for Rember on loopback: it speaks the protocol, and says what a test makes it say."""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Optional

from ankivault.sync.source.rember.pull import LEFT_ALONE
from ankivault.sync.source.rember.service import Service
from ankivault.sync.source.rember.tokens import Tokens

USER = "user-1"
Reply = Callable[["BaseHTTPRequestHandler"], None]


def make_remb(id_: str, text: str = "", **crops: tuple[str, str]) -> dict[str, Any]:
    """The value of a remb; each crop by its id."""
    return {
        "id": id_,
        "content": {
            "note": {"text": text},
            "crops": [
                {"id": crop, "type": "qa", "question": question, "answer": answer}
                for crop, (question, answer) in crops.items()
            ],
        },
    }


def make_token(serial: int, expires: float = 4e9, user: str = USER) -> str:
    """An access token like Rember's: a JWT."""
    payload = {"exp": expires, "properties": {"idUser": user}, "serial": serial}
    parts = ({"alg": "none"}, payload)
    texts = (base64.urlsafe_b64encode(json.dumps(part).encode()).decode() for part in parts)
    return ".".join((*(text.rstrip("=") for text in texts), "secret-signature"))


@dataclass
class Store:
    """Keeps tokens, and remembers how often it had to."""

    tokens: Optional[Tokens] = None
    saved: int = 0

    def load(self) -> Optional[Tokens]:
        return self.tokens

    def save(self, tokens: Tokens) -> None:
        self.tokens, self.saved = tokens, self.saved + 1

    def forget(self) -> None:
        self.tokens = None


@dataclass
class RemberStandIn:
    """An account of Rember. ``replies`` come first, in place of an answer to a pull."""

    rembs: dict[str, Any] = field(default_factory=dict)
    access: str = field(default_factory=lambda: make_token(1))
    replies: list[Reply] = field(default_factory=list)
    asked: list[dict[str, Any]] = field(default_factory=list)
    accepts: Optional[Callable[[str], bool]] = None  # whether an access token lets in
    version: int = 0
    _changed: dict[str, int] = field(default_factory=dict)
    port: int = 0

    @property
    def service(self) -> Service:
        root = f"http://127.0.0.1:{self.port}"
        return Service(
            f"{root}/authorize", f"{root}/token", f"{root}/pull", "https://rember.com/r/", "us"
        )

    def store(self) -> Store:
        """The tokens of who is signed in."""
        return Store(Tokens(self.access, "refresh-1", 4e9))

    def put(self, *rembs: dict[str, Any]) -> None:
        self.version += 1
        for remb in rembs:
            self.rembs[remb["id"]] = remb
            self._changed[remb["id"]] = self.version

    def delete(self, *ids: str) -> None:
        self.version += 1
        for id_ in ids:
            del self.rembs[id_]
            self._changed[id_] = self.version

    def answer(self, asked: dict[str, Any]) -> dict[str, Any]:
        """The patch since a cookie, as Replicache makes it."""
        cookie = asked["cookie"]
        user = {"op": "put", "key": f"User/{USER}", "value": {"email": "me@example.com"}}
        if cookie is None:
            puts = [self._put(id_) for id_ in self.rembs]
            return {"cookie": self.version, "patch": [{"op": "clear"}, user, *puts]}
        since = [id_ for id_, version in self._changed.items() if version > cookie]
        patch = [
            self._put(id_) if id_ in self.rembs else {"op": "del", "key": f"Remb/{id_}"}
            for id_ in since
        ]
        return {"cookie": self.version, "patch": patch, "lastMutationIDChanges": {}}

    def _put(self, id_: str) -> dict[str, Any]:
        return {"op": "put", "key": f"Remb/{id_}", "value": self.rembs[id_]}

    def _lets_in(self, authorization: str) -> bool:
        kind, _, access = authorization.partition(" ")
        return kind == "Bearer" and (
            self.accepts(access) if self.accepts else access == self.access
        )

    def pull(self, request: BaseHTTPRequestHandler) -> None:
        """Answer a pull."""
        body = request.rfile.read(int(request.headers["Content-Length"]))
        if self.replies:
            self.replies.pop(0)(request)
            return
        asked = json.loads(body)
        self.asked.append(asked)
        if not self._lets_in(request.headers["Authorization"]):
            reply(401, b"{}")(request)
        else:
            reply(200, json.dumps(self.answer(asked)).encode())(request)


def reply(status: int, body: bytes, **headers: str) -> Reply:
    """An answer of any kind."""

    def send(request: BaseHTTPRequestHandler) -> None:
        request.send_response(status)
        for name, value in headers.items():
            request.send_header(name.replace("_", "-"), value)
        request.send_header("Content-Length", str(len(body)))
        request.end_headers()
        request.wfile.write(body)

    return send


@contextmanager
def serve_rember() -> Iterator[RemberStandIn]:
    """Run a stand-in on a free port."""
    stand_in = RemberStandIn()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            stand_in.pull(self)

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    stand_in.port = server.server_address[1]
    LEFT_ALONE.pop(stand_in.service.pull, None)  # what another test's server at this port asked for
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield stand_in
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
