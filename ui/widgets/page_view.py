"""A view of pages as people read them: one web page that stays loaded and exchanges its content."""

from __future__ import annotations

import json
from typing import Optional

from aqt.main import AnkiQt
from aqt.qt import QVBoxLayout, QWidget, pyqtSignal, qconnect
from aqt.webview import AnkiWebView, AnkiWebViewKind

# Nothing but Anki's own server answers, and only Anki's own files are scripts.
_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self'"
    " 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; object-src 'none';"
    " frame-src 'none'; media-src 'none'; form-action 'none'"
)
_HEAD = f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
_BODY = '<main id="shown" tabindex="-1"></main>'
_SCRIPT = """
<script>
let latest = 0;
function showPage(html, keepsPlace) {
    const shown = document.getElementById("shown");
    const turn = ++latest;
    if (window.MathJax && MathJax.typesetClear) MathJax.typesetClear();
    shown.innerHTML = html;
    if (!keepsPlace) window.scrollTo(0, 0);
    if (!shown.querySelector(".formula")) return;
    MathJax.startup.promise = MathJax.startup.promise.then(() =>
        turn === latest ? MathJax.typesetPromise([...shown.querySelectorAll("span.formula")]) : null
    ).catch(() => null);
}
document.addEventListener("click", (event) => {
    if (event.target.id === "all") pycmd("all");
});
</script>
"""
_STYLE = """
<style>
body { margin: 4px 2px; }
#shown { padding: 2px 10px 12px; outline: none; line-height: 1.45; overflow-wrap: anywhere;
    text-align: start; --mark: #fff3a3; --ins: #b6e3c0; --del: #ffd0cc; --one: #fbe0a1;
    --other: #d3d8ff; --faint: #57606a; --line: #c9c9c9; --back: #f0f0f0; --alarm: #9a3412; }
.night-mode #shown { --mark: #63570f; --ins: #1c5a30; --del: #6b2626; --one: #63500f;
    --other: #3a4090; --faint: #a6b0ba; --line: #555; --back: #3a3a3a; --alarm: #ffb27a; }
#shown h1, #shown h2, #shown h3, #shown h4 { margin: 0.7em 0 0.3em; line-height: 1.25; }
#shown h1 { font-size: 1.5em; } #shown h2 { font-size: 1.25em; } #shown h3 { font-size: 1.1em; }
#shown h4, #shown h5, #shown h6 { font-size: 1em; }
#shown p { margin: 0.5em 0; } #shown ul, #shown ol { margin: 0.3em 0; padding-inline-start: 1.6em; }
#shown table { border-collapse: collapse; margin: 0.5em 0; }
#shown td, #shown th { border: 1px solid var(--line); padding: 2px 8px; text-align: start; }
#shown .properties { font-size: 0.8em; color: var(--faint); }
#shown .properties td, #shown .properties th { padding: 0 6px; font-weight: normal; }
#shown .properties th { overflow-wrap: break-word; }
#shown pre, #shown code { background: var(--back); font-family: monospace; border-radius: 3px; }
#shown pre { padding: 6px 10px; white-space: pre-wrap; }
#shown blockquote { margin: 0.5em 0; padding-inline-start: 0.8em;
    border-inline-start: 3px solid var(--line); }
#shown img { max-width: 100%; max-height: 320px; height: auto; vertical-align: middle; }
#shown mark { background: var(--mark); color: inherit; }
#shown .number { color: var(--fg); font-size: 0.75em; padding-inline-start: 2px; }
#shown ins { background: var(--ins); text-decoration: underline; }
#shown del { background: var(--del); text-decoration: line-through; }
#shown .properties ins, #shown .properties del { color: var(--fg); }
#shown .one ins { background: var(--one); } #shown .other ins { background: var(--other); }
#shown ins img { outline: 3px solid var(--ins); } #shown del img { outline: 3px dashed var(--del); }
#shown ins .formula { border-bottom: 2px solid; }
#shown del .formula { border-bottom: 2px dashed; }
#shown .link { text-decoration: underline; color: var(--fg-link); }
#shown .sound, #shown .thing { background: var(--back); border-radius: 3px; padding: 0 4px; }
#shown .told, #shown .none { color: var(--faint); margin: 2px 0 6px; }
#shown .conflict { color: var(--alarm); }
#shown h5.part { margin: 0.9em 0 0.2em; font-size: 1em; }
#shown .sides { display: flex; gap: 10px; align-items: stretch; }
#shown .side { flex: 1 1 0; min-width: 0; border: 1px solid var(--line); border-radius: 5px;
    padding: 4px 10px 8px; }
#shown .side > h6 { margin: 0 0 4px; color: var(--faint); font-weight: normal; }
#shown .side > section + section { border-top: 1px solid var(--line); margin-top: 8px; }
</style>
"""


class PageView(QWidget):
    """Shows safe HTML as Obsidian would show a page. ``all_wanted``: the user asks for the rest."""

    all_wanted = pyqtSignal()

    def __init__(self, mw: AnkiQt, parent: Optional[QWidget] = None) -> None:
        super().__init__(parent)
        self._shown = ""
        self.web: Optional[AnkiWebView] = AnkiWebView(self, kind=AnkiWebViewKind.PREVIEWER)
        self.web.setAccessibleName("What changes")
        self.setFocusProxy(self.web)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.web)
        self.web.stdHtml(
            _BODY + _SCRIPT,
            js=["js/mathjax.js", "js/vendor/mathjax/tex-chtml-full.js"],
            head=_HEAD + _STYLE,
            context=self,
        )
        self.web.set_bridge_command(self._hear, self)
        qconnect(self.destroyed, self._forget)

    def show_html(self, html: str, *, keeps_place: bool = False) -> None:
        """Show this instead of what was shown. ``keeps_place``: do not go to the top."""
        if html != self._shown and self.web:
            self._shown = html
            self.web.eval(f"showPage({json.dumps(html)}, {json.dumps(keeps_place)});")

    @property
    def shown(self) -> str:
        """The HTML that is shown."""
        return self._shown

    def cleanup(self) -> None:
        """Free the web view. Call this when the window closes."""
        if self.web:
            self.web.cleanup()
            self.web = None

    def _hear(self, command: str) -> None:
        if command == "all":
            self.all_wanted.emit()

    def _forget(self) -> None:
        self.web = None
