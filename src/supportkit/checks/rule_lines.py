"""On which line of a TOML file each key stands, so that a verdict can be shown beside its own rule.

`tomllib` gives values without their places. The file has been read by it before, so what is looked at here is sound.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Final

from supportkit.system.named import NamedTuple

TomlPath = tuple[str | int, ...]
"""Names of tables and keys, and the numbers of entries in lists: ("check", 0, "expect")."""

_TOKEN: Final = re.compile(
    r'(?P<text>"""(?:\\.|[^\\])*?"{3,5}|\'\'\'.*?\'{3,5}|"(?:\\.|[^"\\\n])*"|\'[^\'\n]*\')'
    r"|(?P<comment>#[^\n]*)"
    r"|(?P<end>\n)"
    r"|(?P<mark>[\[\]{}=,.])"
    r"|(?P<bare>[^\s\[\]{}=,.#\"']+)",
    re.DOTALL,
)


class Token(NamedTuple):
    """A word or a mark of the file, and its line."""

    kind: str
    text: str
    line: int


def key_lines(source: str) -> Mapping[TomlPath, int]:
    """The line of each key of a TOML file, by its path."""
    return _Reader(source).lines()


class _Reader:
    """The tokens of a file, taken from the first."""

    def __init__(self, source: str) -> None:
        self.tokens = list(_tokens(source))
        self.place = 0
        self.found: dict[TomlPath, int] = {}
        self.counts: dict[TomlPath, int] = defaultdict(int)

    def lines(self) -> Mapping[TomlPath, int]:
        table: TomlPath = ()
        while (token := self._next()) is not None:
            if token.text == "[" and token.kind == "mark":
                table = self._header()
            elif token.kind in ("bare", "text"):
                self._pair(table, token)
        return self.found

    def _header(self) -> TomlPath:
        """The path of `[a.b]` or `[[a.b]]`: under a list the last entry is meant."""
        several = self._sees("[")
        if several:
            self.place += 1
        names = self._names(self._next())
        while (token := self._next()) is not None and token.kind != "end":
            pass
        path: TomlPath = ()
        for number, name in enumerate(names, 1):
            path = (*path, name)
            if several and number == len(names):
                self.counts[path] += 1
            if path in self.counts:
                path = (*path, self.counts[path] - 1)
        return path

    def _names(self, token: Token | None) -> list[str]:
        """The parts of a dotted key, its first token taken already."""
        names = []
        while token is not None and token.kind in ("bare", "text"):
            names.append(token.text.strip("\"'"))
            if not self._sees("."):
                break
            self.place += 1
            token = self._next()
        return names

    def _pair(self, table: TomlPath, first: Token) -> None:
        path = (*table, *self._names(first))
        self.found[path] = first.line
        if self._sees("="):
            self.place += 1
            self._value(path)

    def _value(self, path: TomlPath) -> None:
        """A value: of lists and inline tables the keys inside are found too."""
        token = self._next(over_lines=True)
        if token is None or token.kind != "mark":
            while (after := self._peek()) is not None and after.kind in ("bare", "text", "mark"):
                if after.kind == "mark" and after.text != ".":  # 1.5 and 12:30:00.5 have marks in them
                    break
                self.place += 1
        elif token.text == "[":
            number = 0
            while (after := self._peek(over_lines=True)) is not None and after.text != "]":
                if after.text == ",":
                    self.place += 1
                    continue
                self._value((*path, number))
                number += 1
            self.place += 1
        elif token.text == "{":
            while (inner := self._next(over_lines=True)) is not None and inner.text != "}":
                if inner.kind in ("bare", "text"):
                    self._pair(path, inner)

    def _peek(self, *, over_lines: bool = False) -> Token | None:
        while over_lines and self.place < len(self.tokens) and self.tokens[self.place].kind == "end":
            self.place += 1
        return self.tokens[self.place] if self.place < len(self.tokens) else None

    def _next(self, *, over_lines: bool = False) -> Token | None:
        token = self._peek(over_lines=over_lines)
        self.place += 1
        return token

    def _sees(self, mark: str) -> bool:
        token = self._peek()
        return token is not None and token.kind == "mark" and token.text == mark


def _tokens(source: str) -> Iterator[Token]:
    line = 1
    for match in _TOKEN.finditer(source.replace("\r\n", "\n")):
        kind, text = match.lastgroup or "", match[0]
        if kind != "comment":
            yield Token(kind, text, line)
        line += text.count("\n")
