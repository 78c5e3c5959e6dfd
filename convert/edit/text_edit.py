"""Edits of a Markdown text outside of a vault (TOML deck, dynamic card), both ways.

This Markdown has no outline, its wikilinks stay text, and its clozes are written as in Anki.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from html import escape, unescape

from ..field_style import AddressRule, FieldStyle, as_written
from ..html.media_names import inline_sources
from ..markdown.canonical import drop_block_names
from ..patch.patch import patch_html
from ..text.media_kinds import media_by_name
from ..to_html.markdown_to_html import markdown_to_html
from ..to_markdown.converted_field import ConvertedField
from ..vault_names import VaultNames, no_link
from .cloze_lines import find_broken_cloze
from .cloze_slips import refuse_slips
from .field_edit import FieldEdit, edit_field
from .field_merge import merge_field
from .line_carry import carry_lines, take_lines
from .losses import refuse_losses
from .plain_addresses import plain_addresses, replay_plain
from .refusal import Refusal
from .regions import read_keys

_BLOCK_NAME = re.compile(r"(?<=\s)\^(?=[a-zA-Z0-9-]+[ \t]*$)", re.MULTILINE)
_INDENT = re.compile(r"[ \t]*")
_THING = re.compile(
    r"(?s:<!--.*?-->)|\[sound:[^\]]*\]|\{\{c[\d,]+::"
    r"|(?<=href=)(?:\"[^\"]*\"|'[^']*'|[^\s>]+)|(?<=src=)(?:\"[^\"]*\"|'[^']*'|[^\s>]+)",
    re.IGNORECASE,
)
_MARK = re.compile(r"%%|\{\{c|data-cloze|[\[<]")  # of anything that can be lost
_STYLE = FieldStyle()
_PLACES = 30  # the most places to look for a changed word
_NOT_THE_SAME = "in Anki this would not read the same again; please edit it there"


def _whole_clozes(text: str | None, comment: str | None) -> str | None:
    """Make a cloze of a highlight with a comment; a comment alone is text."""
    return as_written(text, comment) if text else None if comment else ""


@dataclass(frozen=True)
class TextEdit:
    """The HTML of a text after an edit. With a ``refusal``, it is the old HTML."""

    html: str
    refusal: Refusal | None = None


def show_text(html: str) -> str:
    """The Markdown that shows a text's HTML."""
    return ConvertedField(html, _STYLE).markdown


