"""Fetches a deck and its media from its address into the state folder. Knows no collection.

The deck is asked for with what its server said last time, so that a deck without changes costs one
request. A media file is fetched when Anki's folder lacks it or its digest in the deck file is
another. Without a digest, the server is asked about each file when the deck changed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Set
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path
from typing import Optional

from ....convert.deck_file.definition import DeckFile, MediaDef
from ...collection.media import find_media
from ...deck.publish import describe_file
from ...deck.read.file import ReadFile, read_data
from ...run.base_file import explain_state
from ...run.disk import replace_file
from ...run.done import count_words
from ...run.entries import scan_folder
from ...run.lock import lock_target
from ...run.progress import Progress, no_progress
from ...run.regular import read_regular
from ...run.report import Message
from ..web import Answer, Limits, Web, WebTrouble, explain_status, show_address
from .author import find_wanted_media
from .places import find_media_address, refuse_name
from .store import Home, Received, Validators
from .subscription import SubscriptionTrouble

AUTOMATIC = Limits(bytes=100_000_000, seconds=10)  # of all subscriptions together
BY_HAND = Limits(bytes=100_000_000, seconds=1800)
_DECK_BYTES = 50_000_000
_MEDIA_FILES = 50_000
_MEDIA_BYTES = 4_000_000_000  # of one fetch
_KEY_PARTS = 500
_KEY_PART = re.compile(rb"""\s*(?:[^\s=.]{1,100}|"[^"]{0,100}"|'[^']{0,100}')\s*""")
_STRIKES = 3  # files in a row that could not be fetched, after which a server is left
_SAVE_EVERY = 50  # files


@dataclass(frozen=True)
class Fetched:
    """What a fetch brought. ``changed``: the author's text is another than before.

    ``read`` is that text as read, so that a plan need not read it again. ``missing`` media are
    still to be fetched. ``text_digest`` is the text's SHA-256.
    """

    address: str
    changed: bool
    requests: int
    text_digest: str = ""
    media: int = 0
    missing: int = 0
    messages: tuple[Message, ...] = ()
    read: Optional[ReadFile] = field(default=None, repr=False)


def fetch(
    state: Path,
    address: str,
    web: Web,
    media_folder: Optional[Path] = None,
    *,
    thorough: bool = False,
    progress: Progress = no_progress,
) -> Fetched:
    """Fetch what changed. With ``media_folder``, Anki's, also the media that it needs.

    ``thorough``: look for missing media although the deck is unchanged. Whole files are put in
    place, so that a fetch which ends early changes nothing or a part that is right. Raises
    ``WebTrouble``, ``SubscriptionTrouble``, ``Cancelled``, ``VaultBusy`` or ``StateUnavailable``.
    """
    home = Home(state, address)
    try:
        return _Fetch(home, state, web, media_folder, thorough, progress).go()
    except OSError as error:
        raise explain_state(home.folder, error) from error


