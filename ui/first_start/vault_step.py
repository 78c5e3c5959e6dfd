"""Step 1 of the first start: the vault, from Obsidian's own list, or a folder of one's own."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Optional

from aqt.main import AnkiQt
from aqt.qt import (
    QFileDialog,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QStackedWidget,
    Qt,
    QVBoxLayout,
    QWidget,
    pyqtSignal,
    qconnect,
)

from ...sync.vault.read.obsidian_list import KnownVault, VaultList, read_vaults
from ..app.labels import plain_label
from ..widgets.elided_label import ElidedLabel
from ..widgets.named_list import make_button
from .place import Place, PlaceCheck, Seen

_OWN = "Another folder…"
_USUAL = "Anki"


class VaultStep(QWidget):
    """Asks where the pages go. ``place`` is None until what is shown can be used."""

    changed = pyqtSignal()
    TITLE = "Which vault?"

    def __init__(self, mw: AnkiQt, parent: Optional[QWidget] = None) -> None:
        super().__init__(parent)
        self.place: Optional[Place] = None
        self.list = QListWidget(self)
        self.list.setAccessibleName("Obsidian vaults on this computer")
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.told = plain_label(self, spoken=True)
        self.sub_folder = QLineEdit(_USUAL, self)
        self.folder = QLineEdit(self)
        self.folder.setPlaceholderText("The full path of a folder")
        self.browse = make_button(self, "&Browse…", "Choose a folder", self._browse)
        self.where = ElidedLabel(self)
        self.status = plain_label(self, spoken=True)
        self.status.setAccessibleName("What is known about the folder")
        self._fields = QStackedWidget(self)
        self._lay_out()
        self._check = PlaceCheck(mw, self, self._show)
        self._fill(read_vaults(Path.home(), os.environ))
        qconnect(self.list.currentRowChanged, lambda _: self._changed())
        qconnect(self.sub_folder.textChanged, lambda _: self._changed())
        qconnect(self.folder.textChanged, lambda _: self._changed())
        self._changed()

    def _lay_out(self) -> None:
        for text, widgets in (
            ("&Folder in it, for the pages:", [self.sub_folder]),
            ("&Folder for the pages:", [self.folder, self.browse]),
        ):
            row = QWidget(self)
            inside = QHBoxLayout(row)
            inside.setContentsMargins(0, 0, 0, 0)
            label = plain_label(row, text, short=True)
            label.setBuddy(widgets[0])
            inside.addWidget(label)
            for widget in widgets:
                inside.addWidget(widget, 1 if isinstance(widget, QLineEdit) else 0)
            self._fields.addWidget(row)
        label = plain_label(self, "&Vaults that Obsidian knows:", short=True)
        label.setBuddy(self.list)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(label)
        layout.addWidget(self.list, 1)
        layout.addWidget(self.told)
        layout.addWidget(self._fields)
        layout.addWidget(self.where)
        layout.addWidget(self.status)

    def _fill(self, known: VaultList) -> None:
        for vault in known.vaults:
            item = QListWidgetItem(f"{vault.name}\n{vault.path}")
            item.setData(Qt.ItemDataRole.UserRole, vault)
            self.list.addItem(item)
        self.list.addItem(QListWidgetItem(_OWN))
        self.list.setCurrentRow(0)
        lines = [known.problem] if known.problem else []
        if not known.found:
            lines.append(
                "Obsidian has not been opened on this computer, or keeps its list elsewhere. "
                "Any folder will do: Obsidian can open it as a vault later."
            )
        elif not known.vaults and not known.problem:
            lines.append("Obsidian knows no vault that is there. Any folder will do.")
        if known.gone:
            others = f" and {len(known.gone) - 1} more" if len(known.gone) > 1 else ""
            lines.append(f"Not there any more: “{_shorten(str(known.gone[0]))}”{others}.")
        self.told.setText("\n".join(lines))
        self.told.setVisible(bool(lines))

    def chosen(self) -> Optional[KnownVault]:
        """The vault that is selected; None for a folder of one's own."""
        item = self.list.currentItem()
        found = item.data(Qt.ItemDataRole.UserRole) if item else None
        return found if isinstance(found, KnownVault) else None

    def wanted(self) -> Place:
        """The place that is shown, whether it can be used or not."""
        vault = self.chosen()
        if vault is None:
            typed = self.folder.text().strip()
            folder = os.path.expanduser(typed)
            problem = "" if typed else "Choose a folder with Browse…, or type its full path."
            return Place(folder, os.path.dirname(folder.rstrip("/\\")), problem)
        name = self.sub_folder.text().strip()
        parts = name.replace("\\", "/").split("/")
        problem = ""
        if not name:
            problem = "Write a name, such as “Anki”: the pages get a folder of their own."
        elif os.path.isabs(name) or ".." in parts or "" in parts or "\0" in name:
            problem = "Write the name of a folder in the vault, such as “Anki”."
        return Place(str(vault.path.joinpath(*parts)), str(vault.path), problem)

    def stop(self) -> None:
        """The window closes."""
        self._check.stop()

    def _changed(self) -> None:
        self._fields.setCurrentIndex(0 if self.chosen() else 1)
        self.place = None
        wanted = self.wanted()
        self.where.setText("" if wanted.problem else f"Pages go to {wanted.folder}")
        self.status.setText("" if wanted.problem and not self.folder.text() else "Looking…")
        self._check.ask(wanted)
        self.changed.emit()

    def _show(self, seen: Seen) -> None:
        self.place = None if seen.refused else seen.place
        mark = "✕" if seen.refused else "⚠" if seen.warns else "✓"
        self.status.setText(f"{mark} {_shorten(seen.refused or seen.advice, 300)}")
        self.changed.emit()

    def _browse(self) -> None:
        chosen = QFileDialog.getExistingDirectory(
            self, "Folder for the pages", self.folder.text() or str(Path.home())
        )
        if chosen:
            self.folder.setText(str(Path(chosen)))


def _shorten(text: str, most: int = 80) -> str:
    """A text without the middle of what is long: such a word would widen the window."""
    words = (w if len(w) <= 60 else f"{w[:28]}…{w[-28:]}" for w in text.split(" "))
    text = " ".join(words)
    return text if len(text) <= most else f"{text[: most // 2]}…{text[-most // 2 :]}"
