"""The tickets of two periods on the days that are there: a headline counts as `trends` does, which takes days with far
fewer tickets than usual as missing."""

from __future__ import annotations

from supportkit.period import Period
from supportkit.store import Store
from supportkit.system.named import NamedTuple
from supportkit.trending.data_gaps import KnownShare, taken_as_missing
from supportkit.trends import SQL_DAYS


class ThinDays(NamedTuple):
    """Of a period: its days, those of them that are taken as missing, and the tickets of these."""

    days: int
    missing: int = 0
    tickets: int = 0

    @property
    def kept(self) -> int:
        """The days that are there."""
        return self.days - self.missing


def thin_days(store: Store, period: Period) -> tuple[ThinDays, ThinDays]:
    """Those of a period and of the one before; none are missing where a side is open."""
    if period.start is None or period.end is None:
        return ThinDays(period.days or 1), ThinDays(1)
    days = dict(store.rows(SQL_DAYS, store.select("tickets", period=period.up_to_end(), over="day")))
    missing = taken_as_missing(days, period.end, KnownShare.of(store)) if days else {}

    def of(one: Period) -> ThinDays:
        inside = [n for day, n in missing.items() if one.start and one.end and one.start <= day < one.end]
        return ThinDays(one.days or 1, len(inside), sum(inside))

    return of(period), of(period.previous())
