"""Asks a web server, with limits of time and size. What goes wrong is one sentence for the user.

An answer is read piece by piece, so that a server that sends for ever is left at the deadline.
Redirects are followed here, one by one, because each has to pass the same checks as the address.
"""

from __future__ import annotations

import ipaddress
import queue
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any, Optional, Union
from urllib.parse import urljoin, urlsplit, urlunsplit

from ..run.errors import AnkivaultError, Cancelled
from .unpack import DamagedAnswer, unpack

if TYPE_CHECKING:
    import requests

_PIECE = 1 << 16
_REDIRECTS = 5
_MOVED = (301, 302, 303, 307, 308)
_CUT = "the answer was cut off. Try again later."
_LOOK = 0.1  # seconds between two looks at the clock
_STILL = 5.0  # seconds in which a server has to send something
Clock = Callable[[], float]


class WebTrouble(AnkivaultError):
    """A web address did not give what was asked. ``retry_after``: the server's wish, in seconds."""

    def __init__(self, address: str, why: str, retry_after: Optional[float] = None) -> None:
        super().__init__(f"{address}: {why}")
        self.address = address
        self.why = why
        self.retry_after = retry_after


@dataclass(frozen=True)
class Answer:
    """What a server answered. ``address`` is where the answer came from, after redirects."""

    address: str
    status: int
    headers: Mapping[str, str]  # names in small letters
    body: bytes = field(repr=False)


@dataclass(frozen=True)
class Limits:
    """How much a server may send in one answer, and how long all requests together may take."""

    bytes: int
    seconds: float


