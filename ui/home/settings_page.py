"""Home's page with the settings: the tabs of Configure…, with Save and Revert."""

from __future__ import annotations

from aqt.main import AnkiQt
from aqt.qt import QHBoxLayout, QVBoxLayout, QWidget, qconnect

from ..app.labels import plain_label
from ..settings.form import SettingsForm
from ..widgets.named_list import make_button


class SettingsPage(QWidget):
    """The settings of the profile. Nothing is saved until Save."""

    def __init__(self, mw: AnkiQt, parent: QWidget) -> None:
        super().__init__(parent)
        self.form = SettingsForm(mw, self)
        self.note = plain_label(self, "", short=True, spoken=True)
        self.save_button = make_button(self, "&Save", "Save all settings", self.save)
        self.revert_button = make_button(
            self, "&Revert", "Show the settings that are saved", self.form.revert
        )
        row = QHBoxLayout()
        row.addWidget(self.note, 1)
        row.addWidget(self.revert_button)
        row.addWidget(self.save_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.form, 1)
        layout.addLayout(row)
        qconnect(self.form.changed, self._enable_buttons)
        self._enable_buttons()

    @property
    def is_edited(self) -> bool:
        """Whether something is shown that is not saved."""
        return self.form.is_edited

    def refresh(self) -> None:
        """Show what was saved elsewhere, and new decks. What was edited here stays."""
        self.form.take_saved()

    def save(self) -> bool:
        """Save what is shown; whether that could be done."""
        return self.form.save()

    def stop(self) -> None:
        """The window closes."""
        self.form.stop()

    def _enable_buttons(self) -> None:
        edited = self.form.is_edited
        self.save_button.setEnabled(edited and self.form.can_be_saved)
        self.revert_button.setEnabled(edited)
        self.note.setText("Not saved yet." if edited else "")
