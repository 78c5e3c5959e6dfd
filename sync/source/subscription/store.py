"""The files of subscriptions: a folder for each, below the state folder. Files are put in whole.

``subscription.json``  what the subscriber wants; only a folder that has it is a subscription
``theirs.toml``        the author's text as last fetched
``received.json``      what the server said of it and of its media: the next fetch asks with that
``media/``             files that were fetched, and are not in Anki yet
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from hashlib import blake2b
from pathlib import Path
from typing import Any, Optional

from ...run.disk import replace_file
from ...run.regular import read_regular
from .subscription import Subscription, SubscriptionTrouble, make_key, read_subscription

FOLDER = "sources"


@dataclass(frozen=True)
class Validators:
    """What tells whether a file at an address changed, and the file that came: digest and size."""

    etag: str = ""
    last_modified: str = ""
    sha256: str = ""
    size: int = 0

    @property
    def headers(self) -> dict[str, str]:
        """The headers of a request that is only answered when the file changed."""
        asked = {"If-None-Match": self.etag, "If-Modified-Since": self.last_modified}
        return {name: value for name, value in asked.items() if value}


@dataclass(frozen=True)
class Received:
    """What came from the server. ``media`` is by the path in the deck file.

    ``missing`` media could not be fetched yet. ``unasked``: not all media of this text were
    looked at.
    """

    deck: Validators = Validators()
    media: Mapping[str, Validators] = field(default_factory=dict)
    missing: int = 0
    unasked: bool = False


class Home:
    """The files of one subscription."""

    def __init__(self, state: Path, address: str) -> None:
        self.address = address.strip()
        self.key = make_key(self.address)
        self.folder = state / FOLDER / self.key
        self.settings = self.folder / "subscription.json"
        self.theirs = self.folder / "theirs.toml"
        self.received = self.folder / "received.json"
        self.media = self.folder / "media"

    def staged(self, path: str) -> Path:
        """Where a media file of the deck waits for Anki."""
        return self.media / blake2b(path.encode("utf-8", "surrogatepass")).hexdigest()[:32]

    def read_received(self) -> Received:
        """What came from the server before; nothing when that cannot be read."""
        values = _read_json(self.received)
        media = values.get("media")
        missing = values.get("missing")
        return Received(
            _validators(values.get("deck")),
            {
                path: _validators(each)
                for path, each in (media.items() if isinstance(media, dict) else ())
            },
            missing if isinstance(missing, int) else 0,
            bool(values.get("unasked")),
        )

    def save_received(self, received: Received) -> None:
        """Save what came from the server. Raises ``OSError``."""
        self._write(self.received, asdict(received))

    def read(self) -> Optional[Subscription]:
        """The subscription; None when there is none at this address."""
        found = read_subscription(_read_json(self.settings))
        return found if found and found.key == self.key else None

    def save(self, subscription: Subscription) -> None:
        """Save a subscription. Raises ``OSError``."""
        self._write(self.settings, subscription.as_dict())

    def _write(self, file: Path, values: Mapping[str, Any]) -> None:
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        replace_file(file, json.dumps(values, ensure_ascii=False, indent=1).encode())

    def forget(self) -> None:
        """Delete all that is remembered. Anki keeps its notes."""
        self.settings.unlink(missing_ok=True)
        shutil.rmtree(self.folder, ignore_errors=True)


def find_subscriptions(state: Path) -> tuple[Subscription, ...]:
    """All subscriptions, by name."""
    found = []
    folder = state / FOLDER
    for place in sorted(folder.iterdir()) if folder.is_dir() else ():
        subscription = read_subscription(_read_json(place / "subscription.json"))
        if subscription and subscription.key == place.name:
            found.append(subscription)
    return tuple(sorted(found, key=lambda each: (each.title.casefold(), each.address)))


def need_subscription(home: Home) -> Subscription:
    """The subscription at this place. Raises ``SubscriptionTrouble`` when there is none."""
    found = home.read()
    if found is None:
        raise SubscriptionTrouble(f"{home.address}: there is no subscription to this address.")
    return found


def _read_json(file: Path) -> dict[str, Any]:
    try:
        values = json.loads(read_regular(file))
    except (OSError, ValueError):
        return {}
    return values if isinstance(values, dict) else {}


def _validators(values: Any) -> Validators:
    if not isinstance(values, dict):
        return Validators()
    size = values.get("size")
    etag, last_modified, sha256 = (
        value if isinstance(value, str) else ""
        for value in map(values.get, ("etag", "last_modified", "sha256"))
    )
    return Validators(etag, last_modified, sha256, size if isinstance(size, int) else 0)
