"""Which days a rule judges: those that are asked for, else the rule's own, else the usual ones."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

from supportkit.period import Period, last_complete, local_day, parse_period, relative_in_words
from supportkit.system.frozen import dataclass

if TYPE_CHECKING:
    from supportkit.checks.rule import Rule
    from supportkit.checks.verdict import Clock
    from supportkit.config import Config


@dataclass(frozen=True)
class JudgedPeriods:
    """The period that each rule is judged over: `asked` outweighs a rule's own, and that the `usual` one.

    Relative ones, as last-month, count from `today`.
    """

    usual: str | Period
    today: date
    asked: Period | None = None

    def of(self, rule: Rule) -> Period:
        """The period of a rule."""
        if self.asked is not None:
            return self.asked
        chosen = rule.period or self.usual
        return parse_period(chosen, self.today) if isinstance(chosen, str) else chosen

    def told(self, rules: Iterable[Rule], basis: str) -> list[str]:
        """Which days the rules judge, where that depends on a day: in words, with the day."""
        if self.asked is not None:
            return []
        said = []
        for words in dict.fromkeys(rule.period or self.usual for rule in rules):
            if isinstance(words, Period):
                said.append(f"checks judge {words.name}, the last complete week by {basis}, {self.today}")
            elif (told := relative_in_words(words, self.today, basis)) is not None:
                said.append(told)
        return said


def periods_of_run(config: Config | None, clock: Clock, zone: str, asked: Period | None = None) -> JudgedPeriods:
    """The periods of `check`: the last complete week where neither the command nor the configuration says otherwise."""
    usual = (config.checks.period if config else None) or last_complete("week", clock.now, zone)
    return JudgedPeriods(usual, local_day(clock.now, zone), asked)


def periods_of_report(config: Config | None, clock: Clock, zone: str, period: Period) -> JudgedPeriods:
    """The periods of the lights in a report: the report's own where no rule says otherwise.

    Relative ones count from the day after the report's period, so that a report of the past repeats.
    """
    usual = (config.checks.period if config else None) or period
    return JudgedPeriods(usual, min(period.end or date.max, local_day(clock.now, zone)))
