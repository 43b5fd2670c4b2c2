"""A report as it is asked for, and the commands that ask on."""

from __future__ import annotations

import shlex
from collections.abc import Sequence

from supportkit.period import Period
from supportkit.render.language import ENGLISH, Language
from supportkit.store.conditions import parse_conditions
from supportkit.system.frozen import dataclass


@dataclass(frozen=True)
class ReportRequest:
    """A report as asked for; `base` are the words that every command in it needs, such as --data FOLDER.

    `program` are the words that call this program, for a reader who is at the machine on which it was made.
    """

    audience: str
    period: Period
    base: tuple[str, ...] = ()
    language: Language = ENGLISH
    running: bool = False  # the period is not over by --as-of, else by the clock
    program: tuple[str, ...] = ("supportkit",)
    section: str | None = None  # the one that is shown, where it is one alone
    part_of: Period | None = None  # the one asked for, where `period` are the days of it that are there

    def command(self, *words: str, period: Period | None = None) -> str:
        """A command on the same data, of the report's period or of another, ready to be pasted."""
        base = self.base
        if "--group" in words:  # which is compared with the rest: a condition on its column would leave no rest
            base = _without(base, parse_conditions([words[words.index("--group") + 1]])[0].column)
        elif words[:2] == ("funnel", "--by"):  # so are its groups
            base = _without(base, words[words.index("--by") + 1])
        return shlex.join((*self.program, *words, *_again(period or self.period), *base))

    def listing(self) -> str:
        """The command that tells what is loaded of the same data, whichever rows are looked at."""
        options = zip(self.base[::2], self.base[1::2], strict=True)
        return shlex.join(
            (*self.program, "tables", *(word for pair in options if pair[0] != "--where" for word in pair))
        )


def _without(base: Sequence[str], column: str) -> tuple[str, ...]:
    """The words that a command needs, without the conditions on a column."""
    kept: list[str] = []
    for word in base:
        if kept[-1:] != ["--where"]:
            kept.append(word)
            continue
        conditions = [one for one in parse_conditions([word]) if one.column.casefold() != column.casefold()]
        kept[-1:] = ["--where", " and ".join(map(str, conditions))] if conditions else []
    return tuple(kept)


def _again(period: Period) -> tuple[str, ...]:
    """The options that name these days, whatever day it is when they are read."""
    if period.grain not in ("span", "all"):
        return ("--period", period.name)
    since = ("--since", str(period.start)) if period.start else ()
    return (*since, *(("--until", str(period.end)) if period.end else ()))
