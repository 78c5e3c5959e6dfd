"""Waits on this computer for the browser to come back from signing in, once.

Only programs of this computer can reach it. Whatever else a browser asks for, such as an icon, is
not found here. A page that waits for nothing keeps no other page waiting: each has its own thread.
"""

from __future__ import annotations

import queue
import socketserver
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler
from typing import Any, Optional

from ...run.errors import AnkivaultError, Cancelled

_HOST, _PATH = "127.0.0.1", "/callback"
_LOOK = 0.1  # seconds between two looks at whether to go on
_IDLE = 10  # seconds after which a browser that says nothing is left alone
_PAGE = """\
<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{title}</title>
<meta name="viewport" content="width=device-width">
<style>
body {{ font: 18px/1.5 system-ui, sans-serif; margin: 15vh auto; max-width: 26em; padding: 0 1em;
  color: #222; background: #fafafa }}
h1 {{ font-size: 1.5em; font-weight: 600 }}
@media (prefers-color-scheme: dark) {{ body {{ color: #ddd; background: #222 }} }}
</style></head>
<body><h1>{title}</h1><p>{text}</p></body></html>
"""
_DONE = ("Back to Anki", "You can close this tab. Anki goes on from here, and says how it went.")
_NOTHING = ("Nothing here", "Anki waits at another address.")
_HEADERS = {
    "Content-Type": "text/html; charset=utf-8",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
    "Connection": "close",
}


class NoPort(AnkivaultError):
    """This computer does not let us listen."""

    def __init__(self) -> None:
        super().__init__(
            "Anki cannot wait for your browser: this computer lets it listen at no port. "
            "A firewall may be the cause. Try again."
        )


class TookTooLong(AnkivaultError):
    """The browser did not come back."""

    def __init__(self) -> None:
        super().__init__(
            "The browser did not come back from Rember in time. Nothing was changed. "
            "Try Sign In… again, and do not close the tab before it says so."
        )


class Loopback:
    """Listens from the start; use ``with``. ``port`` 0 is a free one. Raises ``NoPort``."""

    def __init__(self, port: int = 0) -> None:
        self._came: queue.Queue[str] = queue.Queue()
        try:
            self._server = _Server((_HOST, port), _Handler)
        except OSError:
            raise NoPort from None
        self._server.came = self._came
        self.address = f"http://{_HOST}:{self._server.server_address[1]}{_PATH}"
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(_LOOK,), daemon=True
        )
        self._thread.start()

    def __enter__(self) -> Loopback:
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def wait(
        self,
        seconds: float,
        is_cancelled: Callable[[], bool] = lambda: False,
        clock: Callable[[], float] = time.monotonic,
    ) -> str:
        """What the browser came back with: the query. Raises ``TookTooLong`` or ``Cancelled``."""
        end = clock() + seconds
        while True:
            try:
                return self._came.get(timeout=_LOOK)
            except queue.Empty:
                pass
            if is_cancelled():
                raise Cancelled
            if clock() >= end:
                raise TookTooLong


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    block_on_close = False
    came: Optional[queue.Queue[str]] = None

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing: the browser went away."""


class _Handler(BaseHTTPRequestHandler):
    timeout = _IDLE
    server: _Server

    def do_GET(self) -> None:
        """Answer the browser, then hand on what it came with."""
        path, _, query = self.path.partition("?")
        port = self.server.server_address[1]
        if path != _PATH or not query or self.headers.get("Host") != f"{_HOST}:{port}":
            self._show(404, *_NOTHING)
            return
        self._show(200, *_DONE)
        if self.server.came:
            self.server.came.put(query)

    def _show(self, status: int, title: str, text: str) -> None:
        page = _PAGE.format(title=title, text=text).encode("utf-8")
        self.send_response(status)
        for name, value in _HEADERS.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(page)))
        self.end_headers()
        self.wfile.write(page)
        self.wfile.flush()

    def version_string(self) -> str:
        """The name of the server."""
        return "Ankivault"

    def log_message(self, format: str, *args: Any) -> None:
        """Log nothing: the address holds the code."""
