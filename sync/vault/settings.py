"""Reads and checks the settings of a profile, with a message for each mistake."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any, Literal, get_args

from ...convert.text.file_names import safe_name
from ..reconcile.policy import VAULT_POLICIES, VaultPolicy
from .deck_choice import DeckChoice, DeckRef

ClozeStyle = Literal["outline", "inline"]
LINKED_DECKS = "toml_decks"  # stored beside the settings, and read by ``deck.linked``
_WORDS = {"cloze_style": get_args(ClozeStyle), "conflict_policy": VAULT_POLICIES}
DECK_LISTS = ("excluded_decks", "included_decks")


@dataclass(frozen=True)
class Settings:
    """All settings of the vault. The defaults are those of ``config.json``."""

    vault_folder: str = ""
    excluded_decks: tuple[DeckRef, ...] = ()
    included_decks: tuple[DeckRef, ...] = ()
    new_decks: bool = True
    filename_suffix: str = "note_id"  # "note_id", "none", or the name of a field
    rename_on_title_change: bool = False
    cloze_style: ClozeStyle = "outline"
    index_pages: bool = True
    include_tags: bool = True
    assets_folder: str = "assets"
    study_properties: bool = False
    anki_links: bool = False
    colours: bool = False
    before_ankiweb_sync: bool = True
    after_ankiweb_sync: bool = False
    live: bool = True  # while Anki is open
    two_way: bool = False
    conflict_policy: VaultPolicy = "ask"  # only for two-way: when both sides edited the same

    @property
    def folder(self) -> Path:
        """The vault folder's path as in the setting, but with ``~`` replaced."""
        return Path(self.vault_folder).expanduser()

    @property
    def real_folder(self) -> Path:
        """The full path of the vault folder, without symbolic links: what its base is kept for."""
        return Path(os.path.realpath(self.folder))

    @property
    def deck_choice(self) -> DeckChoice:
        """Which decks have pages."""
        return DeckChoice(self.excluded_decks, self.included_decks, self.new_decks)

    def with_decks(self, choice: DeckChoice) -> Settings:
        """The same settings with another choice of decks."""
        return replace(
            self,
            excluded_decks=choice.left_out,
            included_decks=choice.brought_in,
            new_decks=choice.new_decks,
        )

    def as_dict(self) -> dict[str, Any]:
        """The settings as plain types, for the profile."""
        values = {f.name: getattr(self, f.name) for f in fields(self)}
        values.update({key: list(values[key]) for key in DECK_LISTS})
        return values


@dataclass(frozen=True)
class SettingProblem:
    """What is wrong with one setting. A ``warning`` does not stop a run."""

    key: str
    message: str
    level: Literal["error", "warning"] = "error"


def read_settings(values: Mapping[str, Any]) -> tuple[Settings, list[SettingProblem]]:
    """Make settings from plain values. Returns all problems too.

    A wrong value is replaced by its default, and is a problem; an unknown key is a warning. Values
    may be given as text (``"true"``, ``"a, b"``), as on a command line.
    """
    known = {f.name: f.default for f in fields(Settings)}
    read: dict[str, Any] = {}
    problems: list[SettingProblem] = []
    for key, value in values.items():
        if key == LINKED_DECKS:
            continue
        if key not in known:
            problems.append(SettingProblem(key, f"There is no setting called “{key}”.", "warning"))
            continue
        try:
            read[key] = _read_value(key, value, known[key])
        except ValueError as error:
            problems.append(SettingProblem(key, str(error)))
    settings = Settings(**read)
    return settings, problems + check_settings(settings)


def check_settings(settings: Settings) -> list[SettingProblem]:
    """The problems that can be found without the disk and the collection."""
    problems = []
    if not settings.vault_folder.strip():
        problems.append(
            SettingProblem(
                "vault_folder",
                "No vault folder is set. Choose one in Tools ▸ Ankivault ▸ Configure…",
            )
        )
    elif not _is_full_path(settings.vault_folder):
        problems.append(
            SettingProblem("vault_folder", "The vault folder must be a full path, from the root.")
        )
    if not settings.filename_suffix.strip():
        problems.append(
            SettingProblem(
                "filename_suffix",
                "Use “note_id”, “none”, or the name of a field as the end of file names.",
            )
        )
    name = settings.assets_folder
    if not name.strip() or "%" in name or safe_name(name) != name:
        problems.append(
            SettingProblem(
                "assets_folder",
                f"“{name}” cannot be a folder's name. Use one plain word, such as “assets”.",
            )
        )
    return problems


def _is_full_path(folder: str) -> bool:
    try:
        return "\0" not in folder and Path(folder).expanduser().is_absolute()
    except RuntimeError:  # ``~name`` with an unknown user name
        return False


def _read_value(key: str, value: Any, default: Any) -> Any:
    if isinstance(default, bool):
        return _read_bool(key, value)
    if key in DECK_LISTS:
        return _read_decks(key, value)
    if not isinstance(value, str):
        raise ValueError(f"“{key}” must be text.")
    if key in _WORDS and value not in _WORDS[key]:
        *most, last = (f"“{word}”" for word in _WORDS[key])
        raise ValueError(f"“{key}” must be {', '.join(most)} or {last}, not “{value}”.")
    return value


def _read_bool(key: str, value: Any) -> bool:
    if isinstance(value, bool):
        return value
    word = str(value).strip().lower()
    if word in ("true", "yes", "on", "1"):
        return True
    if word in ("false", "no", "off", "0"):
        return False
    raise ValueError(f"“{key}” must be true or false, not “{value}”.")


def _read_decks(key: str, value: Any) -> tuple[DeckRef, ...]:
    if isinstance(value, str):
        return tuple(name.strip() for name in value.split(",") if name.strip())
    if isinstance(value, (list, tuple)) and all(
        isinstance(deck, (int, str)) and not isinstance(deck, bool) for deck in value
    ):
        return tuple(value)
    raise ValueError(f"“{key}” must be a list of deck names.")
