"""A backslash that a formatter puts before an embed never takes the picture off the card."""

from __future__ import annotations

import pytest

from ankivault.convert.edit.field_edit import edit_field
from ankivault.convert.field_style import FieldStyle
from ankivault.convert.to_markdown.converted_field import ConvertedField
from ankivault.convert.vault_names import VaultNames

OPEN = "obsidian://open?file="
NAMES = VaultNames(lambda target: target.rpartition("/")[2], lambda target: OPEN + target)
STYLE = FieldStyle("inline", lambda name: f"assets/{name}", lambda href: href[len(OPEN) :])
# A wikilink as remark, mdformat and others write what they do not know.
ESCAPES = ("\\[\\[{}]]", "\\[\\[{}\\]\\]", "\\[[{}]\\]", "[\\[{}]]", "\\[[{}]]")
FIELDS = {
    "picture": 'a <img src="x_y.png"> b',
    "sound": "a [sound:x_y.mp3] b",
    "in a table": '<table><tr><td>a</td><td><img src="x_y.png" width="50"></td></tr></table>',
    "two": '<img src="x_y.png"><br><img src="x_y.png">',
    "in a cloze": '{{c1::<img src="x_y.png">}} b',
    "link": f'see <a href="{OPEN}x_y">x_y</a> b',
    "beside the same letters": 'write ![[x_y.png]] for <img src="x_y.png">',
}


@pytest.mark.parametrize("escape", ESCAPES)
@pytest.mark.parametrize("name", FIELDS)
def test_it_is_refused_with_its_line(name: str, escape: str) -> None:
    field = ConvertedField(FIELDS[name], STYLE)
    at = field.markdown.rindex("[[")
    inner, _, rest = field.markdown[at + 2 :].partition("]]")
    for wanted in (inner, inner.replace("_", "\\_")):
        page = "New words.\n\n" + field.markdown[:at] + escape.format(wanted) + rest
        edit = edit_field(field, page, NAMES)
        assert edit.html == field.html
        (refusal,) = edit.refusals
        assert "backslashes make plain letters" in refusal.reason
        assert refusal.line == page.count("\n", 0, page.index(escape.format(wanted))) + 1


@pytest.mark.parametrize("name", FIELDS)
def test_a_person_may_take_it_away_or_write_such_letters(name: str) -> None:
    field = ConvertedField(FIELDS[name], STYLE)
    at = field.markdown.rindex("[[")
    start = at - (field.markdown[at - 1] == "!")
    end = field.markdown.index("]]", at) + 2
    whole = field.markdown[start:end]
    gone = edit_field(field, field.markdown[:start] + "gone" + field.markdown[end:], NAMES)
    code = edit_field(field, field.markdown.replace(whole, f"`{whole}`"), NAMES)
    more = edit_field(field, f"{field.markdown}\n\n\\[[x_y.png]] and !\\[\\[other]]", NAMES)
    for edit in (gone, code, more):
        assert not edit.refusals and edit.html != field.html
