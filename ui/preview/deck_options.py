"""The options of a TOML deck's run, as boxes below the list of its plan."""

from __future__ import annotations

from dataclasses import replace

from aqt.qt import (
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QVBoxLayout,
    QWidget,
    pyqtSignal,
    qconnect,
)

from ...sync.deck.changes import DeckPlan
from ...sync.deck.options import DeckOptions
from ..app.labels import plain_label, plain_tip

_REMOVALS = (("Leave them", "none"), ("Delete from Anki", "anki"), ("Delete from the file", "toml"))
_KEPT = "Ankivault remembers this for each deck."


class OptionBoxes(QWidget):
    """Boxes for the options of one run, and for those that Ankivault stores with the deck."""

    changed = pyqtSignal()  # the user changed an option

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.removal = QComboBox(self)
        for text, value in _REMOVALS:
            self.removal.addItem(text, value)
        label = plain_label(self, "Notes &missing on one side:", short=True)
        label.setBuddy(self.removal)
        self.removal.setToolTip(
            "Notes that were on both sides, and that were then deleted on one side."
        )
        self.models = self._make_box(
            "Let this run change &note types",
            "Where a note type in the file differs from the one in Anki.",
        )
        self.push_new = self._make_box(
            "Add new notes of the &file to Anki",
            f"Without the tick, a note that only the file has stays only there. {_KEPT}",
        )
        self.pull_new = self._make_box(
            "&Write new notes of Anki to the file",
            f"Without the tick, a note that only Anki has stays only there. {_KEPT}",
        )
        self.tags = self._make_box(
            "Sync &tags",
            f"Without the tick, both sides keep the tags that their notes have. {_KEPT}",
        )
        qconnect(self.removal.activated, lambda _: self.changed.emit())
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addLayout(_make_row(self.push_new, self.pull_new, self.tags))
        layout.addLayout(_make_row(label, self.removal, self.models))

    def _make_box(self, text: str, purpose: str) -> QCheckBox:
        box = QCheckBox(text, self)
        box.setToolTip(plain_tip(purpose))
        qconnect(box.clicked, lambda _: self.changed.emit())
        return box

    def show_plan(self, plan: DeckPlan) -> None:
        """Show the options that a plan was made with. Options without effect on it are grey."""
        options = plan.options
        self.removal.setCurrentIndex(self.removal.findData(options.remove_missing))
        missing = any(note.deleted_in for note in plan.notes)
        self.removal.setEnabled(missing or options.remove_missing != "none")
        self.models.setChecked(options.change_models)
        self.models.setEnabled(options.change_models or any(m.notetype for m in plan.models))
        self.push_new.setChecked(options.push_new_notes)
        self.push_new.setEnabled(options.pushes)
        self.pull_new.setChecked(options.pull_new_notes)
        self.pull_new.setEnabled(options.pulls)
        self.tags.setChecked(options.update_tags)

    def apply_to(self, options: DeckOptions) -> DeckOptions:
        """``options`` with the values of the boxes."""
        return replace(
            options,
            remove_missing=self.removal.currentData(),
            change_models=self.models.isChecked(),
            push_new_notes=self.push_new.isChecked(),
            pull_new_notes=self.pull_new.isChecked(),
            update_tags=self.tags.isChecked(),
        )


def _make_row(*widgets: QWidget) -> QHBoxLayout:
    row = QHBoxLayout()
    for number, widget in enumerate(widgets):
        if number and not isinstance(widget, QComboBox):
            row.addSpacing(16)
        row.addWidget(widget)
    row.addStretch(1)
    return row
