"""How the guide looks: the style sheet of its pages, within what Qt's text browser knows."""

from __future__ import annotations


def make_style(*, night: bool) -> str:
    """The style sheet, by day or by night."""
    text, faint, line = (
        ("#e3e3e3", "#b4b4b4", "#555555") if night else ("#202020", "#6a6a6a", "#c9c9c9")
    )
    back, link = ("#3a3a3a", "#8cb8ff") if night else ("#f0f0f0", "#0b57d0")
    return f"""
    body {{ color: {text}; }}
    h1 {{ font-size: x-large; margin-top: 8px; margin-bottom: 8px; }}
    h2 {{ font-size: large; margin-top: 22px; margin-bottom: 6px; }}
    h3 {{ font-size: medium; margin-top: 16px; margin-bottom: 4px; }}
    p, li {{ line-height: 130%; }}
    a {{ color: {link}; text-decoration: none; }}
    .picture {{ line-height: 100%; margin-top: 10px; margin-bottom: 2px; }}
    .caption {{ color: {faint}; font-size: small; margin-top: 0; margin-bottom: 12px; }}
    code {{ background-color: {back}; font-family: monospace; }}
    pre {{ background-color: {back}; font-family: monospace; margin: 8px;
        white-space: pre-wrap; line-height: 125%; }}
    blockquote {{ color: {faint}; }}
    table {{ border-collapse: collapse; border-color: {line}; margin-top: 8px; }}
    td, th {{ border: 1px solid {line}; padding: 5px; text-align: left; }}
    """
