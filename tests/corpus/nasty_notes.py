"""Notes as people really have them: pasted from everywhere, in every script, in every old syntax.

Each deck is a list of notes; a note is its note type's name and its fields. Written for these
tests; the habits are those of Word, Google Docs, Notion, web pages, and years of Anki add-ons.
"""

from __future__ import annotations

MEDICINE = [
    (
        "Cloze",
        '<span style="font-size: 20px;"><span style="color: rgb(255, 0, 0);">Heparin</span> works '
        "via&nbsp;{{c1::<b>antithrombin III</b>::which cofactor?}}, so it inhibits "
        "{{c2::IIa and Xa}}.</span><br><br>"
        '<i>Monitor</i>: <span style="background-color: yellow;">{{c3::aPTT}}</span>',
        '<img src="coag%20cascade.png" style="width: 300px;"><div><br></div><div>See also #warfarin'
        "</div>",
    ),
    (
        "Cloze",
        '<p class="MsoNormal" style="margin-bottom:0cm;line-height:normal"><b><span lang="EN-US" '
        "style='font-size:12.0pt;font-family:\"Times New Roman\",serif'>Cushing&#8217;s triad"
        "<o:p></o:p></span></b></p>\n<p class=\"MsoListParagraph\" style='text-indent:-18.0pt'>"
        "<!--[if !supportLists]--><span style='font-family:Symbol'>·<span style='font:7.0pt "
        '"Times '
        "New Roman\"'>&nbsp;&nbsp;&nbsp; </span></span><!--[endif]-->{{c1::hypertension}}</p>\n"
        '<p class="MsoListParagraph">·&nbsp;{{c1::bradycardia}}</p>',
        '<table class="MsoTableGrid" border="1" cellspacing="0" cellpadding="0" '
        "style='border-collapse:collapse;border:none'><tr style='height:1.0cm'><td width=\"151\" "
        'valign="top" style=\'width:4.0cm\'><p class="MsoNormal"><b>Sign</b></p></td><td '
        'width="302"><p class="MsoNormal">Cause &lt; 24&nbsp;h</p></td></tr><tr><td><p '
        'class="MsoNormal">Pupil | fixed</p></td><td><p class="MsoNormal">CN&nbsp;III '
        "compression</p></td></tr></table>",
    ),
    (
        "Cloze",
        "<div>1. Na<sup>+</sup>/K<sup>+</sup>-ATPase: {{c1::3 Na<sup>+</sup> out}}, {{c1::2 "
        "K<sup>+</sup> in}}</div><div>2. Ca<sup>2+</sup> &gt; 2.6&nbsp;mmol/L → "
        "{{c2::shortened QT}}</div><div>3. HCO<sub>3</sub><sup>−</sup> &amp; pH*</div><div>* pH "
        "= 7.4 ± 0.05</div>",
        "",
    ),
    (
        "Cloze",
        "{{c1::<ul><li>fever</li><li>rash<ul><li>palms</li><li>soles</li></ul></li></ul>}}are the "
        "signs of {{c2::secondary syphilis}}",
        "<ul><li><b>VDRL</b><br></li><ul><li>false + in SLE</li></ul><li><u>FTA-<b>ABS</b></u></li>"
        "</ul>",
    ),
    (
        "Cloze",
        'Where does the {{c1::<img src="nerve.jpg">::name}} exit? {{c2::the <i>foramen '
        "ovale</i>::which <b>foramen</b>?}}<br>{{c3::outer {{c4::inner}} rest}} [sound:n 1.mp3]",
        "a*b*c snake_case_word __init__ **not bold** ~~x~~ `tick` ==eq== %%c%% [[link]] ![x](y) "
        "[a](b) <br>#tag 1.5 mg $5 and $6 - x + y > z",
    ),
    (
        "Basic",
        '<font color="#ff0000" size="5"><b>TNM</b></font> stage of<b> lung </b>ca<b>ncer</b>?',
        "<b>T1</b><b>a</b>: ≤1cm<br><b><i>T2</i></b><i>a</i>: <b>(3–4]</b>cm<br>"
        "foo<b>(bar)</b>baz<br><b>“quoted”</b>x<br><b>中文。</b>中文<br><b>a<br>b</b>",
    ),
]

