"""How a person says that a file is written: its encoding, delimiter and quote, the line of its header.

What nobody says is found out. `[read.<source>]` says it of all files of a source, the command line of those it names.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from supportkit.errors import UsageError
from supportkit.exports.reading.signs import BLANKS
from supportkit.system.named import NamedTuple

NO_QUOTE: Final = "none"
LAST_LINE: Final = 400
"""The last line that may be stated as the header's: as many are looked at."""

_NAMED: Final = {
    "tab": "\t", "\\t": "\t", "comma": ",", "semicolon": ";", "pipe": "|", "blank": " ", "space": " ", "blanks": BLANKS,
}  # fmt: skip


class Writing(NamedTuple):
    """What is said of a file. `header` is the physical line of the header, from 1, and 0 where there is none; `skip`
    lines at the beginning are no part of the table; of a workbook the `sheet` is meant. An empty text or None says
    nothing; the `quote` may be `none`."""

    encoding: str = ""
    delimiter: str = ""
    quote: str = ""
    header: int | None = None
    skip: int = 0
    sheet: str = ""

    @property
    def first_line(self) -> int:
        """The physical line that the table begins on."""
        return max(self.header or 1, self.skip + 1)

    def over(self, other: Writing) -> Writing:
        """This, and where it says nothing the other."""
        header = other.header if self.header is None else self.header
        words = (self.encoding or other.encoding, self.delimiter or other.delimiter, self.quote or other.quote)
        return Writing(*words, header, self.skip or other.skip, self.sheet or other.sheet)

    def told(self) -> dict[str, str]:
        """What is said of quotes and lines, as part of how a file was read: the rest is so, whoever says it."""
        said = {"quote": self.quote, "header": "" if self.header is None else str(self.header)}
        said["skip"] = str(self.skip or "")
        return {name: value for name, value in said.items() if value}


NOTHING_SAID: Final = Writing()


def writing(
    encoding: str = "",
    delimiter: str = "",
    quote: str = "",
    header: int | None = None,
    skip: int = 0,
    sheet: str | int = "",
) -> Writing:
    """What is said of a file, in the words of a person. Raises UsageError for what no file can be."""
    sign = _NAMED.get(delimiter.casefold(), delimiter)
    if sign != BLANKS and len(sign) > 1:
        raise UsageError(
            f"--delimiter {delimiter}: is more than one character",
            hint="write one, or a word: tab, comma, semicolon, pipe, blank, blanks (any number of them)",
        )
    if quote.casefold() != NO_QUOTE and len(quote) > 1:
        raise UsageError(f"--quote {quote}: is more than one character", hint=f"write one, or {NO_QUOTE}")
    if not 0 <= max(header or 0, skip) <= LAST_LINE or min(header or 0, skip) < 0:
        raise UsageError(
            f"--header {header or 0} --skip {skip}: only the first {LAST_LINE} lines can hold the header",
            hint="count lines from 1; --header 0 says that there is none",
        )
    return Writing(encoding, sign, quote.casefold() if len(quote) > 1 else quote, header, skip, str(sheet))


def writing_of(source: str | None, said: Writing, by_source: Mapping[str, Writing]) -> Writing:
    """What is said of the files of a source."""
    return said.over(by_source.get(source or "", NOTHING_SAID))
