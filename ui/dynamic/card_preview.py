"""Previews a card as the reviewer shows it, with the same page, templates, script and style."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Optional

from aqt.main import AnkiQt
from aqt.qt import QFrame, QTabBar, QVBoxLayout, QWidget, qconnect
from aqt.theme import theme_manager
from aqt.webview import AnkiWebView, AnkiWebViewKind

from ...model.note import Card, DynamicNote, write_fields
from ...model.notetype import FIELDS, back_template, front_template
from ...sync.collection.renderer import FILES, read_source
from ..cards.card_page import make_page

_SECTION = re.compile(r"\{\{([#^])([^{}]+)\}\}(.*?)\{\{/\2\}\}", re.DOTALL)
_FIELD = re.compile(r"\{\{([^{}#^/]+)\}\}")
FRONT, BACK = 0, 1


class CardPreview(QWidget):
    """Shows one side of a card. Writes nothing into the collection or the media folder."""

    def __init__(self, mw: AnkiQt, parent: QWidget) -> None:
        super().__init__(parent)
        self._mw = mw
        self._note = DynamicNote("", ())
        self._shown: tuple[str, int] = ("", FRONT)
        self.side = QTabBar(self)
        self.side.setAccessibleName("Side of the card")
        self.side.setDrawBase(False)
        self.side.setExpanding(False)
        for name in ("Front", "Back"):
            self.side.addTab(name)
        self.web: Optional[AnkiWebView] = AnkiWebView(self, kind=AnkiWebViewKind.PREVIEWER)
        self.web.setAccessibleName("Preview of the card")
        self.web.setPlaybackRequiresGesture(True)  # no sound at each letter typed
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        frame = QFrame(self)
        frame.setFrameShape(QFrame.Shape.StyledPanel)
        around = QVBoxLayout(frame)
        around.setContentsMargins(1, 1, 1, 1)
        around.addWidget(self.web)
        layout.addWidget(self.side)
        layout.addWidget(frame, 1)
        self.web.stdHtml(
            mw.reviewer.revHtml(),
            css=["css/reviewer.css"],
            js=["js/mathjax.js", "js/vendor/mathjax/tex-chtml-full.js", "js/reviewer.js"],
            context=self,
        )
        self.web.set_bridge_command(lambda _: None, self)
        qconnect(self.side.currentChanged, lambda _: self._render())

    def show_card(self, note: str, card: Optional[Card], link: str) -> None:
        """Show a card with this note text and source, on the side chosen; nothing for ``None``."""
        self._note = DynamicNote(note, (card,) if card else (), link)
        self._render()

    def cleanup(self) -> None:
        """Free the web view. Call this when the window closes."""
        if self.web:
            self.web.cleanup()
            self.web = None

    def _render(self) -> None:
        if not self.web:
            return
        side = self.side.currentIndex()
        text = render(self._mw, self._note, side) if self._note.cards else ""
        body = theme_manager.body_classes_for_card_ord(0)
        shown = (self._note.cards[0].id if self._note.cards else "", side)
        top = "" if shown == self._shown else "window.scrollTo(0, 0);"
        self._shown = shown
        self.web.eval(
            f"_queueAction(() => _updateQA({json.dumps(text)}, null, () => {{ {top}"
            f" document.body.className = {json.dumps(body)}; }}, () => {{}}));"
        )


def render(mw: AnkiQt, note: DynamicNote, side: int) -> str:
    """The HTML of one side of a note's first card, for the reviewer's page."""
    values = dict(zip(FIELDS, write_fields((), note)))
    template = back_template(1) if side == BACK else front_template(1)
    page = mw.prepare_card_text_for_display(make_page(fill_template(template, values)))
    sources = {name: read_source(source).decode("utf-8") for source, name in FILES.items()}
    script, style = sources["_ankivault_0_1_0.js"], sources["_ankivault_0_1_0.css"]
    page = page.replace(
        '<script src="_ankivault_0_1_0.js"></script>', f"<script>\n{_in_page(script)}</script>"
    )
    return f"<style>\n{style}</style>{page}"


def _in_page(script: str) -> str:
    """A script that can be put into HTML: without “<!--” and “<script”, which have a meaning there.

    The renderer has them only in strings, where the escapes mean the same.
    """
    return script.replace("<!--", "\\x3c!--").replace("<script", "\\x3cscript")


def fill_template(template: str, values: Mapping[str, str]) -> str:
    """Fill a template as Anki does. It must not have filters."""

    def choose(match: re.Match[str]) -> str:
        wanted = bool(values.get(match[2].strip(), "").strip()) == (match[1] == "#")
        return _SECTION.sub(choose, match[3]) if wanted else ""

    chosen = _SECTION.sub(choose, template)
    return _FIELD.sub(lambda match: values.get(match[1].strip(), ""), chosen)