OFFICE = [
    (
        "Basic",
        '<meta charset="utf-8"><b style="font-weight:normal;" id="docs-internal-guid-1a2b">'
        '<p dir="ltr" style="line-height:1.38;margin-top:0pt;"><span style="font-size:11pt;'
        'font-weight:700;">What is </span><span style="font-style:italic;font-weight:400;">elastic'
        "ity</span><span>?</span></p></b>",
        '<b style="font-weight:normal;"><ol style="margin-top:0"><li dir="ltr" style="list-s'
        "tyle-type:"
        'decimal"><p dir="ltr" role="presentation"><span style="font-weight:700">%ΔQ</span>'
        '<span> ÷ %ΔP</span></p></li><li dir="ltr"><p dir="ltr" role="presentation">'
        '<span style="text-decoration:line-through">slope</span></p></li></ol></b>',
    ),
    (
        "Basic",
        '<div data-block-id="7"><div spellcheck="true" placeholder="Type \'/\' for commands" '
        'style="max-width:100%">Three <strong>lags</strong> of policy&nbsp;—</div></div>',
        '<ul class="bulleted-list"><li style="list-style-type:disc">recognition</li></ul>'
        '<ul class="bulleted-list"><li style="list-style-type:disc">implementation</li></ul>'
        '<ul class="bulleted-list"><li style="list-style-type:disc">impact</li></ul>'
        '<blockquote class="">In the long run<br>we are all dead.</blockquote><hr>'
        "<p>— J.&nbsp;M. Keynes, <cite>Tract</cite> (1923)</p>",
    ),
    (
        "Basic",
        '<h1>Title</h1><h2 id="x">Sub <a href="#x">¶</a></h2>text<h6>deep</h6>',
        '<table><thead><tr><th>a</th><th style="text-align:right">b</th></tr></thead><tbody>'
        "<tr><td>"
        '<ul><li>one</li><li>two</li></ul></td><td>1<br>2</td></tr><tr><td colspan="2">wide '
        '<img src="wide.png"></td></tr></tbody></table>',
    ),
    (
        "Basic",
        'See <a href="https://en.wikipedia.org/wiki/Set_(mathematics)#A b">the set</a>, '
        '<a href="https://example.org/?a=1&amp;b=2">https://example.org/?a=1&amp;b=2</a>, '
        "https://example.org/a_b_c*d and <a name=x>anchor</a>, <a href='javascript:x()'>js</a>",
        '<a href="https://example.org/pic"><img src="https://example.org/p(1).png" alt="a [x]"></a>'
        '<div style="display:none">secret</div><p hidden>gone</p><!-- note --><script>1<2</script>'
        "<style>.a{color:red}</style>end",
    ),
]

CODE = [
    (
        "Basic",
        "What does <code>a = b ** 2 # power</code> do, and <code>``</code> or <code>`x`</code>?",
        '<pre><code class="language-python hljs"><span class="hljs-keyword">def</span> f(x):\n'
        '    <span class="hljs-string">"""doc [[x]] $y$ {{z}} [sound:no.mp3]"""</span>\n\n'
        '    <span class="hljs-keyword">return</span> x &lt; 3 &amp;&amp; x *2* 3</code></pre>',
    ),
    (
        "Basic",
        '<div class="highlight"><pre style="line-height: 125%"><span></span><span class="kt"'
        ">int</span>"
        ' <span class="n">main</span><span class="p">()</span> <span class="p">{</span><br>&nbsp; '
        '&nbsp; <span class="k">return</span> <span class="mi">0</span>;<br>}<br></pre></div>',
        '<table class="highlighttable"><tr><td class="linenos"><div class="linenodiv"><pre>1'
        "\n2</pre>"
        '</div></td><td class="code"><div class="highlight"><pre>x = 1\ny = 2</pre></div></td></tr>'
        "</table>",
    ),
    (
        "Basic",
        "<pre>```\nfence in fence\n```\n%% anki:end %%</pre>",
        "%% anki:end %%<br>---<br>===<br>| a | b |<br>|---|---|<br># no heading<br>&gt; no q"
        "uote<br>"
        "- no list<br>1) no list<br>&nbsp;&nbsp;&nbsp;&nbsp;no code<br>&lt;div&gt; &amp;amp; "
        "&amp;lt; C:\\new\\*dir <br>[^1]: x [x] [ ] y ^id",
    ),
    (
        "Cloze",
        "<pre><code>git {{c1::rebase -i}} HEAD~3</code></pre>",
        "<tt>ls -l | grep x</tt><br><kbd>Ctrl</kbd>+<kbd>C</kbd>, <samp>out</samp>, <var>n</var>"
        "<br>vector&lt;int&gt; &lt;b&gt;",
    ),
    (
        "Basic",
        "std::map&lt;K,V&gt; :: a::b {{not cloze}} {% raw %} ${HOME} $PATH $(x) \\alpha C# F"
        "# #define "
        "#1 ##",
        "1. first<br>2. second<br>* star<br>+ plus<br>- [ ] todo<br>10.5 ok<br>a - b<br>-x<br>~~~",
    ),
]

