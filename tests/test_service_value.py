"""What happens after a complaint: hand counts, the landmark's rules, and the null that the design has to pass."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from supportkit.errors import UsageError
from supportkit.result import Chart, Result
from supportkit.service_value import service_value
from supportkit.stats.intervals import wilson
from supportkit.stats.strata import Stratum, difference_interval
from supportkit.store import Store, memory_store

if TYPE_CHECKING:
    from numpy.random import Generator

Shop = Callable[..., Store]
TARGETS = {"email": {"first_reply": 3600.0}}
TICKETS = """ticket_id,created_at,customer_id,channel,first_reply_at,solved_at,reopens,is_complaint
    1,2024-01-01T10:00:00Z,A,email,2024-01-01T10:30:00Z,2024-01-02T10:00:00Z,0,true
    2,2024-02-01T10:00:00Z,A,email,2024-02-01T19:00:00Z,2024-02-02T10:00:00Z,1,true
    3,2024-01-05T10:00:00Z,B,email,2024-01-05T13:00:00Z,2024-01-06T10:00:00Z,1,true
    4,2024-01-05T10:00:00Z,C,email,2024-01-05T10:10:00Z,2024-05-30T10:00:00Z,0,true
    5,2024-01-05T10:00:00Z,D,email,,,0,true
    6,2024-01-05T10:00:00Z,E,email,2024-01-05T10:10:00Z,2024-01-06T10:00:00Z,0,false
    7,2024-01-05T10:00:00Z,,email,2024-01-05T10:10:00Z,2024-01-06T10:00:00Z,0,true
    """
ORDERS = """order_id,ordered_at,customer_id,amount,status
    1,2024-01-01T12:00:00Z,A,10,paid
    2,2024-03-31T10:00:00Z,A,10,paid
    3,2024-01-02T10:00:00Z,B,10,paid
    4,2024-01-09T10:00:00Z,B,10,cancelled
    5,2024-06-30T10:00:00Z,Z,10,paid
    """


def table(result: Result) -> dict[Any, tuple[Any, ...]]:
    return {row["exposure"]: (row["tickets"], row["reordered_share"]) for row in result.records()}


def test_first_complaints_with_a_full_follow_up_count(shop: Shop) -> None:
    # A: within an hour, orders again on day 89 after the close; B: three hours, and what B ordered was cancelled;
    # C closed too late, D is open, E did not complain, one has no customer, and A's second complaint is not the first
    result = service_value(shop(tickets=TICKETS, orders=ORDERS), targets=TARGETS)
    assert dict(result.facts) == {"tickets": 2, "horizon_days": 90}
    assert {name: found[0] for name, found in table(result).items()} == {
        "sla: met": 1,
        "sla: breached": 1,
        "reopened: no": 1,
        "reopened: yes": 1,
    }
    assert (
        "1 without a customer, 1 later ones of the same customer, 1 not closed, 1 closed less than 90"
        in result.notes[-2]
    )


def test_only_orders_after_the_close_and_within_the_horizon_count() -> None:
    store = memory_store()
    rows = [(n, "2024-02-01", "2024-03-01") for n in range(6)] + [(n, "2024-03-02", "2024-03-01") for n in range(6, 10)]
    for number, ordered, closed in rows:
        store.connection.execute(
            "insert into orders (order_id, ordered_at, customer_id, amount) "
            "values ($n, cast($ordered as timestamptz), $n, 5)",
            {"n": str(number), "ordered": ordered},
        )
        store.connection.execute(
            "insert into tickets (ticket_id, created_at, solved_at, customer_id, reopens) "
            "select $n, cast($closed as timestamptz), cast($closed as timestamptz), $n, 0",
            {"n": str(number), "closed": closed},
        )
    store.connection.execute(
        "insert into orders (order_id, ordered_at, customer_id, amount) values ('late', '2024-08-01', 'other', 5)"
    )
    # six ordered before the close, four on the day after it
    result = service_value(replace(store, as_of=datetime(2024, 9, 1, tzinfo=UTC)))
    assert table(result)["reopened: no"] == (10, 0.4)
    assert table(service_value(replace(store, as_of=datetime(2024, 9, 1, tzinfo=UTC)), horizon=1)) == {
        "reopened: no": (10, 0.4)
    }
    store.close()


def test_the_words_claim_no_cause_and_the_naive_table_is_not_there(shop: Shop) -> None:
    result = service_value(shop(tickets=TICKETS, orders=ORDERS), targets=TARGETS)
    text = " ".join((result.title, result.definition, *result.notes))
    assert "associated with" in text
    assert "cost" not in text
    assert not any("ltv" in column.name or "revenue" in column.name for column in result.columns)
    assert not any("never" in str(row["exposure"]) for row in result.records())


def test_too_few_alike_make_no_comparison(shop: Shop) -> None:
    result = service_value(shop(tickets=TICKETS, orders=ORDERS), targets=TARGETS)
    assert all(row["difference"] is None and row["e_value"] is None for row in result.records())
    assert all(row["reordered_share"] is None for row in result.records())  # one ticket each: no share of it
    assert any("no comparison, only 1 and 1" in note for note in result.notes)


def test_a_survey_has_seven_days_to_be_answered(shop: Shop) -> None:
    surveys = """kind,score,responded_at,scale_min,scale_max,customer_id,ticket_id,invited_at
        csat,5,2024-01-04T10:00:00Z,1,5,A,1,2024-01-02T11:00:00Z
        csat,1,2024-01-20T10:00:00Z,1,5,B,3,2024-01-06T11:00:00Z
        nps,10,2024-01-03T10:00:00Z,0,10,A,,2024-01-02T11:00:00Z
        nps,,,0,10,B,,2024-01-06T11:00:00Z
        """
    result = service_value(shop(tickets=TICKETS, orders=ORDERS, surveys=surveys), targets=TARGETS)
    found = {name: count for name, (count, _) in table(result).items()}
    assert (found["csat: satisfied"], found["csat: no answer"]) == (1, 1)
    assert (found["nps: promoter"], found["nps: no answer"]) == (1, 1)


def test_a_horizon_below_a_day_is_a_usage_error(shop: Shop) -> None:
    with pytest.raises(UsageError):
        service_value(shop(), horizon=0)


class Group(NamedTuple):
    """First complaints alike in all: so many customers with so many orders before each, of whom some order again."""

    channel: str
    verdict: str
    customers: int
    again: int
    before: int


# By e-mail nobody had ordered before, by phone three or five times; by chat nobody is to compare with. A complaint
# whose promise was kept was reopened, one whose promise was broken was not.
GROUPS = (
    Group("email", "met", 40, 10, 0), Group("email", "breached", 30, 15, 0),
    Group("phone", "met", 20, 5, 3), Group("phone", "breached", 10, 5, 5),
    Group("chat", "breached", 8, 0, 2),
)  # fmt: skip


def asked_again(shop: Shop, groups: Sequence[Group], **options: Any) -> Result:
    tickets = ["ticket_id,created_at,customer_id,channel,sla_first_reply,solved_at,reopens,is_complaint,country"]
    orders = ["order_id,ordered_at,customer_id,amount", "last,2024-12-31,Z,1"]
    for channel, verdict, customers, again, before in groups:
        for n in range(customers):
            who = f"{channel}{verdict}{n}"
            reopens, country = int(verdict == "met"), "DE" if n % 2 else "FR"
            tickets.append(f"{who},2024-02-01,{who},{channel},{verdict},2024-02-02,{reopens},true,{country}")
            orders += [f"{who}b{k},2024-01-0{k + 1},{who},1" for k in range(before)]
            orders += [f"{who}a,2024-02-20,{who},1"] * (n < again)
    return service_value(shop(tickets="\n".join(tickets), orders="\n".join(orders)), **options)


def test_a_difference_is_that_of_complaints_alike_weighted_like_those_it_is_about(shop: Shop) -> None:
    result = asked_again(shop, GROUPS)
    rows = {row["exposure"]: row for row in result.records()}
    assert list(rows) == ["sla: met", "sla: breached", "reopened: no", "reopened: yes"]
    met, breached, unopened, reopened = rows.values()
    assert [met[name] for name in ("tickets", "reordered_share", "low", "high")] == [60, 0.25, *wilson(15, 60)]
    assert [breached[name] for name in ("tickets", "reordered_share", "low")] == [48, 20 / 48, wilson(20, 48)[0]]
    assert [met[name] for name in ("difference", "e_value", "compared")] == [None] * 3
    # of the 40 breached that have a counterpart 20 ordered again; of those met, spread like these, a quarter did:
    # (30 x 10/40 + 10 x 5/20) / 40. Twice as often: 2 + sqrt(2 x (2 - 1)) is the e-value
    assert breached["difference"] == pytest.approx(0.25)
    assert breached["e_value"] == pytest.approx(2 + 2**0.5)
    assert breached["compared"] == 100
    strata = [Stratum(8, 0, 0, 0), Stratum(30, 15, 40, 10), Stratum(10, 5, 20, 5)]  # by chat, e-mail, phone
    assert (breached["difference_low"], breached["difference_high"]) == pytest.approx(difference_interval(strata))
    # the other way round: 15 of 60 against half of those, half as often
    assert unopened["reordered_share"] == 20 / 48
    assert reopened["difference"] == pytest.approx(-0.25)
    assert reopened["e_value"] == pytest.approx(2 + 2**0.5)
    # orders before, over all: 66 of 48 against 60 of 60, with mean squares of 282/48 and 180/60: .375 / sqrt(2.9922)
    # is .22; compared: 50 of 40 (250) against 30 of 40 (90), the others weighted 30/40 and 10/20: .5 / sqrt(3.1875)
    told = [note for note in result.notes if note.startswith(("sla, ", "reopened, "))]
    assert told[0] == (
        "sla, breached against met: 40 of 48 have a counterpart among 60; orders before differ by +0.22 standard "
        "deviations in all, by +0.28 where compared"
    )
    # the other way round: 60 of 60 (180) against 100 of 60 (500): (1 - 5/3) / sqrt((2 + 50/9) / 2)
    assert told[1] == (
        "reopened, yes against no: 60 of 60 have a counterpart among 40; orders before differ by -0.22 standard "
        "deviations in all, by -0.34 where compared"
    )
    assert result.chart == Chart("interval", x="exposure", y="reordered_share", low="low", high="high")
    assert (result.metric, result.title, result.scope.rows) == ("service-value", "Service and value", 108)
    assert "45 of them are of customers with no order before either: perhaps unknown to the orders" in result.notes
    assert result.notes[0].startswith("a difference is associated with how the complaint was handled")
    assert result.notes[1].startswith("e-value: how many times likelier")


def test_by_a_dimension_there_is_a_row_of_each_and_no_comparison_in_words(shop: Shop) -> None:
    result = asked_again(shop, GROUPS, by="country")
    assert [column.name for column in result.columns][:3] == ["country", "exposure", "tickets"]
    assert [row[:3] for row in result.rows] == [
        ("DE", "sla: met", 30), ("DE", "sla: breached", 24), ("DE", "reopened: no", 24), ("DE", "reopened: yes", 30),
        ("FR", "sla: met", 30), ("FR", "sla: breached", 24), ("FR", "reopened: no", 24), ("FR", "reopened: yes", 30),
    ]  # fmt: skip
    assert result.chart is None
    assert not any("counterpart" in note or "no comparison" in note for note in result.notes)


@pytest.mark.parametrize(("customers", "compared"), [(29, False), (30, True)])
def test_thirty_of_each_are_enough_for_a_comparison(customers: int, compared: bool, shop: Shop) -> None:
    groups = (Group("email", "met", 40, 0, 0), Group("email", "breached", customers, 10, 0))
    result = asked_again(shop, groups)
    row = next(row for row in result.records() if row["exposure"] == "sla: breached")
    assert (row["difference"] is not None) is compared
    assert row["compared"] == 40 + customers
    assert row["e_value"] is None  # of those met nobody ordered again: no number says how many times as often
    told = next(note for note in result.notes if note.startswith("sla, "))
    assert told.endswith(
        "orders before differ by 0 standard deviations in all, by 0 where compared"
        if compared
        else "no comparison, only 29 and 40 of them are alike in all else"
    )


def test_five_are_enough_for_a_share_and_nobody_alike_for_none(shop: Shop) -> None:
    groups = (Group("email", "met", 5, 1, 0), Group("chat", "breached", 4, 1, 0))
    result = asked_again(shop, groups)
    rows = {row["exposure"]: row for row in result.records()}
    assert (rows["sla: met"]["reordered_share"], rows["sla: breached"]["reordered_share"]) == (0.2, None)
    assert rows["sla: breached"]["compared"] == 0
    assert "sla, breached against met: no comparison, only 0 and 0 of them are alike in all else" in result.notes


# The null: customers of different rates order, some orders make a complaint, and how it is handled depends on the
# channel, which goes with the rate, but changes nothing. What is shown must be no difference.
CUSTOMERS, DAYS = 30_000, 720


def null_world(random: Generator) -> Store:
    import numpy as np

    rate = random.gamma(0.8, 1 / 150, CUSTOMERS)
    phone = random.random(CUSTOMERS) < np.where(rate > np.median(rate), 0.7, 0.3)
    start = datetime(2023, 1, 1, tzinfo=UTC)
    orders: dict[str, list[Any]] = {"at": [], "who": []}
    tickets: dict[str, list[Any]] = {"at": [], "end": [], "who": [], "channel": [], "verdict": []}
    for who in range(CUSTOMERS):
        days = np.sort(random.uniform(0, DAYS, 1 + random.poisson(rate[who] * DAYS)))
        orders["at"] += [start + timedelta(days=float(day)) for day in days]
        orders["who"] += [f"c{who}"] * len(days)
        for day in days[random.random(len(days)) < 0.25]:
            created = start + timedelta(days=float(day), hours=1)
            tickets["at"].append(created)
            tickets["end"].append(created + timedelta(days=float(random.exponential(2))))
            tickets["who"].append(f"c{who}")
            tickets["channel"].append("phone" if phone[who] else "email")
            tickets["verdict"].append("breached" if random.random() < (0.5 if phone[who] else 0.15) else "within")
    store = memory_store()
    store.connection.execute(
        "insert into orders (order_id, ordered_at, customer_id, amount) "
        "select cast(row_number() over () as varchar), unnest($at), unnest($who), 10",
        orders,
    )
    store.connection.execute(
        "insert into tickets (ticket_id, created_at, solved_at, customer_id, channel, sla_first_reply, is_complaint) "
        "select cast(row_number() over () as varchar), unnest($at), unnest($end), unnest($who), unnest($channel), "
        "unnest($verdict), true",
        tickets,
    )
    return replace(store, as_of=start + timedelta(days=DAYS))


@pytest.fixture(scope="module")
def world() -> Iterator[Store]:
    import numpy as np

    store = null_world(np.random.default_rng(8))
    yield store
    store.close()


@pytest.fixture(scope="module")
def null(world: Store) -> Result:
    return service_value(world, horizon=180)


def test_the_naive_table_that_is_not_offered_would_show_a_multiple(world: Store) -> None:
    rows = world.connection.execute(
        "select customer_id in (select customer_id from tickets) as wrote, count(*) / count(distinct customer_id) "
        "from orders group by wrote order by wrote"
    ).fetchall()
    assert rows[1][1] / rows[0][1] > 2


def test_where_handling_changes_nothing_the_comparison_finds_nothing(null: Result) -> None:
    rows = {row["exposure"]: row for row in null.records()}
    met, breached = rows["sla: met"], rows["sla: breached"]
    share, difference = breached["reordered_share"], breached["difference"]
    assert isinstance(share, float)
    assert isinstance(difference, float)
    assert share / (share - difference) == pytest.approx(1, abs=0.05)
    assert breached["difference_low"] < 0 < breached["difference_high"]  # type: ignore[operator]
    # without the comparison within channels the breached would seem to come back more often
    assert share / met["reordered_share"] > 1.05  # type: ignore[operator]


def test_the_groups_compared_are_alike_in_orders_before(null: Result) -> None:
    words = next(note for note in null.notes if note.startswith("sla, breached"))
    where_compared = float(words.rpartition("by ")[2].split()[0])
    assert abs(where_compared) < 0.1
