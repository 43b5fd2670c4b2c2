"""Text from data made safe, one function a format; nothing else in the project escapes anything."""

from __future__ import annotations

import unicodedata
from typing import Final

from supportkit.system.late_patterns import late

_JOINERS: Final = {"\u200c", "\u200d"}
_HIDDEN: Final = {"Cc", "Cs", "Cf", "Zl", "Zp", "Co", "Cn"}
_LEADING: Final = late(r"^[\s\u200b\ufeff\u00a0\u2060]*[=+\-@|%＝＋－＠]")
_NUMBER: Final = late(r"[+-]?\d+(\.\d+)?([eE][+-]?\d+)?%?")
_PUNCTUATION: Final = late(
    r"[\\`*_{}\[\]#!|<>~$@&]"
    r"|(?<!\d):(?=\S)|:(?=\d(?!\d\b))|(?<=\d):(?=\D)(?!\s)"
    r"|^\s*[+-](?=[\s+-]|$)|(?<=^\d)[.)](?=\s)|(?<=^\d\d)[.)](?=\s)"
)
"""What is markup anywhere, colons of links and of signs by name (14:43 is none), and what begins a list on a line."""
_BACKTICKS: Final = late(r"`+")
_STYLE: Final = late(r"\x1b\[[0-9;]*m|\x1b\]8;[^\x1b\x07]*(?:\x1b\\|\x07)")
MAX_COMBINING: Final = 4


def for_terminal(text: str) -> str:
    """Control, format and private characters made visible, so that no ticket can drive a terminal."""
    if text.isascii() and text.isprintable():
        return text
    shown = []
    combining = 0
    for character in text:
        category = unicodedata.category(character)
        if category in ("Mn", "Me"):
            combining += 1
            if combining > MAX_COMBINING:
                continue
        else:
            combining = 0
        if character in "\n\t\r":
            shown.append(" ")
        elif category in _HIDDEN and character not in _JOINERS:
            shown.append(f"\\u{ord(character):04x}" if ord(character) < 0x10000 else f"\\U{ord(character):08x}")
        else:
            shown.append(character)
    return "".join(shown)


def visible(text: str) -> str:
    """Lines of a file on a terminal: what would drive it is shown as `\\x1b`, and the lines stay lines."""
    if text.isascii() and text.replace("\n", "").isprintable():
        return text
    return "".join(_code(sign) if _drives(sign) else sign for sign in text)


def without_styles(text: str) -> str:
    """A line of ours without its colours and links."""
    return _STYLE.sub("", text) if "\x1b" in text else text


def _drives(sign: str) -> bool:
    return sign not in "\n\t" and sign not in _JOINERS and unicodedata.category(sign) in _HIDDEN


def _code(sign: str) -> str:
    number = ord(sign)
    return f"\\x{number:02x}" if number < 0x100 else f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}"


def for_csv(text: str) -> str:
    """A cell that no spreadsheet takes for a formula; line breaks are line feeds."""
    text = text.replace("\x00", "").replace("\r\n", "\n").replace("\r", "\n")
    formula = _LEADING.match(text) and not _NUMBER.fullmatch(text)
    return "'" + text if formula or text[:1] in ("\t", "\n") else text


def for_markdown(text: str) -> str:
    """Inline text or a table cell that holds no markup, no link and no line break."""
    return _PUNCTUATION.sub(lambda match: f"{match[0][:-1]}&#{ord(match[0][-1])};", for_terminal(text))


def for_markdown_code(text: str) -> str:
    """Inline code that ends where the text does, whatever backticks that has."""
    shown = for_terminal(text).strip()
    fence = "`" * (max(map(len, _BACKTICKS.findall(shown)), default=0) + 1)
    space = " " if shown[:1] == "`" or shown[-1:] == "`" else ""
    return f"{fence}{space}{shown}{space}{fence}"


def for_html(value: object) -> object:
    """What a template prints: text without control characters, which Jinja2 then escapes; other values as they are."""
    return for_terminal(value) if isinstance(value, str) and not hasattr(value, "__html__") else value
