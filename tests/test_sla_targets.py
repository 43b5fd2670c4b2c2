"""Targets by channel, priority, team and country, and the states in which the clock of a resolution stands."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from supportkit.config import read_config
from supportkit.configuration.calendars import calendars
from supportkit.desk.aims import Targets
from supportkit.errors import UsageError
from supportkit.handling import handling
from supportkit.metrics import METRICS
from supportkit.request import read_request, rows
from supportkit.service import leaves, service
from supportkit.service_value import service_value
from supportkit.store import Store
from supportkit.survey_quality import survey_quality

Shop = Callable[..., Store]
TICKETS = """
ticket_id,created_at,channel,priority,team,country,status,solved_at,first_reply_at
1,2026-11-02T09:00:00Z,email,urgent,,DE,solved,2026-11-02T15:00:00Z,2026-11-02T09:20:00Z
2,2026-11-02T09:00:00Z,email,normal,,DE,solved,2026-11-02T15:00:00Z,2026-11-02T09:50:00Z
3,2026-11-02T09:00:00Z,chat,urgent,vip,AT,solved,2026-11-02T09:30:00Z,2026-11-02T09:06:00Z
4,2026-11-02T09:00:00Z,phone,,,AT,solved,2026-11-02T10:00:00Z,2026-11-02T09:50:00Z
"""
EMAIL: Targets = {"email": {"first_reply": 3600.0, "resolution": 7200.0}}
URGENT: Targets = {"urgent ones": {"priority": "Urgent", "first_reply": 1800.0}}
VIP: Targets = {"vip": {"priority": "urgent", "team": "VIP", "first_reply": 300.0}}


def judged(store: Store, **options: Any) -> dict[str, str | None]:
    """What became of the promise of each ticket."""
    request = replace(read_request(METRICS["service"]), options=options)
    return {str(row["ticket_id"]): row["promise"] for row in rows(store, request, "all").records()}  # type: ignore[misc]


def test_the_target_of_most_conditions_holds(shop: Shop) -> None:
    store = shop(tickets=TICKETS)
    # by channel alone: an e-mail is solved within two hours or not, the others have no target
    assert judged(store, targets=EMAIL) == {"1": "broken", "2": "broken", "3": None, "4": None}
    # as many conditions: the first in the file; 1 is urgent and an e-mail
    both = judged(store, targets={**EMAIL, **URGENT})
    assert both == {"1": "broken", "2": "broken", "3": "kept", "4": None}
    assert judged(store, targets={**URGENT, **EMAIL})["1"] == "kept"
    # two conditions outweigh one: six minutes are too long for them
    assert judged(store, targets={**EMAIL, **URGENT, **VIP})["3"] == "broken"
    assert judged(store, targets={**URGENT, "default": {"first_reply": 60.0}})["4"] == "broken"
    assert judged(store, targets={"austria": {"country": "AT", "first_reply": 3000.0}}) == {
        **dict.fromkeys(("1", "2"), None),
        **dict.fromkeys(("3", "4"), "kept"),
    }


def test_service_tells_the_promises_by_priority_and_team(shop: Shop) -> None:
    targets = {**EMAIL, **URGENT, **VIP}
    result = service(shop(tickets=TICKETS), by="priority", targets=targets)
    told = {row["priority"]: (row["with_target"], row["sla_kept"], row["sla_broken"]) for row in result.records()}
    assert told == {"normal": (1, 0, 1), "urgent": (2, 0, 2), "(none)": (0, None, None)}
    assert leaves(shop(tickets=TICKETS), targets=targets).cases == 3


LOG = """
ticket_id,sent_at,sender,public,kind,from_value,to_value
1,2026-11-02T09:00:00Z,customer,true,message,,
1,2026-11-02T09:20:00Z,agent,true,message,,
1,2026-11-02T09:20:00Z,agent,false,status,open,pending
1,2026-11-02T14:20:00Z,customer,false,status,pending,open
1,2026-11-02T15:00:00Z,agent,false,status,open,solved
"""


def test_the_clock_of_a_resolution_stands_in_the_states_that_are_named(shop: Shop) -> None:
    store = shop(tickets=TICKETS, messages=LOG)

    def paused(seconds: float, *states: str) -> str | None:
        targets = {"email": {"first_reply": 3600.0, "resolution": seconds, "pause": states}}
        return judged(store, targets=targets)["1"]

    # six hours, of which five were pending: one hour is left
    assert (paused(3600, "pending"), paused(3599, "pending")) == ("kept", "broken")
    assert (paused(6 * 3600, "hold"), paused(6 * 3600 - 1, "hold")) == ("kept", "broken")
    # what it was before the log begins counts from the creation: 20 minutes open, and 40 after the pause
    assert (paused(5 * 3600, "open"), paused(5 * 3600 - 1, "open")) == ("kept", "broken")
    assert (paused(0, "open", "pending"), paused(0, "open")) == ("kept", "broken")
    notes = service(store, targets={"email": {"resolution": 1.0, "pause": ("pending", "hold")}}).notes
    assert any(note.startswith("the SLA clock of resolutions stands still in pending and hold") for note in notes)
    notes = service(shop(tickets=TICKETS), targets={"email": {"resolution": 1.0, "pause": ("hold",)}}).notes
    assert "the SLA clock of resolutions should stand still in hold, but no log says when tickets were so" in notes


def test_an_open_ticket_is_late_by_what_was_no_pause(shop: Shop) -> None:
    open_one = TICKETS.replace("solved,2026-11-02T15:00:00Z", "open,", 1)
    store = shop(tickets=open_one, messages=LOG.replace("1,2026-11-02T15:00:00Z,agent,false,status,open,solved\n", ""))
    # known until the last solve, 15:00 of ticket 2: open for six hours, of which five were pending
    for seconds, promise in ((3600.0, "open in time"), (3599.0, "broken")):
        targets = {"email": {"resolution": seconds, "pause": ("pending",)}}
        assert judged(store, targets=targets)["1"] == promise
        facts = service(store, targets=targets).facts
        assert (facts["sla_open_in_time"], facts["sla_open_late"]) == ((0, 1) if promise == "broken" else (1, 0))


def test_within_working_hours_a_pause_is_counted_by_their_clock(shop: Shop) -> None:
    store = shop(tickets=TICKETS, messages=LOG)
    hours = calendars({"hours": "Mon 10:00-12:00", "time_zone": "UTC"}).hours
    # of 9 to 15 o'clock two hours were worked, all of them pending
    for states, promise in ((("pending",), "kept"), (("hold",), "broken")):
        targets = {"email": {"resolution": 60.0, "pause": states}}
        assert judged(store, targets=targets, calendar=hours)["1"] == promise


def test_targets_are_read_from_the_configuration(tmp_path: Path) -> None:
    file = tmp_path / "supportkit.toml"
    file.write_text('[sla.vip]\nteam = "vip"\nresolution = "2h"\npause = "pending, hold"\n', encoding="utf-8")
    assert read_config(file).section("sla") == {
        "vip": {"resolution": 7200.0, "team": "vip", "pause": ("pending", "hold")}
    }
    file.write_text('[sla.vip]\npause = ["asleep"]\n', encoding="utf-8")
    with pytest.raises(UsageError, match="'asleep' is no state in which a clock may stand"):
        read_config(file)


SURVEYS = "kind,score,responded_at,ticket_id,scale_min,scale_max\ncsat,5,2026-11-03T09:00:00Z,1,1,5\n"


def test_survey_quality_judges_promises_as_service_does(shop: Shop) -> None:
    store = shop(tickets=TICKETS, surveys=SURVEYS)

    def met(**options: Any) -> tuple[Any, Any]:
        facts = survey_quality(store, **options).facts
        return facts["with_target"], facts["sla_met"]

    assert met(targets=EMAIL) == (2, 0)
    assert met(targets={**URGENT, **EMAIL}) == (3, pytest.approx(2 / 3))
    hours = calendars({"hours": "Mon 09:00-10:00", "time_zone": "UTC"}).hours
    assert met(targets=EMAIL, calendar=hours) == (2, 1)  # an hour was worked until 15 o'clock


def test_service_value_judges_promises_as_service_does(shop: Shop) -> None:
    tickets = """
    ticket_id,created_at,channel,priority,status,solved_at,first_reply_at,customer_id
    1,2026-02-02T09:00:00Z,email,urgent,solved,2026-02-02T15:00:00Z,2026-02-02T09:20:00Z,C
    2,2026-02-02T09:00:00Z,email,normal,solved,2026-02-02T10:00:00Z,2026-02-02T09:20:00Z,D
    3,2026-02-02T08:00:00Z,email,normal,solved,2026-02-02T11:00:00Z,2026-02-02T09:20:00Z,E
    """
    orders = "order_id,ordered_at,customer_id,amount\n1,2026-06-01T09:00:00Z,Z,10\n"
    store = shop(tickets=tickets, orders=orders)

    def level(**options: Any) -> dict[Any, Any]:
        found = service_value(store, **options).records()
        return {row["exposure"]: row["tickets"] for row in found if str(row["exposure"]).startswith("sla")}

    assert level(targets=EMAIL) == {"sla: met": 1, "sla: breached": 2}
    assert level(targets={**URGENT, **EMAIL}) == {"sla: met": 2, "sla: breached": 1}
    hours = calendars({"hours": "Mon 09:00-10:00", "time_zone": "UTC"}).hours
    assert level(targets=EMAIL, calendar=hours) == {"sla: met": 3}  # of each an hour at most was worked
    notes = service_value(store, targets=EMAIL, calendar=hours).notes
    assert [note for note in notes if note.startswith("business time")] == ["business time: Mon 09:00-10:00 (UTC)"]


def test_next_replies_and_first_solves_have_a_mean(shop: Shop) -> None:
    log = """
    ticket_id,sent_at,sender,public,kind,from_value,to_value
    1,2026-11-02T09:00:00Z,customer,true,message,,
    1,2026-11-02T09:20:00Z,agent,true,message,,
    1,2026-11-02T10:00:00Z,customer,true,message,,
    1,2026-11-02T10:10:00Z,agent,true,message,,
    1,2026-11-02T11:00:00Z,customer,true,message,,
    1,2026-11-02T12:00:00Z,agent,true,message,,
    1,2026-11-02T15:00:00Z,agent,false,status,open,solved
    """
    facts = handling(shop(tickets=TICKETS, messages=log)).facts
    assert (facts["next_replies"], facts["next_reply_mean_s"]) == (2, (600 + 3600) / 2)
    assert (facts["first_solved"], facts["first_solve_mean_s"]) == (4, (6 + 6 + 0.5 + 1) / 4 * 3600)