LANGUAGES = [
    (
        "Vocabulary",
        "<ruby>漢字<rp>(</rp><rt>かんじ</rt><rp>)</rp></ruby>を<b>書</b>く",
        "漢字[かんじ]を 書[か]く",
        "to write <i>kanji</i>",
        "[sound:kanji_書く.mp3]",
        '<img src="漢字 の図.png"><br><span lang="ja">「<b>書く</b>」は、'
        "<b>「動詞」</b>です。</span>",
    ),
    (
        "Vocabulary",
        '<div dir="rtl">كَتَبَ <b>يَكْتُبُ</b></div>',
        "",
        'to write (3rd pers.); <span dir="rtl" lang="ar">كتاب</span> = book',
        "[sound:kataba.ogg][sound:yaktubu.ogg]",
        '<div style="direction: rtl; text-align: right">הוא <u>כותב</u> ספר.</div>',
    ),
    (
        "Vocabulary",
        "l’été&nbsp;: «&nbsp;la saison&nbsp;»&nbsp;!",
        "",
        "summer 🌞👨‍👩‍👧‍👦 (f.) &mdash; s&#233;ance &eacute;&copy; 🇫🇷",
        '<audio controls src="ete.mp3"></audio>',
        "e\u0301te\u0301 NFD &shy;soft&shy;hyphen zero&#8203;width <wbr>break",
    ),
    (
        "Vocabulary",
        "हिन्दी में <b>लिखना</b>",
        "ไทย <u>เขียน</u>ภาษา",
        "한국어<b>로</b> 쓰다, 中文<i>写</i>字<b>“好”</b>。",
        "",
        '<video src="clip one.mp4"></video><object data="x.pdf"></object>',
    ),
]

GEOGRAPHY = [
    (
        "Basic",
        '<img src="flag-of-c%C3%B4te.svg" alt="Flag"><br>Which country?',
        "Côte d’Ivoire<img src='https://upload.example.org/map.png' width=200>"
        '<img src="data:image/png;base64,iVBORw0KGgo=">',
    ),
    (
        "Basic",
        '<svg width="40" height="20" xmlns="http://www.w3.org/2000/svg"><rect width="40" hei'
        'ght="20" '
        'fill="red"/><text x="2" y="15">N&lt;S</text></svg> capital?',
        'Bern<sup>[1]</sup> 46°57′N 7°27′E<br><img src="a|b #1 100% [x].png" width="120" '
        'height="80"><img src="">',
    ),
]

LAW = [
    (
        "Cloze",
        '<ol><li>Actus reus<ol type="a"><li>{{c1::act}}</li><li>{{c2::omission}} where<ul><li>duty '
        "§&nbsp;13</li><li>contract</li></ul></li></ol></li><li>Mens rea</li></ol>",
        '<ol start="5"><li>five</li><li value="9">nine</li></ol><ul><ul><li>deep first</li><'
        "/ul></ul>"
        "<ol><li><p>para one</p><p>para two</p></li><li><pre>code in list</pre></li><li>"
        "<blockquote>quote in list</blockquote></li></ol><dl><dt>Tort</dt><dd>a wrong</dd></dl>",
    ),
    (
        "Cloze",
        "Art. 5 (1)(a) says {{c1,2::personal data}} {{c3::must be*}} processed {{c10::lawful"
        "ly::l…}}, "
        "fairly and in a transparent manner. {{c1::}} {{c2::a}}{{c2::b}}<div>{{c4::whole line"
        "<br>second}}</div>",
        '<details open><summary>Case</summary>R v <em>Smith</em></details><abbr title="x">ECJ'
        "</abbr> <ins>new</ins> <del>old</del> <small>s</small> <q>quoted</q>",
    ),
]

