"""Any metric beside the period before, or each row beside the rest."""

from __future__ import annotations

import inspect
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from supportkit.explaining.against import with_against
from supportkit.metrics import METRICS
from supportkit.period import containing
from supportkit.request import read_request, run
from supportkit.result import Result
from supportkit.store import Store
from supportkit.store.conditions import parse_conditions
from tests.conftest import Call

Shop = Callable[..., Store]
WEEK = containing(date(2026, 11, 3), "week")
# in the week before A after 1 minute, O after 3 by post;
# in the week B after 2, C after 4 by e-mail, D without a channel after 10
TICKETS = """
ticket_id,created_at,channel,first_reply_at
A,2026-10-27T10:00:00Z,chat,2026-10-27T10:01:00Z
O,2026-10-28T10:00:00Z,post,2026-10-28T10:03:00Z
B,2026-11-03T10:00:00Z,chat,2026-11-03T10:02:00Z
C,2026-11-03T10:00:00Z,email,2026-11-03T10:04:00Z
D,2026-11-04T10:00:00Z,,2026-11-04T10:10:00Z
Z,2026-11-12T10:00:00Z,chat,
"""


def against(store: Store, metric: str, what: str, **options: object) -> Result:
    request = replace(read_request(METRICS[metric], options), period=WEEK)
    return with_against(store, request, run(store, request), what)


def test_the_period_before_stands_beside_each_figure(shop: Shop) -> None:
    found = against(shop(tickets=TICKETS), "service", "previous")
    assert (found.facts["tickets"], found.facts["previous_tickets"]) == (3, 2)
    assert (found.facts["first_reply_p50_s"], found.facts["previous_first_reply_p50_s"]) == (240, 120)
    rows = {row["channel"]: (row["tickets"], row["previous_tickets"]) for row in found.records()}
    assert rows == {"chat": (1, 1), "email": (1, 0), "(none)": (1, 0), "post": (0, 1)}
    assert {row["first_reply_p50_s"] for row in found.records() if row["channel"] == "post"} == {None}
    names = [column.name for column in found.columns]
    assert names.index("previous_tickets") == names.index("tickets") + 1
    assert "previous is 2026-W44" in found.notes[0]


def test_the_rest_is_all_that_has_another_value_or_none(shop: Shop) -> None:
    found = against(shop(tickets=TICKETS), "service", "rest", by="channel")
    names = ("tickets", "rest_tickets", "rest_first_reply_p50_s")
    rows = {row["channel"]: tuple(row[name] for name in names) for row in found.records()}
    assert rows == {"chat": (1, 2, 420), "email": (1, 2, 360), "(none)": (1, 2, 180)}


def test_a_condition_on_the_dimension_chooses_rows_and_not_their_rest(shop: Shop) -> None:
    # of week 45 chat has B; the rest of chat are C and D, of whom the condition does not speak
    store = shop(tickets=TICKETS).filtered(parse_conditions(["channel=chat"]))
    (row,) = against(store, "service", "rest", by="channel").records()
    assert (row["channel"], row["tickets"], row["rest_tickets"], row["rest_first_reply_p50_s"]) == ("chat", 1, 2, 420)
    # a condition on another column cuts both sides: nobody has the priority
    cut = shop(tickets=TICKETS).filtered(parse_conditions(["channel=chat", "priority is empty"]))
    assert [row["rest_tickets"] for row in against(cut, "service", "rest", by="channel").records()] == [2]


@pytest.mark.parametrize("score", ["nps", "csat", "csi", "ces"])
def test_a_score_against_the_rest_refuses_a_condition_that_leaves_it_out(
    score: str, supportkit: Call, stored: tuple[str, ...]
) -> None:
    words = (score, *stored, "--by", "country", "--against", "rest", "--where")
    code, _, err = supportkit(*words, "country=DE")
    assert code == 2
    assert "country=DE leaves out the rest" in err
    assert "leaves out the rest" not in supportkit(*words, "language=de")[2]


OTHERS = [
    name
    for name, metric in METRICS.items()
    if not metric.compares and "against" not in inspect.signature(metric.compute).parameters
]


@pytest.mark.parametrize("name", OTHERS)
def test_every_metric_is_set_beside_the_period_before(name: str, supportkit: Call, stored: tuple[str, ...]) -> None:
    code, out, err = supportkit(name, *stored, "--period", "2026-10", "--against", "previous", "-f", "json")
    assert code in (0, 3), err
    assert any(fact.startswith("previous_") for fact in json.loads(out)["facts"])


def test_a_share_is_told_with_the_interval_of_its_difference(supportkit: Call, stored: tuple[str, ...]) -> None:
    words = ("service", *stored, "--period", "2026-W44", "--against", "previous", "-f", "json")
    notes = json.loads(supportkit(*words)[1])["notes"]
    assert notes[0] == "previous is 2026-W43"
    assert notes[1].startswith("SLA met: ")
    assert "points [" in notes[1]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--against", "previous"), "period"),
        (("--against", "yesterday", "--period", "2026-10"), "previous"),
        (("--against", "rest", "--by", "country,channel"), "one dimension"),
        (("--against", "previous", "--over", "week", "--period", "2026-10"), "--over"),
        (("--against", "previous", "--rows", "all", "--period", "2026-10"), "--rows"),
    ],
)
def test_what_cannot_be_compared_is_told(
    words: tuple[str, ...], said: str, supportkit: Call, stored: tuple[str, ...]
) -> None:
    code, _, err = supportkit("service", *stored, *words)
    assert code == 2
    assert said in err


def test_the_rows_of_a_funnel_have_the_rest_of_their_step(supportkit: Call, samples: Path) -> None:
    words = ("funnel", "--by", "country", "--against", "rest", "--data", samples, "-f", "json")
    rows = json.loads(supportkit(*words)[1])["rows"]
    started = {row["country"]: (row["users"], row["rest_users"]) for row in rows if row["step_number"] == 1}
    assert len({own + rest for own, rest in started.values()}) == 1  # each and its rest are all
