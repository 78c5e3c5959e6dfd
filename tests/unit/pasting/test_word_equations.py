"""Equations of Word are formulas when pasted; what cannot be read for certain stays a picture."""

from __future__ import annotations

import pytest

from ankivault.ui.dynamic.pasting import read_html

PNG = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk"
    "+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
PICTURE = (
    f'<![if !msEquation]><span><img width=50 src="data:image/png;base64,{PNG}"></span><![endif]>'
)


def run(text: str) -> str:
    return f"<m:r><w:rPr><w:i/></w:rPr><m:t>{text}</m:t></m:r>"


def part(name: str, *parts: tuple[str, str], settings: str = "") -> str:
    head = f"<m:{name}Pr>{settings}<m:ctrlPr/></m:{name}Pr>"
    inner = "".join(f"<m:{each}>{text}</m:{each}>" for each, text in parts)
    return f"<m:{name}>{head}{inner}</m:{name}>"


FRACTION = part("f", ("num", run("a+b")), ("den", run("2")))
SQUARE = part("sSup", ("e", run("i")), ("sup", run("2")))
SUM = '<m:chr m:val="\u2211"/>'
BRACKETS = '<m:begChr m:val="["/><m:endChr m:val="]"/>'
EQUATIONS = [
    (FRACTION, r"\frac{a+b}{2}"),
    (SQUARE, "i^{2}"),
    (part("sSubSup", ("e", run("x")), ("sub", run("1")), ("sup", run("n"))), "x_{1}^{n}"),
    (part("rad", ("deg", ""), ("e", run("x"))), r"\sqrt{x}"),
    (part("rad", ("deg", run("3")), ("e", run("x"))), r"\sqrt[3]{x}"),
    (
        part("nary", ("sub", run("i=1")), ("sup", run("n")), ("e", SQUARE), settings=SUM),
        r"\sum_{i=1}^{n} i^{2}",
    ),
    (part("func", ("fName", run("sin")), ("e", run("x"))), r"\sin x"),
    (part("d", ("e", FRACTION), settings=BRACKETS), r"\left[\frac{a+b}{2}\right]"),
    (FRACTION + run("=") + SQUARE, r"\frac{a+b}{2}=i^{2}"),
]
UNKNOWN = [
    part("f", ("num", run("n")), ("den", run("k")), settings='<m:type m:val="noBar"/>'),
    part("m", ("mr", f"<m:e>{run('a')}</m:e>")),
    part("acc", ("e", run("x"))),
]


@pytest.mark.parametrize(("equation", "tex"), EQUATIONS)
@pytest.mark.parametrize("is_comment", [True, False])
def test_an_equation_is_a_formula(equation: str, tex: str, is_comment: bool) -> None:
    math = f"<m:oMath>{equation}</m:oMath>"
    shown = f"<!--[if gte msEquation 12]>{math}<![endif]-->{PICTURE}" if is_comment else math
    pasted = read_html(f"<p class=MsoNormal>Let {shown} be</p>", "")
    assert pasted is not None
    assert (pasted.write({}), pasted.pictures) == (f"Let ${tex}$ be", {})


def test_an_equation_on_its_own_line_is_displayed() -> None:
    math = f"<m:oMathPara><m:oMath>{FRACTION}</m:oMath></m:oMathPara>"
    pasted = read_html(f"<p><!--[if gte msEquation 12]>{math}<![endif]-->{PICTURE}</p>", "")
    assert pasted is not None
    assert "$$" in pasted.write({}) and not pasted.pictures


@pytest.mark.parametrize("equation", UNKNOWN)
def test_an_equation_that_is_not_known_stays_the_picture_that_word_made(equation: str) -> None:
    math = f"<m:oMath>{equation}</m:oMath>"
    pasted = read_html(f"<p>Let <!--[if gte msEquation 12]>{math}<![endif]-->{PICTURE} be</p>", "")
    assert pasted is not None
    assert len(pasted.pictures) == 1 and "$" not in pasted.write({})


def test_a_mark_that_only_looks_like_one_of_word_is_text() -> None:
    pasted = read_html("<b>a</b><![[x]] b", "")
    assert pasted is not None
    assert pasted.write({}).replace("\\", "") == "**a**<![[x]] b"
