"""Lists on the clipboard that are none in HTML: Word's paragraphs, and Google's lists in lists."""

from __future__ import annotations

import re
from typing import Any

_LEVEL = re.compile(r"mso-list:\s*l\d+\s+level(\d+)", re.IGNORECASE)
_NUMBER = re.compile(r"\(?(?:(\d+)|[a-z]{1,4})[.)]\Z", re.IGNORECASE)


def make_lists(soup: Any) -> None:
    """Make lists of Word's paragraphs with list marks, and put lists in lists into their items."""
    _make_word_lists(soup)
    for inner in soup.select("ul > ul, ul > ol, ol > ul, ol > ol"):
        item = inner.find_previous_sibling("li")
        if item is None:
            item = soup.new_tag("li")
            inner.insert_before(item)
        item.append(inner.extract())


def _make_word_lists(soup: Any) -> None:
    stack: list[tuple[int, Any]] = []  # the open lists, each with its level
    last: Any = None
    for paragraph in soup.find_all("p", style=_LEVEL):
        if last is None or _next_element(last) is not paragraph:
            stack = []
        level = int(_LEVEL.search(paragraph["style"])[1])  # type: ignore[index]
        number = _NUMBER.match(_take_mark(paragraph))
        item = soup.new_tag("li")
        for child in [*paragraph.contents]:
            item.append(child.extract())
        while stack and stack[-1][0] > level:
            stack.pop()
        if not stack or stack[-1][0] < level:
            made = soup.new_tag("ol" if number else "ul")
            if number and number[1] not in (None, "1"):
                made["start"] = number[1]
            if stack:
                stack[-1][1].find_all("li", recursive=False)[-1].append(made)
            else:
                paragraph.insert_before(made)
            stack.append((level, made))
        stack[-1][1].append(item)
        outer = stack[0][1]
        paragraph.decompose()
        last = outer


def _next_element(node: Any) -> Any:
    return node.find_next_sibling(True) if not _has_words_after(node) else None


def _has_words_after(node: Any) -> bool:
    for sibling in node.next_siblings:
        if getattr(sibling, "name", None):
            return False
        if str(sibling).strip():
            return True
    return False


def _take_mark(paragraph: Any) -> str:
    """The mark or number of an item, which is taken out of its text."""
    mark = paragraph.find("span", style=re.compile(r"mso-list:\s*ignore", re.IGNORECASE))
    if mark is None:
        return ""
    text = str(mark.get_text()).replace("\xa0", " ").strip()
    mark.decompose()
    return text
