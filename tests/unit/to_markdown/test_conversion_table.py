"""Field HTML and the Markdown a person finds in the vault: the rules of conversion, one by one."""

from __future__ import annotations

import pytest

from ankivault.convert.field_style import Clozes, FieldStyle
from ankivault.convert.segment import join_markdown
from ankivault.convert.to_html.markdown_to_html import markdown_to_html
from ankivault.convert.to_markdown.html_to_markdown import html_to_markdown

NBSP = "\xa0"


def convert(html: str, clozes: Clozes = "none") -> str:
    segments = html_to_markdown(html, FieldStyle(clozes=clozes, embed_target=lambda n: f"A/{n}"))
    assert "".join(segment.html for segment in segments) == html
    return join_markdown(segments)


Case = tuple[str, str]

WORDS: list[Case] = [
    ("", ""),
    ("plain words", "plain words"),
    ("a\n  b", "a b"),
    ("  edges \n", "edges"),
    ("&lt;b&gt; &amp; &eacute;&#233;&hellip;", "\\<b> & éé…"),
    ("&amp;lt;", "\\&lt;"),
    ("a &lt; b &amp;&amp; c &gt; d", "a < b && c > d"),
    ("the&nbsp;<b>word</b>&nbsp;here", "the **word** here"),
    ("a&nbsp;&nbsp;b", f"a{NBSP}{NBSP}b"),
    ("&nbsp;indented", f"{NBSP}indented"),
    ("«&nbsp;été&nbsp;»&nbsp;!", f"«{NBSP}été{NBSP}»{NBSP}!"),
    ("5&nbsp;kg", f"5{NBSP}kg"),
    ("&nbsp;", ""),
    ("·<span>&nbsp;&nbsp; </span>a<p>1.&nbsp; &nbsp;b</p>", "· a\n\n1\\. b"),
    ("a<!-- no --><script>x()</script><style>b{}</style>b", "ab"),
    ("seen<span style='display:none'>unseen</span><p hidden>gone</p>", "seen"),
    ("<font color='red' size='5'><span style='font-size: 9px'>x</span></font>", "x"),
    ("<q>said</q>", "“said”"),
    ("<textarea>a <b></textarea>", "a \\<b>"),
]

LINES: list[Case] = [
    ("a<br>b", "a\nb"),
    ("a<br><br><br>b", "a\n\nb"),
    ("<br>a<br>", "a"),
    ("a<div>b</div><div>c</div>", "a\nb\nc"),
    ("<div><div>a</div></div>", "a"),
    ("a<div><br></div><div>b</div>", "a\n\nb"),
    ("<div>a<br></div><div>b</div>", "a\nb"),
    ("<p>a</p><p>b</p>", "a\n\nb"),
    ("<p>a<div>b</div>", "a\n\nb"),
    ("a<hr>b", "a\n\n---\n\nb"),
    ("<blockquote>a<br>b</blockquote>c", "> a\n> b\n\nc"),
    ("<h1>One</h1>x<h4>Four</h4>", "### One\n\nx\n\n###### Four"),
    ("<h2>C #</h2>", "#### C \\#"),
    ("<div style='white-space: pre-wrap'>a\nb</div>", "a\nb"),
    ("<dl><dt>T</dt><dd>d</dd></dl>", "**T**\nd"),
]

