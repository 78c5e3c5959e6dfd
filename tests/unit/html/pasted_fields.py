"""Fields as people paste and type them: Word, web pages, other decks, twenty years of editors."""

from __future__ import annotations

PASTED = (
    '<b>Diagnosis</b>: {{c1::<span style="color: rgb(255, 0, 0);">Myocardial <u>infarctio'
    'n</u></span>::heart?}}<div><br></div><div>Tx: <i>{{c2::Aspirin}}</i> + <font color="'
    '#0000ff">heparin</font>&nbsp;&nbsp;</div><div><img src="paste-1.jpg" style="width: 3'
    '00px;"></div>',
    '<div style="text-align: center;"><b style="color: rgb(0,0,0); font-size: 20px;">Kreb'
    "s cycle</b></div><ul><li><b>Step 1</b>: citrate<ul><li>enzyme: {{c1::citrate synthas"
    "e}}</li><li>needs H<sub>2</sub>O</li></ul></li><li>Step&nbsp;2: iso&shy;citrate</li>"
    '</ul><div class="extra"><span>Note that <a href="https://en.wikipedia.org/wiki/Krebs'
    '_cycle">this link</a> helps.</span></div>',
    '<p class="MsoNormal" style="margin-bottom:0cm;line-height:normal"><b style="mso-bidi'
    '-font-weight:normal"><span lang="EN-GB" style="font-size:11.0pt;mso-bidi-font-family'
    ':Arial">Donoghue v Stevenson<o:p></o:p></span></b></p><p class="MsoNormal"><span lan'
    'g="EN-GB">The <i style="mso-bidi-font-style:normal">neighbour</i> principle, per Lor'
    'd&nbsp;Atkin:<o:p></o:p></span></p><p class="MsoListParagraph"><span style="mso-list'
    ':Ignore">·<span style="font:7.0pt &quot;Times New Roman&quot;">&nbsp;&nbsp;&nbsp;&nb'
    "sp;&nbsp;&nbsp; </span></span><span>persons closely affected</span></p>",
    "\\(\\ce{2H2 + O2 -> 2H2O}\\)<br>ΔG = &minus;237&nbsp;kJ/mol; pH&nbsp;&lt;&nbsp;7 &amp; "
    "pK<sub>a</sub>&asymp;4<br>\\[K = \\frac{[C]^c}{[A]^a} \\text{ at equilibrium}\\]<br>{{c1"
    "::Le Chatelier’s}} principle",
    "<ruby>日本語<rt>にほんご</rt></ruby>を<b>勉強</b>しています。<br>"
    "日本語[にほんご]を 勉強[べんきょう]しています。<br>[soun"
    'd:sentence-01.mp3]<span style="display:none">hidden words</span>',
    '<table style="width: 100%; border-collapse: collapse;" border="1"><tbody><tr style="'
    'background:#eee"><td style="width: 50%;"><b>Drug</b></td><td><div>Side effects</div>'
    "</td></tr><tr><td>Amiodarone</td><td>{{c1::pulmonary fibrosis}},<br>thyroid</td></tr"
    '><tr><td colspan="2"><i>see also</i> <img src="drug.png"></td></tr></tbody></table><'
    "br>after the table",
    '<table><tr><td>Wort</td><td>Bedeutung</td></tr><tr><td><span style="color:blue">Haus'
    "</span></td><td>house&nbsp;(n.)</td></tr></table>",
    'Q: <code>int x = 5;</code> what is <span class="hljs-keyword">return</span>?<br><pre'
    '><code class="cpp">std::vector&lt;int&gt; v = {1, 2};\nfor (auto&amp; e : v) { e *= 2'
    "; }</code></pre><div>answer <tt>below</tt></div>",
    '<div><div><div><span><span style="font-family: Arial;">deep <b>nested</b> text</span'
    "></span></div></div></div><div><div>second deep line</div></div>",
    "line one<br/>line two<br />line three<BR>LINE <B>four</B><P>para five</P>",
    "&lt;b&gt;not bold&lt;/b&gt; a*b*c _under_ #tag [[link]] $5 and $6 100% ~~x~~ ==y== `"
    "code` | pipe \\ backslash",
    '<ol start="3"><li value="5">five</li><li>six <ol><li>inner one</li></ol></li></ol><o'
    "l><li>other list</li></ol>",
    "<dl><dt>term</dt><dd>definition text</dd><dt>other</dt><dd>more</dd></dl><hr><blockq"
    "uote>quoted <em>words</em><br>second line</blockquote><h2>Heading <small>two</small>"
    "</h2>text below",
    '<span style="color:red">r<span style="color:green">g<span style="color:blue">b</span'
    ">h</span>s</span> mixed <b>bo</b>ld and w<i>o</i>rd",
    "<div>{{c1::first line<br>second line}}</div><div>{{c2::<b>bold</b> <i>cloze</i>}}{{c"
    "3::adjacent}} tail</div><div>nested {{c1::outer {{c2::inner}} words}}</div>",
    "<u>under {{c1::cloze in u}} line</u> and <sub>low {{c2::sub}}</sub> <kbd>Ctrl</kbd>+"
    "<kbd>C</kbd>",
    "The {{c1::mitochondria::organelle <i>name</i>}} is the {{c2::powerhouse}} of the {{c"
    "3::<div>cell</div>}}.",
    '<a href="http://example.com/a_b?x=1&amp;y=2">http://example.com/a_b?x=1&amp;y=2</a> '
    'bare http://foo.bar/baz_qux end <a href="mailto:a@b.c">mail me</a>',
    "&nbsp;&nbsp;&nbsp;- indented dash item<br>&nbsp;&nbsp;&nbsp;- second dash item<br>1."
    " not a list<br># not heading<br>&gt; not quote",
    '<span dir="rtl">مرحبا <b>بالعالم</b> كلمة</span><br>שלום עולם<br>Привет <font face="'
    'Times" size="5">большой</font> мир',
    "<center><font color=red size=+2><b>OLD SCHOOL</b></font></center><br><br><br>three b"
    "reaks above<div><br></div><div><br></div><div>end here</div>",
    '<div class="front"><!-- comment here --><style>.x{color:red}</style><script>var word'
    "s = 1;</script>visible text</div><div hidden>invisible</div>",
    '<ul class="a"><li><p>para item one</p></li><li><p>para item two</p><p>second para</p'
    "></li></ul>",
    "<ul><li>tight one<br></li><li>tight <b>two</b><br><br></li></ul>tail text",
    "<details open><summary>Click me</summary>Hidden <b>answer</b> text</details><p>after"
    " details</p>",
    "<b>Term</b> &mdash; meaning; see <i>also</i> “quoted” ‘single’ … dots&hellip; caf&ea"
    "cute; na&iuml;ve<sup>1</sup><sup>,</sup><sup>2</sup>",
    '\\(a_1\\) &lt; \\(b_2\\)<br><anki-mathjax block="true">\\int_0^1 f(x) dx</anki-mathjax><b'
    "r>[latex]\\begin{align*} a &= b \\\\ c &= d \\end{align*}[/latex]<br>[$]x+y[/$] words",
    '<span style="font-weight: bold; color: red;">bold span</span><span style="font-style'
    ':italic"> italic span</span> <span style="text-decoration: underline;">underlined</s'
    'pan> <span style="text-decoration:line-through">struck</span>',
    "<b>bold with space </b>after<i> leading</i>x<b> </b>y <b></b>z<b>.</b>",
    "<div>a</div>b<div>c</div><div>d<br>e</div><p>f</p>g",
    '<img src="a b.png" alt="alt words" width="50">caption under image<br><video src="cli'
    'p.mp4" controls></video> watch this',
    "<mark>marked words</mark> and {{c1::cloze <mark>inner</mark> x}}",
    "<b><ol><li>one</li><li><ol><li>deep item</li></ol></li></ol></b>text",
)
