"""Create Page Templates…: writes a template page for each note type, for new pages in Obsidian."""

from __future__ import annotations

from pathlib import Path

from anki.collection import Collection
from aqt.main import AnkiQt
from aqt.qt import QFileDialog

from ...sync.run.progress import Progress
from ...sync.run.report import Report
from ...sync.vault.read.obsidian import ObsidianVault, find_obsidian_root
from ...sync.vault.templates import write_templates
from ..app.background import Outcome
from ..app.messages import say, tell_error
from ..runs import vault as sync_now
from ..runs.ended import Ended


def create_templates(mw: AnkiQt) -> None:
    """Ask for a folder, write the templates into it, and show what was done."""
    settings = sync_now.settings_to_use(mw)
    if not settings:
        return
    root = find_obsidian_root(settings.folder)
    start = ObsidianVault(root).suggest_template_folder() if root else settings.folder
    chosen = QFileDialog.getExistingDirectory(mw, "Folder for page templates", str(start))
    if chosen:
        write_into(mw, Path(chosen), is_two_way=settings.two_way)


def write_into(mw: AnkiQt, folder: Path, *, is_two_way: bool) -> None:
    """Write the templates into ``folder`` in the background, and show what was done."""

    def work(col: Collection, _progress: Progress) -> Report:
        return write_templates(col, folder)

    def done(outcome: Outcome[Report]) -> None:
        if outcome.value is None:
            tell_error(mw, outcome.error)
            return
        report = outcome.value
        how = (
            ""
            if is_two_way
            else " New pages become notes when two-way is on: Configure… ▸ Two-Way."
        )
        say(report.summary() + how, parent=mw, period=7000)
        ended = Ended.of(outcome, report, folder, str(folder))
        if sync_now.remember(ended):
            sync_now.show_summary(mw, ended)

    sync_now.start(mw, work, done)