class _Fetch:
    def __init__(
        self,
        home: Home,
        state: Path,
        web: Web,
        media_folder: Optional[Path],
        thorough: bool,
        progress: Progress,
    ) -> None:
        self.home, self.state, self.web = home, state, web
        self.media_folder, self.thorough, self.progress = media_folder, thorough, progress
        self.before = home.read_received()
        self.messages: list[Message] = []

    def go(self) -> Fetched:
        asked = self.web.requests
        self.progress("Asking the server", 0, 0)
        data = self._read_known()
        answer = self.web.get(
            self.home.address,
            self.before.deck.headers if data is not None else None,
            at_most=_DECK_BYTES,
        )
        received, read = self.before, None
        changed = False
        if answer.status != 304 or data is None:
            received, changed = self._take(answer, data)
            self._refuse_long_keys(answer.body)
            read = read_data(answer.body)
            self._check(read, answer)
            if changed or received != self.before:
                with lock_target(self.home.folder, self.state):
                    if changed:
                        self._put(self.home.theirs, answer.body)
                    self.home.save_received(received)
        media = 0
        due = received.unasked or received.missing or self.thorough
        if self.media_folder is not None and due:
            read = read or read_data(data or b"")
            if read.deck is not None:
                received, media = self._fetch_media(received, read.deck)
        return Fetched(
            self.home.address,
            changed,
            self.web.requests - asked,
            received.deck.sha256,
            media,
            received.missing,
            tuple(self.messages),
            read,
        )

    def _read_known(self) -> Optional[bytes]:
        """The author's text as last fetched; None when it is not what the server was asked for."""
        try:
            data = read_regular(self.home.theirs)
        except OSError:
            return None
        return data if sha256(data).hexdigest() == self.before.deck.sha256 else None

    def _take(self, answer: Answer, data: Optional[bytes]) -> tuple[Received, bool]:
        if answer.status != 200:
            raise WebTrouble(show_address(self.home.address), explain_status(answer.status))
        now = _validators(answer)
        changed = data is None or now.sha256 != self.before.deck.sha256
        unasked = changed or self.before.unasked
        return replace(self.before, deck=now, unasked=unasked), changed

    def _refuse_long_keys(self, body: bytes) -> None:
        """Refuse a key of very many parts: reading it takes minutes, and nobody means it."""
        for number, line in enumerate(body.split(b"\n"), 1):
            if line.count(b".") < _KEY_PARTS:
                continue
            run = 0
            for part in line.split(b"."):
                run = run + 1 if _KEY_PART.fullmatch(part) else 0
                if run >= _KEY_PARTS:
                    raise SubscriptionTrouble(
                        f"{show_address(self.home.address)}: line {number} of its author's file "
                        "has a key that is too long. Your notes stay as they are; tell the author."
                    )

    def _check(self, read: ReadFile, answer: Answer) -> None:
        if read.deck is not None:
            return
        where = show_address(self.home.address)
        if answer.body[:200].lstrip()[:1] == b"<":
            raise SubscriptionTrouble(
                f"{where}: this is a web page and no deck file. On a git host, take the address of "
                "the raw file."
            )
        wrong = next(p for p in read.problems if p.level == "error")
        what = wrong.message.rstrip(".")
        raise SubscriptionTrouble(
            f"{where}: its author's file has a fault in line {wrong.line}: {what}. Your notes "
            "stay as they are; tell the author."
        )

    def _put(self, file: Path, data: bytes) -> None:
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        replace_file(file, data)

    def _fetch_media(self, received: Received, deck: DeckFile) -> tuple[Received, int]:
        assert self.media_folder is not None

        def save(known: Mapping[str, Validators]) -> None:
            now = replace(received, media={**known})
            if now != received:
                with lock_target(self.home.folder, self.state):
                    self.home.save_received(now)

        media = _MediaFetch(self.home, self.web, self.media_folder, dict(received.media), save)
        subscription = self.home.read()
        wanted = find_wanted_media(deck, subscription.left_out) if subscription else deck.media
        entries = wanted[:_MEDIA_FILES]
        if len(wanted) > _MEDIA_FILES:
            self._tell(f"more than {_MEDIA_FILES:,} media files; the others were left.")
        try:
            media.go(entries, received.unasked, self.progress)
        except BaseException:
            save(media.known)
            raise
        unasked = received.unasked and bool(media.missing)
        now = self.home.read()
        if subscription and now and now.left_out != subscription.left_out:
            unasked = True  # meanwhile others are wanted
        known, missing = media.known, len(media.missing)
        after = replace(received, media=known, missing=missing, unasked=unasked)
        if after != received:
            with lock_target(self.home.folder, self.state):
                self.home.save_received(after)
        for text in media.told:
            self._tell(text)
        if media.missing:
            count = count_words(len(media.missing), "media file")
            self._tell(f"{count} could not be fetched yet; the next update tries again.")
        return after, media.fetched

    def _tell(self, text: str) -> None:
        self.messages.append(Message("warning", text, show_address(self.home.address)))