EMPHASIS: list[Case] = [
    ("<b>a</b> <i>b</i> <s>c</s> <mark>d</mark>", "**a** *b* ~~c~~ ==d=="),
    ("<strong>a</strong> <em>b</em> <del>c</del> <strike>d</strike>", "**a** *b* ~~c~~ ~~d~~"),
    ("a<b> b </b>c", "a **b** c"),
    ("<b>a</b><b>b</b>", "**ab**"),
    ("<b>a</b> <b>b</b>", "**a** **b**"),
    ("<b><b>a</b></b>", "**a**"),
    ("<b><i>a</i></b>", "***a***"),
    ("<b>a<i>b</i></b>", "**a*b***"),
    ("<b></b>a<i> </i>b", "a b"),
    ("<b>a<br>b</b>", "**a**\n**b**"),
    ("<b>a<div>b</div></b>", "**a**\n**b**"),
    ("中<b>文</b>字", "中**文**字"),
    ("foo<b>(x)</b>bar", "foo<b>(x)</b>bar"),
    ("<b>“字”</b>字", "<b>“字”</b>字"),
    ("<b>a<i>b</b>c</i>", "<b>a<i>b</i></b>*c*"),
    (
        "<span style='font-weight:700'>a</span><span style='font-style:italic'> b</span>",
        "**a** *b*",
    ),
    ("<span style='text-decoration: line-through'>a</span>", "~~a~~"),
    ("<b>a <span style='font-weight: 400'>b</span></b>", "**a** b"),
    ("<b style='font-weight:normal'>a</b>", "a"),
]

RAW: list[Case] = [
    ("x<sub>2</sub>y<sup>3</sup>", "x<sub>2</sub>y<sup>3</sup>"),
    ("<u>a <b>b</b></u>", "<u>a <b>b</b></u>"),
    ("<b>a <u>b</u></b>", "**a <u>b</u>**"),
    ("<span style='text-decoration:underline'>a</span>", "<u>a</u>"),
    (
        "<ruby>漢<rp>(</rp><rt>かん</rt><rp>)</rp></ruby>",
        "<ruby>漢<rp>(</rp><rt>かん</rt><rp>)</rp></ruby>",
    ),
    ("<kbd>Ctrl</kbd><kbd>C</kbd>", "<kbd>Ctrl</kbd><kbd>C</kbd>"),
    ("<u style='color:red'>*a* &lt;b&gt;</u>", "<u>&#42;a&#42; &lt;b&gt;</u>"),
    ("<abbr title='x'>y</abbr>", '<abbr title="x">y</abbr>'),
    ("<div dir='rtl'>שלום <b>x</b></div>", '<span dir="rtl">שלום <b>x</b></span>'),
    ("<u>x<img src=a.png>y</u>", "<u>x</u>![[A/a.png]]<u>y</u>"),
    (
        "<details open><summary>S</summary>a<ul><li>b</li></ul></details>",
        "<details open><summary>S</summary>a<ul><li>b</li></ul></details>",
    ),
]

ESCAPES: list[Case] = [
    ("*a* _b_ snake_case 2*3", "\\*a\\* \\_b_ snake_case 2\\*3"),
    ("a * b, fill in ____ here", "a * b, fill in ____ here"),
    ("____<br>* a<br>*", "\\____\n\\* a\n\\*"),
    (
        "`a` ~~b~~ ~c~ ==d== 1=2 %%e%% 5%",
        "\\`a\\` \\~\\~b\\~\\~ ~c~ \\=\\=d\\=\\= 1=2 \\%\\%e\\%\\% 5%",
    ),
    ("if a == b, x==y<br>~~~ c", "if a == b, x\\=\\=y\n\\~~~ c"),
    ("$5 and $6", "\\$5 and \\$6"),
    ("[[a]] ![b] [c](d) [^1] [e] x[0]", "\\[\\[a]] !\\[b] [c]\\(d) \\[^1] [e] x[0]"),
    ("漢字[かんじ]", "漢字[かんじ]"),
    ("#tag C# # x #1 a#b", "\\#tag C# # x #1 a#b"),
    ("#´ #° #½ #。 #1 #, #–", "\\#´ \\#° \\#½ \\#。 #1 #, #–"),
    ("1. a<br>2) b<br>10.5 c", "1\\. a\n2\\) b\n10.5 c"),
    ("- a<br>+ b<br>* c<br>-d", "\\- a\n\\+ b\n\\* c\n-d"),
    ("# a<br>&gt; b<br>---<br>===<br>=", "\\# a\n\\> b\n\\---\n\\===\n\\="),
    ("| a | b |<br>|---|---|", "| a | b |\n\\|---|---|"),
    ("&lt;div&gt; 1 &lt; 2 &lt;3", "\\<div> 1 < 2 <3"),
    ("C:\\new\\*x a\\", "C:\\new\\\\\\*x a\\\\"),
    ("[x]: http://a.b<br>end ^id", "\\[x]: http://a.b\nend \\^id"),
    ("<blockquote>[!note] x</blockquote>", "> \\[!note] x"),
    ("<ul><li>[x] a</li></ul>", "- \\[x] a"),
    ("a|b", "a|b"),
    ("<b>a</b>*", "**a**\\*"),
    ("<s>a<img src='b.png'></s>c", "~~a~~![[A/b.png]]c"),
]

