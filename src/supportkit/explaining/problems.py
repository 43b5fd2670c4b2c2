"""The problems of a period: complaints that rise, and places that lose more customers at a step than the others.

Both are read off the rows of `trends` and `funnel`. Of a complaint and its places that one is told which is clearest
among those that explain nearly as much as the largest. A drop-off belongs to the complaint of its own place; where
there are several, to that with the largest excess.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from typing import Final

from supportkit.funnels.findings import COMPARED
from supportkit.offers.finding import is_number, sharpest
from supportkit.render.value_text import expected_text
from supportkit.result import Result, Value, numbered
from supportkit.stats.estimates import Estimate
from supportkit.store.conditions import NONE
from supportkit.system.frozen import dataclass
from supportkit.trending.findings import LOUD, is_of_days, unit_of
from supportkit.trending.spellings import spelt_alike

NO_PLACE: Final = (NONE, "(other)")
Place = tuple[tuple[str, str], ...]
"""Values of dimensions; empty everywhere."""


@dataclass(frozen=True)
class Complaint:
    """A series of tickets that rose beyond what its past explains, everywhere or in a place."""

    text: str
    place: Place
    tickets: int
    expected: float
    excess: float
    share: Estimate
    """Of its tickets, those beyond what was to be expected."""
    since: date | None
    window: str = ""
    """The longer time over which it was found, as told: 60 tickets in 2 weeks where 24 were expected."""

    @property
    def weight(self) -> float:
        return self.excess

    @property
    def sharpness(self) -> float:
        return len(self.place) + self.share.value  # a place says more than everywhere


@dataclass(frozen=True)
class DropOff:
    """A place that loses more users at a step than the others do."""

    place: Place
    step: str
    users: int
    dropped: int
    difference: Estimate
    still_open: int = 0
    """Of those who dropped, who can still go on: their window is not over."""
    since: date | None = None
    unknown: str = ""
    """Why it is not known since when, where that was looked for."""

    @property
    def weight(self) -> float:
        """How many are lost beyond the others' share."""
        return self.users * self.difference.value

    @property
    def share(self) -> Estimate:
        """Of those who dropped, those beyond the others' share."""
        dropped = self.dropped / self.users
        value, low, high = (min(1.0, end / dropped) for end in self.difference)
        return Estimate(value, low, high)


@dataclass(frozen=True)
class Problem:
    """A complaint, a drop-off, or both in one place."""

    complaint: Complaint | None
    drop_off: DropOff | None = None

    @property
    def place(self) -> Place:
        """Where it is."""
        return self.drop_off.place if self.drop_off else self.complaint.place if self.complaint else ()

    @property
    def since(self) -> date | None:
        """The day on which it began: that of the complaint, else of the drop-off."""
        begun = self.complaint.since if self.complaint else None
        return begun or (self.drop_off.since if self.drop_off else None)

    @property
    def name(self) -> str:
        """The complaint, else the step at which customers drop out."""
        return self.complaint.text if self.complaint else f"drop-off at {self.drop_off.step}" if self.drop_off else ""

    @property
    def weight(self) -> float:
        """How many tickets are beyond what was to be expected, else how many users are lost beyond the others' share:
        what ranks it where nobody is known who is touched."""
        return self.complaint.weight if self.complaint else self.drop_off.weight if self.drop_off else 0.0


def in_words(place: Place) -> str:
    """The values of a place."""
    return ", ".join(value for _, value in place) or "everywhere"


def problems(everywhere: Result, placed: Result, funnel: Result | None) -> list[Problem]:
    """The problems in trends by complaint, in trends by complaint and place, and in the funnel by place.

    The largest excess of tickets first, drop-offs without a complaint behind them.
    """
    complaints = _complaints([everywhere, placed])
    drops = sorted(_losing(funnel) if funnel else (), key=lambda one: (-one.weight, one.step, one.place))
    joined: dict[int, DropOff] = {}
    alone = []
    for drop in drops:
        same = [n for n, one in enumerate(complaints) if one.place == drop.place and n not in joined]
        if same:
            joined[min(same)] = drop
        else:
            alone.append(drop)
    told = [Problem(one, joined.get(number)) for number, one in enumerate(complaints)]
    return [*told, *(Problem(None, drop) for drop in alone)]


def _complaints(results: Iterable[Result]) -> list[Complaint]:
    """Each complaint once, where it is clearest; the largest excess first."""
    found: dict[str, list[Complaint]] = defaultdict(list)
    for result in results:
        for one in _rising(result):
            found[spelt_alike(one.text)].append(one)
    return sorted((sharpest(each) for each in found.values()), key=lambda one: (-one.excess, one.text))


def _rising(result: Result) -> Iterator[Complaint]:
    keys = result.keys
    for row in result.records():
        expected, excess, tickets = row["expected"], row["excess"], row["tickets"]
        name, *places = (str(row[key.name]) for key in keys)
        if row["state"] not in LOUD or name == NONE or any(place in NO_PLACE for place in places):
            continue
        if not (is_number(expected) and is_number(excess) and is_number(tickets)) or excess <= 0 or not tickets:
            continue
        since = row["since"] if isinstance(row["since"], date) else None
        place = tuple((key.dimension, value) for key, value in zip(keys[1:], places, strict=True))
        share = _share_beyond(row["ratio_low"], row["ratio_high"], float(excess) / tickets)
        window = _window(row, result)
        yield Complaint(name, place, int(tickets), float(expected), float(excess), share, since, window)


def _window(row: Mapping[str, Value], result: Result) -> str:
    """The tickets of the periods that told a rise together, beside those of the period that is looked at."""
    periods = int(str(row["window"] or 1))
    if periods == 1 and not is_of_days(result):
        return ""
    tickets, expected = int(str(row["window_tickets"])), float(str(row["window_expected"]))
    if is_of_days(result):
        assert result.scope.end is not None
        over = f"in the seven days up to {result.scope.end - timedelta(days=1)}"
    else:
        over = f"in {periods} {unit_of(result)}"
        if unit_of(result) == "periods" and result.scope.start and result.scope.end:
            over += f" of {(result.scope.end - result.scope.start).days} days"
    return f"{numbered(tickets, 'ticket')} {over} where {expected_text(expected)} were expected"


def _share_beyond(low: Value, high: Value, share: float) -> Estimate:
    """What is beyond the expectation, as a share: 1 - 1 / ratio; where the ratio has no interval, all or nothing."""
    share = min(1.0, share)
    if not (is_number(low) and is_number(high)) or low <= 0:
        return Estimate(share, 0.0, 1.0)
    return Estimate(share, min(share, max(0.0, 1 - 1 / low)), max(share, 1 - 1 / high))


def _losing(result: Result) -> Iterator[DropOff]:
    keys = [key for key in result.keys if key.name not in ("step_number", "step")]
    for row in result.records():
        values = [str(row[key.name]) for key in keys]
        if not row["stands_out"] or values[0] in NO_PLACE:
            continue
        ends = [float(str(row[name])) for name in COMPARED]
        place = tuple((key.dimension, value) for key, value in zip(keys, values, strict=True))
        users, dropped, still_open = (int(str(row[name] or 0)) for name in ("users", "dropped", "open"))
        yield DropOff(place, str(row["step"]), users, dropped, Estimate(*ends), still_open)
