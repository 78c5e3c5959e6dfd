"""A real web server on loopback: a folder of files with their ETags, and faults on request."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.utils import formatdate
from hashlib import sha1
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Callable, Optional
from urllib.parse import unquote


@dataclass
class WebServer:
    """``fault`` may answer a request itself: it gets the handler, and returns whether it did."""

    folder: Path
    port: int = 0
    asked: list[str] = field(default_factory=list)  # “GET /deck.toml 304”
    validators: tuple[str, ...] = ("ETag", "Last-Modified")
    fault: Optional[Callable[[Any], bool]] = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def take_asked(self) -> list[str]:
        """What was asked since the last time."""
        asked, self.asked = self.asked, []
        return asked


@contextmanager
def serve(folder: Path) -> Iterator[WebServer]:
    """Serve a folder until the block ends."""
    server = WebServer(folder)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_GET(self) -> None:
            if server.fault and server.fault(self):
                return
            file = server.folder / unquote(self.path.partition("?")[0]).lstrip("/")
            if not file.is_file():
                self.send(404, b"no such file")
                return
            data, etag = file.read_bytes(), f'"{sha1(file.read_bytes()).hexdigest()}"'
            headers = {"ETag": etag, "Last-Modified": formatdate(file.stat().st_mtime, usegmt=True)}
            headers = {name: text for name, text in headers.items() if name in server.validators}
            known = self.headers.get("If-None-Match")
            since = self.headers.get("If-Modified-Since")
            same = known == headers.get("ETag", "?")
            same = same or (not known and since == headers.get("Last-Modified", "?"))
            self.send(304 if same else 200, b"" if same else data, headers)

        def send(
            self, status: int, data: bytes, headers: dict[str, str] | None = None, told: int = -1
        ) -> None:
            """Answer; ``told`` is the length that the answer says it has."""
            server.asked.append(f"GET {self.path} {status}")
            self.send_response(status)
            for name, text in (headers or {}).items():
                self.send_header(name, text)
            if status != 304:
                self.send_header("Content-Length", str(len(data) if told < 0 else told))
            self.end_headers()
            self.wfile.write(data)
            if told >= 0:
                self.close_connection = True

        def log_message(self, format: str, *args: Any) -> None:
            pass

    made = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    made.daemon_threads = True
    server.port = made.server_address[1]
    thread = threading.Thread(target=made.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server
    finally:
        made.shutdown()
        thread.join()
        made.server_close()