CLOZES: list[Case] = [
    ("a {{c1::b}} c", "a ==b==%%c1%% c"),
    ("{{c2::b::hint}}", "==b==%%c2::hint%%"),
    ("{{c1,2::b}}", "==b==%%c1,2%%"),
    ("{{c1::std::vector}}", "==std==%%c1::vector%%"),
    ("{{c1::<b>b</b>::<i>h</i>}}", "==**b**==%%c1::h%%"),
    ("<b>{{c1::b}}</b>", "**==b==%%c1%%**"),
    ("{{c1:: b }}c", "==b==%%c1%% c"),
    ("{{c1::a<br>b}}", "==a==%%c1…%%\n==b==%%c1%%"),
    ("{{c1::a<div>b</div>::h}}c", "==a==%%c1…%%\n==b==%%c1::h%%\nc"),
    ("{{c1::a<br>b}}<br>{{c1::c}}", "==a==%%c1…%%\n==b==%%c1%%\n==c==%%c1%%"),
    ("<h1>{{c1::a<br>b}}</h1>", "### ==a<br>b==%%c1%%"),
    ("{{c1::a<br>{{c2::b}}}}", "{{c1::a\n{{c2::b}}}}"),
    ("{{c1::a == b}}", "==a \\=\\= b==%%c1%%"),
    ("{{c1::https://a.b}}", "==<https://a.b>==%%c1%%"),
    ('{{c1::<img src="a.png">}}', "==![[A/a.png]]==%%c1%%"),
    ("{{c1::a {{c2::b}} c}}", "{{c1::a {{c2::b}} c}}"),
    ("{{c1::<ul><li>a</li></ul>}}", "- ==a==%%c1%%"),
    ("<ul>{{c1::<li>a</li><li>b</li>}}</ul>", "- ==a==%%c1…%%\n- ==b==%%c1%%"),
    ("<ul><li>{{c1::a</li><li>b}} c</li></ul>", "- ==a==%%c1…%%\n- ==b==%%c1%% c"),
    ("{{c1::<blockquote>a<br>b</blockquote>}}", "> ==a==%%c1…%%\n> ==b==%%c1%%"),
    ("{{c1::a<pre>x\ny</pre>b}}", "==a==%%c1…%%\n\n```\nx\ny\n```\n\n==b==%%c1%%"),
    ("{{c1::<pre>x\ny</pre>}}", "%%c1…%%\n\n```\nx\ny\n```\n\n%%c1%%"),
    ("{{c1::\\[x\\]<br><img src='c.png'>}}", "==$$x$$==%%c1…%%\n==![[A/c.png]]==%%c1%%"),
    (
        "<table><tr><td>{{c1::a</td><td>b<br>c}}</td></tr></table>",
        "| ==a==%%c1…%% | ==b==%%c1…%%<br>==c==%%c1%% |\n| --- | --- |",
    ),
    (
        "<table><tr><td colspan=2>{{c1::a</td></tr><tr><td>b}}</td></tr></table>",
        '<table>\n<tr><td colspan="2"><mark data-cloze="1…">a</mark></td></tr>\n'
        '<tr><td><mark data-cloze="1">b</mark></td></tr>\n</table>',
    ),
    ("<code>{{c1::a}}</code>", "`{{c1::a}}`"),
    ("{{c1::<code>a</code>}}", "==`a`==%%c1%%"),
    ("{{c1::<pre>a -b</pre>}}", "==`a -b`==%%c1%%"),
    ("{{c1::a::<b>h</b>?<br>i}}", "==a==%%c1::h? i%%"),
    ("{{c1::}}x y{{c2::&nbsp;}}z", "%%c1%%x y%%c2%% z"),
    ("{{c1::never closed", "{{c1::never closed"),
    ("<u>{{c1::a::h}}</u>", '<u><mark data-cloze="1" data-hint="h">a</mark></u>'),
    ("{{c1::a::50%}}", '<mark data-cloze="1" data-hint="50%">a</mark>'),
    ("<mark>a {{c1::b}}</mark>", "==a== ==b==%%c1%%"),
    ("{{c1::image-occlusion:rect:left=.1}}<br>", ""),
    ("<ul><li>{{c1::a}}</li></ul>", "- ==a==%%c1%%"),
    ("<table><tr><td>{{c1::a}}</td><td>b</td></tr></table>", "| ==a==%%c1%% | b |\n| --- | --- |"),
]

