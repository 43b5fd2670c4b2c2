"""The tickets behind the figures of `service`: how long each waited, and what became of its promise."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

from supportkit.desk.aims import Targets
from supportkit.desk.business_time import Calendars, working_hours
from supportkit.desk.dating import NOTE, dating
from supportkit.desk.definitions import DEFINITIONS, Name
from supportkit.desk.every_solve import solve_cases
from supportkit.desk.older_work import older_cases
from supportkit.desk.promises import STILL_OPEN, verdict_parameters, verdicts
from supportkit.desk.replies import as_needed
from supportkit.desk.untold import FIRST_REPLIES, OUTCOMES, untold_notes
from supportkit.offers.cases import ALL as EVERY
from supportkit.offers.cases import TICKETS, Cases
from supportkit.period import ALL, Over, Period
from supportkit.result import detail
from supportkit.store import Store

_CASES: Final = f""",
     behind as materialized (
        select source, ticket_id, by_1, by_2, over_start,
               case when not impossible then reply_s end as first_reply_s,
               case when not impossible then resolved_s end as resolution_s,
               case when not impossible then reply_work_s end as first_reply_business_s,
               case when not impossible then resolved_work_s end as resolution_business_s,
               case when answered_at is null and resolved_at is null and not impossible and is_reply_told then age_s end
               as age_s,
               coalesce(reply_s, resolved_s,
                        case when is_reply_told or is_end_told and {STILL_OPEN} then age_s end) as waited_s,
               coalesce(reply_work_s, reply_s, age_work_s, age_s) as judged_s,
               case when kept = 1 then 'kept' when kept = 0 then 'broken' when is_open_late then 'open and late'
                    when is_open_in_time then 'open in time' end as promise,
               kept, coalesce(kept = 0, false) as is_broken,
               is_open_late, is_open_in_time, not impossible and is_replied as is_replied,
               not impossible and resolved_at is not null as is_solved, impossible, is_reply_told, is_end_told,
               answered_at is null and resolved_at is not null as is_ended_unanswered
          from verdict)
"""
VALUES: Final = (
    detail("first_reply_s", "duration", "first reply"),
    detail("resolution_s", "duration", "resolution"),
    detail("first_reply_business_s", "duration", "first reply, business"),
    detail("resolution_business_s", "duration", "resolution, business"),
    detail("age_s", "duration", "waiting"),
    detail("promise", "text"),
)
SLOW: Final = {
    "tickets": EVERY,
    **dict.fromkeys(("first_reply_p50_s", "first_reply_p90_s", "first_reply_mean_s"), "replied"),
    **dict.fromkeys(("resolution_p50_s", "resolution_p90_s", "resolution_mean_s"), "solved"),
    **dict.fromkeys(("first_reply_business_p50_s", "first_reply_business_p90_s"), "replied_business"),
    **dict.fromkeys(("resolution_business_p50_s", "resolution_business_p90_s"), "solved_business"),
}
"""Figures that long waits make, with the tickets that they are of."""
TELLS: Final = {"sla_met": "breached", "first_reply_within": "beyond_bound"}
COUNTS: Final = {
    "tickets": EVERY,
    "sla_kept": "kept",
    "sla_broken": "breached",
    "sla_open_late": "open_late",
    "sla_open_in_time": "open_in_time",
}
"""The figures that are a number of these rows, under another name."""
UNANSWERED: Final = "unanswered"
PARTS: Final = {
    EVERY: "not impossible",
    "replies_told": "not impossible and is_reply_told",
    "replied": "is_replied",
    UNANSWERED: "not is_replied and not impossible and is_reply_told",
    "solved": "is_solved",
    "unsolved": "not is_solved and not impossible and is_end_told",
    "replied_business": "first_reply_business_s is not null",
    "solved_business": "resolution_business_s is not null",
    "with_target": "kept is not null",
    "kept": "kept = 1",
    "breached": "is_broken",
    "open_late": "is_open_late",
    "open_in_time": "is_open_in_time",
    "impossible": "impossible",
}
WITHIN: Final = {
    "within_judged": "not impossible and is_reply_told and (is_replied or judged_s > $within_s)",
    "within_bound": "not impossible and is_replied and judged_s <= $within_s",
    "beyond_bound": "not impossible and is_reply_told and judged_s > $within_s",
}
"""Those of which a bound (--within) tells something, where there is one."""
FIRST: Final = {
    UNANSWERED: ("is_ended_unanswered",),
    "solved": ("resolution_s desc nulls last",),
    "solved_business": ("resolution_business_s desc nulls last",),
    "replied_business": ("first_reply_business_s desc nulls last",),
}
"""What decides first which tickets of a name are the most telling."""
AMONG: Final = {
    **dict.fromkeys(("replied", UNANSWERED, *WITHIN), "not impossible and is_reply_told"),
    **dict.fromkeys(("solved", "unsolved"), "not impossible and is_end_told"),
    **dict.fromkeys(("kept", "breached"), "kept is not null"),
    **dict.fromkeys(("open_late", "open_in_time"), "kept is not null or is_open_in_time"),
}
"""Of which tickets those of a name are some, where that is not of all: those of which something tells it."""


def cases(
    store: Store,
    *,
    period: Period = ALL,
    by: str | None = "channel",
    over: Over | None = None,
    targets: Targets | None = None,
    calendar: Calendars | None = None,
    definition: Name = "ours",
    within: timedelta | None = None,
    **options: Any,
) -> Cases:
    """The tickets: broken promises first, then who waited longest for the first reply, or where that is not known, for
    the end. Of the unanswered those come first that wait still; the solved stand by their resolution."""
    counting = dating(store, definition, period=period, by=by, over=over)
    selection = counting.tickets
    messages = store.select("messages", joined=True)
    scope, notes = store.scope(selection, messages, asked_period=period)
    hours = working_hours(store, selection, calendar) if calendar else None
    promised = verdict_parameters(store, targets) | counting.parameters
    read = verdicts(definition, targets=targets, within_hours=bool(hours), by=selection.by, dated=counting.cte)
    parts = dict(PARTS)
    beside = older_cases(store, period, by) if over is None else {}
    scope = replace(scope, as_of=promised["as_of"], start=period.start)
    if DEFINITIONS[definition].solves == "every":
        del parts["solved"]
        judged = as_needed(store, f"with {read}")
        worked = hours.parameters if hours else {}
        beside |= {"solved": solve_cases(judged, (selection, messages), promised | worked, scope)}
    own = store.select("tickets", period=period)
    found = Cases(
        unit=TICKETS,
        sql=as_needed(store, f"with {read}{_CASES}"),
        selections=(selection, messages),
        values=VALUES,
        parts=parts,
        order=("is_broken desc", "waited_s desc nulls last", "source", "ticket_id", "by_1", "by_2"),
        parameters=promised | (hours.parameters if hours else {}),
        scope=scope,
        notes=(
            *notes,
            *((NOTE,) if counting.cte else ()),
            *untold_notes(store, own, OUTCOMES, "solved and unsolved"),
            *untold_notes(store, own, FIRST_REPLIES, "replied, unanswered and their promises"),
        ),
        every="count(*) filter (where not impossible)",
        among=AMONG,
        first=FIRST,
        counts=COUNTS,
        tells={**SLOW, **TELLS},
    )
    if within is not None:
        bound = {**found.parameters, "within_s": within.total_seconds()}
        beside |= dict.fromkeys(WITHIN, replace(found, parts=WITHIN, parameters=bound))
    return replace(found, beside=beside)
