"""What a profile keeps of its sources: how the last run of each went, and the tokens of Rember.

It is in Anki's profile, as Anki's own tokens are. AnkiWeb does not sync it.
"""

from __future__ import annotations

import threading
from dataclasses import asdict, dataclass, fields, replace
from typing import TYPE_CHECKING, Any, Optional

from aqt.main import AnkiQt

from ...sync.run.errors import AnkivaultError

if TYPE_CHECKING:
    from ...sync.source.rember.tokens import Tokens

REMBER = "rember"  # the key of the account's record; subscriptions have theirs
_RECORDS = "ankivault_sources"
_TOKENS = "ankivault_rember"
_SAVING = 10  # seconds for the main thread to save tokens


@dataclass(frozen=True)
class Record:
    """How a source stands after its last run, for the window. ``result`` is in words.

    ``owner`` is a deck's author, or the e-mail address of the account. ``automatic`` is only used
    for Rember: a subscription keeps its own. ``not_before`` is when its server wants to be asked
    again, in seconds since 1970: only a person asks before.
    """

    last_run: int = 0  # seconds since 1970
    result: str = ""
    waiting: int = 0  # questions
    owner: str = ""
    version: str = ""
    automatic: bool = True
    not_before: int = 0


def find_resting(mw: AnkiQt, now: float) -> frozenset[str]:
    """The keys of sources whose servers want to be left alone now."""
    keys = _get(mw, _RECORDS)
    return frozenset(key for key in keys if get_record(mw, key).not_before > now)


def get_record(mw: AnkiQt, key: str) -> Record:
    """The record of a source; an empty one if there is none."""
    kept = _get(mw, _RECORDS).get(key)
    if not isinstance(kept, dict):
        return Record()
    usual = Record()
    types = {field.name: type(getattr(usual, field.name)) for field in fields(Record)}
    known = {n: v for n, v in kept.items() if n in types and isinstance(v, types[n])}
    return Record(**known)


def change_record(mw: AnkiQt, key: str, **changes: Any) -> None:
    """Change these values of a source's record."""
    records = dict(_get(mw, _RECORDS))
    records[key] = asdict(replace(get_record(mw, key), **changes))
    _profile(mw)[_RECORDS] = records
    mw.pm.save()


def forget_record(mw: AnkiQt, key: str) -> None:
    """Forget how a source stands."""
    _profile(mw)[_RECORDS] = {n: v for n, v in _get(mw, _RECORDS).items() if n != key}
    mw.pm.save()


def has_tokens(mw: AnkiQt) -> bool:
    """Whether somebody is signed in to Rember. Loads nothing."""
    return mw.pm.profile is not None and bool(_get(mw, _TOKENS))


class ProfileClosed(AnkivaultError):
    """The profile that tokens belong to is not open any more, or could not keep them in time."""

    def __init__(self) -> None:
        super().__init__(
            "The profile was closed meanwhile, or Anki was busy for too long. Who is signed in to "
            "Rember stays as it was."
        )


class ProfileTokens:
    """Keeps the tokens of the profile that is open now (``TokenStore``). For any thread."""

    def __init__(self, mw: AnkiQt) -> None:
        self._mw = mw
        self._profile = _profile(mw)

    def load(self) -> Optional[Tokens]:
        """The tokens; ``None`` when signed out."""
        from ...sync.source.rember.tokens import Tokens

        return Tokens.from_plain(self._profile.get(_TOKENS))

    def save(self, tokens: Tokens) -> None:
        """Keep these, on the disk too. Raises ``ProfileClosed``."""
        self._change(tokens.as_plain())

    def forget(self) -> None:
        """Keep none. Raises ``ProfileClosed``."""
        self._change(None)

    def _change(self, plain: Optional[dict[str, Any]]) -> None:
        if threading.current_thread() is threading.main_thread():
            self._change_now(plain)
            return
        ended = threading.Event()
        failed: list[BaseException] = []

        def change() -> None:
            try:
                if not is_late:
                    self._change_now(plain)
            except BaseException as error:
                failed.append(error)
            finally:
                ended.set()

        is_late = False
        try:
            self._mw.taskman.run_on_main(change)
        except RuntimeError:  # Anki has closed
            raise ProfileClosed from None
        if not ended.wait(_SAVING):
            is_late = True
            raise ProfileClosed
        if failed:
            raise failed[0]

    def _change_now(self, plain: Optional[dict[str, Any]]) -> None:
        if self._mw.pm.profile is not self._profile or self._mw.col is None:
            raise ProfileClosed
        if plain is None:
            self._profile.pop(_TOKENS, None)
        else:
            self._profile[_TOKENS] = plain
        self._mw.pm.save()


def _get(mw: AnkiQt, key: str) -> dict[str, Any]:
    kept = _profile(mw).get(key)
    return kept if isinstance(kept, dict) else {}


def _profile(mw: AnkiQt) -> dict[str, Any]:
    if mw.pm.profile is None:
        raise RuntimeError("No profile is open.")
    return mw.pm.profile