CLOZES_IN_MATH: list[Case] = [
    ("\\(a = {{c1::b}}\\)", "$a = \\boxed{b}$%%c1%%"),
    ("\\({{c1::a}} + {{c2::b::h}}\\)", "$\\boxed{a} + \\boxed{b}$%%c1,c2::h%%"),
    ("\\(\\boxed{x} + {{c1::b}}\\)", "$\\boxed{x} + \\boxed{b}$%%-,c1%%"),
    ("\\({{c1::x_{i_{j} } }}\\)", "$\\boxed{x_{i_{j} }}$%%c1%%"),
    ("\\({{c1::\\frac{a}{b}}}\\)", "$\\boxed{\\frac{a}{b}}$%%c1%%"),
    ("{{c1::\\(x\\)}}", "==$x$==%%c1%%"),
    ("{{c1::\\(x_{a_{b}}\\)}}", "==$x_{a_{b}}$==%%c1%%"),
    ("{{c1::a \\(b}} c\\)", "{{c1::a $b}} c$"),
]

OUTLINE: list[Case] = [
    (
        "The poverty line is defined by {{c1::a minimum income}}",
        "## 1. The poverty line is defined by\n==a minimum income==%%c1%%",
    ),
    ("{{c1::A}} is {{c2::b}}, {{c3::c}}.", "==A==%%c1%%\n\n## 1. is\n==b==%%c2%%, ==c==%%c3%%."),
    ("One {{c1::a}}<br>Two {{c2::b}}", "## 1. One\n==a==%%c1%%\n\n## 2. Two\n==b==%%c2%%"),
    ("An un{{c1::believ}}able ({{c2::x}})", "## 1. An\nun==believ==%%c1%%able (==x==%%c2%%)"),
    ("<img src=a.png> Name: {{c1::x}}", "![[A/a.png]]\n\n## 1. Name:\n==x==%%c1%%"),
    ("Intro<br>a {{c1::b}}<br>after", "Intro\n\n## 1. a\n==b==%%c1%%\nafter"),
    ("<ul><li>a {{c1::b}}</li></ul>", "- a ==b==%%c1%%"),
    ("<b>a {{c1::b}}</b>", "**a ==b==%%c1%%**"),
    ("\\(a={{c1::b}}\\)", "$a=\\boxed{b}$%%c1%%"),
    (
        "a <b>bo</b>ld{{c1::x}}<i>y</i>z w {{c2::v}}",
        "## 1. a\n**bo**ld==x==%%c1%%*y*z\n\n## 2. w\n==v==%%c2%%",
    ),
    ("東京は{{c1::日本}}の首都", "## 1. 東京は\n==日本==%%c1%%の首都"),
    ("中文：{{c1::x}}", "## 1. 中文：\n==x==%%c1%%"),
    ("これは「{{c1::x}}」", "## 1. これは\n「==x==%%c1%%」"),
    ("私[わたし]{{c1::は}} 子[こ]{{c2::x}}", "## 1. 私[わたし]\n==は==%%c1%% 子[こ]==x==%%c2%%"),
    ("The value is f({{c1::x}})", "## 1. The value is\nf(==x==%%c1%%)"),
    ("Step 1:{{c1::x}}", "Step 1:==x==%%c1%%"),
    ("a <img src=b.png>c {{c1::x}}", "a ![[A/b.png]]\n\n## 1. c\n==x==%%c1%%"),
    ("a 5&nbsp;kg({{c1::x}})", "## 1. a\n5\xa0kg(==x==%%c1%%)"),
    ("a<img src=b.png>c {{c1::x}}", "a![[A/b.png]]c ==x==%%c1%%"),
    ("{{c1::<ul><li>a</li></ul>}}is {{c2::b}}", "- ==a==%%c1%%\n\n## 1. is\n==b==%%c2%%"),
    ("Why {{c1::a<br>b}} so<br>c", "## 1. Why\n==a==%%c1…%%\n==b==%%c1%% so\nc"),
    ("C # {{c1::x}}", "## 1. C \\#\n==x==%%c1%%"),
    ("1. {{c1::a}}", "1\\. ==a==%%c1%%"),
    ("no cloze here", "no cloze here"),
]

