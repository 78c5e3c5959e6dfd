"""The tab with the settings for how pages are named and written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Optional, cast

from aqt.main import AnkiQt
from aqt.qt import (
    QCheckBox,
    QComboBox,
    QFormLayout,
    QWidget,
    pyqtSignal,
    qconnect,
)

from ...sync.vault.settings import ClozeStyle, Settings
from ..app.labels import breakable, breaking_label
from ..widgets.search_field import QuietField
from .scheme_box import SchemeBox

_SUFFIXES = {"note_id": "The note's id", "none": "Nothing"}
_CLOZES = {"outline": "Numbered headings (outline)", "inline": "In the text (inline)"}
_ID_SHOWN = "1512234567890"
_NARROW = QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon


class PageSettings(QWidget):
    """Sets file names, the style of clozes, what pages tell, and the folder for media."""

    changed = pyqtSignal()

    def __init__(self, mw: AnkiQt, parent: Optional[QWidget] = None) -> None:
        super().__init__(parent)
        self._fields: frozenset[str] = frozenset()
        self.suffix = QComboBox(self)
        self.suffix.setEditable(True)
        self.suffix.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.suffix.setSizeAdjustPolicy(_NARROW)  # a field's name may be long
        self.suffix.setMinimumContentsLength(20)
        self.suffix.setToolTip("What ends each file's name, or the name of a field that holds it")
        self.example = breaking_label(self)
        self.rename = QCheckBox("Re&name a page when its note's title changes", self)
        self.rename.setToolTip(
            "Off: the file keeps its name, so that links keep working; the title becomes an alias."
        )
        self.clozes = QComboBox(self)
        for value, words in _CLOZES.items():
            self.clozes.addItem(words, value)
        self.clozes.setToolTip(
            "Outline: the text before each cloze becomes a numbered heading.\n"
            "Inline: the field is written as it reads."
        )
        self.indexes = QCheckBox("Write &index pages that link each deck's pages", self)
        self.tags = QCheckBox("Write Anki's ta&gs into the pages", self)
        self.study = QCheckBox("Write how notes are st&udied into the pages", self)
        self.study.setToolTip(
            "When a note is due, its interval, reviews, lapses, state and flag, as properties.\n"
            "Obsidian's Bases can sort by them. A review changes the page of its note."
        )
        self.links = QCheckBox("Write a link &back to Anki into the pages", self)
        self.links.setToolTip("A property “anki_link” that opens the note in Anki")
        self.scheme = SchemeBox(mw, self)
        self.colours = QCheckBox("Show text &colours and highlights on the pages", self)
        self.colours.setToolTip("Off: colours stay in Anki. Black, white and grey always do.")
        self.assets = QuietField(self)
        self.assets.setToolTip("Images and sounds are copied here, inside the vault folder")

        form = QFormLayout(self)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        form.addRow("File names &end with:", self.suffix)
        form.addRow("", self.example)
        form.addRow("", self.rename)
        form.addRow("C&lozes:", self.clozes)
        form.addRow("", self.indexes)
        form.addRow("", self.tags)
        form.addRow("", self.study)
        form.addRow("", self.links)
        form.addRow("", self.scheme)
        form.addRow("", self.colours)
        form.addRow("Folder for &media:", self.assets)
        qconnect(self.suffix.currentTextChanged, lambda _: self._suffix_changed())
        qconnect(self.assets.textChanged, lambda _: self.changed.emit())

    def show_settings(self, settings: Settings, fields: Sequence[str]) -> None:
        """Show these settings. ``fields`` are the field names of all note types."""
        self._fields = frozenset(fields)
        self.suffix.clear()
        for value, words in _SUFFIXES.items():
            self.suffix.addItem(words, value)
        self.suffix.insertSeparator(self.suffix.count())
        for name in fields:
            self.suffix.addItem(name, name)
        self.suffix.setCurrentText(
            _SUFFIXES.get(settings.filename_suffix, settings.filename_suffix)
        )
        self.rename.setChecked(settings.rename_on_title_change)
        self.clozes.setCurrentIndex(self.clozes.findData(settings.cloze_style))
        self.indexes.setChecked(settings.index_pages)
        self.tags.setChecked(settings.include_tags)
        self.study.setChecked(settings.study_properties)
        self.links.setChecked(settings.anki_links)
        self.colours.setChecked(settings.colours)
        self.assets.setText(settings.assets_folder)

    def settings(self, settings: Settings) -> Settings:
        """``settings`` with the values of this tab."""
        return replace(
            settings,
            filename_suffix=self._suffix(),
            rename_on_title_change=self.rename.isChecked(),
            cloze_style=cast(ClozeStyle, self.clozes.currentData()),
            index_pages=self.indexes.isChecked(),
            include_tags=self.tags.isChecked(),
            study_properties=self.study.isChecked(),
            anki_links=self.links.isChecked(),
            colours=self.colours.isChecked(),
            assets_folder=self.assets.text().strip(),
        )

    def _suffix(self) -> str:
        text = self.suffix.currentText().strip()
        values = {words: value for value, words in _SUFFIXES.items()}
        return values.get(text, text)

    def _suffix_changed(self) -> None:
        suffix = self._suffix()
        if suffix in _SUFFIXES:
            end = f"_{_ID_SHOWN}" if suffix == "note_id" else ""
            text = f"Example: Definition of Poverty Line{end}.md"
        elif suffix in self._fields:
            text = f"Example: Definition of Poverty Line_‹{suffix}›.md"
        else:
            text = f"⚠ No note type has a field called “{suffix}”." if suffix else ""
        self.example.setText(breakable(text))
        self.changed.emit()
