"""A dynamic note's card in a bare Chromium, in pages like those of Anki's programs for phones."""

from __future__ import annotations

import html
import json
import os
import select
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Optional, Union

from .anki_app import INSIDE

PHONE = (412, 780)
PATIENCE = 120  # seconds for all steps of a page
WINDOWLESS = {
    "QT_QPA_PLATFORM": "offscreen",
    "QTWEBENGINE_CHROMIUM_FLAGS": "--no-sandbox --disable-gpu",
}
READY = "document.body.classList.contains('mathjax-rendered')"

# The order of AnkiDroid's page: its own scripts, the card's content with the card's scripts, and
# when all of it is loaded, hooks, formulas, hooks. There is no `pycmd`.
ANKIDROID = """\
<!doctype html>
<html class="mobile android linux js"><head><meta charset="utf-8">
<style>body {{ margin: 1em }} .night_mode {{ background: #303030; color: #ddd }}</style>
<style>{css}</style>
{mathjax}
<script>
var onUpdateHook = [], onShownHook = [];
const runHooks = (hooks) => Promise.all(hooks.map((hook) => hook()));
window.onload = () => {{
    window.location.href = "#answer";
    runHooks(onUpdateHook)
        .then(() => window.MathJax && MathJax.startup.promise.then(
            () => MathJax.typesetPromise([document.querySelector(".card")])))
        .then(() => document.body.classList.add("mathjax-rendered"))
        .then(() => runHooks(onShownHook));
}};
</script>
</head><body class="card card1 {mode}"><div id="content">{content}</div></body></html>
"""
# A page that puts a card into place and typesets it without waiting for the card's scripts.
HASTY = """\
<!doctype html>
<html><head><meta charset="utf-8"><style>{css}</style>
{mathjax}
<script>
const content = {literal};
window.shows = 0;
async function show(html) {{
    const qa = document.getElementById("qa");
    qa.innerHTML = html;
    if (window.MathJax) {{
        await MathJax.startup.promise;
        MathJax.typesetClear();
        await MathJax.typesetPromise([qa]);
    }}
    for (const script of qa.getElementsByTagName("script")) {{
        const fresh = document.createElement("script");
        for (const {{ name, value }} of script.attributes) fresh.setAttribute(name, value);
        fresh.textContent = script.textContent;
        const loaded = script.src && new Promise((done) => fresh.addEventListener("load", done));
        script.replaceWith(fresh);
        await loaded;
    }}
    window.shows += 1;
}}
window.onload = () => show(content).then(() => document.body.classList.add("mathjax-rendered"));
</script>
</head><body class="card card1 {mode}"><div id="qa"></div></body></html>
"""
MATHJAX = """\
<script>
window.MathJax = {{
    tex: {{ displayMath: [["\\\\[", "\\\\]"]], processEscapes: false, processEnvironments: false }},
    startup: {{ typeset: false }},
}};
</script>
<script src="{address}/tex-chtml-full.js"></script>
"""


@dataclass(frozen=True)
class Visit:
    """What came of a visit to a page: the value of each step, its console, and what it loaded."""

    values: list[Any]
    console: list[str]
    requests: list[str]


class Browser:
    """Chromium in a process of its own, which is started for the first page."""

    def __init__(self) -> None:
        self._process: Optional[subprocess.Popen[bytes]] = None

    def open(self, job: dict[str, Any]) -> None:
        """Play a job (see ``bare_page.py``) to its end."""
        process = self._process or self._start()
        assert process.stdin and process.stdout
        try:
            process.stdin.write(json.dumps(job).encode() + b"\n")
            process.stdin.flush()
            ready, _, _ = select.select([process.stdout], [], [], PATIENCE)
            if not ready or process.stdout.readline() != b"done\n":
                raise AssertionError("the browser does not answer")
        except BaseException:
            self.close()
            raise

    def visit(self, page: str, *steps: Union[str, dict[str, str]], **how: Any) -> Visit:
        """Open a page by its file or address, and play steps in it (see ``bare_page.py``)."""
        with tempfile.TemporaryDirectory(prefix="ankivault-page-") as scratch:
            result = Path(scratch, "result.json")
            usual = {"size": PHONE, "autoplay": False, "scripts": True}
            self.open({**usual, **how, "page": page, "steps": steps, "result": str(result)})
            return Visit(**json.loads(result.read_text(encoding="utf-8")))

    def close(self) -> None:
        if self._process:
            self._process.kill()
            self._process.communicate()
        self._process = None

    def _start(self) -> subprocess.Popen[bytes]:
        self._process = subprocess.Popen(
            [sys.executable, str(INSIDE / "bare_page.py")],
            env={**os.environ, **WINDOWLESS},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        return self._process


@dataclass(frozen=True)
class Chromium:
    """A browser whose pages stand in a folder with the media files of a collection."""

    media: Path
    browser: Browser

    def show(
        self,
        content: str,
        css: str,
        *steps: Union[str, dict[str, str]],
        page: str = ANKIDROID,
        night: bool = False,
        autoplay: bool = False,
        scripts: bool = True,
        size: Sequence[int] = PHONE,
    ) -> Visit:
        """Open a page with a card's rendered HTML, and play steps in it (see ``bare_page.py``).

        MathJax is in the page where the programs put it: when the content shows formulas.
        """
        anki = find_spec("aqt")
        assert anki is not None and anki.origin
        web = Path(anki.origin).parent.parent / "_aqt" / "data" / "web"
        address = (web / "js" / "vendor" / "mathjax").as_uri()
        maths = "\\(" in content or "\\[" in content
        text = page.format(
            content=content,
            literal=json.dumps(content).replace("</", "<\\/"),
            css=css,
            mathjax=MATHJAX.format(address=html.escape(address)) if maths else "",
            mode="night_mode" if night else "",
        )
        file = self.media / "_page.html"
        file.write_text(text, encoding="utf-8")
        job = {"size": size, "autoplay": autoplay, "scripts": scripts}
        return self.browser.visit(str(file), *steps, **job)
