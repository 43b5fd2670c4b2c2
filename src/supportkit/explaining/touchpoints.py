"""Touchpoints: each point of contact with its owner: contacts, complaints, score, drop-off and trend, the worst first.

What belongs to a point is mapped in [touchpoint.<name>]: `tickets` is a condition, `moment` the first or the last
contact of a customer, `step` a step of the funnel, `score` a figure such as csi[item=delivery]; without one it is the
share of satisfied answers about its tickets (csat). Contacts are those of `contacts`, steps those of `funnel`, scores
those of their metric. The trend sets the period, or the last complete month, against the one before. A sign of trouble
is a figure whose whole interval is on the bad side: contacts above those before, a score below the shop's; and the step
that loses the largest share. First come those with most signs, then with most complaints.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Annotated, Any, NamedTuple

from supportkit.csat import answers_worth
from supportkit.desk.known_customers import NO_CUSTOMER
from supportkit.explaining.touchpoint_figures import (
    SQL,
    SQL_CASES,
    SQL_TREND,
    Counted,
    CountedPoints,
    Point,
    Score,
    before_and_after,
    bound,
    counted,
    flags,
    points,
    score_of,
)
from supportkit.explaining.touchpoint_findings import findings as findings
from supportkit.metrics import METRICS
from supportkit.offers.cases import ALL as EVERY
from supportkit.offers.cases import TICKETS, Cases
from supportkit.period import ALL, Period, last_complete, midnight
from supportkit.request import Request, read_request, run
from supportkit.result import Result, Value, count, detail, figure, key
from supportkit.stats.intervals import wilson
from supportkit.store import Store
from supportkit.store.parameters import FromConfig

__all__ = ["SQL", "SQL_TREND", "touchpoints"]

TITLE = "Touchpoints: where customers meet the company"
TABLES = ("tickets", "surveys", "events")
SOURCE = "touchpoints of a customer's way with owners (Lemon & Verhoef 2016); what a sign of trouble is, is ours"
EXAMPLES = (
    "touchpoints --config data/samples/supportkit.toml",
    "touchpoints --period 2026-10",
    "touchpoints --rows all --top 10",
)
NEEDS = {
    "touchpoints": "a map in [touchpoint.<name>] of supportkit.toml, with owner, and tickets, step, moment or score"
}
FACTS = (
    count("touchpoints"),
    figure("worse", "count", "with a sign of trouble", n="touchpoints", better="down"),
    count("contacts", better="down"),
    figure("mapped", "share", "at a touchpoint", n="contacts"),
)
COLUMNS = (
    key("touchpoint"),
    detail("owner", "text"),
    count("contacts", better="down"),
    figure("complaints", "count", n="contacts", better="down"),
    figure("complaint_share", "share", "of them", n="contacts", better="down"),
    count("contacts_before", "in the trend, before", aside=True),
    figure("change", "share", "trend", n="contacts_before", better="down"),
    figure("change_low", "share", n="contacts_before", aside=True),
    figure("change_high", "share", n="contacts_before", aside=True),
    detail("score_of", "text"),
    figure("satisfied", "share", "CSAT", n="answers", better="up"),
    figure("satisfied_low", "share", "CSAT low", n="answers", better="up"),
    figure("satisfied_high", "share", "CSAT high", n="answers", better="up"),
    figure("score", "number", n="answers", better="up"),
    figure("score_low", "number", "score low", n="answers"),
    figure("score_high", "number", "score high", n="answers"),
    count("answers", aside=True),
    detail("step", "text"),
    count("users", "at the step", aside=True),
    figure("drop_share", "share", "lost at the step", n="users", better="down"),
    detail("signs", "text"),
)
LEAST = 5
"""Answers and users under which no sign is seen."""


class Trend(NamedTuple):
    """A change of contacts with its interval."""

    before: int
    change: float | None = None
    low: float | None = None
    high: float | None = None


class Lost(NamedTuple):
    """Users at a step, and the share of them who went no further; None at the last one."""

    users: int
    share: float | None


class Seen(NamedTuple):
    """A touchpoint with all that is known of it."""

    point: Point
    here: Counted
    trend: Trend | None
    score: Score | None
    lost: Lost | None
    signs: tuple[str, ...]


def touchpoints(
    store: Store,
    *,
    period: Period = ALL,
    mapped: Annotated[Mapping[str, Mapping[str, str]] | None, FromConfig("touchpoint")] = None,
    funnel: Annotated[Mapping[str, Any] | None, FromConfig("funnel")] = None,
) -> Result:
    """Each point of contact: contacts, complaints, score, drop-off, trend; worst first."""
    known = points(store, mapped or {})
    tickets = store.select("tickets", period=period)
    scope, notes = store.scope(tickets)
    now = counted(store, known, tickets)
    trends, told = _trends(store, known, period)
    steps = _steps(store, period, funnel or {}) if any(point.step for point in known) else {}
    worst = max((one.share for one in steps.values() if one.share is not None and one.users >= LEAST), default=None)
    whole: dict[str, Score] = {}
    worth = answers_worth(store, period) if any(one.answers for one in now.of) else 1.0
    found = []
    for place, point in enumerate(known):
        lost = steps.get(point.step)
        score = _score(store, point, period, now.of[place], worth)
        below = score is not None and _is_below(store, score, point, period, whole)
        signs = _signs(trends[place], below, lost is not None and lost.share == worst and lost.users >= LEAST)
        found.append(Seen(point, now.of[place], trends[place], score, lost, tuple(signs)))
    found.sort(key=lambda one: (-len(one.signs), -(one.here.complaints or 0), -(one.here.contacts or 0)))
    facts = (
        len(known),
        sum(bool(one.signs) for one in found) if known else None,
        now.contacts if known else 0,
        now.mapped / now.contacts if now.contacts and known else None,
    )
    return Result(
        metric="touchpoints",
        title=TITLE,
        definition="contacts, complaints, score, drop-off and trend at each point of contact; worst first",
        columns=COLUMNS,
        rows=tuple(_row(one) for one in found),
        facts=dict(zip((fact.name for fact in FACTS), facts, strict=True)),
        fact_columns=FACTS,
        notes=(*notes, *told, *_notes(known, now, steps)),
        scope=scope,
    )


def cases(
    store: Store,
    *,
    period: Period = ALL,
    mapped: Mapping[str, Mapping[str, str]] | None = None,
    **options: Any,
) -> Cases:
    """The contacts of each touchpoint, by its name, the latest first."""
    tickets = store.select("tickets", period=period)
    scope, notes = store.scope(tickets)
    known = [point for point in points(store, mapped or {}) if point.clause]
    return Cases(
        unit=TICKETS,
        sql=SQL_CASES.replace("{flags}", flags(known)),
        selections=(tickets,),
        values=(
            detail("customer_id", "text", "customer"),
            detail("category", "text"),
            detail("is_complaint", "flag", "complaint"),
        ),
        parts={EVERY: "true", **{point.name: f"is_at_{place}" for place, point in enumerate(known)}},
        order=("dated_at desc", "source", "ticket_id"),
        parameters=bound(known),
        scope=scope,
        notes=notes,
        counts={"contacts": EVERY},
    )


def _trends(store: Store, known: list[Point], period: Period) -> tuple[list[Trend | None], tuple[str, ...]]:
    """The change of each point's contacts; none where the period is no whole one."""
    nothing: list[Trend | None] = [None] * len(known)
    through = store.as_of or store.unfiltered.latest("tickets")
    if not known or through is None:
        return nothing, ()
    asked = period if period is not ALL else last_complete("month", through, store.zone)
    if asked.start is None or asked.end is None:
        return nothing, ("no trend: the period is open",)
    if asked.is_part(through, store.zone):
        return nothing, (f"no trend: {asked.name} is a part period",)
    before = asked.previous()
    assert before.start is not None
    both = store.select("tickets", period=replace(asked, start=before.start, grain="span"))
    counts = before_and_after(store, known, both, midnight(asked.start, store.zone))
    told = (f"trend: contacts of {asked.name} against {before.name}",)
    found = zip(known, counts, strict=True)
    return [None if point.moves or count is None else _trend(*count) for point, count in found], told


