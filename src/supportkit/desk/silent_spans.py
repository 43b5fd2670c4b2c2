"""Days, weeks and months of which nothing is known: no ticket came at all where tickets always do.

An export is missing there: a stock at their end, and what came and went in them, is no figure, least of all 0.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from statistics import median
from typing import Final

from supportkit.period import Over, containing, local_day, midnight
from supportkit.store import Store
from supportkit.system.named import NamedTuple

LEAST: Final = 9.0
"""Tickets that usually come: exp(-9) is the chance that none of them does."""
LEAST_BESIDE: Final = 3
"""Other days or periods, for it to be known what is usual."""


class SilentSpan(NamedTuple):
    """Neighbouring ends of days, weeks or months in which nothing came, and which days they are, in words."""

    ends: tuple[datetime, ...]
    told: str


def silent_spans(store: Store, over: Over, came: Mapping[datetime, int]) -> list[SilentSpan]:
    """The spans in which nothing came, by how many tickets came up to each end since the one before.

    Usual is what came in the others, of days on the same weekday. In none of them came a ticket of anybody else either.
    """
    ends = sorted(came)
    found = []
    for run in _silent(ends, came):
        beside = [one for one in ends if one not in run]
        usual = sum(_usual(store, over, came, beside, one) for one in run)
        first, last = containing(local_day(run[0], store.zone), over).start, local_day(run[-1], store.zone)
        assert first is not None
        if usual >= LEAST and not _anything(store, midnight(first, store.zone), run[-1]):
            days = f"{first}" if first == last else f"{first} to {last}"
            told = f"{days} has no tickets, where {usual:.0f} are usual: is an export missing?"
            found.append(SilentSpan(tuple(run), told))
    return found


def _silent(ends: Sequence[datetime], came: Mapping[datetime, int]) -> Iterator[list[datetime]]:
    """The ends up to which nothing came, those that touch together."""
    run: list[datetime] = []
    for one in ends:
        if came[one]:
            if run:
                yield run
            run = []
        else:
            run.append(one)
    if run:
        yield run


def _usual(store: Store, over: Over, came: Mapping[datetime, int], beside: Sequence[datetime], end: datetime) -> float:
    """What usually comes up to such an end; nothing where too few others are known."""
    alike = [
        came[one]
        for one in beside
        if over != "day" or local_day(one, store.zone).weekday() == local_day(end, store.zone).weekday()
    ]
    return float(median(alike)) if len(alike) >= (LEAST_BESIDE if over != "day" else 1) else 0.0


def _anything(store: Store, start: datetime, until: datetime) -> bool:
    """Whether any ticket, whoever is looked at, was created from an instant up to another."""
    since, to = (f"cast('{one:%Y-%m-%d %H:%M:%S.%f}+00:00' as timestamptz)" for one in (start, until))
    return store.has_rows("tickets", f"created_at >= {since} and created_at <= {to}")
