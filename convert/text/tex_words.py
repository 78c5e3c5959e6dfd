"""Reads TeX as words and signs, for names and titles."""

from __future__ import annotations

import re

_TOKEN = re.compile(r"\\[a-zA-Z]+\*?|\\.?|[{}^_&~]|\s+|[^\\{}^_&~\s]", re.DOTALL)
_ENVIRONMENT = re.compile(
    r"\\begin\s*\{array\}\s*(?:\[[^\]]*\])?\s*\{[^{}]*\}|\\(?:begin|end)\s*\{[^{}]*\}"
)
_DEEPEST = 40  # deeper groups are not read as groups
_RAISED = str.maketrans("0123456789n", "⁰¹²³⁴⁵⁶⁷⁸⁹ⁿ")
_POWER = re.compile(r"(?<=[\w)])\^([0-9]+|n)(?![\w^])")
_ONE = re.compile(r"\w+(?:\.\d+)?|.", re.DOTALL)
_FRACTIONS = frozenset(("\\frac", "\\dfrac", "\\tfrac", "\\cfrac"))
_BINOMIALS = frozenset(("\\binom", "\\dbinom", "\\tbinom"))
_SILENT = frozenset(
    f"\\{name}"
    for name in "left right middle big Big bigg Bigg bigl bigr Bigl Bigr biggl biggr displaystyle "
    "textstyle scriptstyle limits nolimits nonumber mathstrut phantom hline rm bf it cal".split()
)
_SPACES = frozenset(("\\,", "\\;", "\\:", "\\!", "\\ ", "\\quad", "\\qquad", "\\\\", "&", "~"))
_LETTERS = dict(
    zip(
        "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi pi rho sigma tau "
        "upsilon phi chi psi omega Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega "
        "varepsilon vartheta varphi varrho varsigma".split(),
        "αβγδεζηθικλμνξπρστυφχψωΓΔΘΛΞΠΣΥΦΨΩεθφρς",
    )
)
_SIGNS = dict(
    zip(
        "infty int iint sum prod partial nabla le leq ge geq ne neq approx equiv sim cong propto "
        "times cdot div pm mp to rightarrow leftarrow Rightarrow Leftarrow leftrightarrow "
        "Leftrightarrow iff implies mapsto in notin subset subseteq supset supseteq cup cap "
        "emptyset varnothing forall exists neg land wedge lor vee oplus otimes circ bullet star "
        "ldots cdots dots angle perp parallel degree hbar ell Re Im mid vert lvert rvert Vert "
        "lVert rVert langle rangle lfloor rfloor lceil rceil setminus prime lbrace rbrace".split(),
        "∞ ∫ ∬ ∑ ∏ ∂ ∇ ≤ ≤ ≥ ≥ ≠ ≠ ≈ ≡ ∼ ≅ ∝ × · ÷ ± ∓ → → ← ⇒ ⇐ ↔ ⇔ ⇔ ⇒ ↦ ∈ ∉ ⊂ ⊆ ⊃ ⊇ ∪ ∩ ∅ ∅ "
        "∀ ∃ ¬ ∧ ∧ ∨ ∨ ⊕ ⊗ ∘ • ⋆ … … … ∠ ⊥ ∥ ° ℏ ℓ ℜ ℑ | | | | ‖ ‖ ‖ ⟨ ⟩ ⌊ ⌋ ⌈ ⌉ ∖ ′ { }".split(),
    )
)
_WORDS = {f"\\{name}": sign for name, sign in {**_LETTERS, **_SIGNS}.items()}
# A formula that cannot be a price: `$5 or $6` is none.
_TYPED = re.compile(r"\$(?=\S)((?:\\.|[^$\\]){1,300}?)(?<=\S)\$(?!\d)")
_IS_TEX = re.compile(r"[\\^_={}]|^\w{1,3}$")


def tex_words(tex: str) -> str:
    """A formula on one line of plain text: ``\\frac{a}{b}`` is ``a/b``, ``\\alpha^2`` is ``α^2``.

    Greek letters and common signs become characters; other commands leave their name or their
    content. Linear in its length; never raises.
    """
    if not re.search(r"[\\{}^_&~]", tex):
        return tex
    tokens = _TOKEN.findall(_ENVIRONMENT.sub(" ", tex))
    return " ".join(_Reader(tokens).read_all().split())


def typed_formulas_read(text: str) -> str:
    """Read each ``$…$`` in plain text, typed as in a vault, with ``tex_words``."""
    if text.count("$") < 2:
        return text
    return _TYPED.sub(lambda m: tex_words(m[1]) if _IS_TEX.search(m[1]) else m[0], text)


def raise_powers(text: str) -> str:
    """Text for a name without ``^``: ``x^2`` becomes ``x²``."""
    return _POWER.sub(lambda match: match[1].translate(_RAISED), text) if "^" in text else text


class _Reader:
    def __init__(self, tokens: list[str]) -> None:
        self._tokens = tokens
        self._at = 0

    def read_all(self) -> str:
        parts: list[str] = []
        while self._at < len(self._tokens):
            parts.append(self._group(0))
        return "".join(parts)

    def _group(self, depth: int) -> str:
        """The text up to the end of the group."""
        parts: list[str] = []
        while self._at < len(self._tokens):
            if self._tokens[self._at] == "}":
                self._at += 1
                break
            parts.append(self._one(depth))
        return "".join(parts)

    def _argument(self, depth: int) -> str:
        while self._at < len(self._tokens) and self._tokens[self._at].isspace():
            self._at += 1
        if self._at >= len(self._tokens) or self._tokens[self._at] == "}":
            return ""
        return self._one(depth).strip()

    def _one(self, depth: int) -> str:
        token = self._tokens[self._at]
        self._at += 1
        if token == "{":
            return self._group(depth + 1) if depth < _DEEPEST else ""
        if depth >= _DEEPEST:
            return "" if token in "^_}" else token.lstrip("\\")
        if token in "^_":
            return _script(token, self._argument(depth + 1))
        if token in _SPACES or token.isspace():
            return " "
        return self._command(token, depth + 1) if token[0] == "\\" else token

    def _command(self, token: str, depth: int) -> str:
        if token in _WORDS:
            return _WORDS[token]
        if token in _FRACTIONS:
            above = _closed(self._argument(depth))
            return f"{above}/{_closed(self._argument(depth))}"
        if token in _BINOMIALS:
            above = self._argument(depth)
            return f"({above} {self._argument(depth)})"
        if token == "\\sqrt":
            return self._root(depth)
        if token in _SILENT:
            return ""
        name = token[1:].rstrip("*")
        if not name.isalpha():
            return "‖" if name == "|" else name
        if self._at < len(self._tokens) and self._tokens[self._at] == "{":
            return self._argument(depth)
        return f" {name} "

    def _root(self, depth: int) -> str:
        index = ""
        if self._at < len(self._tokens) and self._tokens[self._at] == "[":
            while self._at < len(self._tokens) and self._tokens[self._at] != "]":
                index += self._tokens[self._at].strip("[")
                self._at += 1
            self._at += 1
        return f"{index.translate(_RAISED)}√{_closed(self._argument(depth))}"


def _closed(text: str) -> str:
    return text if _ONE.fullmatch(text) or not text else f"({text})"


def _script(mark: str, text: str) -> str:
    if mark == "^" and text in ("′", "°", "∘"):
        return "°" if text == "∘" else text
    return mark + (text if len(text) < 2 or text.isdecimal() else f"({text})")
