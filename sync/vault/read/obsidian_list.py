"""The vaults that Obsidian knows on this computer, from its own list."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ...run.disk import explain
from ...run.regular import read_regular

_NAME = "obsidian.json"


@dataclass(frozen=True)
class KnownVault:
    """A vault in Obsidian's list. ``opened`` is when it was last opened, for their order."""

    path: Path
    opened: float = 0.0

    @property
    def name(self) -> str:
        """The vault's name, as Obsidian shows it."""
        return self.path.name or str(self.path)


@dataclass(frozen=True)
class VaultList:
    """What Obsidian's list says. ``gone``: vaults of it that are not there; ``problem``: why the
    list, or a part of it, could not be read.
    """

    vaults: tuple[KnownVault, ...] = ()
    gone: tuple[Path, ...] = ()
    problem: str = ""
    found: bool = False  # whether there is a list: without one, Obsidian was never opened


def read_vaults(home: Path, environment: Mapping[str, str], platform: str = "") -> VaultList:
    """The vaults of the person with this home folder, the one opened last first. Never raises."""
    vaults: dict[Path, float] = {}
    problem, found = "", False
    for file in list_places(home, environment, platform or sys.platform):
        try:
            data = json.loads(read_regular(file).decode("utf-8-sig"))
        except FileNotFoundError:
            continue
        except OSError as error:
            problem = f"Obsidian's list of vaults, “{file}”, cannot be read: {explain(error)}."
        except (ValueError, RecursionError):
            problem = f"Obsidian's list of vaults, “{file}”, is damaged."
        else:
            for vault in _list_vaults(data):
                vaults[vault.path] = max(vault.opened, vaults.get(vault.path, 0.0))
        found = True
    known = sorted((KnownVault(*each) for each in vaults.items()), key=lambda v: -v.opened)
    there = tuple(vault for vault in known if _is_folder(vault.path))
    gone = tuple(vault.path for vault in known if vault not in there)
    return VaultList(there, gone, problem, found)


def list_places(home: Path, environment: Mapping[str, str], platform: str) -> list[Path]:
    """Where Obsidian may keep its list: on Linux as a package of its own, as Flatpak, as Snap."""
    if platform == "win32":
        roaming = environment.get("APPDATA") or str(home / "AppData" / "Roaming")
        return [Path(roaming) / "obsidian" / _NAME]
    if platform == "darwin":
        return [home / "Library" / "Application Support" / "obsidian" / _NAME]
    own = environment.get("XDG_CONFIG_HOME") or str(home / ".config")
    places = [
        Path(own),
        home / ".var" / "app" / "md.obsidian.Obsidian" / "config",
        home / "snap" / "obsidian" / "current" / ".config",
    ]
    return [place / "obsidian" / _NAME for place in places]


def _list_vaults(data: Any) -> Iterator[KnownVault]:
    vaults = data.get("vaults") if isinstance(data, dict) else None
    for entry in vaults.values() if isinstance(vaults, dict) else ():
        path = entry.get("path") if isinstance(entry, dict) else None
        if not isinstance(path, str) or "\0" in path or not os.path.isabs(path):
            continue
        opened = entry.get("ts")
        number = float(opened) if isinstance(opened, (int, float)) else 0.0
        yield KnownVault(Path(path), number + (1e15 if entry.get("open") is True else 0))


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:
        return False
