"""Formulas on the clipboard as TeX: of KaTeX, MathJax, Wikipedia, and MathML without its source."""

from __future__ import annotations

import re
from typing import Any, Optional

_COMMENT = re.compile(r"(?<!\\)((?:\\\\)*)%.*")
_DISPLAYED = re.compile(r"\{\\displaystyle\s*(.*)\}\Z", re.DOTALL)
_NAMES = frozenset(
    "sin cos tan cot sec csc sinh cosh tanh arcsin arccos arctan log ln lg exp lim max min sup inf"
    " det dim gcd ker arg deg hom Pr".split()
)
_SIGNS = {
    "\u2211": r"\sum ",
    "\u220f": r"\prod ",
    "\u222b": r"\int ",
    "\u2212": "-",
    "\u2062": "",  # an invisible multiplication sign
    "\u2061": "",  # an invisible function application
    "\u2063": "",
    "\u00a0": r"\ ",
    "\\": r"\backslash ",
    "~": r"\sim ",
    "^": r"\hat{}",
    **{sign: f"\\{sign}" for sign in "{}%#&_$"},
}
_ACCENTS = {
    "\u00af": "overline",
    "\u203e": "overline",
    "\u02c9": "overline",
    "^": "hat",
    "\u02c6": "hat",
    "~": "tilde",
    "\u02dc": "tilde",
    "\u2192": "vec",
    "\u20d7": "vec",
    "\u02d9": "dot",
    "\u00a8": "ddot",
}
_GROUPS = frozenset("math mrow mstyle mpadded semantics mtd merror".split())
_SCRIPTS = {"msup": ("^",), "msub": ("_",), "msubsup": ("_", "^")}
_LIMITS = {"munder": ("_",), "mover": ("^",), "munderover": ("_", "^")}
_BIG = (r"\sum ", r"\prod ", r"\int ", r"\lim", r"\max", r"\min", r"\sup", r"\inf")


def find_formulas(soup: Any) -> None:
    """Put an ``anki-mathjax`` element with TeX in the place of each formula that can be read."""
    for node in soup.select(".katex, mjx-container, .MathJax, .mwe-math-element, math"):
        if node.decomposed or node.parent is None:
            continue
        tex = _read_source(node)
        if tex:
            _put(soup, node, tex, _is_display(node))
    for node in soup.find_all("script", type=re.compile(r"^math/tex")):
        _put(soup, node, node.get_text(), "mode=display" in node["type"])
    for node in soup.select(".MathJax_Preview, mjx-container, .MathJax, .katex-html"):
        node.decompose()


def put_formula(soup: Any, node: Any, tex: str, display: bool) -> None:
    """Put TeX before a node, as an ``anki-mathjax`` element."""
    formula = soup.new_tag("anki-mathjax")
    if display:
        formula["block"] = "true"
    uncommented = _COMMENT.sub(r"\1", tex)  # on one line, a comment would take the rest along
    formula.string = " ".join(uncommented.split())
    node.insert_before(formula)


def write_limits(body: str, below: str, above: str) -> str:
    """A large sign such as a sum, or ``lim``, with what stands below and above it."""
    scripts = (f"_{{{below}}}" if below else "") + (f"^{{{above}}}" if above else "")
    if body.startswith(_BIG):
        return f"{body.strip()}{scripts} "
    return f"\\operatorname*{{{body}}}{scripts} "


def _put(soup: Any, node: Any, tex: str, display: bool) -> None:
    outer = node.find_parent(class_=re.compile(r"^(?:katex-display|MathJax_Display)$"))
    put_formula(soup, outer or node, tex, display)
    (outer or node).decompose()  # what is within it is looked for no more


def _is_display(node: Any) -> bool:
    if node.get("display") in ("block", "true"):
        return True
    if node.find_parent(class_=re.compile(r"^(?:katex-display|MathJax_Display)$")):
        return True
    math = node.find("math")
    return math is not None and math.get("display") == "block"


def _read_source(node: Any) -> str:
    """The TeX of a formula: what it was made from, else what its MathML says; or nothing."""
    source = node.find("annotation", encoding=re.compile(r"^application/x-tex$", re.IGNORECASE))
    if source is not None:
        return _undisplayed(source.get_text())
    math = node if node.name == "math" else node.find("math")
    if math is None:
        picture = node.find("img", alt=True)
        return _undisplayed(picture["alt"]) if picture is not None else ""
    if math.get("alttext"):
        return _undisplayed(math["alttext"])
    return _write(math) or ""


def _undisplayed(tex: str) -> str:
    """TeX without the sign by which Wikipedia asks for the large form."""
    found = _DISPLAYED.match(tex.strip())
    return found[1].strip() if found else tex.strip()


def _write(node: Any) -> Optional[str]:
    """MathML as TeX; None when it holds what is not known here."""
    name, parts = node.name, node.find_all(True, recursive=False)
    if name in ("mi", "mn", "mo", "mtext", "ms"):
        return write_token(name, node.get_text())
    if name == "mspace":
        return r"\ "
    if name in ("annotation", "annotation-xml"):
        return ""
    written = [_write(part) for part in parts]
    inner = [text for text in written if text is not None]
    if len(inner) != len(written):
        return None
    if name in _GROUPS:
        return "".join(inner)
    if name == "mfrac" and len(inner) == 2:
        return f"\\frac{{{inner[0]}}}{{{inner[1]}}}"
    if name == "msqrt":
        return f"\\sqrt{{{''.join(inner)}}}"
    if name == "mroot" and len(inner) == 2:
        return f"\\sqrt[{inner[1]}]{{{inner[0]}}}"
    if name == "mfenced":
        left, right = node.get("open", "("), node.get("close", ")")
        return f"\\left{left}{','.join(inner)}\\right{right}"
    if name == "mtable":
        return "\\begin{matrix}" + r" \\ ".join(inner) + "\\end{matrix}"
    if name == "mtr":
        return " & ".join(inner)
    return _write_scripts(name, inner)


def _write_scripts(name: str, inner: list[str]) -> Optional[str]:
    """Exponents, indices, limits and accents."""
    signs = {**_SCRIPTS, **_LIMITS}.get(name)
    if signs is None or len(inner) != len(signs) + 1:
        return None
    body, *scripts = inner
    accent = _ACCENTS.get(scripts[0]) if name == "mover" else None
    if accent:
        return f"\\{accent}{{{body}}}"
    if name in _LIMITS and not body.startswith(_BIG):
        command = {"munder": "underset", "mover": "overset"}.get(name)
        return f"\\{command}{{{scripts[0]}}}{{{body}}}" if command else None
    body = body if len(body) == 1 or body.startswith(_BIG) else f"{{{body}}}"
    return body + "".join(f"{sign}{{{text}}}" for sign, text in zip(signs, scripts))


def write_token(name: str, text: str) -> str:
    """A name, a number, a sign or words of a formula as TeX. ``name``: as in MathML."""
    words = text.strip()
    if name in ("mtext", "ms"):
        return f"\\text{{{text}}}" if words else r"\ "
    if len(words) > 1 and words.isalpha():
        return f"\\{words} " if words in _NAMES else f"\\mathrm{{{words}}}"
    return "".join(_SIGNS.get(sign, sign) for sign in words)
