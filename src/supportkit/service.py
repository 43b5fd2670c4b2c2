"""How fast customers are answered and helped, in calendar time, per channel.

The first reply is the first public message of a human agent (the second public one where an agent opened the
ticket); without messages it is the ticket's first_reply_at, else the vendor's own figure. Resolution ends at the last
solve: solved_at, else closed_at, else the vendor's own figure. Both count from creation and are dated by it; agent is
who wrote the first reply where a message says so, else the assignee at export. SLA met is tickets that kept every
target of their channel over tickets that kept or broke one; an open ticket already past its target broke it, one still
in time is left out.

With --interval the median and the ninth decile of all that were answered, or solved, have their 95 % interval: the
durations at two places of their order, between which the true one lies by the binomial, however they are spread. Each
ticket is taken as coming by itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Annotated, Any

from supportkit.desk.aims import Targets, paused_states
from supportkit.desk.business_time import NO_HOURS, Calendars, working_hours
from supportkit.desk.dating import NOTE, dating
from supportkit.desk.definitions import DEFINITIONS
from supportkit.desk.definitions import Name as Definition
from supportkit.desk.every_solve import Solves, counting_solves, solves_notes, solves_query
from supportkit.desk.findings import findings as findings
from supportkit.desk.older_work import solved_older
from supportkit.desk.promises import LOG, SLA, verdict_parameters, verdicts
from supportkit.desk.quantile_ends import ENDS, NOT_ASKED, SPANS, ends_parameters, ends_query, with_ends
from supportkit.desk.replies import as_needed
from supportkit.desk.service_cases import cases as cases
from supportkit.desk.service_counts import ServiceCounts, service_notes
from supportkit.desk.service_sql import MANY, ServiceRow, service_query, together, working_query
from supportkit.desk.untold import FIRST_REPLIES, OUTCOMES, untold_notes
from supportkit.desk.vendor_times import vendor_times
from supportkit.offers.leaves import ShareByLeaf
from supportkit.period import ALL, Over, Period, containing, duration_in_words
from supportkit.result import Column, Result, Value, count, figure, named_apart, picture_by
from supportkit.store import Selection, Store
from supportkit.store.day_columns import day_notes
from supportkit.store.parameters import Dimension, FromConfig
from supportkit.store.selection import SEVERAL

TITLE = "Service: first reply and resolution"
TABLES = ("tickets", "messages")
SOURCE = "Zendesk: full resolution, public agent reply; our SLA rule, see docs/metrics.md; intervals: Thompson 1936"
EXAMPLES = (
    "service --by channel",
    "service --over week --period 2026-10",
    "service --by agent --where channel=messenger",
)
BUSINESS = "_business_"
WITHIN_HOURS = "targets and business figures within working hours"
FEWEST_TO_SHOW = 5  # tickets with a target, of a channel that is compared


def _business(name: str, label: str, *, n: str) -> Column:
    """A duration within working hours, which stands aside where there are none."""
    return figure(name, "duration", label, n=n, better="down", aside=True)


FACTS = (
    count("tickets"),
    count("replies_told", "whose replies are known", aside=True),
    count("replied", better="up"),
    figure("unanswered", "count", n="replies_told", better="down"),
    figure("first_reply_p50_s", "duration", "first reply p50", n="replied", better="down"),
    figure("first_reply_p90_s", "duration", "first reply p90", n="replied", better="down"),
    figure("first_reply_mean_s", "duration", "first reply mean", n="replied", better="down", aside=True),
    count("within_judged", "judged by the bound", aside=True),
    figure("first_reply_within", "share", "first reply within the bound", n="within_judged", better="up", aside=True),
    count("replied_business", "replied, with working hours", aside=True),
    _business("first_reply_business_p50_s", "first reply p50, business", n="replied_business"),
    _business("first_reply_business_p90_s", "first reply p90, business", n="replied_business"),
    count("solved", better="up"),
    figure("resolution_p50_s", "duration", "resolution p50", n="solved", better="down"),
    figure("resolution_p90_s", "duration", "resolution p90", n="solved", better="down"),
    figure("resolution_mean_s", "duration", "resolution mean", n="solved", better="down", aside=True),
    count("solved_business", "solved, with working hours", aside=True),
    _business("resolution_business_p50_s", "resolution p50, business", n="solved_business"),
    _business("resolution_business_p90_s", "resolution p90, business", n="solved_business"),
    count("with_target", "with a target"),
    figure("sla_met", "share", "SLA met", n="with_target", better="up"),
    figure("sla_kept", "count", "SLA kept", n="with_target", better="up", aside=True),
    figure("sla_broken", "count", "SLA broken", n="with_target", better="down", aside=True),
    figure("sla_open_late", "count", "open and late", n="tickets", better="down", aside=True),
    figure("sla_open_in_time", "count", "open in time", n="tickets", aside=True),
    figure("solved_older", "count", "older tickets solved in the period", n="tickets", aside=True),
    figure("sla_spread", "share", "SLA spread over channels", n="with_target", better="down", aside=True, points=True),
    *ENDS,
)
NEEDS = {
    "first_reply_within": "no bound is named: --within 10m, or within under [metrics.service]",
    "sla_spread": "no two channels have 5 tickets with a target, or it is not by channel",
    "solved_older": "the period has no beginning",
    "sla_met": "no ticket here has a target: set [sla.<channel>] in supportkit.toml",
    **{end.name: NOT_ASKED for end in ENDS},
    **{fact.name: NO_HOURS for fact in FACTS if BUSINESS in fact.name},
}
HEADLINE = ("replies_told", "solved", "with_target")
RESTS = {
    "replied": LOG,
    "unanswered": LOG,
    "first_reply_p50_s": LOG,
    "first_reply_p90_s": LOG,
    "with_target": (*SLA, *LOG),
    "sla_met": (*SLA, *LOG),
}
"""The figures of which the words of some columns decide."""

DIMENSIONS = ("channel", "priority", "category", "country", "language")
_LEAVES = """
select coalesce(nullif(channel, ''), '(none)') as of_channel,
       coalesce(nullif(priority, ''), '(none)') as of_priority,
       coalesce(nullif(category, ''), '(none)') as of_category,
       coalesce(nullif(country, ''), '(none)') as of_country,
       coalesce(nullif(language, ''), '(none)') as of_language,
       over_start, count(kept) as judged, sum(kept) as kept
  from verdict
 where kept is not null
 group by all
 order by all