class _MediaFetch:
    """Fetches the media that Anki needs. ``known`` is what the server said of each path."""

    def __init__(
        self,
        home: Home,
        web: Web,
        folder: Path,
        known: dict[str, Validators],
        save: Callable[[Mapping[str, Validators]], None],
    ) -> None:
        self.home, self.web, self.folder, self.known, self._save = home, web, folder, known, save
        self.missing: list[str] = []
        self.told: list[str] = []
        self.fetched = 0
        self._bytes = 0
        self._strikes = 0

    def go(self, entries: tuple[MediaDef, ...], asks: bool, progress: Progress) -> None:
        """Fetch what is needed. ``asks``: ask about files that the deck gives no digest of."""
        self._forget_all_but({entry.path for entry in entries})
        there = _list_names(self.folder)
        needed = [entry for entry in entries if self._is_needed(entry, there, asks)]
        for number, entry in enumerate(needed):
            progress("Fetching media", number, len(needed))
            if self._strikes >= _STRIKES or self._bytes > _MEDIA_BYTES:
                self.missing.append(entry.path)
                continue
            try:
                self._get(entry, entry.name in there)
                self._strikes = 0
                if self.fetched % _SAVE_EVERY == _SAVE_EVERY - 1:
                    self._save(self.known)
            except WebTrouble as trouble:
                self._strikes += 1
                self._fail(entry, trouble.why)

    def _forget_all_but(self, paths: Set[str]) -> None:
        """Forget files that the author took out, also those that still wait for an answer."""
        for path in [path for path in self.known if path not in paths]:
            self.home.staged(path).unlink(missing_ok=True)
            del self.known[path]

    def _is_needed(self, entry: MediaDef, there: Mapping[str, int], asks: bool) -> bool:
        refusal = refuse_name(entry.name)
        if refusal or find_media_address(self.home.address, entry.path) is None:
            why = refusal or "its path leads away from the deck file"
            self.told.append(f"“{entry.name}” was left: {why}.")
            return False
        known, wanted = self.known.get(entry.path), (entry.sha256 or "").lower()
        if self._is_staged(entry, known):
            return bool(wanted) and known is not None and known.sha256 != wanted
        if entry.name not in there:
            return True
        if not wanted:
            return asks or known is None
        if known is not None and known.sha256 == wanted:
            return False
        size = there[entry.name]
        if entry.size in (None, size) and _digest(self.folder, entry.name) == wanted:
            self.known[entry.path] = Validators(sha256=wanted, size=size)
            return False
        return True

    def _is_staged(self, entry: MediaDef, known: Optional[Validators]) -> bool:
        return known is not None and self.home.staged(entry.path).is_file()

    def _get(self, entry: MediaDef, is_there: bool) -> None:
        address = find_media_address(self.home.address, entry.path)
        assert address is not None
        known = self.known.get(entry.path)
        conditional = known is not None and not entry.sha256
        conditional = conditional and (is_there or self._is_staged(entry, known))
        answer = self.web.get(address, known.headers if known and conditional else None)
        if answer.status == 304:
            return
        if answer.status != 200:
            self._fail(entry, explain_status(answer.status))
            return
        now = _validators(answer)
        if entry.sha256 and now.sha256 != entry.sha256.lower():
            self._fail(entry, "it is not the file that the deck names (sha256)")
            return
        self._bytes += now.size
        if known is None or known.sha256 != now.sha256 or not is_there:
            self.home.media.mkdir(parents=True, exist_ok=True, mode=0o700)
            replace_file(self.home.staged(entry.path), answer.body)
            self.fetched += 1
        self.known[entry.path] = now

    def _fail(self, entry: MediaDef, why: str) -> None:
        self.missing.append(entry.path)
        if len(self.told) < 10:
            self.told.append(f"“{entry.name}” was not fetched: {why.rstrip('.')}.")


def _validators(answer: Answer) -> Validators:
    return Validators(
        answer.headers.get("etag", ""),
        answer.headers.get("last-modified", ""),
        sha256(answer.body).hexdigest(),
        len(answer.body),
    )


def _list_names(folder: Path) -> dict[str, int]:
    """The names and sizes of the files in Anki's media folder."""
    try:
        with scan_folder(str(folder)) as entries:
            return {entry.name: entry.stat().st_size for entry in entries if entry.is_file()}
    except OSError:
        return {}


def _digest(folder: Path, name: str) -> str:
    file = find_media(folder, name)
    try:
        return describe_file(Path(file))[0] if file else ""
    except OSError:
        return ""
