"""A server that never comes to its end holds nobody up longer than the time that it has."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from ankivault.sync.run.errors import Cancelled
from ankivault.sync.source.web import Limits, Web, WebTrouble

SLOW = {
    "says nothing": b"",
    "a head without an end": b"HTTP/1.1 200 OK\r\nX-",
    "a body without an end": b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n",
}


@contextmanager
def trickle(begin: bytes) -> Iterator[str]:
    """A server that sends a beginning, and then a byte now and then."""
    over = threading.Event()

    def serve(line: socket.socket) -> None:
        with line:
            line.recv(65536)
            line.sendall(begin)
            while begin and not over.wait(0.05):
                line.sendall(b"x")
            over.wait()

    with socket.create_server(("127.0.0.1", 0)) as server:

        def accept() -> None:
            line, _ = server.accept()
            serve(line)

        thread = threading.Thread(target=accept, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}/"
        over.set()


@pytest.mark.parametrize("begin", SLOW.values(), ids=SLOW)
def test_the_time_is_over_whatever_the_server_sends(begin: bytes) -> None:
    late = pytest.raises(WebTrouble, match=r"takes too long|does not answer")
    with trickle(begin) as address, Web(Limits(1_000_000, 0.2)) as web, late:
        web.get(address)


def test_a_slow_server_does_not_delay_a_cancel() -> None:
    looks: list[bool] = []

    def is_cancelled() -> bool:
        looks.append(True)
        return len(looks) > 3

    web = Web(Limits(1_000_000, 60), is_cancelled=is_cancelled)
    with trickle(SLOW["says nothing"]) as address, web, pytest.raises(Cancelled):
        web.get(address)
