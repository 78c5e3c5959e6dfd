"""The tokens of an account, and who keeps them. No token is ever shown or logged."""

from __future__ import annotations

import base64
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Optional, Protocol

UNKNOWN = "unknown"  # the account of tokens that do not say whose they are


@dataclass(frozen=True)
class Tokens:
    """What Rember lets us in with. ``expires`` is in seconds since 1970, None when not told."""

    access: str = field(repr=False)
    refresh: str = field(repr=False)
    expires: Optional[float] = None

    @property
    def account(self) -> str:
        """The id of the user, as the token says. Only for telling accounts apart, and for show."""
        properties = read_payload(self.access).get("properties")
        user = properties.get("idUser") if isinstance(properties, dict) else None
        return user[:200] if isinstance(user, str) and user.isprintable() and user else UNKNOWN

    def as_plain(self) -> dict[str, Any]:
        """The tokens as plain types, for who keeps them."""
        return {"access": self.access, "refresh": self.refresh, "expires": self.expires}

    @classmethod
    def from_plain(cls, plain: object) -> Optional[Tokens]:
        """The tokens from what ``as_plain`` made; None for anything else."""
        if not isinstance(plain, dict):
            return None
        access, refresh, expires = (plain.get(name) for name in ("access", "refresh", "expires"))
        if not (isinstance(access, str) and isinstance(refresh, str) and access):
            return None
        return cls(access, refresh, expires if isinstance(expires, (int, float)) else None)


class TokenStore(Protocol):
    """Keeps the tokens of one profile of Anki. Called on the thread of the run.

    ``save`` returns when the tokens are on the disk. It raises for a profile that is closed.
    """

    def load(self) -> Optional[Tokens]:
        """The tokens; None when signed out."""

    def save(self, tokens: Tokens) -> None:
        """Keep these in place of all others."""

    def forget(self) -> None:
        """Keep none."""


def read_payload(token: str) -> Mapping[str, Any]:
    """What a JWT says, unchecked; nothing for another kind of token."""
    parts = token.split(".")
    if len(parts) != 3:
        return {}
    middle = parts[1]
    try:
        text = base64.urlsafe_b64decode(middle + "=" * (-len(middle) % 4))
        payload = json.loads(text.decode("utf-8"))
    except (ValueError, RecursionError):
        return {}
    return payload if isinstance(payload, dict) else {}


def read_expiry(token: str) -> Optional[float]:
    """When a JWT expires, in seconds since 1970; None when it does not say."""
    expires = read_payload(token).get("exp")
    if not isinstance(expires, (int, float)) or isinstance(expires, bool):
        return None
    try:
        return float(expires) if math.isfinite(expires) else None
    except OverflowError:
        return None
