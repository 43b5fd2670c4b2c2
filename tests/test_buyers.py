"""Buyers: CDNOW's published figures through the command's own path, refusals, and what stands beside a prediction."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest

from supportkit.buyers import buyers
from supportkit.errors import UsageError
from supportkit.metrics import METRICS
from supportkit.period import Period
from supportkit.result import Result
from supportkit.stats.bg_nbd import BgNbd, chance_alive, expected_orders, fit_buying
from supportkit.stats.gamma_gamma import GammaGamma, expected_spend, fit_spend
from supportkit.stats.lifetime_value import orders_ahead
from supportkit.store import Store
from supportkit.store.conditions import parse_conditions
from supportkit.worth.buyer_rows import Buying
from tests import cdnow
from tests.conftest import Call, shops

Shop = Callable[..., Store]


@pytest.fixture(scope="module")
def cdnow_text(tmp_path_factory: pytest.TempPathFactory) -> str:
    return cdnow.write_orders("sample", tmp_path_factory.mktemp("cdnow") / "orders.csv").read_text()


@cdnow.needs_cdnow
def test_cdnow_gives_the_published_models_and_holdout(shop: Shop, cdnow_text: str) -> None:
    half = datetime(1997, 9, 30, 23, 59, tzinfo=UTC)
    facts = buyers(replace(shop(orders=cdnow_text), as_of=half), horizon=273).facts
    assert [facts[name] for name in ("r", "alpha", "a", "b")] == pytest.approx(
        [0.2426, 4.4136, 0.7929, 2.4259], abs=1e-3
    )
    assert facts["log_likelihood"] == pytest.approx(-9582.43, abs=1e-2)
    assert [facts[name] for name in ("p", "q", "v")] == pytest.approx([6.25, 3.74, 15.44], abs=1e-2)
    assert facts["expected_orders"] == pytest.approx(1653, abs=2)


@cdnow.needs_cdnow
def test_cdnow_backtest_is_the_published_split(shop: Shop, cdnow_text: str) -> None:
    # the half of 1997-01-01..1998-06-30 is 1997-09-30: 39 weeks to learn from, 39 to predict, 1,882 orders in them
    result = buyers(shop(orders=cdnow_text))
    assert result.facts["backtest_orders_actual"] == 1882
    assert result.facts["backtest_orders_predicted"] == pytest.approx(1653, abs=2)
    assert result.facts["backtest_model_error"] == pytest.approx(-0.121, abs=1e-3)
    told = " ".join(result.notes)
    assert "model 1,653 (-12.1 %)" in told
    assert "at the rate so far 2,930 (+55.7 %)" in told
    assert "(-15.6 %)" in told  # of the revenue
    assert "do not plan" not in told


@cdnow.needs_cdnow
def test_each_customer_has_a_row_the_most_valuable_first(supportkit: Call, tmp_path: Path, cdnow_text: str) -> None:
    (tmp_path / "orders.csv").write_text(cdnow_text)
    file = tmp_path / "buyers.csv"
    assert supportkit("buyers", "--data", tmp_path, "--output", file)[0] == 0
    header, *rows = file.read_text().splitlines()
    assert header == "customer_id,orders,last_order_at,p_alive,expected_orders,expected_value"
    assert len(rows) == 2357
    values = [float(row.rpartition(",")[2]) for row in rows]
    assert values == sorted(values, reverse=True)
    assert len(buyers(_store(tmp_path), top=3).rows) == 3


def _store(folder: Path) -> Store:
    from supportkit.exports import LoadOptions, load
    from supportkit.store import memory_store

    store = memory_store()
    load(store, [folder / "orders.csv"], LoadOptions())
    return store


def refused(result: Result) -> str:
    assert result.empty
    assert result.rows == ()
    assert list(result.facts) == [fact.name for fact in METRICS["buyers"].facts]
    return next(note for note in result.notes if note.startswith("refused: "))


def text(rows: list[tuple[str, str, float]]) -> str:
    lines = [f"{n},{day},{who},{worth}" for n, (day, who, worth) in enumerate(rows)]
    return "\n".join(["order_id,ordered_at,customer_id,amount", *lines])


def test_one_customer_is_refused_in_words(shop: Shop) -> None:
    told = refused(buyers(shop(orders=text([("2024-01-01", "A", 5), ("2024-09-01", "A", 5)]))))
    assert "1 customer, the model asks for 500" in told


def test_everything_on_one_day_is_refused(shop: Shop) -> None:
    told = refused(buyers(shop(orders=text([("2024-01-01", f"c{n}", 5) for n in range(600)]))))
    assert "0 days of history" in told


def test_no_repeats_are_refused(shop: Shop) -> None:
    rows = [(f"2024-{1 + n % 12:02d}-05", f"c{n}", 5.0) for n in range(600)]
    assert "no customer ordered on three days" in refused(buyers(shop(orders=text(rows))))


def test_where_all_order_at_one_rate_that_limit_is_fitted_and_said(shop: Shop) -> None:
    # eleven repeat days each in the 335 days to 5 December, and nobody has gone
    rows = [(f"2024-{month:02d}-05", f"c{n}", 5.0) for n in range(520) for month in range(1, 13)]
    result = buyers(shop(orders=text(rows)), horizon=335)
    assert [result.facts[name] for name in ("r", "alpha", "a", "b")] == [None] * 4
    assert result.facts["expected_orders"] == pytest.approx(520 * 11, rel=1e-6)
    # a rate of 11 in 47.86 weeks
    assert any("one rate while a customer, 0.230 repeat days a week: r and alpha run to" in one for one in result.notes)
    assert any("nobody leaves: a and b run to that limit of the model, Poisson" in one for one in result.notes)
    assert any(note.startswith("backtest: ") for note in result.notes)


def test_an_old_export_is_refused(shop: Shop) -> None:
    rows = [(f"2024-{month:02d}-05", f"c{n}", 5.0) for n in range(520) for month in (1, 4, 7)]
    late = replace(shop(orders=text(rows)), as_of=datetime(2024, 12, 31, tzinfo=UTC))
    assert "the last order is 179 days back" in refused(buyers(late))


def test_the_command_ends_with_exit_code_3_when_it_refuses(supportkit: Call, tmp_path: Path) -> None:
    (tmp_path / "orders.csv").write_text(text([("2024-01-01", "A", 5), ("2024-02-01", "A", 5)]))
    code, out, _ = supportkit("buyers", "--data", tmp_path)
    assert code == 3
    assert "refused" in out


def test_a_miss_of_more_than_a_fifth_is_called_out(shop: Shop) -> None:
    # customers of very different rates for half a year; then two of three stay away, which the first half cannot know
    dice, rows, start = random.Random(3), [], date(2024, 1, 1)
    for who in range(600):
        day, rate = dice.uniform(0, 60), dice.gammavariate(0.6, 0.02)
        leave = dice.betavariate(0.8, 2.5)
        while day < (364 if who % 3 == 0 else 182):
            rows.append((str(start + timedelta(days=int(day))), f"c{who}", round(dice.uniform(5, 50), 2)))
            if dice.random() < leave:
                break
            day += dice.expovariate(rate)
    result = buyers(shop(orders=text(rows)))
    assert result.facts["backtest_model_error"] > 0.2  # type: ignore[operator]
    missed = 100 * result.facts["backtest_model_error"]  # type: ignore[operator]
    assert result.notes[0] == (
        f"no forecast: the model missed by {missed:.0f} % on the second half of these orders, more than a fifth; the "
        "customers are by their orders so far"
    )
    assert (result.facts["expected_orders"], result.facts["expected_value"]) == (None, None)
    assert {row[3:] for row in result.rows} == {(None, None, None)}
    ordered = [(-int(str(row["orders"])), str(row["customer_id"])) for row in result.records()]
    assert ordered == sorted(ordered)
    assert result.facts["backtest_orders_predicted"] is not None


def steady(leaves: float, customers: int = 600, seed: int = 5) -> list[tuple[str, str, float]]:
    """A year of customers who order at rates of their own, and leave with one chance after each repeat order."""
    dice, rows, start = random.Random(seed), [], date(2024, 1, 1)
    for who in range(customers):
        day, rate = dice.uniform(0, 60), dice.gammavariate(1.2, 0.02)
        while day < 364:
            rows.append((str(start + timedelta(days=int(day))), f"c{who}", round(dice.gammavariate(4, 8), 2)))
            day += dice.expovariate(rate)
            if len(rows) > 1 and rows[-2][1] == rows[-1][1] and dice.random() < leaves:
                break
    return rows


def test_where_nobody_leaves_that_limit_is_fitted_and_said(shop: Shop) -> None:
    result = buyers(shop(orders=text(steady(0))))
    assert (result.facts["a"], result.facts["b"]) == (None, None)
    assert result.facts["r"] == pytest.approx(1.2, rel=0.25)
    assert any(note.startswith("nobody leaves: a and b run to that limit") for note in result.notes)
    assert any(note.startswith("backtest: ") for note in result.notes)
    # who was watched for about 330 days at such a rate comes as often again in 365 more
    ordered = sum(int(str(row["orders"])) - 1 for row in result.records())
    assert result.facts["expected_orders"] == pytest.approx(ordered * 365 / 333, rel=0.1)
    assert {row["p_alive"] for row in result.records()} == {1.0}


def test_where_some_leave_with_their_first_repeat_order_and_the_others_never_that_is_said(shop: Shop) -> None:
    rows = [row for n in range(4) for row in steady(0, 300, seed=n) for row in [(row[0], f"{n}-{row[1]}", row[2])]]
    seen: dict[str, set[str]] = {}
    kept = []
    for day, who, worth in rows:
        days = seen.setdefault(who, set())
        if day in days or len(days) < 2 or int(who.partition("c")[2]) % 5 < 3:  # two of five stop at their second day
            days.add(day)
            kept.append((day, who, worth))
    result = buyers(shop(orders=text(kept)))
    told = next(one for one in result.notes if "leave with their first repeat day and nobody after it" in one)
    assert float(told.partition(" %")[0]) == pytest.approx(40, abs=4)
    assert (result.facts["a"], result.facts["b"]) == (None, None)


@pytest.mark.parametrize("option", [{"horizon": 0}, {"top": -1}, {"min_customers": 0}])
def test_an_option_out_of_range_is_a_usage_error(option: dict[str, int], shop: Shop) -> None:
    with pytest.raises(UsageError):
        buyers(shop(orders=text([("2024-01-01", "A", 5)])), **option)  # type: ignore[arg-type]


def test_without_a_known_customer_there_is_nothing_to_refuse(shop: Shop) -> None:
    result = buyers(shop(orders="order_id,ordered_at,customer_id,amount\n1,2024-01-01,,5"))
    assert result.empty
    assert result.notes == ("orders left out: 1 without a customer (5.00)",)


# A small shop, worked out by hand. Days are counted from the first of January 2024 in Tokyo; the data end on day 365,
# the half of that is day 182. Of customers who order alike, the first pays half of what stands here, the second just
# that, the third one and a half times as much, …


class Alike(NamedTuple):
    """Who orders on the same days: what one pays, what is known at the end and at the half, and later."""

    customers: int
    paid: dict[int, list[float]]
    whole: Buying
    half: Buying | None
    days_after: int = 0
    revenue_after: float = 0


SHOP = {
    "a": Alike(14, {0: [10]}, Buying(0, 0, 365, 0), Buying(0, 0, 182, 0)),
    "b": Alike(
        4, {10: [20], 40: [22], 70: [18], 100: [24], 190: [20], 300: [21]},
        Buying(5, 290, 355, 105), Buying(3, 90, 172, 64), 2, 41,
    ),
    "c": Alike(6, {20: [30], 50: [3]}, Buying(1, 30, 345, 3), Buying(1, 30, 162, 3)),
    "d": Alike(4, {30: [5], 200: [15], 340: [40]}, Buying(2, 310, 335, 55), Buying(0, 0, 152, 0), 2, 55),
    "e": Alike(3, {60: [8], 182: [14]}, Buying(1, 122, 305, 14), Buying(1, 122, 122, 14)),
    "f": Alike(5, {183: [9]}, Buying(0, 0, 182, 0), None),
    "g": Alike(3, {240: [40], 350: [12]}, Buying(1, 110, 125, 12), None),
    "h": Alike(
        2, {100: [10, 5], 130: [16], 160: [20], 250: [7, 5]}, Buying(3, 150, 265, 48), Buying(2, 60, 82, 36), 1, 12
    ),
    "i": Alike(3, {150: [11], 180: [8], 210: [4], 365: [6]}, Buying(3, 215, 215, 18), Buying(1, 30, 32, 8), 2, 10),
    "j": Alike(6, {90: [33]}, Buying(0, 0, 275, 0), Buying(0, 0, 92, 0)),
    "k": Alike(2, {92: [7]}, Buying(0, 0, 273, 0), Buying(0, 0, 90, 0)),
    "l": Alike(1, {182: [50]}, Buying(0, 0, 183, 0), Buying(0, 0, 0, 0)),
    "m": Alike(2, {3 + 7 * n: [10] for n in range(15)}, Buying(14, 98, 362, 140), Buying(14, 98, 179, 140)),
    "n": Alike(
        2, {5 + 9 * n: [12] for n in range(41)}, Buying(40, 360, 360, 480), Buying(19, 171, 177, 228), 21, 252
    ),
    "o": Alike(4, {10: [6], 14: [30], 18: [10]}, Buying(2, 8, 355, 40), Buying(2, 8, 172, 40)),
    "p": Alike(2, {70: [9], 140: [0]}, Buying(1, 70, 295, 0), Buying(1, 70, 112, 0)),
}  # fmt: skip
FIRST = datetime(2023, 12, 31, 20, tzinfo=UTC)  # five in the morning of the first of January in Tokyo


def instant(day: int, order: int = 0) -> datetime:
    return FIRST + timedelta(days=day, hours=order)


def shop_orders(currency: str = "JPY") -> str:
    lines = ["order_id,ordered_at,customer_id,amount,currency"]
    for name, alike in SHOP.items():
        for who in range(alike.customers):
            for day, amounts in alike.paid.items():
                for n, amount in enumerate(amounts):
                    at = f"{instant(day, n):%Y-%m-%dT%H:%M:%SZ}"
                    money = currency if name == "p" else "JPY"
                    lines.append(f"{len(lines)},{at},{name}{who},{amount * (who + 1) / 2},{money}")
    return "\n".join(lines)


@pytest.fixture(scope="module")
def small_shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with shops(tmp_path_factory.mktemp("small_shop")) as make:
        yield make(zone="Asia/Tokyo", orders=shop_orders())


def histories(half: bool) -> dict[str, Buying]:
    """What is known of every customer, at the end or at the half."""
    known = {name: alike.half if half else alike.whole for name, alike in SHOP.items()}
    return {
        f"{name}{who}": history._replace(spent=history.spent * (who + 1) / 2)
        for name, history in known.items()
        if history
        for who in range(SHOP[name].customers)
    }


def models(known: list[Buying]) -> tuple[BgNbd, GammaGamma]:
    """Both models fitted on what is known: ages in weeks, and a mean of the repeat days that brought money."""
    repeats, last, age, spent = zip(*known, strict=True)
    buying = fit_buying(repeats, [days / 7 for days in last], [days / 7 for days in age])
    paid = [(n, total / n) for n, total in zip(repeats, spent, strict=True) if total]
    return buying, fit_spend([n for n, _ in paid], [mean for _, mean in paid])


def ahead(known: list[Buying], days: int) -> tuple[Any, Any, Any]:
    """The chance of being a customer, the orders and the value of each."""
    buying, spend = models(known)
    repeats, last, age, spent = (np.array(column, dtype=float) for column in zip(*known, strict=True))
    orders = expected_orders(buying, days / 7, repeats, last / 7, age / 7)
    paying = np.where(spent > 0, repeats, 0)
    value = orders * expected_spend(spend, paying, np.where(spent > 0, spent / np.maximum(repeats, 1), 0))
    return chance_alive(buying, repeats, last / 7, age / 7), orders, value


def test_the_models_of_a_small_shop_are_those_of_its_histories(small_shop: Store) -> None:
    result = buyers(small_shop, horizon=100, min_customers=63)
    known = histories(half=False)
    buying, spend = models(list(known.values()))
    alive, orders, value = ahead(list(known.values()), 100)
    facts = result.facts
    assert facts["customers"] == len(known) == 63
    assert [facts[name] for name in ("r", "alpha", "a", "b", "log_likelihood")] == pytest.approx(
        [buying.r, buying.alpha, buying.a, buying.b, buying.log_likelihood]
    )
    assert [facts[name] for name in ("p", "q", "v")] == pytest.approx([spend.p, spend.q, spend.v])
    assert facts["expected_orders"] == pytest.approx(orders.sum())
    assert facts["expected_value"] == pytest.approx(value.sum())
    by_value = sorted(zip(known, alive, orders, value, strict=True), key=lambda one: (-one[3], one[0]))
    assert [row[0] for row in result.rows] == [one[0] for one in by_value]
    assert [row[3:] for row in result.rows] == [pytest.approx(one[1:]) for one in by_value]
    rows = {row["customer_id"]: (row["orders"], row["last_order_at"]) for row in result.records()}
    assert rows["h1"] == (6, instant(250, 1))
    assert rows["j3"] == (1, instant(90))
    assert buyers(small_shop, horizon=100, min_customers=63, top=2).rows == result.rows[:2]
    assert buyers(small_shop, horizon=100, min_customers=63, top=0).rows == ()


def test_the_first_half_of_a_small_shop_is_held_against_the_second(small_shop: Store) -> None:
    result = buyers(small_shop, horizon=100, min_customers=1)
    known = list(histories(half=True).values())
    _, orders, value = ahead(known, 183)
    early = [alike for alike in SHOP.values() if alike.half]
    # 4 x 2 of b, 4 x 2 of d, 2 of h, 3 x 2 of i and 2 x 21 of n
    assert (len(known), sum(alike.customers * alike.days_after for alike in early)) == (55, 66)
    facts = result.facts
    assert (facts["backtest_customers"], facts["backtest_orders_actual"]) == (55, 66)
    assert facts["backtest_orders_predicted"] == pytest.approx(orders.sum())
    assert facts["backtest_model_error"] == pytest.approx(orders.sum() / 66 - 1)
    # who is silent for more than 90 days has lapsed, 90 days after the last order; the others are watched to the half
    lapsed = {"a": 90, "c": 120, "d": 90, "j": 90, "o": 98}
    watched = {"b": 172, "e": 122, "h": 82, "i": 32, "k": 90, "l": 0, "m": 179, "n": 177, "p": 112}
    lives: Counter[tuple[float, bool]] = Counter()
    for name, age in (lapsed | watched).items():
        lives[age, name in lapsed] += SHOP[name].customers
    days = sum(one.repeats + 1 for one in known)
    formula = orders_ahead(lives, days, Counter(one.age for one in known), 183)
    assert formula is not None
    assert facts["backtest_formula_error"] == pytest.approx(formula / 66 - 1)
    # at the rate so far, without the one who came on the day of the half
    plain = 183 * (4 * 3 / 172 + 6 / 162 + 3 / 122 + 2 * 2 / 82 + 3 / 32 + 2 * 14 / 179 + 2 * 19 / 177 + 4 * 2 / 172)
    plain += 183 * 2 / 112
    revenue = sum(  # half, once, one and a half times, … as much: 1/2 + 2/2 + 3/2 + …
        alike.revenue_after * alike.customers * (alike.customers + 1) / 4 for alike in early
    )
    told = f"actual 66 order days; model {orders.sum():,.0f} ({100 * (orders.sum() / 66 - 1):+.1f} %); "
    told += f"classic formula of ltv with a gap of 90 days {formula:,.0f} ({100 * (formula / 66 - 1):+.1f} %); "
    told += f"everybody at the rate so far {plain:,.0f} ({100 * (plain / 66 - 1):+.1f} %)"
    whole = "backtest: from the orders up to 2024-07-01, the 183 days to 2024-12-31 of the same 55 customers: "
    buying, spend = models(list(histories(half=False).values()))
    assert buying.a < 1
    assert result.notes == (
        "expected in the 100 days after the data ends, of the 63 customers there are: new ones are not in it",
        "a customer with one order so far counts as there: the model has nobody leave before a second order",
        f"a = {buying.a:.2f} is below 1: expected orders grow without end, so a value needs its horizon",
        f"orders and spending go together with {spend.correlation:.2f}; gamma-gamma takes it for about 0",
        whole + told,
        f"backtest, revenue: actual {revenue:,.0f}; model {value.sum():,.0f} "
        f"({100 * (value.sum() / revenue - 1):+.1f} %)",
        "orders that count: 2 of value zero",
    )
    assert (result.metric, result.title, result.scope.currency) == ("buyers", "Buyers", "JPY")
    assert result.scope.rows == sum(alike.customers * sum(map(len, alike.paid.values())) for alike in SHOP.values())


def test_orders_in_two_currencies_have_no_value(shop: Shop) -> None:
    store = shop(zone="Asia/Tokyo", orders=shop_orders("USD"))
    result = buyers(store, min_customers=1)
    assert "amounts are in several currencies: no value; choose one with --where currency=EUR" in result.notes
    assert [result.facts[name] for name in ("p", "q", "v", "expected_value")] == [None] * 4
    _, orders, _ = ahead(list(histories(half=False).values()), 365)
    assert result.facts["expected_orders"] == pytest.approx(orders.sum())
    assert result.facts["backtest_orders_actual"] == 66
    assert not any("revenue" in note for note in result.notes)
    by_orders = sorted(zip(histories(half=False), orders, strict=True), key=lambda one: (-one[1], one[0]))
    assert [row[0] for row in result.rows] == [name for name, _ in by_orders]
    assert {row[5] for row in result.rows} == {None}


def test_just_enough_is_enough(small_shop: Store) -> None:
    def reasons(days: int, least: int = 63) -> list[str]:
        end = (FIRST + timedelta(days=days + 1)).date() + timedelta(days=1)
        notes = buyers(small_shop, min_customers=least, period=Period("", None, end)).notes
        return next((note.removeprefix("refused: ").split("; ") for note in notes if "refused" in note), [])

    assert reasons(365) == []
    assert reasons(365, 64) == ["63 customers, the model asks for 64"]
    assert "history" not in " ".join(reasons(180, 1))
    assert "179 days of history, the model asks for 180" in reasons(179, 1)

    def late(days: int) -> bool:
        result = buyers(replace(small_shop, as_of=instant(365 + days)), min_customers=1)
        return f"the last order is {days} days back, the model asks for one in the last 30" in " ".join(result.notes)

    assert [late(days) for days in (29, 30, 31)] == [False, False, True]
    rare = small_shop.filtered(parse_conditions(["customer_id in (a1, c1, g1)"]))
    assert "no customer ordered on three days" in " ".join(buyers(rare, min_customers=1).notes)


def test_spending_without_a_model_leaves_the_orders(small_shop: Store) -> None:
    small_shop.connection.execute("begin; delete from orders where customer_id like 'h%'; update orders set amount = 7")
    try:
        result = buyers(small_shop, min_customers=1)
    finally:
        small_shop.connection.execute("rollback")
    assert "no value: every customer spends the same: there is no distribution to fit" in result.notes
    assert result.facts["expected_value"] is None
    assert result.facts["expected_orders"] is not None
