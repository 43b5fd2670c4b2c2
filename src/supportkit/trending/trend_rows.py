"""What a reader sees of `trends`: rows, facts, the last half year in blocks, and sentences that claim no cause."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import field, replace
from datetime import date, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Final

from supportkit.period import Period
from supportkit.result import Quoting, Value, numbered
from supportkit.stats.sparkline import sparkline
from supportkit.system.frozen import dataclass
from supportkit.trending.data_gaps import MISSING
from supportkit.trending.equal_periods import Blocks
from supportkit.trending.exposure import Exposure

if TYPE_CHECKING:
    from supportkit.stats.episodes import SeriesJudgement
    from supportkit.stats.outbreak import Array
    from supportkit.stats.series_grid import Grid

NOTABLE: Final = 0.2  # of the common factor's logarithm: above 1.22 or below 0.82
LEAST_EXPECTED: Final = 1.0  # a ratio to less than one ticket says nothing
UP: Final = ("new", "rising", "ongoing")
PICTURE: Final = 26
WEEK: Final = 7  # days
TOLD: Final = 5
REPEATED: Final = 5.0  # tickets beyond those of one per customer that are worth a sentence
Ratio = tuple[float, float, float]
BASES: Final = (1, 3, 10, 30, 100, 300)


@dataclass(frozen=True)
class TrendRows:
    """All that the rows, the facts and the sentences are made of."""

    grid: Grid
    against: Exposure
    total: Array  # (blocks,) tickets
    seen: SeriesJudgement
    common: float | None  # what all series share
    blocks: Blocks  # those that are judged
    compared: bool
    told_by: Array  # (series,) tickets of the periods that were judged together
    per_writer: Array  # (series,) tickets per customer in a period that is judged
    covered: Sequence[bool]  # (blocks,) whether the data covers each
    past: int  # periods before this one that can be learned from
    together: str = ""  # over how long state and q are, where that is longer than the period
    places: Mapping[str, str] = field(default_factory=dict)
    examples: Mapping[str, str] = field(default_factory=dict)
    begun: Mapping[int, date | None] = field(default_factory=dict)  # series whose first day weeks tell, or nothing

    def since(self, number: int) -> date | None:
        """The first day of the trouble that a series is in."""
        own = int(self.seen.since[number])
        return self.begun.get(number, self.blocks.first_day(own) if own >= 0 else None)

    def dated(self, begun: Mapping[int, date | None]) -> TrendRows:
        """The same with the days on which series began; what rises since before the period is ongoing, and nothing is
        of which no day is known."""
        view = replace(self, begun=begun)
        first = self.blocks.first_day(self.blocks.count - 1)
        states = list(self.seen.state)
        for number, state in enumerate(states):
            since = view.since(number)
            if state == "rising" and since and since < first:
                states[number] = "ongoing"
            elif state == "ongoing" and not since:
                states[number] = "rising"
        return replace(view, seen=replace(self.seen, state=tuple(states)))

    @cached_property
    def standing_out(self) -> list[int]:
        """The series that stand out upwards, the largest excess first."""
        up = [number for number, state in enumerate(self.seen.state) if state in UP]
        return sorted(up, key=lambda number: (-float(self._excess[number]), self.grid.keys[number]))

    @cached_property
    def _excess(self) -> Array:
        return self.grid.tickets[:, -1] - self.seen.expected * self.per_writer

    def rows(self) -> list[tuple[Value, ...]]:
        """A row per series that is there now, was there before, or is told of; the greatest rise first, of less than a
        week that of the days that tell it, and where nothing is compared the most tickets."""
        import numpy as np

        counted = np.broadcast_to(self.against.counted, self.grid.tickets.shape)
        per = 1 if self.against.kind == "tickets" else 1000
        common = self.common if self.seen.tested else None
        found = []
        for number, key in enumerate(self.grid.keys):
            now, before = (self.tickets(number, index) for index in (-1, -2))
            state = self.seen.state[number]
            if not now and not before and state == "steady":
                continue
            change = now / before - 1 if now is not None and before and self.compared else None
            flags: tuple[Value, ...] = (1, 0, None, None, None)
            if self.seen.tested:
                flags = (1, 1, int(state in UP), int(state == "new"), int(self.seen.fell[number]))
            of, of_before, everything = (int(n) for n in (*counted[number, [-1, -2]], self.total[-1]))
            rates = (_rate(now, of, per), _rate(before, of_before, per), _rate(now, everything))
            judged = (*self._judged(number), of, of_before, everything, *self._window(number))
            row = (*key, now, before, change, *flags, common, *rates, *judged)
            was = before if self.compared else 0
            rise = self._rise(number) if self.seen.tested else float((now or 0) - (was or 0))
            found.append(((state not in UP, -rise, key), row))
        return [row for _, row in sorted(found, key=lambda pair: pair[0])]

    @cached_property
    def is_told_together(self) -> bool:
        """Whether a rise is told by several periods of which the last alone holds no more than was to be expected: all
        are told so then, each by the periods that were judged together."""
        if self.together or not self.seen.tested:
            return bool(self.together and self.seen.tested)
        return any(
            float(self.grid.tickets[n, -1]) <= float(self.seen.high[n] * self.per_writer[n])
            for n in self.standing_out
            if self.seen.window[n] > 1
        )

    def _rise(self, number: int) -> float:
        if self.is_told_together:
            return float(self.told_by[number]) - self._window_expected(number)
        return float(self._excess[number])

    def tickets(self, number: int, index: int) -> int | None:
        """The tickets of a series in a block; None where the data does not cover it."""
        return int(self.grid.tickets[number, index]) if self.covered[index] else None

    def claimed(self) -> frozenset[tuple[Value, ...]]:
        """The series whose tickets are told to rise or fall, by their keys."""
        told = (state in UP or fell for state, fell in zip(self.seen.state, self.seen.fell, strict=True))
        return frozenset(tuple(key) for key, is_told in zip(self.grid.keys, told, strict=True) if is_told)

    def _judged(self, number: int) -> tuple[Value, ...]:
        """expected … weeks of a series, in tickets: the test counts a customer once a period."""
        name = ", ".join(self.grid.keys[number])
        last = (self.places.get(name), self.examples.get(name), self._weeks(number))
        if not self.seen.tested:
            return (None,) * 10 + last
        seen, scale = self.seen, float(self.per_writer[number])
        expected = float(seen.expected[number]) * scale
        return (
            expected,
            float(seen.low[number]) * scale,
            float(seen.high[number]) * scale,
            *(_ratio(float(self.grid.tickets[number, -1]), expected, float(seen.error[number])) or (None,) * 3),
            float(self._excess[number]),
            self.since(number),
            seen.state[number],
            float(seen.q[number]),
            *last,
        )

    def _window(self, number: int) -> tuple[Value, ...]:
        """The periods that were judged together: how many, their tickets, what was expected of them and the ratio."""
        periods, tickets = int(self.seen.window[number]), int(self.told_by[number])
        if not self.seen.tested:
            return periods, tickets, None, None, None, None
        return periods, tickets, self._window_expected(number), *(self._window_ratio(number) or (None,) * 3)

    def _window_expected(self, number: int) -> float:
        return float(self.seen.window_expected[number]) * float(self.per_writer[number])

    def _window_ratio(self, number: int) -> Ratio | None:
        error = float(self.seen.window_error[number])
        return _ratio(float(self.told_by[number]), self._window_expected(number), error)

    def _weeks(self, number: int) -> str:
        """The last half year in blocks, and between which counts an ordinary period lies."""
        count = len(self.covered)
        drawn = sparkline([self.tickets(number, index) for index in range(max(0, count - PICTURE), count)])
        if not self.seen.tested:
            return drawn
        scale = float(self.per_writer[number])
        return f"{drawn} {self.seen.low[number] * scale:.0f}–{self.seen.high[number] * scale:.0f}"

    def facts(self, shown: int) -> tuple[Value, ...]:
        """The totals, and how many series are in which state."""
        now = int(self.total[-1])
        before = int(self.total[-2]) if self.covered[-2] or not now else None
        change = now / before - 1 if before and self.compared else None
        states = self.seen.state
        return (
            now,
            before,
            change,
            shown,
            *(
                (len(states), sum(state in UP for state in states), states.count("new"), int(self.seen.fell.sum()))
                if self.seen.tested
                else (0, None, None, None)
            ),
            self.common if self.seen.tested else None,
        )

    def sentences(self) -> list[str]:
        """What all series share, then each series that stands out, then how far the list can be trusted."""
        if not self.seen.tested:
            return []
        said = []
        if self.common is not None and abs(math.log(self.common)) > NOTABLE:
            what = f"up {self.common:.1f} times" if self.common > 1 else f"down to {self.common:.1f} of the usual"
            said.append(f"everything is {what}: all series share that, and each is judged beside it")
        said += [self._sentence(number) for number in self.standing_out[:TOLD]]
        said += [self._repeats(number) for number in self._repeated()]
        tested = len(self.seen.state)
        said.append(
            f"{tested} series tested; where nothing rises, at most one report in ten names a series new or rising"
        )
        return said

    def _sentence(self, number: int) -> str:
        """As it is drawn: by the period alone, or by those that were judged together where that is drawn; of less
        than a week also its own tickets."""
        seen, name = self.seen, ", ".join(self.grid.keys[number])
        tickets, expected = int(self.grid.tickets[number, -1]), float(seen.expected[number] * self.per_writer[number])
        ratio, over = _ratio(tickets, expected, float(seen.error[number])), ""
        if self.is_told_together:
            own = f"{numbered(tickets, 'ticket')}, {_usual(expected)} expected; "
            tickets, expected = int(self.told_by[number]), self._window_expected(number)
            ratio, over = self._window_ratio(number), self._over(int(seen.window[number]))
        told = f"{numbered(tickets, 'ticket')}{over}"
        if self.together:
            told = f"{own}{self.together}: {tickets}"
        text = f"{name}: {told}, {_usual(expected)} expected"
        if ratio is not None:
            text += f" ({ratio[0]:.1f} times, {ratio[1]:.1f} to {ratio[2]:.1f})"
        begun = self.begun.get(number) if number in self.begun else self.blocks.begun(int(seen.since[number]))
        text += f", {seen.state[number]}" + (f" since {begun}" if begun else "")
        if name in self.places:
            text += f"; of the excess {self.places[name]}"
        return Quoting(f"{text}; for example {self.examples[name]}", text) if name in self.examples else text

    def _over(self, periods: int) -> str:
        """How long the judged time is, in words, where it is not the period."""
        if periods == 1:
            return ""
        units = {1: "months", 3: "quarters", 12: "years"}
        unit = units.get(self.blocks.months, "periods")
        if self.blocks.days:
            unit = "weeks" if self.blocks.days == WEEK else f"periods of {self.blocks.days} days"
        return f" in {periods} {unit}"

    def _repeated(self) -> list[int]:
        """Series of which few customers wrote many tickets."""
        now, once = self.grid.tickets[:, -1], self.grid.writers[:, -1] * self.grid.per_writer
        return [n for n in range(len(now)) if now[n] - once[n] >= max(REPEATED, 0.5 * once[n])]

    def _repeats(self, number: int) -> str:
        now, writers = (int(each[number, -1]) for each in (self.grid.tickets, self.grid.writers))
        name = ", ".join(self.grid.keys[number])
        who = "one customer" if writers == 1 else f"{writers} customers"
        return f"{name}: {now} tickets are of {who}; the test counts a customer once"

    def untested(self, period: Period, last: date, *, part: bool) -> list[str]:
        """Why nothing is compared or tested, where that is so and `part`, that the period is not over, is not said."""
        from supportkit.stats.outbreak import LEAST_WEEKS

        if not self.blocks.whole or self.seen.tested or (part and not self.compared):
            return []
        if not self.compared:
            on = last + timedelta(days=1)
            return [f"{period.name} is neither compared nor tested: {MISSING} the data, from {on} on"]
        before = self.blocks.count - 1
        if before < LEAST_WEEKS:
            return ["nothing is tested: that needs eight whole periods of at least a week before this one"]
        if self.past < LEAST_WEEKS:
            return [
                f"nothing is tested: {MISSING} {before - self.past} of the {before} periods before this one, "
                "and that needs eight whole ones"
            ]
        return [f"{period.name} is not tested: {MISSING} the data"]

    def floor(self) -> list[str]:
        """How small a change can be noticed at all."""
        from supportkit.stats.detectable import detectable

        if not self.seen.tested or not self.seen.state:
            return []
        phi, tau2 = self.seen.spread.typical, self.seen.spread.tau2
        tested = len(self.seen.state)
        told = []
        for base in BASES:
            once, four = (detectable(base, phi, tau2, tested, weeks=weeks) for weeks in (1, 4))
            told.append(f"{base} a period: from {once:.1f} times in one, {four:.1f} times over four")
        return [
            f"what is noticed in 8 of 10 cases, with {tested} series tested (dispersion {phi:.2f}): " + "; ".join(told)
        ]


def _usual(expected: float) -> str:
    return f"{expected:.1f}" if expected >= 0.05 else "none"


def _ratio(tickets: float, expected: float, error: float) -> Ratio | None:
    """Tickets over what was expected and its 95 % interval, as wide as the customers behind the tickets make it."""
    if not expected >= LEAST_EXPECTED:
        return None
    ratio = tickets / expected
    ceiling = max(ratio, 0.5 / expected)  # no ticket is not a ratio of nothing
    return ratio, ratio * math.exp(-error), ceiling * math.exp(error)


def _rate(part: int | None, whole: float, per: int = 1) -> float | None:
    """A rate; None of what is not known, and over nothing."""
    return float(per * part / whole) if part is not None and whole else None
