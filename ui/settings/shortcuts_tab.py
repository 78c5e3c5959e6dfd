"""The tab with the keys for what Ankivault does."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from functools import partial
from typing import Optional

from aqt.main import AnkiQt
from aqt.qt import (
    QFormLayout,
    QHBoxLayout,
    QKeySequence,
    QKeySequenceEdit,
    QVBoxLayout,
    QWidget,
    pyqtSignal,
    qconnect,
)

from ..app.labels import plain_label, plain_tip
from ..app.shortcuts import ACTIONS, find_fault
from ..widgets.named_list import make_button

_WHERE = {
    "home": "in Anki's main window",
    "sync": "in Anki's main window",
    "preview": "in Anki's main window",
    "open": "while reviewing, in the browser and the previewer",
    "edit": "the same; E does it too for a dynamic note",
}


class ShortcutSettings(QWidget):
    """Takes keys for each action. Keys that Anki has are refused, with what they do there."""

    changed = pyqtSignal()

    def __init__(self, mw: AnkiQt, parent: Optional[QWidget] = None) -> None:
        super().__init__(parent)
        self._mw = mw
        self._faults: dict[str, str] = {}  # of keys that were looked at
        self.fields: dict[str, QKeySequenceEdit] = {}
        form = QFormLayout()
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        for name, words in ACTIONS.items():
            words = words.rstrip("…")
            field = self.fields[name] = QKeySequenceEdit(self)
            if hasattr(field, "setMaximumSequenceLength"):  # newer than the oldest Qt
                field.setMaximumSequenceLength(1)
            field.setAccessibleName(f"Keys for {words}")
            field.setToolTip(plain_tip(f"Press the keys. They work {_WHERE[name]}."))
            clear = make_button(self, "Clear", f"No keys for {words}", field.clear)
            clear.setAccessibleName(f"No keys for {words}")
            row = QHBoxLayout()
            row.addWidget(field, 1)
            row.addWidget(clear)
            form.addRow(f"{words}:", row)
            qconnect(field.keySequenceChanged, partial(self._take, name))
        self.problem = plain_label(self, spoken=True)
        explanation = plain_label(
            self,
            "Click into a field and press the keys that you want, such as Ctrl+Alt+P. “Open in "
            "Obsidian” and “Edit Dynamic Note” are about the card that you review, or the note "
            "that is selected.",
        )
        layout = QVBoxLayout(self)
        layout.addWidget(explanation)
        layout.addLayout(form)
        layout.addWidget(self.problem)
        layout.addStretch(1)

    def show_shortcuts(self, shortcuts: Mapping[str, str]) -> None:
        """Show these keys."""
        for name, field in self.fields.items():
            field.setKeySequence(QKeySequence(shortcuts.get(name, "")))

    def shortcuts(self) -> dict[str, str]:
        """Action → keys, of those that have any."""
        portable = QKeySequence.SequenceFormat.PortableText
        shown = {name: field.keySequence() for name, field in self.fields.items()}
        return {name: keys.toString(portable) for name, keys in shown.items() if not keys.isEmpty()}

    def fault(self) -> str:
        """What is wrong with the keys that are shown; empty if nothing is."""
        used = Counter(self.shortcuts().values())
        for keys in used:
            if keys not in self._faults:
                self._faults[keys] = find_fault(self._mw, keys)
        twice = [keys for keys, count in used.items() if count > 1]
        faults = [self._faults[keys] for keys in used if self._faults[keys]]
        return " ".join([*faults, *(f"{keys} stands here twice." for keys in twice)])

    def _take(self, name: str, keys: QKeySequence) -> None:
        """Only the first keys count: Qt would wait for up to four."""
        if keys.count() > 1:
            self.fields[name].setKeySequence(QKeySequence(keys[0]))
            return
        fault = self.fault()
        self.problem.setText(f"✕ {fault}" if fault else "")
        self.changed.emit()
