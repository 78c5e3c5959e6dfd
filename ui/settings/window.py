"""Configure…: the window with the settings of the profile."""

from __future__ import annotations

import aqt
from aqt.main import AnkiQt
from aqt.qt import QDialogButtonBox, QVBoxLayout, qconnect
from aqt.utils import disable_help_button, saveGeom

from ..app.leading import add_help
from ..app.messages import say
from ..app.places import restore_place
from ..widgets.quiet_dialog import QuietDialog
from .form import SettingsForm

_NAME = "AnkivaultSettings"


def show_settings(mw: AnkiQt) -> None:
    """Open the settings of the open profile. Without one, a tooltip says so."""
    if not mw.col:
        say("Open a profile first: the settings belong to it.", parent=mw)
        return
    aqt.dialogs.open(_NAME, mw)


class SettingsDialog(QuietDialog):
    """The settings of this profile. Nothing is saved until OK."""

    silentlyClose = True

    def __init__(self, mw: AnkiQt) -> None:
        super().__init__(mw)  # a window in front may close first, and take its own windows along
        self.setWindowTitle("Ankivault: Settings")
        disable_help_button(self)
        mw.garbage_collect_on_dialog_finish(self)
        self.form = SettingsForm(mw, self)  # before the buttons: so Tab comes to it first
        self.buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel
        )
        add_help(mw, self, "settings", self.buttons)
        layout = QVBoxLayout(self)
        layout.addWidget(self.form, 1)
        layout.addWidget(self.buttons)
        qconnect(self.form.changed, self._enable_ok)
        qconnect(self.buttons.accepted, self.accept)
        qconnect(self.buttons.rejected, self.reject)
        self._enable_ok()
        self.resize(620, 520)
        restore_place(self, "ankivaultSettings")
        self.form.folder.setFocus()
        self.show()

    def accept(self) -> None:
        """Save the settings and close, unless one is invalid or the folder is refused."""
        if self.form.save():
            super().accept()

    def done(self, result: int) -> None:
        self.form.stop()
        saveGeom(self, "ankivaultSettings")
        aqt.dialogs.markClosed(_NAME)
        super().done(result)

    def _enable_ok(self) -> None:
        ok = self.buttons.button(QDialogButtonBox.StandardButton.Ok)
        assert ok is not None
        ok.setEnabled(self.form.can_be_saved)


aqt.dialogs.register_dialog(_NAME, SettingsDialog)
