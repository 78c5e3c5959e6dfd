"""The tab with the settings for edits in Obsidian."""

from __future__ import annotations

from dataclasses import replace
from typing import Optional, cast

from aqt.qt import QCheckBox, QComboBox, QFormLayout, Qt, QVBoxLayout, QWidget, qconnect

from ...sync.reconcile.policy import VaultPolicy
from ...sync.vault.settings import Settings
from ..app.labels import plain_label

_POLICIES = {
    "ask": "Ask me, and change neither until then",
    "prefer_anki": "Anki wins",
    "prefer_obsidian": "Obsidian wins",
}
_OFF = (
    "Off, Anki is the source. What you edit between the marks of a page is taken back by the next "
    "run; your version goes into the vault's .trash folder. What you write outside the marks is "
    "always yours, and never touched."
)
_ON = (
    "On, a page is as good a place to edit a note as Anki is:"
    '<ul style="margin: 4px 0 0 18px; -qt-list-indent: 0">'
    "<li>What you edit between the marks goes into the note, and nothing else: the rest of the "
    "field stays as it is, colours and all.</li>"
    "<li>A ==highlight== you add to a cloze note becomes a cloze. An image you drop in goes to "
    "Anki's media.</li>"
    "<li>Tags follow. So does the deck, when you move a page to another deck's folder.</li>"
    "<li>A new page with anki_note_type becomes a note.</li>"
    "<li>No run deletes by itself: Preview Changes… asks before a note or a card goes.</li>"
    "<li>One Undo takes back in Anki what a run wrote there.</li></ul>"
)
_NEWLY_ON = (
    "The next run brings in what was edited since the last one. Look at it first with Preview "
    "Changes…: nothing is written there. With AnkiWeb, edits wait until it has brought in those "
    "of your other devices."
)


class EditSettings(QWidget):
    """Turns two-way on or off, and sets who wins a conflict."""

    def __init__(self, parent: Optional[QWidget] = None) -> None:
        super().__init__(parent)
        self._was_on = False
        self.two_way = QCheckBox("&Edits in Obsidian go back into Anki (two-way)", self)
        self.explanation = plain_label(self, spoken=True)
        self.explanation.setTextFormat(Qt.TextFormat.RichText)
        self.what_comes = plain_label(self, spoken=True)
        self.policy = QComboBox(self)
        for value, words in _POLICIES.items():
            self.policy.addItem(words, value)
        self.policy.setToolTip(
            "The version that loses is kept in the vault's .trash folder.\n"
            "Edits at different places are no conflict: both are kept."
        )
        form = QFormLayout()
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        form.addRow("&Both edited the same text:", self.policy)
        layout = QVBoxLayout(self)
        layout.addWidget(self.two_way)
        layout.addWidget(self.explanation)
        layout.addSpacing(8)
        layout.addLayout(form)
        layout.addSpacing(8)
        layout.addWidget(self.what_comes)
        layout.addStretch(1)
        qconnect(self.two_way.toggled, lambda _: self._explain())

    def show_settings(self, settings: Settings) -> None:
        """Show these settings."""
        self._was_on = settings.two_way
        self.two_way.setChecked(settings.two_way)
        self.policy.setCurrentIndex(self.policy.findData(settings.conflict_policy))
        self._explain()

    def settings(self, settings: Settings) -> Settings:
        """``settings`` with the values of this tab."""
        policy = cast(VaultPolicy, self.policy.currentData())
        return replace(settings, two_way=self.two_way.isChecked(), conflict_policy=policy)

    def _explain(self) -> None:
        on = self.two_way.isChecked()
        self.explanation.setText(_ON if on else _OFF)
        self.policy.setEnabled(on)
        self.what_comes.setText(_NEWLY_ON)
        self.what_comes.setVisible(on and not self._was_on)
