"""HTML that would run a script, reach the network or lie over the page, each with the word “kept”.

Each tries to call ``hit()`` with its number, which a page can be asked for.
"""

from __future__ import annotations

import base64

_CALL = "hit(N)"
_DATA = base64.b64encode(b"<script>parent.hit(N)</script>").decode()
_SVG = base64.b64encode(
    b'<svg xmlns="http://www.w3.org/2000/svg"><script>parent.hit(N)</script></svg>'
).decode()

TRIES = (
    "<script>hit(N)</script>kept",
    "<img src=x onerror=hit(N)>kept",
    '<img src="data:image/gif;base64,R0lGODlhAQABAAAAACw=" onload="hit(N)">kept',
    "<svg onload=hit(N)><text>kept</text></svg>",
    "<svg><script>hit(N)</script><text>kept</text></svg>",
    "<svg><animate onbegin=hit(N) attributeName=x dur=1s /><text>kept</text></svg>",
    '<svg><set attributeName="onmouseover" to="hit(N)"/><text>kept</text></svg>',
    '<svg><a xlink:href="javascript:hit(N)"><text class="try">kept</text></a></svg>',
    '<svg><use href="data:image/svg+xml;base64,{svg}#x"/><text>kept</text></svg>',
    "<svg><foreignObject><body onload=hit(N)>kept</body></foreignObject></svg>kept",
    '<iframe srcdoc="<script>parent.hit(N)</script>"></iframe>kept',
    '<iframe src="javascript:parent.hit(N)"></iframe>kept',
    '<iframe src="data:text/html;base64,{data}"></iframe>kept',
    '<object data="javascript:hit(N)">kept</object>',
    '<object data="data:text/html;base64,{data}">kept</object>',
    '<embed src="javascript:hit(N)">kept',
    '<a class="try" href="javascript:hit(N)">kept</a>',
    '<a class="try" href="  JaVa\tScript:hit(N)">kept</a>',
    '<a class="try" href="&#106;avascript&colon;hit(N)">kept</a>',
    '<a class="try" href="data:text/html,<script>hit(N)</script>">kept</a>',
    "<details open ontoggle=hit(N)><summary>kept</summary>text</details>",
    '<meta http-equiv="refresh" content="0;url=javascript:hit(N)">kept',
    '<base href="javascript:hit(N)//"><a class="try" href="#x">kept</a>',
    '<link rel="stylesheet" href="data:text/css,body{display:none}">kept',
    '<form action="javascript:hit(N)"><input type="submit" class="try">kept</form>',
    '<button class="try" formaction="javascript:hit(N)" onclick="hit(N)">kept</button>',
    '<input autofocus onfocus="hit(N)">kept',
    '<div tabindex=1 autofocus onfocus="hit(N)" class="try">kept</div>',
    '<body onload="hit(N)" onpageshow="hit(N)">kept</body>',
    "<video><source onerror=hit(N) src=x></video>kept",
    '<video src="x" onerror="hit(N)" onloadstart="hit(N)"></video>kept',
    '<audio src="x" onerror="hit(N)"></audio>kept',
    "<marquee onstart=hit(N)>kept</marquee>",
    '<style onload="hit(N)">*{color:red}</style>kept',
    "<style>@keyframes x{} p{animation:x 1s}</style><p onanimationstart=hit(N)>kept</p>",
    '<p style="animation:ankivault 1s" onanimationend="hit(N)">kept</p>',
    'kept<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=x '
    'onerror=hit(N)&gt;"></mtext></math>kept',
    '<noscript><p title="</noscript><img src=x onerror=hit(N)>">kept</noscript>kept',
    "<template><img src=x onerror=hit(N)></template>kept",
    '<svg></p><style><a id="</style><img src=x onerror=hit(N)>">kept</svg>kept',
    "kept<form><math><mtext></form><form><mglyph><style></math><img src=x onerror=hit(N)>kept",
    '<a class="try" id="x" href="#" onclick="hit(N)" onmouseover="hit(N)">kept</a>',
    '<div contenteditable oninput="hit(N)" onclick="hit(N)" class="try">kept</div>',
    '<dialog open onclose="hit(N)">kept</dialog>',
    "kept<xmp><img src=x onerror=hit(N)></xmp>kept",
    "kept<plaintext><img src=x onerror=hit(N)>kept",
    "<textarea autofocus onfocus=hit(N)></textarea>kept",
    "<select autofocus onfocus=hit(N)><option>kept</select>kept",
    "kept<!--><img src=x onerror=hit(N)>-->",
    '<span class="try">\\(\\href{javascript:hit(N)}{x}\\)</span>kept',
    "kept<![CDATA[<img src=x onerror=hit(N)>]]>",
    "<img src=`x` onerror=hit(N)`>kept",
    '<img srcset=",,,,," src=x onerror="hit(N)">kept',
    '<x onclick="hit(N)" class="try">kept</x>',
    '<math href="javascript:hit(N)" class="try"><mi>kept</mi></math>',
    '<math><maction actiontype="statusline#http://x" href="javascript:hit(N)" class="try">'
    "<mi>kept</mi></maction></math>",
    '<p id="ankivault-data" class="kept">kept</p>{"cards": []}',
    '<img name="getElementById" id="body"><form name="body" id="querySelectorAll">kept</form>',
    '<a id="MathJax" href="x">kept</a><a id="pycmd" name="onShownHook">kept</a>',
)
# Over the page, or from the network: nothing of that in a style.
STYLES = (
    "position:fixed;inset:0;z-index:9999",
    "position:STICKY;top:0",
    "--p:fixed;position:var(--p);inset:0",
    "background:url(http://evil.test/a.png)",
    "background:u\\72l('//evil.test/b.png')",
    "background-image:image-set('http://evil.test/c.png' 1x)",
    "--u:url(http://evil.test/d.png);background:var(--u)",
    "list-style:url(https://evil.test/e.png)",
    "cursor:url(http://evil.test/f.cur),auto",
    "border-image:url('http://evil.test/g.png') 1",
    "mask:url(http://evil.test/h.svg#m)",
    "content:url(http://evil.test/i.png)",
)


def number(tries: tuple[str, ...] = TRIES) -> list[str]:
    """The tries, each with its number."""
    texts = (each.replace("{data}", _DATA).replace("{svg}", _SVG) for each in tries)
    return [text.replace("hit(N)", f"hit({n})") for n, text in enumerate(texts)]
