"""What a profile keeps: its settings, and the folder for what its vault's runs remember."""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import Any

from aqt.main import AnkiQt

from ..sync.settings import SettingProblem, Settings, read_settings

_SETTINGS = "ankivault"
_PROFILE_ID = "ankivault_profile_id"  # profiles can be renamed: folders go by this


def get_settings(mw: AnkiQt) -> tuple[Settings, list[SettingProblem]]:
    """The profile's settings over the defaults of ``config.json``, and what is wrong with them."""
    defaults = mw.addonManager.getConfig(__name__) or {}
    return read_settings({**defaults, **_values(mw).get(_SETTINGS, {})})


def save_settings(mw: AnkiQt, settings: Settings) -> None:
    """Keep the settings in this profile, on this computer only."""
    _values(mw)[_SETTINGS] = settings.as_dict()
    mw.pm.save()


def state_folder(mw: AnkiQt) -> Path:
    """Where this profile's base files are: inside the add-on, and kept when it is updated."""
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
