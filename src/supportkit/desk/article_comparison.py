"""Whether an article saved tickets: its question before and after, in equal spans, against all other questions."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from supportkit.errors import UsageError, unknown
from supportkit.period import midnight
from supportkit.stats.article_effect import Counts, Ratio, ratio_of_ratios
from supportkit.store import Store
from supportkit.system.named import NamedTuple

NO_QUESTION: Final = ("unassigned", "(none)")
"""Groups of what fits no question."""

SQL_SPANS: Final = """
select by_1, by_2, count(*) filter (where created_at >= $begins and created_at < $since) as before,
       count(*) filter (where created_at >= $since and created_at < $ends) as after
  from tickets
 group by by_1, by_2
 order by by_1, by_2
"""
SQL_FIRST: Final = "select min(created_at) as first_at, max(created_at) as last_at from tickets"


class Confirmed(NamedTuple):
    """What an article saved, and the words for its spans."""

    before: int
    after: int
    ratio: Ratio | None
    told: str


def confirmed(store: Store, by: str, article: str, since: date) -> Confirmed:
    """The article's question in equal spans before and after, against all others."""
    every = store.select("tickets", by=by)
    ((first_at, last_at),) = store.rows(SQL_FIRST, store.select("tickets"))
    if first_at is None:
        return Confirmed(0, 0, None, "no ticket is there to compare")
    zone = ZoneInfo(store.zone)
    begins, ends = first_at.astimezone(zone).date(), last_at.astimezone(zone).date()
    days = min((since - begins).days, (ends - since).days)
    if days < 1:
        raise UsageError(
            f"--since-article {since}: tickets are there from {begins} to {ends}", hint="name a day between them"
        )
    bounds = {"begins": since - timedelta(days=days), "since": since, "ends": since + timedelta(days=days)}
    moments = {name: midnight(day, store.zone) for name, day in bounds.items()}
    spans = {
        ", ".join(name for name in (by_1, by_2) if name is not None): Counts(before, after)
        for by_1, by_2, before, after in store.rows(SQL_SPANS, every, **moments)
    }
    if article not in spans:
        raise unknown(f"{by} for --article", article, list(spans))
    others = [counts for name, counts in spans.items() if name not in (article, *NO_QUESTION)]
    one = spans[article]
    whole = Counts(sum(other.before for other in others), sum(other.after for other in others))
    told = (
        f"{article}: {one.before} tickets in the {days} days before {since}, {one.after} in as many from then on; of "
        f"{len(others)} other questions {whole.before} and {whole.after}"
    )
    return Confirmed(one.before, one.after, ratio_of_ratios(one, others), told)
