"""Notes on biology, mathematics and computer science, in the HTML that Anki's editor makes."""

from __future__ import annotations

from .shape import (
    ALGEBRA,
    ALGORITHMS,
    ANALYSIS,
    BASIC,
    CELL,
    CLOZE,
    CONCEPT,
    GENETICS,
    LECTURE,
    NETWORKS,
    REVERSED,
    Sample,
)

NOTES = (
    # Biology
    Sample(
        CELL,
        BASIC,
        (
            "What is a cell membrane made of?",
            "A double layer of <b>phospholipids</b>: heads outside, tails inside.<br>"
            '<img src="cell membrane.png" width="160">',
        ),
        "biology::cell exam-2026",
    ),
    Sample(
        CELL,
        BASIC,
        (
            "Which organelle makes most of a cell's ATP?",
            '<div>The <i>mitochondrion</i>.</div><div><img src="mitochondrion.png"></div>',
        ),
        "biology::cell exam-2026",
    ),
    Sample(
        CELL,
        BASIC,
        (
            "Name the phases of mitosis, in order.",
            "<ol><li>Prophase</li><li>Metaphase</li><li>Anaphase</li><li>Telophase</li></ol>",
        ),
        "biology::cell::division marked",
    ),
    Sample(
        CELL,
        BASIC,
        (
            "Plant cell or animal cell?",
            "<table><tbody><tr><th>Part</th><th>Plant</th><th>Animal</th></tr>"
            "<tr><td>Cell wall</td><td>yes</td><td>no</td></tr>"
            "<tr><td>Chloroplasts</td><td>yes</td><td>no</td></tr>"
            "<tr><td>Centrioles</td><td>mostly no</td><td>yes</td></tr></tbody></table>",
        ),
        "biology::cell",
    ),
    Sample(
        CELL,
        CLOZE,
        (
            "Water moves by {{c1::osmosis::what process?}} towards the side with {{c2::more}} "
            "dissolved matter.",
            "Think of raisins in water.",
        ),
        "biology::cell",
    ),
    Sample(
        CELL,
        LECTURE,
        (
            "Photosynthesis in one line",
            "6&nbsp;CO<sub>2</sub> + 6&nbsp;H<sub>2</sub>O → {{c1::C<sub>6</sub>H<sub>12</sub>O"
            "<sub>6</sub>}} + {{c2::6&nbsp;O<sub>2</sub>}}",
            "The oxygen comes from the <u>water</u>, not from the CO<sub>2</sub>.",
        ),
        "biology::plants",
    ),
    Sample(
        CELL,
        LECTURE,
        (
            "Transport across the membrane",
            "<div>Without energy, a substance crosses by {{c1::diffusion}}.</div>"
            "<div>Against its gradient it needs {{c2::active transport}}.</div>"
            "<ul><li>pumps use {{c3::ATP}}</li><li>channels only open and close</li></ul>",
            "Lecture 4, slide 12",
        ),
        "biology::cell lecture::04",
    ),
    Sample(
        GENETICS,
        BASIC,
        (
            "Which bases pair in DNA?",
            "A with T, and G with C.<br><br>In RNA, <b>U</b> takes the place of T.",
        ),
        "biology::genetics",
    ),
    Sample(
        GENETICS,
        BASIC,
        (
            "What does a stop codon look like?",
            "<code>UAA</code>, <code>UAG</code> or <code>UGA</code>",
        ),
        "biology::genetics",
    ),
    Sample(
        GENETICS,
        CLOZE,
        (
            "From gene to protein: DNA is {{c1::transcribed}} into mRNA, which is "
            "{{c2::translated}} at the {{c3::ribosome::where?}}.",
            "",
        ),
        "biology::genetics exam-2026",
    ),
    Sample(
        GENETICS,
        CONCEPT,
        (
            "Dominant and recessive",
            "An allele is <b>dominant</b> when one copy is enough to show.",
            "Brown coat in mice: <i>Bb</i> looks like <i>BB</i>.",
            '<a href="https://en.wikipedia.org/wiki/Dominance_(genetics)">Dominance</a>',
        ),
        "biology::genetics",
    ),
    Sample(
        GENETICS,
        CONCEPT,
        (
            "Crossing-over",
            "Chromosomes of a pair swap pieces during meiosis, so siblings differ.",
            "",
            "",
        ),
        "biology::genetics leech",
    ),
    # Mathematics
    Sample(
        ANALYSIS,
        BASIC,
        (
            "Define the derivative of \\(f\\) at \\(a\\).",
            "\\[f'(a) = \\lim_{h \\to 0} \\frac{f(a+h) - f(a)}{h}\\]"
            '<div>The slope of the tangent:</div><img src="derivative.png">',
        ),
        "maths::analysis",
    ),
    Sample(
        ANALYSIS,
        BASIC,
        (
            "When does \\(\\sum_{n=1}^\\infty \\frac{1}{n^s}\\) converge?",
            "For \\(s &gt; 1\\); at \\(s = 1\\) it is the harmonic series, which diverges.",
        ),
        "maths::analysis",
    ),
    Sample(
        ANALYSIS,
        CLOZE,
        (
            "\\(\\sin^2 x + \\cos^2 x = {{c1::1}}\\) for every \\(x\\).",
            '<img src="unit-circle.png">',
        ),
        "maths::analysis",
    ),
    Sample(
        ANALYSIS,
        CLOZE,
        (
            "Product rule: \\((uv)' = {{c1::u'v + uv'}}\\). Chain rule: \\((f \\circ g)' = "
            "{{c2::(f' \\circ g) \\cdot g'}}\\).",
            "",
        ),
        "maths::analysis exam-2026",
    ),
    Sample(
        ANALYSIS,
        CONCEPT,
        (
            "Mean value theorem",
            "If \\(f\\) is continuous on \\([a,b]\\) and differentiable inside, some \\(c\\) has "
            "\\(f'(c) = \\frac{f(b)-f(a)}{b-a}\\).",
            "On a motorway: whoever averages 130 km/h went 130 km/h at some moment.",
            "Analysis I, chapter 5",
        ),
        "maths::analysis",
    ),
    Sample(
        ANALYSIS,
        BASIC,
        ("Euler's identity", "[latex]$e^{i\\pi} + 1 = 0$[/latex]"),
        "maths::analysis",
    ),
    Sample(
        ALGEBRA,
        BASIC,
        (
            "Determinant of a 2×2 matrix",
            "\\(\\det \\begin{pmatrix} a & b \\\\ c & d \\end{pmatrix} = ad - bc\\)",
        ),
        "maths::algebra",
    ),
    Sample(
        ALGEBRA,
        BASIC,
        (
            "When is a square matrix invertible?",
            "<p>These say the same:</p><ul><li>its determinant is not 0</li><li>its columns are "
            "linearly independent<ul><li>so is its set of rows</li></ul></li><li>0 is no "
            "eigenvalue</li></ul>",
        ),
        "maths::algebra",
    ),
    Sample(
        ALGEBRA,
        CLOZE,
        (
            "A linear map is injective if and only if its {{c1::kernel}} is {{c1::trivial}}; its "
            "{{c2::rank}} and the kernel's dimension add up to the dimension of the domain.",
            "Rank–nullity theorem",
        ),
        "maths::algebra",
    ),
    Sample(
        ALGEBRA,
        REVERSED,
        ("eigenvector", "a vector that a linear map only stretches: \\(Av = \\lambda v\\)"),
        "maths::algebra",
    ),
    Sample(
        ALGEBRA,
        REVERSED,
        ("orthogonal", "at a right angle: \\(\\langle u, v \\rangle = 0\\)"),
        "maths::algebra",
    ),
    # Computer Science
    Sample(
        ALGORITHMS,
        BASIC,
        (
            "Binary search in Python",
            '<pre><code class="language-python">def find(items, wanted):\n    low, high = 0, '
            "len(items)\n    while low &lt; high:\n        middle = (low + high) // 2\n        if "
            "items[middle] &lt; wanted:\n            low = middle + 1\n        else:\n            "
            "high = middle\n    return low\n</code></pre>It takes \\(O(\\log n)\\) steps.",
        ),
        "cs::algorithms",
    ),
    Sample(
        ALGORITHMS,
        BASIC,
        (
            "Depth-first or breadth-first: which finds the shortest path?",
            'Breadth-first, when all edges weigh the same.<br><img src="binary tree #2.png">',
        ),
        "cs::algorithms cs::graphs",
    ),
    Sample(
        ALGORITHMS,
        BASIC,
        (
            "How fast are the usual sorts?",
            "<table><tbody><tr><td>Sort</td><td>Average</td><td>Worst</td></tr><tr><td>Merge</td>"
            "<td>\\(n \\log n\\)</td><td>\\(n \\log n\\)</td></tr><tr><td>Quick</td><td>\\(n \\log "
            "n\\)</td><td>\\(n^2\\)</td></tr><tr><td>Insertion</td><td>\\(n^2\\)</td><td>\\(n^2\\)"
            "</td></tr></tbody></table>",
        ),
        "cs::algorithms",
    ),
    Sample(
        ALGORITHMS,
        CLOZE,
        (
            "A hash table looks up in {{c1::\\(O(1)\\)}} on average, but in {{c2::\\(O(n)\\)}} "
            "when {{c3::all keys collide}}.",
            "",
        ),
        "cs::algorithms",
    ),
    Sample(
        ALGORITHMS,
        BASIC,
        (
            "What does <code>a[-1]</code> give in Python, and what in C?",
            'In Python the last item; in C <font color="#ff0000">undefined behaviour</font>.',
        ),
        "cs::python cs::c",
    ),
    Sample(
        NETWORKS,
        BASIC,
        (
            "What happens before a browser shows a page?",
            "<ol><li>DNS: name → address</li><li>TCP handshake<ul><li>SYN</li><li>SYN-ACK</li>"
            "<li>ACK</li></ul></li><li>TLS</li><li>HTTP request</li></ol>",
        ),
        "cs::networks",
    ),
    Sample(
        NETWORKS,
        CLOZE,
        (
            "HTTP uses port {{c1::80}}, HTTPS port {{c2::443}}, and SSH port {{c3::22}}.",
            "",
        ),
        "cs::networks 2026",
    ),
    Sample(
        NETWORKS,
        BASIC,
        (
            "Which status codes mean that <i>I</i> made the mistake?",
            "4xx. For example <kbd>404</kbd>: not found. (5xx is the server's fault.)",
        ),
        "cs::networks",
    ),
    Sample(
        NETWORKS,
        BASIC,
        (
            "Markdown that must stay as typed",
            "*not italic*, #not-a-tag, [[not a link]], 2 * 3 * 4, $5 or $10, snake_case_name, "
            "&lt;div&gt;, 1. not a list",
        ),
        "cs::networks to-do!",
    ),
)
