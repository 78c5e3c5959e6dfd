"""Home's page with the guide: its contents, a search, and the page that is read."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any, Optional

from aqt import gui_hooks
from aqt.main import AnkiQt
from aqt.qt import (
    QColor,
    QHBoxLayout,
    QImage,
    QKeySequence,
    QResizeEvent,
    QShortcut,
    QSplitter,
    Qt,
    QTextBrowser,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextEdit,
    QTimer,
    QTreeWidget,
    QTreeWidgetItem,
    QUrl,
    QVBoxLayout,
    QWidget,
    qconnect,
)
from aqt.theme import theme_manager
from aqt.utils import openLink

from ..app.labels import plain_label, plain_tip
from ..widgets.named_list import make_button
from ..widgets.search_field import SearchField
from .guide import Guide, find_target, load_guide, show
from .look import make_style
from .problem_window import show_problem_report

_FIRST = "home"
_MARGIN = 48  # beside a picture
_PLACE = Qt.ItemDataRole.UserRole


@dataclass(frozen=True)
class Place:
    """A page of the guide, and the heading on it."""

    page: str
    anchor: str = ""


class GuideView(QTextBrowser):
    """Shows pages of the guide. Its pictures fit into it."""

    def __init__(self, guide: Guide, parent: QWidget) -> None:
        super().__init__(parent)
        self._guide = guide
        self.place = Place("")
        self.words: list[str] = []
        self.setOpenLinks(False)
        self.setAccessibleName("The page of the guide")
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        qconnect(self._soon.timeout, self._fit)
        self._width = 0

    def loadResource(self, kind: int, name: QUrl) -> Any:
        """A picture, made small smoothly and as sharp as the screen is."""
        if kind != QTextDocument.ResourceType.ImageResource.value or not name.isLocalFile():
            return None
        picture = QImage(name.toLocalFile())
        if name.query().isdigit():
            sharp = self.devicePixelRatioF()
            width = min(picture.width(), round(int(name.query()) * sharp))
            smooth = Qt.TransformationMode.SmoothTransformation
            picture = picture.convertToFormat(QImage.Format.Format_RGB32)
            picture = picture.scaledToWidth(width, smooth)
        return picture

    def go_to(self, place: Place) -> None:
        """Show a page, at a heading. A page that is not there is not shown."""
        if place.page not in self._guide.pages:
            return
        if place.page != self.place.page:
            self._draw(place.page)
        self.place = place
        if place.anchor:
            self.scrollToAnchor(place.anchor)
        else:
            self.verticalScrollBar().setValue(0)  # type: ignore[union-attr]

    def draw_again(self) -> None:
        """Draw the same page for another width, or in other colours, where it was read."""
        bar = self.verticalScrollBar()
        assert bar is not None
        at = bar.value() / max(1, bar.maximum())
        self._draw(self.place.page)
        bar.setValue(round(at * bar.maximum()))

    def mark(self, words: list[str]) -> None:
        """Mark these words wherever they stand on the page."""
        self.words = words
        document = self.document()
        assert document is not None
        marked = QTextCharFormat()
        marked.setBackground(QColor("#463c00" if theme_manager.night_mode else "#fff3a3"))
        found = []
        for word in words:
            cursor = document.find(word)
            while not cursor.isNull():
                selection = QTextEdit.ExtraSelection()
                selection.cursor, selection.format = QTextCursor(cursor), marked
                found.append(selection)
                cursor = document.find(word, cursor)
        self.setExtraSelections(found)

    def _draw(self, page: str) -> None:
        night = theme_manager.night_mode
        self._width = self.viewport().width()  # type: ignore[union-attr]
        width = max(200, self._width - _MARGIN)
        body = show(self._guide.pages[page], night=night, width=width)
        self.setHtml(f"<style>{make_style(night=night)}</style>{body}")
        self.mark(self.words)

    def resizeEvent(self, event: Optional[QResizeEvent]) -> None:
        super().resizeEvent(event)
        self._soon.start(80)

    def _fit(self) -> None:
        if self.place.page and self.viewport().width() != self._width:  # type: ignore[union-attr]
            self.draw_again()


class HelpPage(QWidget):
    """The guide, to read and to search."""

    def __init__(self, mw: AnkiQt, parent: QWidget) -> None:
        super().__init__(parent)
        self._guide = load_guide()
        self._before: list[Place] = []
        self._after: list[Place] = []
        self.search = SearchField("Search the guide", self)
        self.contents = QTreeWidget(self)
        self.contents.setHeaderHidden(True)
        self.contents.setAccessibleName("Contents of the guide")
        self.nothing = plain_label(self, "Nothing was found. Try fewer or other words.")
        self.nothing.hide()
        self.view = GuideView(self._guide, self)
        self.back_button = make_button(self, "◂ &Back", "The page before (Alt+Left)", self.back)
        self.forward_button = make_button(
            self, "&Forward ▸", "The page after (Alt+Right)", self.forward
        )
        self.report_button = make_button(
            self,
            "&Report a Problem…",
            "A text without a word of your notes, for whoever looks after the add-on",
            partial(show_problem_report, mw),
        )
        self._lay_out()
        qconnect(self.search.textChanged, lambda _: self._list())
        qconnect(self.search.returnPressed, self._open_first)
        qconnect(self.contents.currentItemChanged, lambda item, _: self._open(item))
        qconnect(self.contents.itemClicked, lambda item, _: self._open(item))
        qconnect(self.view.anchorClicked, self._follow)
        for keys, act in (
            (QKeySequence.StandardKey.Find, self.search.setFocus),
            ("Alt+Left", self.back),
            ("Alt+Right", self.forward),
        ):
            qconnect(QShortcut(QKeySequence(keys), self).activated, act)
        gui_hooks.theme_did_change.append(self.view.draw_again)
        self._list()
        self.go_to(_FIRST if _FIRST in self._guide.pages else next(iter(self._guide.pages)))

    def _lay_out(self) -> None:
        left = QWidget(self)
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        for widget in (self.search, self.nothing):
            column.addWidget(widget)
        column.addWidget(self.contents, 1)
        right = QWidget(self)
        row = QHBoxLayout()
        row.addWidget(self.back_button)
        row.addWidget(self.forward_button)
        row.addStretch(1)
        row.addWidget(self.report_button)
        beside = QVBoxLayout(right)
        beside.setContentsMargins(0, 0, 0, 0)
        beside.addLayout(row)
        beside.addWidget(self.view, 1)
        splitter = QSplitter(self)
        splitter.addWidget(left)
        splitter.addWidget(right)
        splitter.setStretchFactor(1, 1)
        splitter.setChildrenCollapsible(False)
        splitter.setSizes([270, 600])
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(splitter)

    def refresh(self) -> None:
        """The page is shown again: nothing of it has changed."""

    def stop(self) -> None:
        """The window closes."""
        gui_hooks.theme_did_change.remove(self.view.draw_again)

    def go_to(self, at: str) -> None:
        """Show a page, such as ``two-way``, or a heading: ``vault#run-it``."""
        page, _, anchor = at.partition("#")
        self._visit(Place(page, anchor))

    def back(self) -> None:
        """Show what was shown before."""
        if self._before:
            self._after.append(self.view.place)
            self._show(self._before.pop())

    def forward(self) -> None:
        """Show what was shown before going back."""
        if self._after:
            self._before.append(self.view.place)
            self._show(self._after.pop())

    def _visit(self, place: Place) -> None:
        if place.page not in self._guide.pages:
            return
        if self.view.place.page and place != self.view.place:
            self._before.append(self.view.place)
            self._after.clear()
        self._show(place)

    def _show(self, place: Place) -> None:
        self.view.go_to(place)
        self.back_button.setEnabled(bool(self._before))
        self.forward_button.setEnabled(bool(self._after))
        if not self.search.text().strip():
            self._choose(place)

    def _choose(self, place: Place) -> None:
        """Select a place in the contents, or the page that it is on."""
        self.contents.blockSignals(True)
        for row in range(self.contents.topLevelItemCount()):
            item = self.contents.topLevelItem(row)
            assert item is not None
            is_here = item.data(0, _PLACE).page == place.page
            item.setExpanded(is_here)
            if is_here:
                below = [item.child(number) for number in range(item.childCount())]
                chosen = [one for one in below if one and one.data(0, _PLACE) == place]
                self.contents.setCurrentItem(chosen[0] if chosen else item)
        self.contents.blockSignals(False)

    def _list(self) -> None:
        """List the contents, or what the search finds."""
        query = self.search.text().strip()
        hits = self._guide.find(query) if query else []
        self.nothing.setVisible(bool(query) and not hits)
        count, one = (len(hits), "place") if query else (len(self._guide.pages), "page")
        self.search.tell_found(count, one)
        self.contents.blockSignals(True)
        self.contents.clear()
        if query:
            for hit in hits:
                section = hit.section
                task = self._guide.pages[section.page].task
                name = f"{section.title} — {task}" if section.anchor else task
                item = QTreeWidgetItem([name])
                item.setData(0, _PLACE, Place(section.page, section.anchor))
                item.setToolTip(0, plain_tip(hit.piece))
                self.contents.addTopLevelItem(item)
        else:
            self._list_pages()
        self.contents.blockSignals(False)
        self.view.mark(query.split())
        if not query and self.view.place.page:
            self._choose(self.view.place)

    def _list_pages(self) -> None:
        for page in self._guide.pages.values():
            item = QTreeWidgetItem([page.task])
            item.setData(0, _PLACE, Place(page.name))
            for section in page.sections:
                if section.anchor:
                    below = QTreeWidgetItem([section.title])
                    below.setData(0, _PLACE, Place(section.page, section.anchor))
                    item.addChild(below)
            self.contents.addTopLevelItem(item)

    def _open(self, item: Optional[QTreeWidgetItem]) -> None:
        if item is not None:
            self._visit(item.data(0, _PLACE))

    def _open_first(self) -> None:
        """Show the first place that was found; Enter again shows the next."""
        count, current = self.contents.topLevelItemCount(), self.contents.currentItem()
        if self.search.text().strip() and count:
            row = self.contents.indexOfTopLevelItem(current) + 1 if current else 0
            self.contents.setCurrentItem(self.contents.topLevelItem(row % count))

    def _follow(self, link: QUrl) -> None:
        """Follow a link on the page: to another page of the guide, or to the browser."""
        target = find_target(link.toString(), self.view.place.page)
        if target:
            self._visit(Place(*target))
        elif link.scheme() in ("http", "https"):
            # Later: a browser that takes the front while a link is pressed may confuse Qt.
            QTimer.singleShot(0, partial(openLink, link.toString()))