MATHS = [
    (
        "Basic",
        "[latex]$\\frac{a}{b}$[/latex] and [$]x &lt; y[/$] and [$$]\\sum_{i=1}^n i[/$$]",
        "[latex]\\begin{tabular}{ll}a &amp; b\\\\<br>c &amp; d\\end{tabular}[/latex]",
    ),
    (
        "Cloze",
        "\\({{c1::a^2}} + {{c2::b^2::hint}} = c^2\\), {{c3::\\(\\frac{1}{2}\\)}} and \\[{{c1::"
        "\\int_{0}^{1} f(x)\\,dx}}\\] so {{c4::\\(x_{i_{j} } \\)}}.",
        "\\( x \\)5 apples cost $5; \\(a\\)\\(b\\), \\(a | b\\) \\(*x*\\) \\(_y_\\)<table><tr><td>"
        "\\(a|b\\)</td><td>$3|4</td></tr></table>",
    ),
    (
        "Cloze",
        '<anki-mathjax>\\hat{y}&amp;</anki-mathjax> <anki-mathjax block="true">a<br>b</anki-'
        "mathjax> "
        "{{c1::<anki-mathjax>z</anki-mathjax>}}",
        "\\[<br>\\begin{align}<br>a &amp;= b \\\\<br>&nbsp; &amp;= c<br>\\end{align}<br>\\]<ul><li>"
        "\\[x\\]</li></ul>unclosed \\( and \\] stay",
    ),
]

OCCLUSION = [
    (
        "Image Occlusion",
        "{{c1::image-occlusion:rect:left=.1326:top=.2101:width=.1:height=.05:oi=1}}<br>"
        "{{c2::image-occlusion:ellipse:left=.5:top=.6:rx=.1:ry=.05}}<br>",
        '<img src="heart.png">',
        "Heart",
        "<b>Left</b> is right",
        "",
    ),
    (
        "Image Occlusion Enhanced",
        "1b2c3d4e5f-ao-1",
        "Brain",
        '<img src="brain.jpg" />',
        '<img src="1b2c3d4e5f-ao-1-Q.svg" />',
        "",
        "remark",
        "",
        "",
        "",
        '<img src="1b2c3d4e5f-ao-1-A.svg" />',
        '<img src="1b2c3d4e5f-ao-O.svg" />',
    ),
]

SOUP = [
    (
        "Basic",
        "<b>un<i>closed</b> over</i>lap <p>para<div>in</p>side</div>",
        "</div></b>a<br/>b<BR>c",
    ),
    (
        "Basic",
        "a < b && c > d <3 <notatag <x y>z</x>",
        "&lt;script&gt; &unknown; &amp &#x1F600; &#0;",
    ),
    ("Basic", "<table><tr><td>only</table>after", "<ul>loose<li>a</ul><li>alone</li>tail"),
    ("Basic", "&nbsp;", "<div><br></div><br>&nbsp;<p></p>"),
    ("Basic", "<div>" * 300 + "deep" + "</div>" * 300, "x" * 3000 + " " + "word " * 500),
    ("Basic", "..", "<b>dots</b>"),
    ("Basic", "CON", "device"),
    ("Basic", '<img src="only picture.png">', "a title from a picture"),
    ("Basic", "🙂" * 300, "many"),
    ("Basic", 'a/b\\c:d*e?f"g<h>i|j#k^l[m]n', "reserved"),
    ("Basic", "\u202egnp.exe\u202c", "bidi"),
    ("Basic", "   leading and trailing. ", "dots. "),
    ("Basic", "same title", "one"),
    ("Basic", "Same Title", "two"),
    ("Basic", "same title", "three"),
]

# Deck name → notes. Some names are traps of their own.
NASTY_DECKS = {
    "Medicine::Step 1": MEDICINE,
    "Office, pasted": OFFICE,
    "Code/C++": CODE,
    "Languages::日本語 & others": LANGUAGES,
    "Geography": GEOGRAPHY,
    "geography": GEOGRAPHY[:1],
    "Law::CON": LAW,
    "Maths::a. ": MATHS,
    "assets": OCCLUSION,
    "Soup::..": SOUP,
}

NASTY_TAGS = [
    "AnKing::Step_1::Heme",
    "#AK_Original_Decks::Step_1",
    "2021",
    "c++",
    "has/slash",
    "Ümlaut::日本",
    "emoji🙂",
    "trailing::",
    "y",
    "null",
    "1:30",
    "a#b",
]

NASTY_MEDIA = [
    "a|b #1 100% [x].png",
    "coag cascade.png",
    "nerve.jpg",
    "n 1.mp3",
    "wide.png",
    "kanji_書く.mp3",
    "漢字 の図.png",
    "kataba.ogg",
    "yaktubu.ogg",
    "ete.mp3",
    "clip one.mp4",
    "flag-of-côte.svg",
    "heart.png",
    "brain.jpg",
    "1b2c3d4e5f-ao-1-Q.svg",
    "1b2c3d4e5f-ao-1-A.svg",
    "1b2c3d4e5f-ao-O.svg",
    "only picture.png",
]