def _trend(before: int, after: int) -> Trend:
    """The ratio of two counts less one; its interval is that of the later one's share of both (Wilson)."""
    if not before:
        return Trend(0)
    low, high = wilson(after, before + after)
    return Trend(before, after / before - 1, low / (1 - low) - 1, high / (1 - high) - 1 if high < 1 else None)


def _steps(store: Store, period: Period, funnel: Mapping[str, Any]) -> dict[str, Lost]:
    """What each step of the funnel loses."""
    if not funnel.get("steps") or not store.has_rows("events", "true"):
        return {}
    request = replace(read_request(METRICS["funnel"], {**funnel, "counts": True}), period=period)
    found = {}
    for row in run(store, request).records():
        users, share = row["users"], row["drop_share"]
        if isinstance(users, int):
            found[str(row["step"])] = Lost(users, float(share) if isinstance(share, int | float) else None)
    return found


def _score(store: Store, point: Point, period: Period, here: Counted, worth: float) -> Score | None:
    """What is answered at a touchpoint: its own score, else the share of satisfied answers about its tickets, each
    `worth` so many independent ones."""
    if point.score is not None:
        metric, conditions = point.score
        return score_of(run(store, Request(METRICS[metric], period=period, conditions=conditions)), metric)
    if not here.answers or here.satisfied is None:
        return None
    ends = wilson(worth * here.satisfied, worth * here.answers)
    return Score(here.answers, here.satisfied / here.answers, *ends)