class TextConverter:
    """Reads texts with ``media`` as the meaning of their embeds."""

    def __init__(self, media: Callable[[str], str] = media_by_name) -> None:
        self._media = media
        self._names = VaultNames(media, no_link, _whole_clozes)
        self._keys: dict[str, str] = {}

    def read(self, text: str) -> str:
        """The HTML of a new text."""
        return markdown_to_html(text, self._media, clozes=_whole_clozes)

    def _read(self, text: str, addresses: AddressRule) -> str:
        return markdown_to_html(text, self._media, clozes=_whole_clozes, addresses=addresses)

    def push(self, html: str, before: str | None, text: str) -> TextEdit:
        """The HTML after an edit of its text. Every byte that the edit does not touch stays.

        ``before`` is the old text of the HTML, None when it is not known. A text with the same
        meaning is no edit. Refused: a text that cannot be read with certainty, or that would lose a
        cloze, a picture or a link that it shows.
        """
        field = ConvertedField(html, _STYLE)
        broken = find_broken_cloze(text, before or "")
        if broken is not None:
            return TextEdit(html, broken)
        edit = self._push(field, before, text)
        if edit.refusal or edit.html == html:
            return edit
        known = field.markdown if before is None else before
        wrong = refuse_losses(text, edit.html, True, (known, html))
        wrong = wrong or refuse_slips(html, edit.html, known, text)
        return TextEdit(html, wrong) if wrong else edit

    def find_loss(self, text: str) -> Refusal | None:
        """Why a new text is refused: it would lose one of its clozes, pictures or links."""
        if not _MARK.search(text):
            return None
        html = self.read(text)
        return refuse_losses(text, html, True) or refuse_slips("", html, "", text)

    def _push(self, field: ConvertedField, before: str | None, text: str) -> TextEdit:
        html, shown = field.html, field.markdown
        if text in (before, shown):
            return TextEdit(html)
        wanted = self.read(text)
        if wanted == html or (before is not None and self.read(before) == html):
            return TextEdit(wanted)
        rules = plain_addresses(html, shown, text, self._read)
        plain, wanted = (
            self._read(each, replay_plain(rule)) for each, rule in zip((shown, text), rules)
        )
        edit, places = self._edit(field, before, text)
        made = None if edit.refusals else edit.html
        for candidate in (made, patch_html(html, plain, wanted, False)):
            if candidate is None or not _keeps_things(html, candidate, plain, wanted):
                continue
            if candidate is made or self._says(field.having(candidate), text):
                return TextEdit(_put_back(html, candidate))
        if plain == html:  # no formatting to lose
            return TextEdit(wanted)
        if not edit.refusals:
            return TextEdit(html, Refusal(_NOT_THE_SAME, _first_edited(shown, text)))
        refusal = edit.refusals[0]
        line = places[min(max(refusal.line, 1), len(places)) - 1]
        return TextEdit(html, Refusal(refusal.reason, line))

    def pull(self, before: str, old: str, html: str) -> str:
        """The text ``before`` after its HTML ``old`` was edited to ``html``.

        Lines that the edit does not touch keep their spelling, and so do unedited words in other
        lines.
        """
        put = self._put_words(before, old, html)
        if put is not None:
            return put
        was, now = show_text(old), show_text(html)
        if was == now or self.read(before) == html:
            return before
        if was == before:
            return now
        wanted = self._mean(now)
        for words in (True, False):
            text, _ = carry_lines(was, before, now, self._key, words)
            if self._mean(text) == wanted:
                return text
        # Even where the text never had exactly Anki's meaning, other lines are the user's own.
        is_odd = self._mean(before) != self._mean(was)
        return text if is_odd and before.count("\n") == was.count("\n") else now

    def _put_words(self, before: str, old: str, html: str) -> str | None:
        """Replace words at the one place in ``before`` where it then reads as ``html``."""
        if self.read(before) != old:
            return None
        start, end = _changed_words(old, html)
        gone, new = old[start : len(old) - end], html[start : len(html) - end]
        if not gone or "<" in gone + new:
            return None
        words = unescape(gone)
        for number, found in enumerate(re.finditer(re.escape(words), before)):
            text = before[: found.start()] + unescape(new) + before[found.end() :]
            if self.read(text) == html:
                return text
            if number >= _PLACES:
                break
        return None

    def respell(self, text: str, spelled: str) -> str:
        """``text``, with lines that ``spelled`` also has in the spelling of ``spelled``."""
        made = take_lines(text, spelled, self._key)
        return made if self._mean(made) == self._mean(text) else text

    def merge(self, before: str, old: str, text: str, html: str) -> tuple[str, str] | None:
        """Merge the text's edit with the HTML's edit, since ``before`` and ``old``: text and HTML.

        None when both edited the same segment, or when the result cannot be read with certainty.
        """
        ours = self.push(old, before, text)
        if ours.refusal:
            return None
        field = ConvertedField(old, _STYLE)
        shown = field.markdown
        for markdown in dict.fromkeys((self._spell(before, shown, text)[0], text)):
            merged = merge_field(field, field.having(html), _escaped(markdown), self._names)
            if merged.conflicts:
                return None
            if merged.refusals:
                continue
            both = _put_back(html, merged.html)
            made = self.pull(text, ours.html, both)
            if not refuse_losses(made, both, True, (show_text(html), html)):
                return made, both
        return None

    def _edit(
        self, field: ConvertedField, before: str | None, text: str
    ) -> tuple[FieldEdit, list[int]]:
        """The edit, and the line of ``text`` for each line of the text that was read."""
        html, shown = field.html, field.markdown
        lines = list(range(1, text.count("\n") + 2))
        is_odd = not self._says(field, shown)  # reading it again would change what was not edited
        tries = [(text, lines)]
        if before is None:
            spelled = self.respell(text, shown), lines
        else:
            spelled = self._spell(before, shown, text)
        if spelled[0] != text:
            tries.insert(0, spelled)
        for markdown, places in tries:
            edit = edit_field(field, _escaped(markdown), self._names)
            if not edit.refusals and (is_odd or self._says(field.having(edit.html), text)):
                return edit, places
        if not edit.refusals:
            edit = FieldEdit(html, refusals=(Refusal(_NOT_THE_SAME, _first_edited(shown, text)),))
        return edit, places

    def _says(self, field: ConvertedField, text: str) -> bool:
        """Whether a field and a text have the same meaning."""
        return read_keys(field.markdown) == read_keys(field.having(self.read(text)).markdown)

    def _spell(self, before: str, shown: str, text: str) -> tuple[str, list[int]]:
        """``text``, with the parts kept from ``before`` in the field's own spelling ``shown``."""
        if before == shown:
            return text, list(range(1, text.count("\n") + 2))
        spelled = carry_lines(before, shown, text, self._key)
        return spelled if self._mean(spelled[0]) == self._mean(text) else (text, spelled[1])

    def _mean(self, text: str) -> str:
        """The same for texts with the same meaning."""
        return show_text(self.read(text))

    def _key(self, line: str) -> str:
        """The same for lines with the same meaning."""
        key = self._keys.get(line)
        if key is None:
            indent = _INDENT.match(line)
            assert indent
            key = self._keys[line] = indent[0] + self._mean(line[indent.end() :])
        return key


