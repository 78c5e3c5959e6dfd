"""The words of a field on one line: what titles, aliases and messages show."""

from __future__ import annotations

import pytest

from ankivault.convert.plain_text import plain_text


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("", ""),
        ("  plain   words ", "plain words"),
        ("<b>bo</b>ld<br>next<div>line</div>", "bold next line"),
        ("a &amp; b&nbsp;&lt;c&gt; &eacute;", "a & b <c> é"),
        ("{{c1::Paris}} is in {{c2::France::country}}", "Paris is in France"),
        ("{{c1::a {{c2::b::h}} c::i}}d", "a b cd"),
        ("{{c1::<ul><li>a</li></ul>}} <code>{{c2::b::<i>h</i>}}</code>", "a b"),
        ("{{c1::never closed", "{{c1::never closed"),
        ("\\(x^2\\) and \\[y\\] and [$]z[/$]", "x^2 and y and z"),
        ("\\(a = {{c1::b}}\\)", "a = b"),
        ("[latex]$x$[/latex]", "x"),
        ('<img src="a.png">[sound:b.mp3]after', "after"),
        ("<style>.a{}</style><script>1</script><!-- c -->seen", "seen"),
        ("<span style='display:none'>no</span>yes", "yes"),
        ("<ul><li>a</li><li>b</li></ul><table><tr><td>c</td><td>d</td></tr></table>", "a b c d"),
        ("<pre>a\n  b</pre>", "a b"),
        ("{{c1::image-occlusion:rect:left=.1}}", ""),
        ("a\x00b\x1f", "ab"),
    ],
)
def test_plain_text(html: str, text: str) -> None:
    assert plain_text(html) == text