"""


def service(
    store: Store,
    *,
    period: Period = ALL,
    by: Annotated[str | None, Dimension("tickets")] = "channel",
    over: Annotated[Over | None, "one row per day, week or month"] = None,
    definition: Annotated[Definition, "whose definition of the first reply: of the same tickets"] = "ours",
    within: Annotated[timedelta | None, "tell the share that is answered within this, for example 10m"] = None,
    interval: Annotated[bool, "tell the 95 % interval of the median and of the ninth decile"] = False,
    targets: Annotated[Targets | None, FromConfig("sla")] = None,
    calendar: Annotated[Calendars | None, FromConfig("calendar")] = None,
) -> Result:
    """First reply, resolution and SLA, per channel."""
    counting = dating(store, definition, period=period, by=by, over=over)
    selection, own = counting.tickets, store.select("tickets", period=period)
    messages = store.select("messages", joined=True)
    scope, notes = store.scope(selection, messages, figures=RESTS, asked_period=period)
    held = store.day_columns("tickets")
    days = sorted({*held.get("created_at", ()), *held.get("first_reply_at", ())})
    promised = verdict_parameters(store, targets) | counting.parameters
    told_by = None if store.figures_only else {**vendor_times(store), "days": days}
    given = promised | {name: sources for name, sources in (told_by or {}).items() if sources}
    given |= {"within_s": within.total_seconds()} if within is not None else {}
    hours = working_hours(store, selection, calendar) if calendar else None
    worked = hours.parameters if hours else {}
    given |= worked
    every_solve = DEFINITIONS[definition].solves == "every"

    def counted(part: Selection, *, grouped: bool) -> list[ServiceCounts]:
        read = verdicts(definition, targets=targets, within_hours=bool(hours), by=part.by, dated=counting.cte)
        judged = f"with {read}"
        apart = hours is not None and scope.rows > MANY
        keys = [*(f"by_{place}" for place, _ in enumerate(part.by, 1)), *(["over_start"] if part.over else [])]
        keys = keys if grouped else []
        query = service_query(
            keys, noted=told_by, within_hours=hours is not None and not apart, bounded=within is not None
        )
        found = store.records(ServiceRow, as_needed(store, judged + query.sql), part, messages, **given)
        if apart:
            sql = as_needed(store, judged + working_query(keys))
            found = together(found, store.rows(sql, part, messages, **promised, **worked))
        counts = query.counts(found)
        if interval:
            asked = promised | worked | ends_parameters(keys, counts, SPANS[:1] if every_solve else SPANS)
            sql = as_needed(store, judged + ends_query(keys))
            counts = with_ends(counts, store.rows(sql, part, messages, **asked))
        if not every_solve:
            return counts
        solved = store.records(
            Solves, as_needed(store, judged + solves_query(keys)), part, messages, **promised, **worked
        )
        return counting_solves(counts, solved)

    total, *groups = counted(selection, grouped=bool(selection.columns))
    if selection.several:
        total, *_ = counted(store.without_dimensions(selection), grouped=False)
        notes += (SEVERAL,)
    if definition != "ours" and (unlogged := total.by_column + total.by_vendor):
        notes += (f"first replies without messages, read as ours from creation: {unlogged}",)
    if counting.cte:
        notes += (NOTE,)
        scope = replace(scope, start=period.start, rows=total.tickets + total.impossible)
    spread = _spread(groups) if selection.by == ("channel",) and over is None else None
    older = solved_older(store, period, by) if over is None else None
    facts = _facts(total, within is not None, None if older is None else older[None], spread)
    rows = [facts]
    if selection.columns:
        rows = [
            selection.values(g.by_1, g.by_2, g.over_start)
            + _facts(g, within is not None, None if older is None else older.get((g.by_1, g.by_2), 0))
            for g in groups
            if g.tickets or not g.impossible  # impossible ones are in no figure, and a row of them alone is none
        ]
    told = ({fact.name for fact in FACTS if BUSINESS in fact.name} if hours else set()) | (
        {end.name for end in ENDS} if interval else set()
    )
    told |= {"first_reply_within"} if within is not None else set()
    shown = tuple(replace(fact, aside=fact.aside and fact.name not in told) for fact in FACTS)
    bound = f"first reply within {duration_in_words(within)}" if within is not None else ""
    if bound:
        shown = tuple(replace(fact, label=bound) if fact.name == "first_reply_within" else fact for fact in shown)
    keys = named_apart(selection.columns, FACTS)
    return Result(
        metric="service",
        title=TITLE,
        definition="; ".join(filter(None, (_words(definition), bound, WITHIN_HOURS if hours else ""))),
        columns=keys + shown,
        rows=tuple(rows),
        facts=dict(zip((fact.name for fact in FACTS), facts, strict=True)),
        fact_columns=shown,
        notes=(
            *notes,
            *(hours.notes if hours else ()),
            *day_notes(*map(store.day_columns, TABLES)),
            *untold_notes(store, own, OUTCOMES, "solved and resolution"),
            *untold_notes(store, own, FIRST_REPLIES, "unanswered, replies and their promises"),
            *service_notes(total, targets=bool(targets), by_agent="agent" in selection.by),
            *(solves_notes(store, [total, *groups], within_hours=bool(hours)) if every_solve else ()),
            *_pause_notes(store, targets),
            *(f"{one}: agent is the assignee at export" for one in store.conditions if one.column == "agent"),
        ),
        scope=replace(scope, as_of=promised["as_of"]),
        chart=picture_by(keys, "first_reply_p90_s"),
    )


def leaves(
    store: Store,
    *,
    period: Period = ALL,
    over: Over | None = None,
    targets: Targets | None = None,
    calendar: Calendars | None = None,
    **options: Any,
) -> ShareByLeaf:
    """For `why`: the tickets that kept or broke their targets, and those that kept them.

    With `over` the period of the ticket is a last dimension, "period".
    """
    selection = store.select("tickets", period=period, over=over)
    messages = store.select("messages", joined=True)
    scope, notes = store.scope(selection, messages, figures=RESTS)
    found = {}
    hours = working_hours(store, selection, calendar) if calendar else None
    promised = verdict_parameters(store, targets)
    given = promised | (hours.parameters if hours else {})
    query = f"with {verdicts(targets=targets, within_hours=bool(hours))}{_LEAVES}"
    for *values, start, judged, kept in store.rows(as_needed(store, query), selection, messages, **given):
        when = (containing(start, over).name,) if over else ()
        found[(*values, *when)] = (judged, int(kept))
    return ShareByLeaf(
        what="tickets that kept their targets",
        dimensions=(*DIMENSIONS, *(("period",) if over else ())),
        leaves=found,
        scope=replace(scope, as_of=promised["as_of"]),
        notes=notes,
    )


def _pause_notes(store: Store, targets: Targets | None) -> tuple[str, ...]:
    """In which states the clock of a resolution stands, and where nothing tells when tickets were in them."""
    states = " and ".join(paused_states(targets))
    if not states:
        return ()
    if store.has_rows("messages", "kind = 'status'"):
        return (f"the SLA clock of resolutions stands still in {states}, where [sla] says so, by the log of states",)
    return (f"the SLA clock of resolutions should stand still in {states}, but no log says when tickets were so",)


def _words(definition: Definition) -> str:
    if definition == "ours":
        return "first public reply of a human agent and last solve, both from creation, in calendar time"
    read = DEFINITIONS[definition]
    dated = ", dated by the reply" if read.dated_by == "reply" else ""
    return f"as {definition} reads it: {read.words}{dated}; {read.solves} solve from creation; calendar time"


def _spread(groups: Sequence[ServiceCounts]) -> float | None:
    """How far the kept promises of channels lie apart, of those with enough tickets."""
    shares = [g.sla_met for g in groups if g.sla_met is not None and g.with_target >= FEWEST_TO_SHOW]
    return max(shares) - min(shares) if len(shares) > 1 else None


def _facts(counts: ServiceCounts, bounded: bool, older: int | None, spread: float | None = None) -> tuple[Value, ...]:
    replies: tuple[Value, ...] = (counts.told, *(None,) * 10)
    if counts.is_known:
        unanswered = counts.told - counts.replied if counts.tickets else None
        bound = counts.within_bound / counts.within_judged if counts.within_judged else None
        judged = counts.within_judged if bounded or not counts.tickets else None
        told = (*counts.reply_s, counts.reply_mean_s, judged, bound if bounded else None)
        replies = (
            counts.told,
            counts.replied,
            unanswered,
            *told,
            counts.replied_business if counts.tickets else 0,
            *counts.reply_work_s,
        )
    ends: tuple[Value, ...] = (None,) * 7
    if counts.is_end_known:
        solves = counts.solved if counts.solves is None else counts.solves
        worked = (counts.solved_business if counts.tickets else 0, *counts.resolution_work_s)
        ends = (solves, *counts.resolution_s, counts.resolution_mean_s, *worked)
    promises = (counts.kept, counts.broken) if counts.with_target else (None, None)
    solved = older if counts.tickets and counts.is_end_known else None
    promised = counts.with_target or counts.open_in_time
    still = (counts.open_late, counts.open_in_time) if promised else (None, None)
    verdict = (counts.with_target, counts.sla_met, *promises, *still, solved, spread)
    return (counts.tickets, *replies, *ends, *verdict, *(counts.ends or (None,) * len(ENDS)))
