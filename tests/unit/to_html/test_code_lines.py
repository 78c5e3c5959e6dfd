"""The lines of code: each is there once, empty ones at the start too."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ankivault.convert.to_html.markdown_to_html import markdown_to_html
from ankivault.convert.to_markdown.converted_field import ConvertedField


@given(st.lists(st.sampled_from(["", "x", " x", "\ty"]), min_size=1), st.sampled_from(["", "py"]))
def test_code_is_written_and_read_line_by_line(lines: list[str], language: str) -> None:
    code = "\n".join([*lines, "end"])
    html = markdown_to_html(f"```{language}\n{code}\n```")
    assert html.partition("<code")[2].partition(">")[2].partition("</code>")[0] == code
    assert ConvertedField(html).markdown == f"```{language}\n{code}\n```"


@pytest.mark.parametrize(
    ("html", "code"),
    [
        ("<pre>\nx</pre>", "x"),  # a break right behind the tag shows nothing
        ("<pre>\r\nx</pre>", "x"),
        ("<pre>&#10;x</pre>", "x"),
        ("<pre>\n\nx</pre>", "\nx"),
        ("<pre><code>\nx</code></pre>", "\nx"),
        ("<pre><code>\n\nx</code></pre>", "\n\nx"),
        ("<pre>\n<code>\nx</code></pre>", "\nx"),
        ("<pre><br>x</pre>", "\nx"),
        ('<pre class="a"><b></b>\nx</pre>', "\nx"),
    ],
)
def test_only_a_break_right_behind_pre_shows_nothing(html: str, code: str) -> None:
    assert ConvertedField(html).markdown == f"```\n{code}\n```"