def _is_below(store: Store, score: Score, point: Point, period: Period, whole: dict[str, Score]) -> bool:
    """Whether a score is below that of all answers, which `whole` keeps."""
    metric = point.score[0] if point.score else "csat"
    if score.high is None or score.answers < LEAST:
        return False
    if metric not in whole:
        whole[metric] = score_of(run(store, Request(METRICS[metric], period=period)), metric)
    usual = whole[metric].value
    return usual is not None and score.high < usual


def _signs(trend: Trend | None, below: bool, loses_most: bool) -> Iterator[str]:
    if trend is not None and trend.low is not None and trend.low > 0:
        yield "contacts rise"
    if below:
        yield "score below the shop's"
    if loses_most:
        yield "loses the largest share"


def _row(one: Seen) -> tuple[Value, ...]:
    here, score = one.here, one.score
    complaints = here.complaints if here.contacts else None
    share = complaints / here.contacts if here.contacts and complaints is not None else None
    return (
        *(one.point.name, one.point.owner, here.contacts, complaints, share),
        *(one.trend or (None, None, None, None)),
        *_score_cells(one.point.score_name, score),
        *(one.point.step or None, *(one.lost or (None, None))),
        ", ".join(one.signs) or None,
    )


def _score_cells(name: str, score: Score | None) -> tuple[Value, ...]:
    """The name of a score and the score where its kind stands: a share of satisfied answers, or a number of its own."""
    if score is None:
        return (*(None,) * 7, 0)
    found, nothing = (score.value, score.low, score.high), (None, None, None)
    of_both = (*found, *nothing) if name.startswith("csat") else (*nothing, *found)
    return (name, *of_both, score.answers)


def _notes(known: list[Point], now: CountedPoints, steps: Mapping[str, Lost]) -> Iterator[str]:
    if not known:
        yield f"no touchpoint is known: {NEEDS['touchpoints']}; the samples' configuration has one"
        return
    yield "signs of trouble: contacts above those before, a score below the shop's, the step that loses most"
    for point in known:
        if point.step and point.step not in steps:
            yield f"{point.name}: no step {point.step!r} in the funnel, or no events"
    if now.contacts and not now.any_customer and any(point.needs_customer for point in known):
        yield f"{NO_CUSTOMER}; first and last contacts are not known without"
    if not now.any_marked:
        yield "complaints are not known: the column is_complaint, as an export's flag or a category, says which are"
