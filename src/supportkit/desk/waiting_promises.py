"""What was promised to tickets that wait, and what has become of it at an instant: the verdict of `service` on them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from supportkit.desk.aims import Targets
from supportkit.desk.business_time import Calendars, working_hours
from supportkit.desk.promises import STATES, STILL_OPEN, UNREAD, verdict_parameters, verdicts
from supportkit.desk.replies import as_needed
from supportkit.store import Store
from supportkit.system.named import NamedTuple

Ticket = tuple[str | None, str]
"""Its source and its id."""
_VERDICTS: Final = "sla_first_reply <> '' or sla_resolution <> ''"
_OF_THESE: Final = f""",
     waiting as (select unnest(cast($waiting as varchar[])) as name)
select distinct source, ticket_id, state, {STILL_OPEN} as is_open, is_replied, reply_target_s, resolution_target_s
  from verdict
  join waiting on waiting.name = coalesce(source, '') || chr(31) || ticket_id
 order by source, ticket_id
"""


class Promise(NamedTuple):
    """What became of a promise (within, open or breached; None where nothing is promised, nobody can tell, or the
    ticket ended in time without it), and the target that the ticket waits on, in seconds: that of the first reply until
    it is there, else of the resolution."""

    state: str | None
    target_s: float | None


def promises_at(
    store: Store,
    instant: datetime,
    waiting: Iterable[Ticket],
    *,
    targets: Targets | None = None,
    calendar: Calendars | None = None,
) -> dict[Ticket, Promise]:
    """The promises of tickets that wait at an instant, judged by what was known then; none where nobody promised."""
    if not targets and not store.has_rows("tickets", _VERDICTS):
        return {}
    then = store.filtered(as_of=instant)
    tickets, messages = then.select("tickets"), then.select("messages", joined=True)
    hours = working_hours(then, tickets, calendar) if calendar else None
    given = verdict_parameters(then, targets) | (hours.parameters if hours else {})
    given["waiting"] = [f"{source or ''}\x1f{number}" for source, number in waiting]
    query = as_needed(then, f"with {verdicts(targets=targets, within_hours=bool(hours))}{_OF_THESE}")
    found = {}
    for source, number, state, is_open, is_replied, reply_s, resolution_s in then.rows(
        query, tickets, messages, **given
    ):
        target_s = resolution_s if is_replied or reply_s is None else reply_s
        is_told = state not in (None, UNREAD) and (is_open or STATES[state] != "open")
        found[source, number] = Promise(STATES[state] if is_told else None, target_s)
    return found
