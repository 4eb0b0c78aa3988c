"""Colours for reward source. It reads any text: a refused reward may not be Python at all."""

import keyword
import re

from markupsafe import Markup, escape

_TOKEN = re.compile(
    r"(?P<comment>#[^\n]*)"
    r'|(?P<string>"""(?:.|\n)*?(?:"""|\Z)|\'\'\'(?:.|\n)*?(?:\'\'\'|\Z)'
    r'|"(?:\\.|[^"\\\n])*"?|\'(?:\\.|[^\'\\\n])*\'?)'
    r"|(?P<number>\b\d[\w.]*)"
    r"|(?P<signal>\bs\.\w+)"
    r"|(?P<word>\b[A-Za-z_]\w*)"
)


def highlight(source: str) -> Markup:
    """The source as HTML with a span around each comment, string, number, signal, keyword, call."""
    parts, end = [], 0
    for match in _TOKEN.finditer(source):
        parts.append(escape(source[end : match.start()]))
        parts.append(_span(match, source[match.end() : match.end() + 1]))
        end = match.end()
    parts.append(escape(source[end:]))
    return Markup("").join(parts)


def _span(match: re.Match[str], after: str) -> Markup:
    kind, text = match.lastgroup or "", match.group()
    if kind == "word":
        kind = "keyword" if keyword.iskeyword(text) else "call" if after == "(" else ""
    return Markup('<span class="{}">{}</span>').format(kind, text) if kind else escape(text)
