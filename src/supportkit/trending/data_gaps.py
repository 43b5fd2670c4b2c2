"""Trouble with the data, told apart from trouble in the shop: missing days, and tickets that are not known yet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from supportkit.result import Result, numbered, percent
from supportkit.store import Store
from supportkit.store.arrivals import arrivals
from supportkit.system.frozen import dataclass
from supportkit.system.named import NamedTuple
from supportkit.trending.equal_periods import Blocks

if TYPE_CHECKING:
    from supportkit.stats.gaps import Gap
    from supportkit.stats.outbreak import Array, Mask

REACH: Final = 400  # days looked at
TOO_LITTLE: Final = 0.3  # of a period: with less there it is no history
TOLD: Final = 8  # periods back that gaps are told of
HALF: Final = 0.5  # known of a day: with less it is not complete
NEARLY: Final = 0.95
MISSING: Final = "days are missing in"
"""What every note says by which a gap keeps something from being tested."""


@dataclass(frozen=True)
class KnownShare:
    """What share of a day's tickets the last load knew, as learned from the loads before."""

    loaded_on: date | None
    known: tuple[float, ...]  # 0, 1, … days after they were created

    @classmethod
    def of(cls, store: Store) -> KnownShare:
        """Learned from the store's loads; nothing is late where they are too few."""
        from supportkit.stats.reporting_delay import known_after

        loaded_on, seen = arrivals(store)
        known = known_after((day.toordinal(), age, tickets) for day, age, tickets in seen)
        return cls(loaded_on, tuple(known.tolist())) if known is not None else NOTHING_LATE

    def share(self, day: date) -> float:
        """The share of this day's tickets that is known."""
        age = (self.loaded_on - day).days if self.loaded_on else -1
        return self.known[age] if 0 <= age < len(self.known) else 1.0

    def notes(self, days: Sequence[date]) -> list[str]:
        """Which of these days are known in part, in words."""
        part = [day for day in days if self.share(day) < NEARLY]
        if not part:
            return []
        least = min(part, key=self.share)
        text = (
            f"data: tickets become known late: {percent(self.share(least))} of those of {least} at the last load, "
            f"by the loads before; less is expected of {part[0]} to {part[-1]}"
        )
        whole = [day for day in days if self.share(day) >= HALF]
        if len(whole) < len(days) and whole:
            text += f"; the last complete day is {whole[-1]}"
        return [text]


NOTHING_LATE: Final = KnownShare(None, ())


@dataclass(frozen=True)
class DataGaps:
    """`there` is the share of each block that the export holds; notes say which days are missing."""

    there: Array  # (blocks,)
    notes: tuple[str, ...]

    @property
    def enough(self) -> Mask:
        """The blocks that can be learned from and tested."""
        return self.there >= TOO_LITTLE


def data_gaps(days: Mapping[date, int], blocks: Blocks, late: KnownShare = NOTHING_LATE) -> DataGaps:
    """Gaps in the daily tickets and tickets not known yet, as shares of the blocks they fall in and as sentences."""
    import numpy as np

    seen = _Seen.of(days, blocks.start, blocks.end, late)
    first, daily, share, normal, low = seen.first, seen.daily, seen.share, seen.normal, seen.low
    lost, expected = np.zeros(blocks.count), np.zeros(blocks.count)
    for number in range(len(daily)):
        index = blocks.holding(seen.day(number))
        if index >= 0:
            expected[index] += normal[number]
            lost[index] += (1 - share[number]) * normal[number]
            lost[index] += max(share[number] * normal[number] - daily[number], 0) if number in low else 0
    there = 1 - lost / np.maximum(expected, 1)
    recent = [gap for gap in seen.gaps if blocks.number(first + timedelta(days=gap.last)) > -TOLD]
    notes = [_sentence(gap, first, gap.last == len(daily) - 1) for gap in recent]
    dates = map(seen.day, range(len(daily)))
    return DataGaps(there, (*notes, *late.notes([day for day in dates if blocks.number(day) == 0])))


def taken_as_missing(days: Mapping[date, int], end: date, late: KnownShare = NOTHING_LATE) -> Mapping[date, int]:
    """The days before an end of which fewer tickets are there than came, by the rule of `data_gaps`, with these."""
    seen = _Seen.of(days, end, end, late)
    part = {number for number, known in enumerate(seen.share) if known < NEARLY}
    return {day: days.get(day, 0) for day in map(seen.day, sorted(seen.low | part))}


class _Seen(NamedTuple):
    """The tickets of each day from a first one on, the share of them that is known, what is usual, and the gaps."""

    first: date
    daily: Array
    share: Array
    normal: Array
    gaps: tuple[Gap, ...]

    @classmethod
    def of(cls, days: Mapping[date, int], start: date, end: date, late: KnownShare) -> _Seen:
        import numpy as np

        from supportkit.stats.gaps import gaps, usual_day

        end = min(end, max(days, default=start) + timedelta(days=1))
        first = max(min(days, default=start), end - timedelta(days=REACH))
        dates = [first + timedelta(days=n) for n in range(max((end - first).days, 0))]
        daily, share = np.array([(days.get(day, 0), late.share(day)) for day in dates], float).reshape(-1, 2).T
        normal = np.nan_to_num(usual_day(daily))
        found = gaps(np.where(share < HALF, normal, daily / np.maximum(share, HALF)))
        return cls(first, daily, share, normal, found)

    def day(self, number: int) -> date:
        return self.first + timedelta(days=number)

    @property
    def low(self) -> frozenset[int]:
        """The numbers of the days of the gaps."""
        return frozenset(day for gap in self.gaps for day in range(gap.first, gap.last + 1))


def untested(*results: Result) -> str:
    """Why `trends` tested nothing in a period that is over, in a few words."""
    gap = any(MISSING in note for result in results for note in result.notes)
    return f"not tested: {MISSING} the data" if gap else "not tested: history too short"


def _sentence(gap: Gap, first: date, at_the_end: bool) -> str:
    start, last = first + timedelta(days=gap.first), first + timedelta(days=gap.last)
    span = f"{start}" if start == last else f"{start} to {last}"
    reason = "the last days of an export are often incomplete" if at_the_end else "a gap in the export, or a holiday"
    found = numbered(round(gap.tickets), "ticket")
    return f"data: {found} on {span} where {gap.usual:.0f} are usual: {reason}; taken as missing"