MATHS: list[Case] = [
    ("\\( x \\)", "$x$"),
    ("\\[x\\]", "$$x$$"),
    ("a \\[x\\] b", "a $$x$$ b"),
    ("[$]x[/$] [$$]y[/$$]", "$x$ $$y$$"),
    ("<anki-mathjax>x</anki-mathjax> <anki-mathjax block='true'>y</anki-mathjax>", "$x$ $$y$$"),
    ("\\(a &lt; b &amp; c&nbsp;d\\)", "$a < b & c d$"),
    ("\\(a<br>b\\)", "$a b$"),
    ("\\(*x*_1 [[y]]\\)", "$*x*_1 [[y]]$"),
    ("\\(\\$5\\) \\(6$\\)", "$\\$5$ $6\\$$"),
    ("\\(a\\)\\(b\\) \\(c\\)5", "$a$ $b$ $c$<wbr>5"),
    ("<b>\\(x\\)</b>", "**$x$**"),
    (
        "<table><tr><td>\\(a|b\\)</td><td>\\(\\|c\\|\\)</td></tr></table>",
        "| $a\\vert b$ | $\\Vert c\\Vert$ |\n| --- | --- |",
    ),
    ("[latex]$x$[/latex] [latex]\\begin{math}y\\end{math}[/latex]", "$x$ $y$"),
    ("[latex]\\tiny a<br>&amp;[/latex]", "```latex\n\\tiny a\n&\n```"),
    ("\\[a % why<br>+ 5\\% b\\]", "$$a + 5\\% b$$"),
    ("\\( never closed", "\\\\( never closed"),
    ("<code>\\(x\\)</code>", "`\\(x\\)`"),
]

MEDIA: list[Case] = [
    ("[sound:f.mp3]", "![[A/f.mp3]]"),
    ("[sound:a &amp; b.mp3]", "![[A/a & b.mp3]]"),
    ("<audio src='a.mp3'></audio><video src='b.mp4'>no</video>", "![[A/a.mp3]]![[A/b.mp4]]"),
    ("<video><source src='a.mp4'><source src='a.webm'></video>", "![[A/a.mp4]]"),
    ('<img src="f.png" width=200>', "![[A/f.png|200]]"),
    ('<img src="f.png" width=200 height="100px">', "![[A/f.png|200x100]]"),
    ('<img style="width: 30px" src="f.png">', "![[A/f.png|30]]"),
    ('<img style="width: 30%" src="f.png">', "![[A/f.png]]"),
    ('<img src="a%20b%2520.png">', "![[A/a b%20.png]]"),
    ('<img src="e\u0301.png">', "![[A/é.png]]"),
    ('<img src="https://a.b/c d(1).png" alt="x">', "![x](https://a.b/c%20d%281%29.png)"),
    ('<img src=""><img>', ""),
    ('<img src="data:image/png;base64,iVBORw0KGgo=">', "![[A/data-4caece539b03.png]]"),
    ("<iframe src='https://a.b/'></iframe>", '<iframe src="https://a.b/"></iframe>'),
]

