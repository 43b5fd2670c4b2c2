"""A period and the equal ones before it, numbered: 0 is the period, -1 the one before.

Those of a few days begin on the same weekday, so that days between them are in none. A week that is not over is a
week of which fewer days are there.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from supportkit.period import Grain, Period, containing, months_later
from supportkit.system.frozen import dataclass

LONGEST = 300
WEEK = 7  # days
MOST_DAYS = 1_000_000


@dataclass(frozen=True)
class Blocks:
    """`count` periods of `months` months or `days` days that end with the one that starts at `start`; each of days
    begins `stride` days after the one before."""

    start: date
    months: int
    days: int
    stride: int
    count: int
    whole: bool  # whether the period before is inside the data
    until: date | None = None  # the day after the last that is there of a week that is not over

    @classmethod
    def of(cls, period: Period, first: date | None) -> Blocks:
        """The blocks from the first whole one since `first` to a closed period; at least two."""
        assert period.start is not None
        assert period.end is not None
        months = period.months
        days = 0 if months else (period.end - period.start).days
        stride = 0 if months else period.stride
        until = None
        if period.grain == "week" and days < WEEK:
            days, until = WEEK, period.end
        one = cls(period.start, months, days, stride, 1, True, until)
        oldest = one.number(first) if first else 0
        if first and one.day(oldest) < first:
            oldest += 1
        return cls(period.start, months, days, stride, min(max(1 - oldest, 2), LONGEST), oldest < 0, until)

    @property
    def parameters(self) -> dict[str, Any]:
        """The same for a query: $start, $months, $stride (one of them 0), $days (of months more than they have) and
        $blocks."""
        days = self.days or MOST_DAYS
        return {"start": self.start, "months": self.months, "stride": self.stride, "days": days, "blocks": self.count}

    @property
    def lengths(self) -> list[int]:
        """Days of each block."""
        return [(self.end_of(index) - self.first_day(index)).days for index in range(self.count)]

    @property
    def end(self) -> date:
        """The day after the last block."""
        return self.end_of(self.count - 1)

    def number(self, day: date) -> int:
        """The block of a day, or the one before a day that is in none: 0, -1, …"""
        if self.months:
            return ((day.year - self.start.year) * 12 + day.month - self.start.month) // self.months
        return (day - self.start).days // self.stride

    def index(self, day: date) -> int:
        """The same counted from the oldest block, 0 … count - 1; negative before it."""
        return self.number(day) + self.count - 1

    def holding(self, day: date) -> int:
        """The index of the block that a day is in; negative where it is in none, or before the oldest."""
        index = self.index(day)
        return index if day < self.end_of(index) else -1

    def day(self, number: int) -> date:
        """The first day of a block by its number."""
        if not self.months:
            return self.start + timedelta(days=number * self.stride)
        return months_later(self.start, number * self.months)

    def begun(self, index: int) -> str:
        """When what is so since a block began: the day; of months, in which nobody knows the day, their name."""
        grains: dict[int, Grain] = {1: "month", 3: "quarter", 12: "year"}
        grain = grains.get(self.months)
        day = self.first_day(index)
        return containing(day, grain).name if grain else day.isoformat()

    def first_day(self, index: int) -> date:
        """The first day of a block by its index."""
        return self.day(index - self.count + 1)

    def end_of(self, index: int) -> date:
        """The day after a block, by its index."""
        if self.until and index == self.count - 1:
            return self.until
        return self.first_day(index) + timedelta(days=self.days) if self.days else self.first_day(index + 1)
