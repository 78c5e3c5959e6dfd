"""Makes a line's spaces as a browser shows them, outside of formatting."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ..html.blocks import BREAK, TEXT, Mark, Run

# Spaces that are not one single space. Nothing is found in most texts, which stay as they are.
_SPACES = re.compile(r"[ \t\n\r\f]{2,}|[\t\n\r\f]")
_UNITS = (
    r"(?:[kMGTPmcdµnp]?(?:[mgslLWVAJNBKhFCT]|Hz|Pa|bit|eV|mol|Wh|Ω)|min|dB|ppm|°[CF]?|[€£$¥])(?!\w)"
)
_LONE = re.compile(rf"(?<=\S)(?<![«‹])\xa0(?=\S)(?![:;!?»›%])(?!(?<=\d\xa0){_UNITS})")
# Word pastes a list like this: a bullet or number, and no-break spaces up to the text.
_LIST_GAP = re.compile(r"^([·•◦▪▫■□●○‣⁃§o–-]|\(?\w{1,5}[.)])( ?\xa0[ \xa0]+)(?=\S)")
_OBJECT = "\ufffc"
_GONE = "\x00"  # never in a field, where control characters are replaced


def settle_spaces(runs: Sequence[Run]) -> list[Run]:
    """Runs with white space collapsed: none at the line's ends, none at the edge of a mark.

    Anki's editor leaves single no-break spaces between words beside formatting: these become
    spaces. Others, and those that typography needs, stay.
    """
    if len(runs) == 1 and runs[0].kind == TEXT:
        run = runs[0]
        text = _SPACES.sub(" ", run.text).lstrip(" ").rstrip(" \xa0")
        if "\xa0" in text:
            text = _LONE.sub(" ", _LIST_GAP.sub(r"\1 ", text))
        if text[:1] != "\xa0" or not run.marks:
            return [Run(TEXT, text, run.marks)] if text else []
        runs = [Run(TEXT, text, run.marks)]
    settled = _trim(_collapse(runs))
    for run in settled:
        if run.kind == TEXT and "\xa0" in run.text:
            settled = _soften(settled)
            break
    for run in settled:
        if run.marks:
            settled = _move_out(settled)
            break
    return _merge(settled)


def _collapse(runs: Sequence[Run]) -> list[Run]:
    out: list[Run] = []
    after_space = True
    for run in runs:
        if run.kind == TEXT:
            text = _SPACES.sub(" ", run.text)
            if after_space and text[:1] == " ":
                text = text[1:]
            if not text:
                continue
            after_space = text[-1] == " "
            out.append(run if text == run.text else Run(TEXT, text, run.marks))
        else:
            if run.kind == BREAK:
                _strip_end(out)
                if not out:
                    continue
            after_space = run.kind == BREAK
            out.append(run)
    return out


def _strip_end(runs: list[Run]) -> None:
    while runs and runs[-1].kind == TEXT:
        last = runs.pop()
        text = last.text.rstrip(" \xa0")
        if text:
            runs.append(Run(TEXT, text, last.marks))
            break


def _trim(runs: list[Run]) -> list[Run]:
    _strip_end(runs)
    while runs and runs[-1].kind == BREAK:
        runs.pop()
        _strip_end(runs)
    return runs


def _soften(runs: list[Run]) -> list[Run]:
    line = "".join(run.text if run.kind == TEXT else _OBJECT for run in runs)
    line = _LONE.sub(" ", _LIST_GAP.sub(_close_gap, line))
    out: list[Run] = []
    position = 0
    for run in runs:
        if run.kind == TEXT:
            end = position + len(run.text)
            text = line[position:end].replace(_GONE, "")
            if text:
                out.append(Run(TEXT, text, run.marks))
            position = end
        else:
            out.append(run)
            position += 1
    return out


def _close_gap(match: re.Match[str]) -> str:
    return match[1] + " " + _GONE * (len(match[2]) - 1)


def _move_out(runs: list[Run]) -> list[Run]:
    """Split spaces off the ends of runs. Each keeps the marks that both sides share."""
    parts: list[Run] = []
    for run in runs:
        text = run.text
        if run.kind != TEXT or not (text[0].isspace() or text[-1].isspace()):
            if text or run.kind != TEXT:
                parts.append(run)
            continue
        core = text.strip()
        if not core:
            parts.append(run)
            continue
        start = text.index(core[0])
        end = start + len(core)
        if start:
            parts.append(Run(TEXT, text[:start], run.marks))
        parts.append(Run(TEXT, core, run.marks))
        if end < len(text):
            parts.append(Run(TEXT, text[end:], run.marks))
    return [
        _share(run, parts, index) if run.kind == TEXT and run.text.isspace() else run
        for index, run in enumerate(parts)
    ]


def _share(run: Run, parts: list[Run], index: int) -> Run:
    before = _neighbour(parts, index, -1)
    after = _neighbour(parts, index, 1)
    return Run(
        TEXT, run.text, tuple(mark for mark in before if mark in after and mark in run.marks)
    )


def _neighbour(parts: list[Run], index: int, step: int) -> tuple[Mark, ...]:
    index += step
    while 0 <= index < len(parts):
        run = parts[index]
        if run.kind != TEXT or not run.text.isspace():
            return run.marks
        index += step
    return ()


def _merge(runs: list[Run]) -> list[Run]:
    out: list[Run] = []
    for run in runs:
        last = out[-1] if out else None
        if last and run.kind == last.kind == TEXT and last.marks == run.marks:
            if not (run.marks and (run.text.isspace() or last.text.isspace())):
                out[-1] = Run(TEXT, last.text + run.text, run.marks)
            else:
                out.append(run)
        else:
            out.append(run)
    return out
