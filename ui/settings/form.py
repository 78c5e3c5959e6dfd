"""All settings of the profile in tabs, checked while the user types: for a dialog, and for Home."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Literal, Optional

from aqt.main import AnkiQt
from aqt.qt import (
    QAbstractButton,
    QCheckBox,
    QFileDialog,
    QGroupBox,
    QHBoxLayout,
    QLabel,
    QPushButton,
    Qt,
    QTabWidget,
    QTimer,
    QVBoxLayout,
    QWidget,
    pyqtSignal,
    qconnect,
)
from aqt.theme import theme_manager
from aqt.utils import show_warning

from ...model.notetype import FIELDS, NOTE
from ...sync.vault.read.folder import find_fault
from ...sync.vault.settings import SettingProblem, Settings, check_settings, read_settings
from ..app import profile
from ..app.labels import breakable, breaking_label, plain_label
from ..app.messages import TITLE, say
from ..app.shortcuts import get_shortcuts, save_shortcuts
from ..widgets.deck_counts import count_decks
from ..widgets.deck_tree import DeckTree
from ..widgets.search_field import QuietField
from .folder_check import FolderCheck, Found, find_nearest_folder
from .pages_tab import PageSettings
from .shortcuts_tab import ShortcutSettings
from .two_way_tab import EditSettings

# Without the places for cards of dynamic notes, and what only the add-on writes.
_FIELD_NAMES = """
select distinct name from fields where not (ord > ? and ntid in
(select ntid from fields group by ntid having count() = ?)) order by name"""


class SettingsForm(QWidget):
    """The settings of this profile. Nothing is saved until ``save``."""

    changed = pyqtSignal()

    def __init__(self, mw: AnkiQt, parent: Optional[QWidget] = None) -> None:
        super().__init__(parent)
        self._mw = mw
        self._saved, _ = profile.get_settings(mw)
        self._asked_about: Optional[str] = None
        self._is_refused = False  # the check found an error in the folder typed
        self.tabs = QTabWidget(self)  # first: Tab goes from it to what it shows
        self.decks = DeckTree(self, separate=True)
        self.pages = PageSettings(mw, self)
        self.edits = EditSettings(self)
        self.tabs.addTab(self._make_vault_tab(), "&Vault")
        self.tabs.addTab(self.decks, "&Decks")
        self.tabs.addTab(self.pages, "&Pages")
        self.tabs.addTab(self.edits, "&Two-Way")
        self.shortcuts = ShortcutSettings(mw, self)
        self.tabs.addTab(self.shortcuts, "S&hortcuts")
        self.problem = plain_label(self, spoken=True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.tabs, 1)
        layout.addWidget(self.problem)

        self._check = FolderCheck(mw, self, self._show_what_was_found)
        self._show(self._saved)
        self._show_keys()
        self._shown = self.settings()
        qconnect(self.shortcuts.changed, self._changed)
        qconnect(self.folder.textChanged, lambda _: self._changed())
        qconnect(self.pages.changed, self._changed)
        self._soon = QTimer(self)  # many boxes change at once when a deck with decks below does
        self._soon.setSingleShot(True)
        qconnect(self._soon.timeout, self._changed)
        for box in self.findChildren(QAbstractButton):
            qconnect(box.toggled, lambda _: self._soon.start())
        qconnect(self.edits.policy.currentIndexChanged, lambda _: self._soon.start())
        qconnect(self.decks.changed, self._soon.start)
        profile.on_settings_saved(self.take_saved)
        self._changed()

    def _make_vault_tab(self) -> QWidget:
        tab = QWidget(self)
        self.folder = QuietField(tab)
        self.folder.setPlaceholderText("A folder in your Obsidian vault")
        self.folder.setClearButtonEnabled(True)
        label = plain_label(tab, "Vault &folder:", short=True)
        label.setBuddy(self.folder)
        self.browse = QPushButton("&Browse…", tab)
        self.create_button = QPushButton("Create th&is Folder", tab)
        self.create_button.setVisible(False)
        self.status = breaking_label(tab, spoken=True)
        self.status.setAccessibleName("What is known about the vault folder")
        explanation = plain_label(tab)
        explanation.setText(
            "Pages are written here. A folder of its own inside your vault is best, such as “Anki”."
        )
        for button in (self.browse, self.create_button):
            button.setAutoDefault(False)
        row = QHBoxLayout()
        row.addWidget(self.folder, 1)
        row.addWidget(self.browse)

        automatic = QGroupBox("Run by itself", tab)
        self.before = QCheckBox("B&efore each AnkiWeb sync", automatic)
        self.before.setToolTip("Without automatic AnkiWeb sync: when Anki opens and closes.")
        self.after = QCheckBox("&After each AnkiWeb sync", automatic)
        self.after.setToolTip("Brings what was edited on other devices into the vault at once.")
        self.live = QCheckBox("&Keep Anki and Obsidian in step while Anki is open", automatic)
        self.live.setToolTip(
            "What you save on one side is on the other within a moment.\n"
            "Questions, deletions and large changes wait until you decide."
        )
        hint = plain_label(automatic)
        hint.setText(
            "The first also runs when Anki opens and closes without an automatic AnkiWeb sync."
        )
        inside = QVBoxLayout(automatic)
        for widget in (self.before, self.after, hint, self.live):
            inside.addWidget(widget)

        layout = QVBoxLayout(tab)
        layout.addWidget(label)
        layout.addLayout(row)
        layout.addWidget(explanation)
        layout.addWidget(self.status)
        layout.addWidget(self.create_button, 0, Qt.AlignmentFlag.AlignLeft)
        layout.addSpacing(12)
        layout.addWidget(automatic)
        layout.addStretch(1)
        qconnect(self.browse.clicked, self._choose_folder)
        qconnect(self.folder.returnPressed, self._look_now)
        qconnect(self.create_button.clicked, self._create_folder)
        return tab

    def _show(self, settings: Settings) -> None:
        col = self._mw.col
        assert col is not None and col.db is not None
        self.folder.setText(settings.vault_folder)
        self.before.setChecked(settings.before_ankiweb_sync)
        self.after.setChecked(settings.after_ankiweb_sync)
        self.live.setChecked(settings.live)
        decks = col.decks.all_names_and_ids(include_filtered=False)
        self.decks.show_choice({deck.id: deck.name for deck in decks}, settings.deck_choice)
        count_decks(self._mw, self.decks)
        names = col.db.list(_FIELD_NAMES, NOTE, len(FIELDS))
        self.pages.show_settings(settings, names)
        self.edits.show_settings(settings)

    def settings(self) -> Settings:
        """The settings that are shown now."""
        return replace(
            self.edits.settings(self.pages.settings(self._saved)),
            vault_folder=self.folder.text().strip(),
            before_ankiweb_sync=self.before.isChecked(),
            after_ankiweb_sync=self.after.isChecked(),
            live=self.live.isChecked(),
        ).with_decks(self.decks.choice())

    @property
    def is_edited(self) -> bool:
        """Whether anything is shown that is not saved."""
        edited_keys = self.shortcuts.shortcuts() != self._shown_keys
        is_edited = edited_keys or self.pages.scheme.is_edited
        return is_edited or self.settings() != self._shown

    @property
    def can_be_saved(self) -> bool:
        """Whether what is shown makes sense, as far as is known by now."""
        fault = _find_mistakes(self.settings()) or self.shortcuts.fault()
        return not fault and not self._is_refused

    def save(self) -> bool:
        """Save what is shown, unless a setting is invalid or the folder is refused."""
        settings, before = self.settings(), self._saved
        if _find_mistakes(settings) or self.shortcuts.fault() or self._refuses(settings):
            return False
        self._shown_keys = self.shortcuts.shortcuts()
        save_shortcuts(self._mw, self._shown_keys)
        self._saved = self._shown = settings
        profile.save_settings(self._mw, settings)
        self.pages.scheme.save()
        window = self.window() or self._mw
        if settings.vault_folder and settings.vault_folder != before.vault_folder:
            say("Saved. Tools ▸ Ankivault ▸ Sync Now writes the pages.", parent=window)
        elif settings.two_way and not before.two_way:
            text = "Two-way is on. Preview Changes… shows what would go into Anki."
            say(text, parent=window)
        self._show_what_is_new()
        return True

    def revert(self) -> None:
        """Show what is saved."""
        self._saved, _ = profile.get_settings(self._mw)
        self._show_keys()
        self.pages.scheme.look()
        self._show_what_is_new()

    def take_saved(self) -> None:
        """Settings were saved elsewhere, or decks changed: show them, and keep what was edited."""
        if not self._mw.col:
            return
        shown, before = self.settings().as_dict(), self._shown.as_dict()
        edited = {key: value for key, value in shown.items() if value != before[key]}
        self._saved, _ = profile.get_settings(self._mw)
        if self.shortcuts.shortcuts() == self._shown_keys:
            self._show_keys()
        self._show_what_is_new()
        if edited:
            self._show(read_settings({**self._shown.as_dict(), **edited})[0])
            self._changed()

    def stop(self) -> None:
        """Stop checking and listening: the window is closing."""
        self._check.stop()
        profile.off_settings_saved(self.take_saved)

    def _show_keys(self) -> None:
        self._shown_keys = get_shortcuts(self._mw)
        self.shortcuts.show_shortcuts(self._shown_keys)

    def _show_what_is_new(self) -> None:
        self._show(self._saved)
        self._shown = self.settings()
        self._asked_about = None
        self._changed()

    def _changed(self) -> None:
        settings = self.settings()
        others = [p for p in _find_mistakes(settings) if p.key != "vault_folder"]
        self.problem.setText("\n".join(f"✕ {problem.message}" for problem in others))
        self.problem.setVisible(bool(others))
        if settings.vault_folder != self._asked_about:
            self._asked_about = settings.vault_folder
            self._is_refused = False
            self.create_button.setVisible(False)
            _say(self.status, "Looking…" if settings.vault_folder else "", None)
            self._check.ask(settings)
        self.changed.emit()

    def _look_now(self) -> None:
        """Enter in the folder's field: say what is known about it, and write nothing."""
        self._check.ask(self.settings(), at_once=True)

    def _refuses(self, settings: Settings) -> bool:
        """Check the folder now, show its fault, and return whether it is refused.

        It may be saved before the background check has ended.
        """
        if not settings.vault_folder:
            return False
        assert self._mw.col is not None
        fault = find_fault(self._mw.col, settings.folder)
        if fault:
            self.tabs.setCurrentIndex(0)
            self._show_what_was_found(Found(settings, (), fault))
        return self._is_refused

    def _show_what_was_found(self, found: Found) -> None:
        settings, fault = found.settings, found.fault
        is_missing = fault is not None and fault.kind == "missing"
        self.create_button.setVisible(is_missing)
        # The saved folder may be on a drive that is not connected. Other settings can be saved.
        is_waited_for = is_missing and settings.vault_folder == self._saved.vault_folder
        problems = list(found.problems)
        if fault:
            level: Literal["error", "warning"] = "warning" if is_waited_for else "error"
            problems.append(SettingProblem("vault_folder", fault.message, level))
        errors = [p for p in problems if p.level == "error"]
        self._is_refused = bool(errors and settings.vault_folder)
        lines = [f"{'✕' if p.level == 'error' else '⚠'} {p.message}" for p in problems]
        if settings.vault_folder and not lines:
            lines = ["✓ This folder is fine."]
        if self._saved.vault_folder not in ("", settings.vault_folder):
            lines.append(f"The pages in “{self._saved.vault_folder}” stay there as they are.")
        worst = min((p.level for p in problems), default=None)
        _say(self.status, "\n".join(lines) if settings.vault_folder else "", worst)
        self._changed()

    def _choose_folder(self) -> None:
        start = find_nearest_folder(self.folder.text().strip())
        chosen = QFileDialog.getExistingDirectory(self, "Vault folder", start)
        if chosen:
            self.folder.setText(str(Path(chosen)))

    def _create_folder(self) -> None:
        folder = Path(self.folder.text().strip()).expanduser()
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            show_warning(
                f"“{folder}” cannot be created: {error.strerror or error}.",
                parent=self,
                title=TITLE,
            )
            return
        self._asked_about = None
        self._changed()


def _find_mistakes(settings: Settings) -> list[SettingProblem]:
    # An empty folder is no mistake: it means that nothing runs.
    problems = check_settings(settings)
    return [p for p in problems if p.key != "vault_folder" or settings.vault_folder]


def _say(label: QLabel, text: str, level: Optional[str]) -> None:
    night = theme_manager.night_mode
    colours = {
        "error": "#ff9b94" if night else "#b3261e",
        "warning": "#f2cc60" if night else "#7a5200",
    }
    colour = colours.get(level or "")
    label.setStyleSheet(f"color: {colour}" if colour else "")
    label.setText(breakable(text))
