"""Writes a base for Obsidian: tables of what is due, what is hard, and what was never seen."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal

from ..run.errors import VaultUnavailable
from .read.files import VaultFiles
from .read.folder import find_fault
from .read.obsidian import find_obsidian_root

if TYPE_CHECKING:
    from anki.collection import Collection

STUDY_BASE = "Anki.base"
# “other”: a person's own, or one that they changed. It was left as it is.
BaseDone = Literal["created", "replaced", "unchanged", "other"]

# As documented at https://help.obsidian.md/bases/syntax, and ``sort`` as Obsidian itself writes it.
# A leech has Anki's tag, or as many lapses as Anki takes for one where nothing else is set.
_TEXT = """\
filters:
  and:
    - 'file.hasProperty("anki_note_id")'
formulas:
  note: 'if(aliases, file.asLink(aliases[0]), file.asLink())'
properties:
  formula.note:
    displayName: Note
  note.anki_deck:
    displayName: Deck
  note.anki_due:
    displayName: Due
  note.anki_interval:
    displayName: Interval (days)
  note.anki_reviews:
    displayName: Reviews
  note.anki_lapses:
    displayName: Lapses
  note.anki_state:
    displayName: State
  note.anki_difficulty:
    displayName: Difficulty (%)
views:
  - type: table
    name: Due this week
    filters:
      and:
        - 'file.hasProperty("anki_due")'
        - 'date(anki_due) < today() + "7d"'
    order:
      - formula.note
      - note.anki_due
      - note.anki_deck
      - note.anki_interval
      - note.anki_lapses
    sort:
      - property: note.anki_due
        direction: ASC
  - type: table
    name: Leeches
    filters:
      or:
        - 'file.hasTag("leech")'
        - 'anki_lapses >= 8'
    order:
      - formula.note
      - note.anki_lapses
      - note.anki_reviews
      - note.anki_difficulty
      - note.anki_state
      - note.anki_deck
    sort:
      - property: note.anki_lapses
        direction: DESC
  - type: table
    name: Never seen
    filters:
      and:
        - 'anki_reviews == 0'
    order:
      - formula.note
      - note.anki_deck
      - note.anki_state
    sort:
      - property: note.anki_deck
        direction: ASC
  - type: table
    name: By deck
    groupBy:
      property: note.anki_deck
      direction: ASC
    order:
      - formula.note
      - note.anki_state
      - note.anki_due
      - note.anki_interval
      - note.anki_reviews
      - note.anki_lapses
    sort:
      - property: note.anki_due
        direction: ASC
"""


def write_study_base(col: Collection, folder: Path, *, replaces: bool = False) -> BaseDone:
    """Write the base into the vault folder. Another file of its name is replaced only if asked.

    Then the other goes to the trash. Raises ``VaultUnavailable`` for a folder where no pages may be
    written, and what the disk raises.
    """
    fault = find_fault(col, folder)
    if fault:
        raise VaultUnavailable(f"{fault.message} Nothing was written.")
    files, data = VaultFiles(folder, find_obsidian_root(folder)), _TEXT.encode()
    present = files.read(STUDY_BASE)
    if present is not None and present.replace(b"\r\n", b"\n") == data:
        return "unchanged"
    if present is not None and not replaces:
        return "other"
    if present is not None:
        files.put_in_trash(STUDY_BASE, keep=True)
    files.write(STUDY_BASE, data)
    return "created" if present is None else "replaced"
