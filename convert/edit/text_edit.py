"""A Markdown text outside of a vault, in a TOML deck or on a dynamic card: its edits, both ways.

Such a text has no outline, and its wikilinks stay text. Its clozes stand as Anki has them.
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
_MARK = re.compile(r"%%|\{\{c|data-cloze|[\[<]")  # of what can be lost
_STYLE = FieldStyle()
_PLACES = 30  # where a changed word is looked for
_NOT_THE_SAME = "in Anki this would not read the same again; please edit it there"


def _whole_clozes(text: str | None, comment: str | None) -> str | None:
    """A cloze is a highlight with a comment; a comment alone is text."""
    return as_written(text, comment) if text else None if comment else ""


@dataclass(frozen=True)
class TextEdit:
    """The HTML of a text after an edit. With a ``refusal``, it is as it was."""

    html: str
    refusal: Refusal | None = None


def show_text(html: str) -> str:
    """The Markdown that a text's HTML is shown as."""
    return ConvertedField(html, _STYLE).markdown


class TextConverter:
    """Reads texts whose embeds mean what ``media`` says."""

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
        """``html`` after its text was edited: every byte that the edit does not touch stays.

        ``before`` is the text that stood for it, nothing when that is not known. What says the
        same is no edit. Refused is what cannot be read with certainty, and what would lose a
        cloze, a picture or a link that the text shows.
        """
        field = ConvertedField(html, _STYLE)
        edit = self._push(field, before, text)
        if edit.refusal or edit.html == html:
            return edit
        known = field.markdown if before is None else before
        wrong = refuse_losses(text, edit.html, True, (known, html))
        wrong = wrong or refuse_slips(html, edit.html, known, text)
        return TextEdit(html, wrong) if wrong else edit

    def find_loss(self, text: str) -> Refusal | None:
        """Why a new text cannot be read: a cloze, a picture or a link of it would be lost."""
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
        if plain == html:  # it has no looks of its own to lose
            return TextEdit(wanted)
        if not edit.refusals:
            return TextEdit(html, Refusal(_NOT_THE_SAME, _first_edited(shown, text)))
        refusal = edit.refusals[0]
        line = places[min(max(refusal.line, 1), len(places)) - 1]
        return TextEdit(html, Refusal(refusal.reason, line))

    def pull(self, before: str, old: str, html: str) -> str:
        """The text ``before``, that stood for ``old``, after that was edited to ``html``.

        Lines that the edit does not touch stay as they were written, and so do the words of
        others where they say the same.
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
        # Also where the text never said quite what Anki has, other lines are the person's own.
        is_odd = self._mean(before) != self._mean(was)
        return text if is_odd and before.count("\n") == was.count("\n") else now

    def _put_words(self, before: str, old: str, html: str) -> str | None:
        """``before`` with other words in the one place where that makes it read as ``html``."""
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
        """``text``, with the lines that ``spelled`` has too as they are written there."""
        made = take_lines(text, spelled, self._key)
        return made if self._mean(made) == self._mean(text) else text

    def merge(self, before: str, old: str, text: str, html: str) -> tuple[str, str] | None:
        """Both the text's edit and the HTML's of what was ``before`` and ``old``, as the two.

        Nothing when both edited the same segment, or when it cannot be read with certainty.
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
        """The edit, and which line of ``text`` each line of what was read is."""
        html, shown = field.html, field.markdown
        lines = list(range(1, text.count("\n") + 2))
        is_odd = not self._says(field, shown)  # then what was not edited would not read the same
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
        """Whether a field says what a text does."""
        return read_keys(field.markdown) == read_keys(field.having(self.read(text)).markdown)

    def _spell(self, before: str, shown: str, text: str) -> tuple[str, list[int]]:
        """``text``, with what it left of ``before`` as the field is ``shown``."""
        if before == shown:
            return text, list(range(1, text.count("\n") + 2))
        spelled = carry_lines(before, shown, text, self._key)
        return spelled if self._mean(spelled[0]) == self._mean(text) else (text, spelled[1])

    def _mean(self, text: str) -> str:
        """Equal for texts that say the same."""
        return show_text(self.read(text))

    def _key(self, line: str) -> str:
        """Equal for lines that say the same."""
        key = self._keys.get(line)
        if key is None:
            indent = _INDENT.match(line)
            assert indent
            key = self._keys[line] = indent[0] + self._mean(line[indent.end() :])
        return key


def _first_edited(before: str, text: str) -> int:
    """The first line that is not as it was, from 1."""
    lines = zip(before.split("\n"), text.split("\n"))
    return next((number for number, (a, b) in enumerate(lines, 1) if a != b), 1)


def _escaped(text: str) -> str:
    """On a page, a name at a line's end is Obsidian's own; here it is text like any other."""
    if "^" not in text or drop_block_names(text) == text:
        return text
    return _BLOCK_NAME.sub(r"\\^", text)


def _keeps_things(html: str, edited: str, plain: str, wanted: str) -> bool:
    """Whether an edit brings and takes the links, files, comments and clozes that it is to.

    As it would in plain text; reading back does not show them all. What no text shows may go.
    """
    before, after = _find_things(html), _find_things(edited)
    had, has = _find_things(plain), _find_things(wanted)
    lost = (before - after) - (had - has) - (before - had)
    return not ((has - had) - (after - before) or lost)


def _find_things(html: str) -> Counter[str]:
    return Counter(unescape(found.strip("\"'")) for found in _THING.findall(html))


def _put_back(before: str, after: str) -> str:
    """Pictures whose data stand in the HTML stay there, wherever the edit has put them."""
    for name, source in inline_sources(before).items():
        after = after.replace(f'src="{name}"', f'src="{escape(source)}"')
    return after


def _changed_words(old: str, new: str) -> tuple[int, int]:
    """How many characters at the start and at the end two texts share, words left whole."""
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
    """How many characters two texts begin with alike."""
    pairs = enumerate(zip(one, other))
    return next((at for at, (a, b) in pairs if a != b), min(len(one), len(other)))