class Web:
    """Asks servers until the time is over. Made anew for each run; ``close`` it, or use ``with``.

    ``is_cancelled`` is asked between the pieces of an answer.
    """

    def __init__(
        self,
        limits: Limits,
        *,
        is_cancelled: Callable[[], bool] = lambda: False,
        clock: Clock = time.monotonic,
    ) -> None:
        self._limits = limits
        self._is_cancelled = is_cancelled
        self._clock = clock
        self._deadline = clock() + limits.seconds
        self._session: Optional[requests.Session] = None
        self.requests = 0  # how many were made

    def __enter__(self) -> Web:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close all connections."""
        if self._session is not None:
            self._session.close()

    def get(
        self,
        address: str,
        headers: Mapping[str, str] | None = None,
        *,
        at_most: Optional[int] = None,
    ) -> Answer:
        """Get an address. ``at_most`` is a limit of bytes for this answer.

        The answer may have any status. Raises ``WebTrouble`` or ``Cancelled``.
        """
        limit = min(at_most or self._limits.bytes, self._limits.bytes)
        place = address
        for _ in range(_REDIRECTS + 1):
            refusal = refuse_address(place)
            if refusal:
                raise WebTrouble(show_address(address), refusal)
            answer = self._ask("GET", place, limit, headers=headers)
            if answer.status not in _MOVED or "location" not in answer.headers:
                return answer
            place = urljoin(place, answer.headers["location"])
            if urlsplit(address).scheme == "https" and urlsplit(place).scheme != "https":
                why = "the server sends us on to an address that is not https. Nothing was read."
                raise WebTrouble(show_address(address), why)
        raise WebTrouble(show_address(address), "the server sends us on again and again.")

    def post(
        self, address: str, headers: Mapping[str, str] | None = None, **content: Any
    ) -> Answer:
        """Post ``data`` or ``json``, as ``requests`` takes them. Follows no redirect.

        The answer may have any status. Raises ``WebTrouble`` or ``Cancelled``.
        """
        refusal = refuse_address(address)
        if refusal:
            raise WebTrouble(show_address(address), refusal)
        return self._ask("POST", address, self._limits.bytes, headers=headers, **content)

    def _ask(self, method: str, address: str, limit: int, **content: Any) -> Answer:
        import requests

        if self._session is None:
            self._session = requests.Session()
            self._session.headers["User-Agent"] = "Ankivault"
            self._session.headers["Accept-Encoding"] = "gzip"
        shown = show_address(address)
        self.requests += 1
        still = min(self._check_time(shown), _STILL)
        send = partial(
            self._session.request,
            method,
            address,
            timeout=still,
            stream=True,
            allow_redirects=False,
            proxies=_proxies(address),
            **content,
        )
        try:
            return self._in_time(lambda: self._read(send, address, limit), shown)
        except (requests.RequestException, OSError, ValueError) as error:
            raise WebTrouble(shown, explain_error(error)) from None

    def _in_time(self, work: Callable[[], Answer], shown: str) -> Answer:
        """Do the work in a thread that is left alone at the deadline, or when cancelled.

        Nothing else ends a look-up of a name, or a server that sends a byte now and then.
        """
        came: queue.SimpleQueue[Union[Answer, Exception]] = queue.SimpleQueue()

        def run() -> None:
            try:
                came.put(work())
            except Exception as error:
                came.put(error)

        threading.Thread(target=run, daemon=True).start()
        while True:
            try:
                result = came.get(timeout=min(_LOOK, self._check_time(shown)))
            except queue.Empty:
                continue
            if isinstance(result, Exception):
                raise result
            return result

    def _read(self, send: Callable[[], requests.Response], address: str, limit: int) -> Answer:
        with send() as response:
            headers = {name.lower(): value for name, value in response.headers.items()}
            body = b"".join(self._pieces(response, limit, show_address(address)))
            return Answer(address, response.status_code, headers, body)

    def _pieces(self, response: requests.Response, limit: int, shown: str) -> Iterator[bytes]:
        told = response.headers.get("Content-Length", "")
        if told.isdigit() and int(told) > limit:
            raise WebTrouble(shown, _too_large(limit))
        if "," in response.headers.get("Content-Encoding", ""):  # may unpack to any size at once
            raise WebTrouble(shown, "the answer is packed in a way that is not understood.")
        size = 0
        packed = response.headers.get("Content-Encoding", "")
        for piece in unpack(_stream(response), packed):
            self._check_time(shown)
            size += len(piece)
            if size > limit:
                raise WebTrouble(shown, _too_large(limit))
            yield piece
        if told.isdigit() and response.raw.tell() < int(told) and response.status_code != 304:
            raise WebTrouble(shown, _CUT)

    def _check_time(self, shown: str) -> float:
        """The seconds that are left. Raises ``WebTrouble`` when there are none."""
        if self._is_cancelled():
            raise Cancelled
        left = self._deadline - self._clock()
        if left <= 0:
            raise WebTrouble(shown, "the server takes too long. Try again later.")
        return left


def refuse_address(address: str) -> Optional[str]:
    """Why an address is not asked, for the user; None when it may be.

    Only ``https`` is, and ``http`` on this computer. No name and password may stand in it.
    """
    try:
        parts = urlsplit(address)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return "this is not a web address."
    if not host or parts.scheme not in ("http", "https"):
        return "this is not a web address that begins with https://."
    if parts.username is not None or parts.password is not None:
        return "a name or a password must not stand in the address."
    if parts.scheme == "http" and not _is_this_computer(host):
        return "the address begins with http://, which anybody on the way can change. Use https://."
    return None


def show_address(address: str) -> str:
    """An address for people and logs: without what may be secret (query, name and password)."""
    try:
        parts = urlsplit(address)
        host = parts.netloc.rpartition("@")[2]
        return urlunsplit((parts.scheme, host, parts.path, "", ""))
    except ValueError:
        return address.partition("?")[0]


def explain_error(error: Exception) -> str:
    """Say in one sentence why a request failed. Never quotes what was sent."""
    import requests

    if isinstance(error, requests.exceptions.SSLError):
        return "the server cannot prove that it is the one it says (certificate). Nothing was read."
    if isinstance(error, requests.exceptions.ProxyError):
        return "the proxy of this computer does not let us through."
    if isinstance(error, requests.exceptions.Timeout):
        return "the server does not answer. Try again later."
    if isinstance(error, (requests.exceptions.ChunkedEncodingError,)):
        return _CUT
    if isinstance(error, DamagedAnswer):
        return "the answer is damaged. Try again later."
    if isinstance(error, requests.exceptions.ConnectionError):
        if "timed out" in str(error).lower():  # while an answer was read
            return "the server does not answer. Try again later."
        return "the server cannot be reached. Is this computer online?"
    return "the server cannot be asked. Check the address."


def explain_status(status: int) -> str:
    """Say in one sentence what an answer that is no success means for the user."""
    known = {
        401: "the server wants a sign-in, and this address must be open to everybody.",
        403: "the server does not let us read this.",
        404: "there is nothing at this address. Check it, or ask its author.",
        410: "the author took this away.",
        429: "the server was asked too often. Try again later.",
    }
    if status in known:
        return known[status]
    if status >= 500:
        return f"the server has a fault of its own ({status}). Try again later."
    return f"the server answered in a way that is not understood ({status})."


def _stream(response: requests.Response) -> Iterator[bytes]:
    """The bytes of an answer as they come, with errors as those of ``requests``."""
    import requests
    from urllib3.exceptions import HTTPError, ProtocolError

    try:
        yield from response.raw.stream(_PIECE, decode_content=False)
    except ProtocolError as error:
        raise requests.exceptions.ChunkedEncodingError(error) from error
    except HTTPError as error:
        raise requests.exceptions.ConnectionError(error) from error


def _proxies(address: str) -> dict[str, str]:
    """No proxy on the way to this computer itself; else those of the environment."""
    host = urlsplit(address).hostname or ""
    return {"http": "", "https": ""} if _is_this_computer(host) else {}


def _too_large(limit: int) -> str:
    return f"the answer is larger than {limit / 1_000_000:,.0f} MB. It was left."


def _is_this_computer(host: str) -> bool:
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
