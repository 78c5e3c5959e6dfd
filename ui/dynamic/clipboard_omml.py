"""Equations of Word on the clipboard as TeX.

Word writes them as Office Math (ECMA-376, part 1, 22.1), mostly in a comment beside a picture.
"""

from __future__ import annotations

import re
from typing import Any, Optional

from .clipboard_math import put_formula, write_limits, write_token

_IN_COMMENT = re.compile(r"\s*\[if gte msEquation \d+\]>(.*)<!\[endif\]\s*\Z", re.DOTALL)
_FALLBACK, _END = re.compile(r"\s*\[?if !msEquation"), re.compile(r"\s*\[?endif")
_HOLDERS = frozenset("omath omathpara e num den sup sub deg fname lim box".split())
_SKIPPED = re.compile(r"(?:[a-z]+pr|rpr|ctrlpr)\Z")
_TEXT = frozenset("r t".split())


def find_equations(soup: Any) -> None:
    """Put an ``anki-mathjax`` element in the place of each equation that can be read for certain.

    Of others the picture stays that Word made of them; without one, their words.
    """
    from bs4 import BeautifulSoup
    from bs4.element import Comment

    for comment in soup.find_all(string=lambda text: isinstance(text, Comment)):
        found = _IN_COMMENT.match(str(comment))
        if found is None:
            continue
        inside = BeautifulSoup(found[1], "html.parser")
        equations = [math for math in inside.find_all("m:omath") if not math.find_parent("m:omath")]
        written = [_write(math) for math in equations]
        if not written or None in written:
            continue
        is_display = inside.find("m:omathpara") is not None
        _drop_fallback(comment)
        for tex in written:
            put_formula(soup, comment, tex or "", is_display)
        comment.extract()
    for math in soup.find_all("m:omath"):
        tex = None if math.decomposed else _write(math)
        if tex:
            put_formula(soup, math, tex, math.find_parent("m:omathpara") is not None)
            math.extract()
        elif not math.decomposed:
            math.replace_with(math.get_text(" ", strip=True))


def _drop_fallback(comment: Any) -> None:
    """Drop the picture of an equation, between two marks of Word behind its comment."""
    from bs4.element import PreformattedString

    behind: list[Any] = []
    for node in comment.next_siblings:
        mark = str(node) if isinstance(node, PreformattedString) else ""
        if not behind and not (_FALLBACK.match(mark) if mark else not str(node).strip()):
            return
        behind.append(node)
        if mark and _END.match(mark):
            break
    else:
        return
    for node in behind:
        node.extract()


def _write(node: Any) -> Optional[str]:
    """Office Math as TeX; None when it holds what is not known here."""
    name = node.name.rpartition(":")[2]
    if not node.name.startswith("m:"):
        return "".join(_each(node) or ()) if node.find(re.compile("^m:")) else node.get_text()
    if name in _TEXT:
        return _write_run(node)
    if name in _HOLDERS:
        inner = _each(node)
        return None if inner is None else "".join(inner)
    parts = {each.name[2:]: _write(each) for each in _children(node)}
    if None in parts.values():
        return None
    known = {key: text or "" for key, text in parts.items()}
    return _write_known(name, node, known)


def _write_run(node: Any) -> str:
    style = node.find("m:nor")
    text = "".join(t.get_text() for t in node.find_all("m:t")) or node.get_text()
    return write_token("mtext" if style is not None else "mi", " ".join(text.split()))


def _write_known(name: str, node: Any, parts: dict[str, str]) -> Optional[str]:
    if name == "f" and {"num", "den"} <= parts.keys():
        kind = _value(node, "m:type")
        if kind not in ("", "bar", "skw", "lin"):
            return None
        return f"\\frac{{{parts['num']}}}{{{parts['den']}}}"
    if name in ("ssup", "ssub", "ssubsup") and "e" in parts:
        body = parts["e"] if len(parts["e"]) == 1 else f"{{{parts['e']}}}"
        sub = f"_{{{parts['sub']}}}" if "sub" in parts else ""
        return body + sub + (f"^{{{parts['sup']}}}" if "sup" in parts else "")
    if name == "rad" and "e" in parts:
        degree = f"[{parts['deg']}]" if parts.get("deg") else ""
        return f"\\sqrt{degree}{{{parts['e']}}}"
    if name == "nary" and "e" in parts:
        sign = write_token("mo", _value(node, "m:chr") or "\u222b")
        return write_limits(sign, parts.get("sub", ""), parts.get("sup", "")) + parts["e"]
    if name == "func" and {"fname", "e"} <= parts.keys():
        return f"{parts['fname']}{parts['e']}"
    if name == "limlow" and {"e", "lim"} <= parts.keys():
        return write_limits(parts["e"].strip(), parts["lim"], "")
    if name == "d":
        return _write_fenced(node)
    return None


def _write_fenced(node: Any) -> Optional[str]:
    inner = [_write(each) for each in _children(node)]
    if not inner or None in inner:
        return None
    marks = [_value(node, f"m:{end}chr", default) for end, default in (("beg", "("), ("end", ")"))]
    left, right = (write_token("mo", mark) or "." for mark in marks)
    between = _value(node, "m:sepchr", "|")
    return f"\\left{left}{between.join(text or '' for text in inner)}\\right{right}"


def _children(node: Any) -> list[Any]:
    """The elements in an element, without those that only say how it looks."""
    return [
        each
        for each in node.find_all(True, recursive=False)
        if not _SKIPPED.match(each.name.rpartition(":")[2])
    ]


def _each(node: Any) -> Optional[list[str]]:
    written = [_write(each) for each in _children(node)]
    return None if None in written else [text or "" for text in written]


def _value(node: Any, name: str, default: str = "") -> str:
    """The value of a setting of an element, such as the sign of a sum."""
    for settings in node.find_all(re.compile(r"^m:[a-z]+pr$"), recursive=False):
        found = settings.find(name)
        if found is not None:
            return str(found.get("m:val") or "")
    return default
