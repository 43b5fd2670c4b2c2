"""How fast customers are answered and helped, in calendar time, per channel.

The first reply is the first public message of a human agent (the second public one where an agent opened the
ticket); without messages it is the ticket's first_reply_at. Resolution ends at the last solve: solved_at, else
closed_at. Both count from creation and are dated by it. SLA met is tickets that kept every target of their channel
over tickets that kept or broke one; an open ticket already past its target broke it, one still in time is left out.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, NamedTuple

from supportkit.desk.findings import findings as findings
from supportkit.desk.promises import VERDICTS, Targets, verdict_parameters
from supportkit.offers.leaves import ShareByLeaf
from supportkit.period import ALL, Over, Period, containing
from supportkit.result import Chart, Result, Value, count, figure, named_apart
from supportkit.store import Store
from supportkit.store.day_columns import day_notes
from supportkit.store.parameters import Dimension, FromConfig
from supportkit.store.selection import SEVERAL

TITLE = "Service: first reply and resolution"
TABLES = ("tickets", "messages")
SOURCE = "Zendesk: full resolution, public agent reply; our SLA rule, see docs/metrics.md"
FACTS = (
    count("tickets"),
    count("replied", better="up"),
    figure("unanswered", "count", n="tickets", better="down"),
    figure("first_reply_p50_s", "duration", "first reply p50", n="replied", better="down"),
    figure("first_reply_p90_s", "duration", "first reply p90", n="replied", better="down"),
    count("solved", better="up"),
    figure("resolution_p50_s", "duration", "resolution p50", n="solved", better="down"),
    figure("resolution_p90_s", "duration", "resolution p90", n="solved", better="down"),
    count("with_target", "with a target"),
    figure("sla_met", "share", "SLA met", n="with_target", better="up"),
)
NEEDS = {"sla_met": "no ticket here has a target: set [sla.<channel>] in supportkit.toml"}

SQL = f"""
with {VERDICTS}
select grouping(by_1, by_2, over_start) <> 0 as is_total,
       by_1, by_2, over_start,
       count(*) as tickets,
       count(*) filter (where is_replied) as replied,
       count(*) filter (where not is_replied) as unanswered,
       quantile_cont(reply_s, 0.5) filter (where not impossible) as reply_p50,
       quantile_cont(reply_s, 0.9) filter (where not impossible) as reply_p90,
       count(resolved_at) as solved,
       quantile_cont(resolved_s, 0.5) filter (where not impossible) as resolution_p50,
       quantile_cont(resolved_s, 0.9) filter (where not impossible) as resolution_p90,
       count(kept) as with_target,
       sum(kept) / nullif(count(kept), 0) as sla_met,
       count(*) filter (where impossible) as impossible,
       count(*) filter (where has_messages) as with_messages,
       count(answered_at) filter (where not has_messages) as by_column,
       count(*) filter (where kept is not null and reply_target_s is null and resolution_target_s is null) as vendor
  from verdict
 group by grouping sets ((), (by_1, by_2, over_start))
 order by is_total desc, by_1, by_2, over_start
"""


class Handled(NamedTuple):
    """The tickets of a group, or of all: a row of SQL."""

    is_total: bool
    by_1: str | None
    by_2: str | None
    over_start: date | None
    tickets: int
    replied: int
    unanswered: int
    reply_p50: float | None
    reply_p90: float | None
    solved: int
    resolution_p50: float | None
    resolution_p90: float | None
    with_target: int
    sla_met: float | None
    impossible: int
    with_messages: int
    by_column: int
    vendor: int


DIMENSIONS = ("channel", "priority", "category", "country", "language")
SQL_LEAVES = f"""
with {VERDICTS}
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
    targets: Annotated[Targets | None, FromConfig("sla")] = None,
) -> Result:
    """First reply, resolution and SLA, per channel."""
    selection = store.select("tickets", period=period, by=by, over=over)
    messages = store.select("messages", joined=True)
    scope, notes = store.scope(selection, messages)
    given = verdict_parameters(store, scope, targets)
    total, *groups = store.records(Handled, SQL, selection, messages, **given)
    if selection.several:
        total, *_ = store.records(Handled, SQL, store.without_dimensions(selection), messages, **given)
        notes += (SEVERAL,)
    known = not total.tickets or total.with_messages > 0 or total.by_column > 0
    facts = _facts(total, known)
    rows = [facts]
    if selection.columns:
        rows = [selection.values(g.by_1, g.by_2, g.over_start) + _facts(g, known) for g in groups]
    keys = named_apart(selection.columns, FACTS)
    return Result(
        metric="service",
        title=TITLE,
        definition="first public reply of a human agent and last solve, both from creation, in calendar time",
        columns=keys + FACTS,
        rows=tuple(rows),
        facts=dict(zip((fact.name for fact in FACTS), facts, strict=True)),
        fact_columns=FACTS,
        notes=notes + day_notes(store.day_columns("tickets")) + _notes(total, known, bool(targets)),
        scope=scope,
        chart=Chart("bar", x=keys[-1].name, y="first_reply_p90_s") if keys else None,
    )


def leaves(
    store: Store,
    *,
    period: Period = ALL,
    over: Over | None = None,
    targets: Targets | None = None,
    **options: Any,
) -> ShareByLeaf:
    """For `why`: the tickets that kept or broke their targets, and those that kept them.

    With `over` the period of the ticket is a last dimension, "period".
    """
    selection = store.select("tickets", period=period, over=over)
    messages = store.select("messages", joined=True)
    scope, notes = store.scope(selection, messages)
    found = {}
    given = verdict_parameters(store, scope, targets)
    for *values, start, judged, kept in store.rows(SQL_LEAVES, selection, messages, **given):
        when = (containing(start, over).name,) if over else ()
        found[(*values, *when)] = (judged, int(kept))
    return ShareByLeaf(
        what="tickets that kept their targets",
        dimensions=(*DIMENSIONS, *(("period",) if over else ())),
        leaves=found,
        scope=scope,
        notes=notes,
    )


def _facts(row: Handled, known: bool) -> tuple[Value, ...]:
    unanswered = row.unanswered if row.tickets else None
    replies = (row.replied, unanswered, row.reply_p50, row.reply_p90) if known else (None,) * 4
    resolutions = (row.solved, row.resolution_p50, row.resolution_p90)
    return (row.tickets, *replies, *resolutions, row.with_target, row.sla_met)


def _notes(total: Handled, known: bool, targets: bool) -> tuple[str, ...]:
    notes = []
    if not known:
        notes.append("first reply is not known: there are no messages and no first_reply_at")
    elif total.unanswered:
        notes.append(f"{total.unanswered} tickets have no public reply of a human agent; they are in no reply time")
    if total.by_column:
        notes.append(f"{total.by_column} first replies are from first_reply_at: automatic replies cannot be told apart")
    if total.tickets > total.solved:
        notes.append(f"{total.tickets - total.solved} tickets are not resolved; they are in no resolution time")
    if total.impossible:
        notes.append(f"{total.impossible} tickets answered or solved before they were created are in no duration")
    if total.vendor:
        notes.append(f"SLA met of {total.vendor} tickets is the vendor's own verdict")
    elif total.tickets and not targets:
        notes.append("SLA met needs targets: set [sla.<channel>] in supportkit.toml")
    if total.with_target and total.with_target < total.tickets:
        others = total.tickets - total.with_target
        notes.append(f"SLA met is over {total.with_target} tickets; {others} are open in time or have no target")
    return tuple(notes)