LINKS: list[Case] = [
    ("<a href='http://a.b'>c</a>", "[c](http://a.b)"),
    ("<a href='http://a.b/(c) d'>e]</a>", "[e&#93;](http://a.b/%28c%29%20d)"),
    ("<a href='http://a.b'>http://a.b</a>", "http://a.b"),
    ("<a href='http://a.b'>http://a.b/</a>", "http://a.b/"),
    ("<a href='http://a.b/c'>http://a.b…</a>", "[http://a.b…](http://a.b/c)"),
    ("<a href='http://a.b'><b>c</b></a>", "[**c**](http://a.b)"),
    ("<a>b</a> <a href='javascript:x'>c</a>", "b c"),
    ("<a href='http://a.b'><img src='c d.png'></a>", "[![[A/c d.png]]](http://a.b)"),
    ("see http://a.b/c_d_e.", "see http://a.b/c_d_e."),
    ("http://a.b/*c*", "<http://a.b/*c*>"),
    (
        "!<a href='http://a.b'>c</a> d^<a href='http://a.b'>e</a>",
        "\\![c](http://a.b) d\\^[e](http://a.b)",
    ),
    ("Wow!<img src='c.png'>", "Wow!![[A/c.png]]"),
    ("a<iframe src='https://a.b/'></iframe>b", 'a\n\n<iframe src="https://a.b/"></iframe>\n\nb'),
]

LISTS: list[Case] = [
    ("<ul><li>a</li><li>b</li></ul>", "- a\n- b"),
    ("<ol start='3'><li>a</li><li>b</li></ol>", "3. a\n4. b"),
    ("<ol><li value='7'>a</li><li>b</li></ol>", "7. a\n8. b"),
    ("<ul><li>a<ul><li>b</li></ul></li></ul>", "- a\n\t- b"),
    ("<ul><li>a</li><ul><li>b</li></ul></ul>", "- a\n\t- b"),
    ("<ol><li>a<br>b</li></ol>", "1. a\n\tb"),
    ("<ul><li><p>a</p><p>b</p></li></ul>", "- a\n\n\tb"),
    ("x<ul><li>a</li></ul>y", "x\n\n- a\n\ny"),
    ("<ul><li>a</li></ul><ul><li>b</li></ul>", "- a\n- b"),
    ("<ul><li>a</li></ul><br><ul><li>b</li></ul>", "- a\n\n* b"),
    ("<ol><li>a</li></ol><ol start=2><li>b</li></ol>", "1. a\n2. b"),
    ("<ol><li>a</li></ol><ol><li>b</li></ol>", "1. a\n\n1) b"),
    ("<ul><li><pre>x\ny</pre></li></ul>", "- ```\n\tx\n\ty\n\t```"),
    ("<ul><li><input type='checkbox' checked> a</li></ul>", "- [x] a"),
    ("<li>a</li><li>b</li>", "- a\n- b"),
    ("<b><ul><li>a</li></ul></b>", "- **a**"),
]

