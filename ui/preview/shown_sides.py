"""What a change is about: as pages look, side by side, or as Markdown if the user asks for it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Optional

from anki.collection import Collection
from aqt.main import AnkiQt
from aqt.qt import QCheckBox, QStackedWidget, QWidget, qconnect

from ..app.messages import explain
from ..app.reading import read_for
from ..widgets.diff_view import DiffView
from ..widgets.page_view import PageView
from ..widgets.side_by_side import Section, SideBySide
from .written_sides import find_pictures, write_sides

_REMEMBERED = "ankivaultPreviewMarkdown"


class ShownSides(QStackedWidget):
    """Shows sections. ``markdown`` is the tick for their Markdown, to be placed by the window.

    Pages are made off the main thread; what was selected last is shown.
    """

    def __init__(self, mw: AnkiQt, parent: QWidget) -> None:
        super().__init__(parent)
        self._mw = mw
        self._heading = ""
        self._sections: Sequence[Section] = ()
        self._diff: Optional[str] = None
        self._vault: Optional[Path] = None
        self._turn = 0
        self.page = PageView(mw, self)
        self.sides = SideBySide(self)
        self.diff = DiffView(self)
        for each in (self.page, self.sides, self.diff):
            self.addWidget(each)
        self.markdown = QCheckBox("Show Mar&kdown", parent)
        self.markdown.setToolTip("Show the text with its marks, instead of how it looks")
        self.markdown.setChecked(bool(mw.pm.profile and mw.pm.profile.get(_REMEMBERED)))
        qconnect(self.markdown.clicked, self._choose)
        qconnect(self.page.all_wanted, lambda: self._render(whole=True))

    def show_sections(
        self,
        heading: str,
        sections: Sequence[Section],
        diff: Optional[str] = None,
        vault: Optional[Path] = None,
    ) -> None:
        """Show these sections instead of those before.

        ``diff``: the Markdown of a page is shown as this diff. ``vault``: where pictures may be.
        """
        self._heading, self._sections, self._diff = heading, sections, diff
        self._vault = vault
        self._show()

    def toPlainText(self) -> str:
        """The Markdown that the tick shows."""
        self._fill_markdown()
        return self.sides.toPlainText() if self._diff is None else self._diff

    def recolour(self) -> None:
        """Use the colours of the current theme."""
        self.diff.recolour()
        self.sides.recolour()

    def cleanup(self) -> None:
        """Free the web view. Call this when the window closes."""
        self._turn += 1
        self.page.cleanup()

    def _choose(self, markdown: bool) -> None:
        if self._mw.pm.profile is not None:
            self._mw.pm.profile[_REMEMBERED] = markdown
        self._show()

    def _show(self) -> None:
        if self.markdown.isChecked():
            self._turn += 1
            self._fill_markdown()
            self.setCurrentWidget(self.sides if self._diff is None else self.diff)
        else:
            self.setCurrentWidget(self.page)
            self._render()

    def _fill_markdown(self) -> None:
        if self._diff is None:
            self.sides.show_sections(self._heading, self._sections)
        else:
            self.diff.setPlainText(self._diff)

    def _render(self, *, whole: bool = False) -> None:
        self._turn += 1
        turn, heading, sections = self._turn, self._heading, self._sections
        if not sections or self._mw.col is None:
            self.page.show_html(write_sides(heading, (), lambda _: ""))
            return
        picture = find_pictures(Path(self._mw.col.media.dir()), self._vault)

        def show(html: str) -> None:
            if turn == self._turn:
                self.page.show_html(html, keeps_place=whole)

        def fail(error: Exception) -> None:
            if turn == self._turn:
                self.page.show_html(write_sides(explain(self._mw, error), (), picture))

        def write(_: Collection) -> str:
            return write_sides(heading, sections, picture, whole=whole)

        read_for(self, self._mw, write, show, fail, uses_collection=False)
