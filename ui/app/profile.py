"""What Ankivault keeps for each profile: settings, linked TOML decks, the folder of base files."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Optional

from aqt.main import AnkiQt

from .listeners import Listeners

if TYPE_CHECKING:
    from ...sync.deck.linked import LinkedDeck
    from ...sync.vault.settings import SettingProblem, Settings

_SETTINGS = "ankivault"
_saved = Listeners()
on_settings_saved, off_settings_saved = _saved.add, _saved.remove
_PROFILE_ID = "ankivault_profile_id"  # names the folder, as a profile can be renamed


def get_settings(mw: AnkiQt) -> tuple[Settings, list[SettingProblem]]:
    """The profile's settings, with defaults from ``config.json``, and the problems in them."""
    from ...sync.vault.settings import read_settings

    defaults = mw.addonManager.getConfig(__name__) or {}
    return read_settings({**defaults, **_values(mw).get(_SETTINGS, {})})


def find_vault(mw: AnkiQt) -> Optional[Path]:
    """The vault folder that is set, whether it is there or not; None when none is."""
    settings, _ = get_settings(mw)
    return settings.folder if settings.vault_folder.strip() else None


def read_raw(mw: AnkiQt) -> dict[str, Any]:
    """All values of the open profile, without a look at what they mean."""
    return _values(mw)


def save_settings(mw: AnkiQt, settings: Settings) -> None:
    """Store the settings in this profile. Its linked decks stay. AnkiWeb does not sync them."""
    linked = get_linked(mw)
    _values(mw)[_SETTINGS] = settings.as_dict()
    save_linked(mw, linked)
    _saved.call()


def get_linked(mw: AnkiQt) -> tuple[LinkedDeck, ...]:
    """The TOML decks that are linked to this profile."""
    from ...sync.deck.linked import read_linked
    from ...sync.vault.settings import LINKED_DECKS

    return read_linked(_values(mw).get(_SETTINGS, {}).get(LINKED_DECKS))


def save_linked(mw: AnkiQt, decks: Iterable[LinkedDeck]) -> None:
    """Store ``decks`` as all linked TOML decks of this profile."""
    from ...sync.deck.linked import write_linked
    from ...sync.vault.settings import LINKED_DECKS

    settings = dict(_values(mw).get(_SETTINGS, {}))
    settings[LINKED_DECKS] = write_linked(decks)
    if not settings[LINKED_DECKS]:
        del settings[LINKED_DECKS]
    _values(mw)[_SETTINGS] = settings
    mw.pm.save()


def change_linked(mw: AnkiQt, file: Path, **changes: Any) -> None:
    """Change these values of the deck linked to ``file``, if it is still linked."""
    decks = get_linked(mw)
    save_linked(mw, (replace(d, **changes) if d.file == file else d for d in decks))


def state_folder(mw: AnkiQt) -> Path:
    """The folder of this profile's base files. It is inside the add-on; updates keep it."""
    values = _values(mw)
    if _PROFILE_ID not in values:
        values[_PROFILE_ID] = uuid.uuid4().hex
        mw.pm.save()
    addon = Path(mw.addonManager.addonsFolder(mw.addonManager.addonFromModule(__name__)))
    return addon / "user_files" / str(values[_PROFILE_ID])


def _values(mw: AnkiQt) -> dict[str, Any]:
    if mw.pm.profile is None:
        raise RuntimeError("No profile is open.")
    return mw.pm.profile
