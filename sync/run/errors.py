"""The errors that can stop a run, with messages that tell the user what to do."""

from __future__ import annotations


class AnkivaultError(Exception):
    """A run could not go on. ``str(error)`` is a message for the user: what, where, what to do."""


class SettingsError(AnkivaultError):
    """A setting is missing or makes no sense."""


class VaultUnavailable(AnkivaultError):
    """The vault folder is missing, suddenly empty, or cannot be written."""


class StateUnavailable(AnkivaultError):
    """The base, with the state of the last sync, cannot be read or written."""


class VaultBusy(AnkivaultError):
    """Another run is working on the same vault folder or TOML file."""


class CollectionBusy(AnkivaultError):
    """The collection is open in another program."""


class CollectionTrouble(AnkivaultError):
    """The collection cannot be read or written, and no single note is the cause."""


class LargeChange(AnkivaultError):
    """A plan would delete or rewrite so much that a person must agree first."""


class Cancelled(AnkivaultError):
    """The user asked to stop. What was done stays done, and is recorded."""

    def __init__(self) -> None:
        super().__init__("Cancelled.")


class DeckFileUnavailable(AnkivaultError):
    """A TOML deck cannot be read or written, or was changed after it was read."""