def _first_edited(before: str, text: str) -> int:
    """The first changed line, from 1."""
    lines = zip(before.split("\n"), text.split("\n"))
    return next((number for number, (a, b) in enumerate(lines, 1) if a != b), 1)


def _escaped(text: str) -> str:
    """A block name at a line's end is Obsidian's on a page; here it is escaped as text."""
    if "^" not in text or drop_block_names(text) == text:
        return text
    return _BLOCK_NAME.sub(r"\\^", text)


def _keeps_things(html: str, edited: str, plain: str, wanted: str) -> bool:
    """Whether an edit adds and removes exactly the links, files, comments and clozes it should.

    The same edit in plain text is the standard, because reading back does not show all of them.
    Things that no text shows may be removed.
    """
    before, after = _find_things(html), _find_things(edited)
    had, has = _find_things(plain), _find_things(wanted)
    lost = (before - after) - (had - has) - (before - had)
    return not ((has - had) - (after - before) or lost)


def _find_things(html: str) -> Counter[str]:
    return Counter(unescape(found.strip("\"'")) for found in _THING.findall(html))


def _put_back(before: str, after: str) -> str:
    """Put the data of inline pictures back where the edit has placed the pictures."""
    for name, source in inline_sources(before).items():
        after = after.replace(f'src="{name}"', f'src="{escape(source)}"')
    return after


def _changed_words(old: str, new: str) -> tuple[int, int]:
    """The lengths of the start and the end that two texts share, in whole words."""
    most = min(len(old), len(new))
    start = _shared(old, new)
    while start and (old[start - 1].isalnum() or old[start - 1] in "&#;"):
        start -= 1
    end = _shared(old[::-1], new[::-1])
    end = min(end, most - start)
    while end and (old[-end].isalnum() or old[-end] in "&#;"):
        end -= 1
    return start, end


def _shared(one: str, other: str) -> int:
    """The length of the start that two texts share."""
    pairs = enumerate(zip(one, other))
    return next((at for at, (a, b) in pairs if a != b), min(len(one), len(other)))
