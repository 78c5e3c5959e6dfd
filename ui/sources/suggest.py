"""Suggest a Change…: save what the subscriber changed in a deck as a file for its author."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Optional

from anki.collection import Collection
from aqt.main import AnkiQt
from aqt.qt import (
    QCheckBox,
    QDialogButtonBox,
    QFileDialog,
    QFontDatabase,
    QPlainTextEdit,
    QPushButton,
    QRadioButton,
    QVBoxLayout,
    QWidget,
    qconnect,
)
from aqt.utils import disable_help_button, saveGeom

from ...sync.run.disk import explain as explain_disk
from ...sync.run.disk import replace_file
from ...sync.run.done import count_words
from ...sync.run.progress import Progress
from ...sync.source.subscription.run import suggest_change as make_suggestion
from ...sync.source.subscription.suggest import Suggestion, Wish
from ..app.background import Outcome
from ..app.labels import plain_label, plain_title
from ..app.leading import add_help
from ..app.messages import say, still_open, tell_error
from ..app.places import restore_place
from ..runs import vault as sync_now
from ..runs.source_kinds import SubscriptionSource
from ..widgets.quiet_dialog import QuietDialog

_MOST_SHOWN = 200_000  # characters of the patch that are shown


def suggest_change(mw: AnkiQt, source: SubscriptionSource, parent: QWidget) -> None:
    """Compare Anki with the author's deck in the background, then show the suggestion."""

    def show(suggestion: Suggestion) -> None:
        SuggestDialog(mw, source, suggestion, still_open(parent, mw))

    _compare(mw, source, Wish(), show, parent)


def _compare(
    mw: AnkiQt,
    source: SubscriptionSource,
    wish: Wish,
    use: Callable[[Suggestion], None],
    parent: QWidget,
) -> None:
    address = source.subscription.address

    def work(col: Collection, progress: Progress) -> Suggestion:
        return make_suggestion(col, source.state, address, wish)

    def done(outcome: Outcome[Suggestion]) -> None:
        if outcome.value is None:
            tell_error(mw, outcome.error, still_open(parent, mw))
        else:
            use(outcome.value)

    sync_now.start(mw, work, done, parent=parent)


class SuggestDialog(QuietDialog):
    """Shows a suggestion as a patch, and saves it."""

    def __init__(
        self, mw: AnkiQt, source: SubscriptionSource, suggestion: Suggestion, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._mw, self._source = mw, source
        self._suggestion = suggestion
        self.setWindowTitle(plain_title(f"Ankivault: Suggest a Change to {source.title}"))
        disable_help_button(self)
        mw.garbage_collect_on_dialog_finish(self)
        self.told = plain_label(self, spoken=True)
        self.shown = QPlainTextEdit(self)
        self.shown.setReadOnly(True)
        self.shown.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.shown.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.shown.setAccessibleName("What you changed")
        self.tags = QCheckBox("With my &tags")
        self.new_notes = QCheckBox("With my own &notes in these decks")
        self.as_patch = QRadioButton("A &patch for git")
        self.as_deck = QRadioButton("A TOML &file with the changed notes")
        self.as_patch.setChecked(True)
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        self.save_button = QPushButton("&Save…")
        self.buttons.addButton(self.save_button, QDialogButtonBox.ButtonRole.ActionRole)
        add_help(mw, self, "subscribe#suggest-a-change", self.buttons)
        layout = QVBoxLayout(self)
        layout.addWidget(self.told)
        layout.addWidget(self.shown, 1)
        for widget in (self.tags, self.new_notes, self.as_patch, self.as_deck, self.buttons):
            layout.addWidget(widget)
        for box in (self.tags, self.new_notes):
            qconnect(box.clicked, lambda _: self._compare_again())
        qconnect(self.as_patch.toggled, lambda _: self._show())
        qconnect(self.save_button.clicked, lambda _: self._choose_file())
        qconnect(self.buttons.rejected, self.reject)
        self._show()
        self.resize(720, 520)
        restore_place(self, "ankivaultSuggest")
        self.setModal(True)
        self.show()

    def _compare_again(self) -> None:
        wish = Wish(self.tags.isChecked(), self.new_notes.isChecked())

        def use(suggestion: Suggestion) -> None:
            if still_open(self, self._mw) is self:
                self._suggestion = suggestion
                self._show()

        _compare(self._mw, self._source, wish, use, self)

    def _text(self) -> str:
        suggestion = self._suggestion
        return suggestion.patch if self.as_patch.isChecked() else suggestion.toml

    def _show(self) -> None:
        suggestion = self._suggestion
        told = "You changed nothing in this deck that could be suggested."
        if suggestion.notes:
            told = (
                f"You changed {count_words(suggestion.notes, 'note')} of this deck. Nothing is "
                "sent: save the file, and add it to an issue or a pull request for the author."
            )
        if suggestion.media:
            told += f"\nThese files belong to it: {', '.join(suggestion.media)}."
        told += "".join(f"\n{text}" for text in suggestion.left[:5])
        if len(suggestion.left) > 5:
            told += f"\nand {len(suggestion.left) - 5:,} more"
        self.told.setText(told)
        self.shown.setPlainText(self._text()[:_MOST_SHOWN])
        self.save_button.setEnabled(bool(self._text()))

    def _choose_file(self) -> None:
        name = "suggestion.patch" if self.as_patch.isChecked() else "suggestion.toml"
        file, _ = QFileDialog.getSaveFileName(self, "Save the suggestion", str(Path.home() / name))
        if file:
            self.save_to(Path(file))

    def save_to(self, file: Path) -> Optional[str]:
        """Save the suggestion; returns what the disk says against it."""
        try:
            replace_file(file, self._text().encode("utf-8"))
        except OSError as error:
            refusal = explain_disk(error)
            say(f"“{file}” could not be written: {refusal}.", parent=self)
            return refusal
        say(f"Saved: {file}", parent=self)
        return None

    def done(self, result: int) -> None:
        saveGeom(self, "ankivaultSuggest")
        super().done(result)