TABLES: list[Case] = [
    (
        "<table><tr><th>a</th><th>b</th></tr><tr><td>1</td><td>2</td></tr></table>",
        "| a | b |\n| --- | --- |\n| 1 | 2 |",
    ),
    ("<table><tr><td>a</td><td>b</td></tr></table>", "| a | b |\n| --- | --- |"),
    (
        "<table><tr><td>a|b</td><td><img src='c.png' width=9></td></tr></table>",
        "| a\\|b | ![[A/c.png\\|9]] |\n| --- | --- |",
    ),
    ("<table><tr><td>a<br>b</td><td></td></tr></table>", "| a<br>b |  |\n| --- | --- |"),
    ("<table><tr><td><b>only</b></td></tr></table>", "**only**"),
    (
        "<table style='x'><tr><td colspan=2>a<img src='c.png'></td></tr>"
        "<tr><td>*b*</td></tr></table>",
        '<table>\n<tr><td colspan="2">a</td></tr>\n'
        "<tr><td>&#42;b&#42;</td></tr>\n</table>\n\n![[A/c.png]]",
    ),
    (
        "<table><tr><td><pre>$1\n*a</pre></td><td>\\(b\\)</td></tr></table>",
        "<table>\n<tr><td><pre><code>&#36;1&#10;&#42;a</code></pre></td><td>$b$</td></tr>\n</table>",
    ),
    (
        "<table><tr><td><ul><li>a</li></ul></td><td>b</td></tr></table>",
        "<table>\n<tr><td><ul><li>a</li></ul></td><td>b</td></tr>\n</table>",
    ),
]

CODE: list[Case] = [
    ("<code>a*b</code> <tt>&lt;b&gt;</tt>", "`a*b` `<b>`"),
    ("<code>a`b</code> <code>`</code>", "``a`b`` `` ` ``"),
    ("<code>a <b>b</b></code>", "`a b`"),
    ("<b><code>a</code></b>", "**`a`**"),
    ("<code>a<br>b</code>", "```\na\nb\n```"),
    ("<pre><code class='language-py'>a\n  b</code></pre>", "```py\na\n  b\n```"),
    ("<pre>a<br>```</pre>", "````\na\n```\n````"),
    ("<pre><span class='k'>a</span> <b>b</b></pre>", "```\na b\n```"),
    (
        "<table class='highlighttable'><tr><td><pre>1\n2</pre></td>"
        "<td><pre>a\nb</pre></td></tr></table>",
        "```\na\nb\n```",
    ),
]


@pytest.mark.parametrize(
    ("html", "markdown"),
    [
        *WORDS,
        *LINES,
        *EMPHASIS,
        *RAW,
        *ESCAPES,
        *MATHS,
        *MEDIA,
        *LINKS,
        *LISTS,
        *TABLES,
        *CODE,
    ],
)
def test_a_field_on_its_page(html: str, markdown: str) -> None:
    assert convert(html) == markdown


@pytest.mark.parametrize(("html", "markdown"), [*CLOZES, *CLOZES_IN_MATH])
def test_clozes_are_highlights_that_keep_number_and_hint(html: str, markdown: str) -> None:
    assert convert(html, "inline") == markdown


@pytest.mark.parametrize(("html", "markdown"), OUTLINE)
def test_the_outline_makes_a_heading_of_what_stands_before_a_cloze(
    html: str, markdown: str
) -> None:
    assert convert(html, "outline") == markdown


def test_where_clozes_mean_nothing_they_are_text() -> None:
    assert convert("{{c1::a}}") == "{{c1::a}}"
    assert convert("\\({{c1::a}}\\)") == "${{c1::a}}$"


@pytest.mark.parametrize("thing", [r"\(x\)", "[sound:a.mp3]", r"see \(x\) and \(y\)"])
@pytest.mark.parametrize("clozes", ["inline", "outline"])
def test_what_stands_in_a_hint_is_in_the_comment_alone(thing: str, clozes: Clozes) -> None:
    html = f"{{{{c1::word::{thing}}}}} after"
    markdown = join_markdown(html_to_markdown(html, FieldStyle(clozes)))
    assert markdown == f"==word==%%c1::{thing}%% after"
    assert markdown_to_html(markdown) == html
