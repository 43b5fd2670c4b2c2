"""Lifetime value against a hand calculation, CDNOW, and the laws that the product obeys."""

from __future__ import annotations

import csv
import random
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from math import exp, log
from pathlib import Path
from typing import Any

import pytest

from supportkit.errors import DataError, UsageError
from supportkit.ltv import ltv
from supportkit.metrics import METRICS
from supportkit.period import Period
from supportkit.result import Chart
from supportkit.store import Store
from tests import cdnow
from tests.conftest import Call

Shop = Callable[..., Store]
HEADER = "order_id,ordered_at,customer_id,amount"
# Five customers; worked out by hand as of 2024-12-31 with a gap of 90 days: A lived 190 days, B 90, E 180 and lapsed;
# C 213 and D 46 are still watched. 9 orders, 610 of revenue, 719 days lived.
HAND = (
    ("2024-01-01", "A", 100),
    ("2024-04-10", "A", 50),
    ("2024-03-01", "B", 80),
    ("2024-06-01", "C", 60),
    ("2024-07-01", "C", 60),
    ("2024-11-01", "C", 60),
    ("2024-11-15", "D", 120),
    ("2024-02-01", "E", 40),
    ("2024-05-01", "E", 40),
)
END = datetime(2024, 12, 31, 12, tzinfo=UTC)


def orders(rows: tuple[tuple[str, str, float], ...] = HAND) -> str:
    return "\n".join([HEADER, *(f"{n},{day},{who},{worth}" for n, (day, who, worth) in enumerate(rows))])


def hand(shop: Shop, rows: tuple[tuple[str, str, float], ...] = HAND, **options: Any) -> dict[str, Any]:
    return dict(ltv(replace(shop(orders=orders(rows)), as_of=END), **options).facts)


def test_the_hand_calculation(shop: Shop) -> None:
    facts = hand(shop, horizon=180)
    assert facts["aov"] == pytest.approx(67.777778, abs=1e-6)
    assert facts["repeat_rate"] == pytest.approx(0.380998, abs=1e-6)
    assert facts["lifetime_months"] == pytest.approx(157.5 / 30.4375, abs=1e-9)
    assert facts["ltv"] == pytest.approx(133.6231, abs=5e-5)
    assert facts["ltv"] == pytest.approx(610 / 9 * 9 / 719 * 157.5, rel=1e-9)  # the same in days
    assert (facts["repeat_share"], facts["orders"], facts["customers"]) == (0.6, 9, 5)
    assert (float(facts["revenue"]), facts["revenue_per_customer"]) == (610, 122)
    assert (facts["gap_days"], facts["horizon_days"]) == (90, 180)


@pytest.mark.parametrize(("horizon", "value"), [(180, 133.6231), (214, 142.9555)])
def test_the_value_at_each_horizon(horizon: int, value: float, shop: Shop) -> None:
    assert hand(shop, horizon=horizon)["ltv"] == pytest.approx(value, abs=5e-5)


@pytest.mark.parametrize(("horizon", "observed"), [(1, 80.0), (90, 102.0), (120, 114.5), (180, 129.5), (365, 129.5)])
def test_the_observed_value_at_each_age(horizon: int, observed: float, shop: Shop) -> None:
    assert hand(shop, horizon=horizon)["observed_ltv"] == pytest.approx(observed, abs=1e-9)


def test_the_default_horizon_is_the_longest_follow_up_and_says_when_it_is_extrapolated(shop: Shop) -> None:
    result = ltv(replace(shop(orders=orders()), as_of=END))
    assert result.facts["horizon_days"] == 365
    # (157.5 + 11 over the step from 180 to 190 ...) the plateau of 0.25 goes on to 365: 206.25 days
    assert result.facts["lifetime_months"] == pytest.approx(206.25 / 30.4375, abs=1e-9)
    assert any("extrapolated" in note and "213 days" in note for note in result.notes)


def test_the_rate_of_repeats_alone_and_the_error_of_the_lifetime_are_told(shop: Shop) -> None:
    # (9 - 5) / 23.622177 months = 0.1693. Greenwood: past the lapse at 90, one of four, 0.75 x 90 = 67.5 days are lived
    # to the horizon, past that at 180 none: 67.5 x sqrt(1 / (4 x 3)) = 19.4856 days = 0.640 months
    notes = ltv(replace(shop(orders=orders()), as_of=END), horizon=180).notes
    assert any("3 of 5 customers ordered again, 0.1693 times per customer-month" in note for note in notes)
    assert any("the standard error of the lifetime is 0.640 months" in note for note in notes)


def test_median_and_top_tenth(shop: Shop) -> None:
    # 150, 80, 180, 120, 80: the middle one is 120; half a customer, of the best 180, is 90 of 610
    facts = hand(shop)
    assert facts["median_revenue"] == 120
    assert facts["top_decile_share"] == pytest.approx(90 / 610)


def test_the_line_has_its_numbers_and_units(shop: Shop) -> None:
    notes = ltv(replace(shop(orders=orders()), as_of=END), horizon=180).notes
    assert notes[0] == (
        "ltv = aov × repeat rate × lifetime: 133.62 = 67.78 per order × 0.3810 orders per customer-month "
        "× 5.175 months (gap 90 d, horizon 180 d, 5 customers, 9 orders)"
    )
    assert notes[1] == "check: aov × repeat rate × 4.7244 months watched = 122.0000 = revenue per customer"


def product(facts: dict[str, Any]) -> float:
    return float(facts["aov"] * facts["repeat_rate"] * facts["lifetime_months"])


def made_up(seed: int, customers: int = 40) -> tuple[tuple[str, str, float], ...]:
    dice = random.Random(seed)
    return tuple(
        (f"2024-{dice.randint(1, 12):02d}-{dice.randint(1, 28):02d}", f"c{who}", round(dice.uniform(0, 90), 2))
        for who in range(customers)
        for _ in range(dice.choice((1, 1, 1, 2, 3, 6)))
    )


@pytest.mark.parametrize("seed", range(4))
def test_the_value_is_the_product_of_its_printed_terms(seed: int, shop: Shop) -> None:
    facts = hand(shop, made_up(seed), horizon=200)
    assert product(facts) == pytest.approx(facts["ltv"], rel=1e-9)
    assert facts["aov"] * facts["orders"] / facts["customers"] == pytest.approx(facts["revenue_per_customer"], rel=1e-9)


def test_over_the_time_watched_the_product_is_revenue_per_customer(shop: Shop) -> None:
    # nobody has lapsed within a gap of 400 days and all started on one day: the lifetime is the time watched
    rows = (*(("2024-01-01", f"c{n}", 10.0 + n) for n in range(7)), ("2024-06-01", "c1", 33.0))
    facts = hand(shop, rows, gap=400)
    assert facts["ltv"] == pytest.approx(facts["revenue_per_customer"], rel=1e-9)
    assert facts["observed_ltv"] == pytest.approx(facts["revenue_per_customer"], rel=1e-9)


def test_scale_duplication_and_order_of_rows(shop: Shop) -> None:
    rows = made_up(9)
    once = hand(shop, rows)
    tenfold = hand(shop, tuple((day, who, 10 * worth) for day, who, worth in rows))
    for fact in ("ltv", "aov", "observed_ltv", "ltv_low", "ltv_high", "median_revenue"):
        assert tenfold[fact] == pytest.approx(10 * once[fact], rel=1e-6)
    twice = hand(shop, rows + tuple((day, who + "b", worth) for day, who, worth in rows))
    for fact in ("ltv", "aov", "repeat_rate", "lifetime_months", "repeat_share", "observed_ltv"):
        assert twice[fact] == pytest.approx(once[fact], rel=1e-9)
    shuffled = list(rows)
    random.Random(1).shuffle(shuffled)
    assert hand(shop, tuple(shuffled)) == once


def test_orders_of_one_day_are_one_with_merge_days(shop: Shop) -> None:
    rows = (*HAND, ("2024-06-01", "C", 30))
    assert hand(shop, rows)["orders"] == 10
    merged = hand(shop, rows, merge_days=True)
    assert (merged["orders"], float(merged["revenue"])) == (9, 640)
    assert product(merged) == pytest.approx(product(hand(shop, rows)))


def test_a_dimension_takes_a_customer_by_the_first_order_and_adds_up(shop: Shop) -> None:
    store = shop(
        orders="""order_id,ordered_at,customer_id,amount,country,product
        1,2024-01-01,A,10,DE,tea
        2,2024-02-01,A,20,DE,pot
        3,2024-03-01,B,30,DE,pot
        4,2024-04-01,C,40,,tea
        5,2024-05-01,C,50,,
        """
    )
    rows = {row["product"]: row for row in ltv(store, by="product").records()}
    assert {name: (row["customers"], row["orders"]) for name, row in rows.items()} == {"tea": (2, 4), "pot": (1, 1)}
    countries = {row["country"]: row["revenue"] for row in ltv(store, by="country").records()}
    assert countries == {"(none)": 90, "DE": 60}
    both = list(ltv(store, by="country,product").records())
    assert [row["customers"] for row in both] == [1, 1, 1]


def test_a_row_whose_customers_are_younger_than_the_horizon_is_named(shop: Shop) -> None:
    store = shop(
        orders="""order_id,ordered_at,customer_id,amount,country
        1,2024-01-01,A,10,DE
        2,2024-12-20,A,10,DE
        3,2024-11-01,B,10,FR
        4,2024-12-30,B,10,FR
        """
    )
    told = [note for note in ltv(store, by="country", gap=400).notes if note.startswith("extrapolated rows")]
    assert told == ["extrapolated rows, where nobody was watched up to 364 days: FR"]


def test_cancelled_and_refunded_orders_are_no_purchases_and_are_told(shop: Shop) -> None:
    result = ltv(
        shop(
            orders="""order_id,ordered_at,customer_id,amount,refunded,status
            1,2024-01-01,A,100,,paid
            2,2024-02-01,A,100,40,refunded
            3,2024-03-01,A,100,100,refunded
            4,2024-03-02,A,100,,Refunded
            5,2024-03-03,A,100,,Cancelled
            6,2024-03-04,A,-25,,paid
            7,2024-03-05,A,0,,paid
            8,2024-03-06,,70,,paid
            """
        )
    )
    assert (result.facts["orders"], float(str(result.facts["revenue"]))) == (4, 230)
    told = " / ".join(result.notes)
    for words in (
        "1 orders without a customer (70.00) are in revenue",
        "1 cancelled (100.00)",
        "2 refunded (200.00)",
        "1 refunded in part, at what was kept",
        "1 below zero, refunds without an order (-25.00)",
        "1 of value zero",
    ):
        assert words in told


CURRENCIES = """order_id,ordered_at,customer_id,amount,currency
    1,2024-01-01,A,100,EUR
    2,2024-02-01,A,50,eur
    3,2024-01-01,B,1000,RUB
    4,2024-03-01,B,2000,RUB
    5,2024-03-05,C,7,EUR
    """


def test_two_currencies_are_never_added(shop: Shop) -> None:
    result = ltv(shop(orders=CURRENCIES))
    money = ("ltv", "aov", "revenue", "revenue_per_customer", "ltv_low", "observed_ltv", "median_revenue")
    assert all(result.facts[name] is None for name in money)
    assert (result.facts["orders"], result.facts["customers"]) == (5, 3)
    assert {row["currency"]: float(str(row["revenue"])) for row in result.records()} == {"EUR": 157, "RUB": 3000}
    assert result.scope.currency is None
    assert "never added" in result.notes[0]
    assert sum(" RUB = 1,500.00 RUB per order × " in note for note in result.notes) == 1


def test_one_currency_is_named_in_scope_and_in_the_line(shop: Shop) -> None:
    store = shop(orders=CURRENCIES)
    only = ltv(replace(store, conditions=()).filtered(_where("currency=RUB")))
    assert only.scope.currency == "RUB"
    assert " RUB = 1,500.00 RUB per order" in only.notes[0]


def _where(*texts: str) -> Any:
    from supportkit.store.conditions import parse_conditions

    return parse_conditions(texts)


def test_margin_and_discount_are_terms_of_their_own(shop: Shop) -> None:
    plain, kept = hand(shop, horizon=180), hand(shop, horizon=180, margin=0.42)
    for fact in ("ltv", "observed_ltv", "ltv_low", "ltv_high"):
        assert kept[fact] == pytest.approx(0.42 * plain[fact])
    assert kept["aov"] == plain["aov"]
    later = ltv(replace(shop(orders=orders()), as_of=END), horizon=180, discount=0.1)
    assert 0.97 * plain["ltv"] < later.facts["ltv"] < 0.985 * plain["ltv"]
    assert " months × discounting 0.97" in later.notes[0]
    both = ltv(replace(shop(orders=orders()), as_of=END), horizon=180, margin=0.42, discount=0.1).notes[0]
    assert "× margin 0.42 × discounting" in both


@pytest.mark.parametrize("option", [{"gap": 0}, {"horizon": 0}, {"margin": 0.0}, {"margin": 42}, {"discount": -0.1}])
def test_an_option_out_of_range_is_a_usage_error(option: dict[str, Any], shop: Shop) -> None:
    with pytest.raises(UsageError):
        ltv(shop(orders=orders()), **option)


def test_no_time_lived_means_no_rate_and_a_note(shop: Shop) -> None:
    result = ltv(shop(orders=orders((("2024-01-01", "A", 5), ("2024-01-01", "B", 7)))))
    assert result.facts["ltv"] is None
    assert result.facts["revenue_per_customer"] == 6
    assert "no time has passed" in result.notes[0]


def test_a_few_customers_have_no_interval(shop: Shop) -> None:
    facts = hand(shop, HAND[:3])
    assert facts["ltv"] is not None
    assert facts["ltv_low"] is None


def test_the_days_are_those_of_the_configured_zone(shop: Shop) -> None:
    late = (("2024-01-01T23:30:00+00:00", "A", 5), ("2024-01-02T22:30:00+00:00", "A", 5))
    assert ltv(shop(orders=orders(late)), merge_days=True).facts["orders"] == 2
    berlin = shop("Europe/Berlin", orders=orders(late))
    assert ltv(berlin, merge_days=True).facts["orders"] == 1


def test_nothing_in_scope_has_no_row_by_a_dimension_and_one_without(shop: Shop) -> None:
    store = replace(shop(orders=orders()), as_of=datetime(2023, 1, 1, tzinfo=UTC))
    assert ltv(store, by="country,product").rows == ()
    assert len(ltv(store).rows) == 1
    assert ltv(store).empty


def test_large_amounts_overflow_nothing(shop: Shop) -> None:
    rows = tuple((day, f"c{n}", 9e11) for n in range(9) for day in ("2024-01-01", "2024-06-01", "2024-09-09"))
    assert hand(shop, rows)["revenue_per_customer"] == pytest.approx(2.7e12)


def test_a_rate_that_falls_with_age_is_told(shop: Shop) -> None:
    # two orders in the first days and one after 80 for each, half of them watched for 100 days and half for 370
    rows = [(day, f"a{n}", 10.0) for n in range(20) for day in ("2024-01-01", "2024-01-03", "2024-03-21")]
    rows += [(day, f"b{n}", 10.0) for n in range(20) for day in ("2024-09-01", "2024-09-03", "2024-11-20")]
    told = ltv(replace(shop(orders=orders(tuple(rows))), as_of=END)).notes
    assert any("customers order less as they age" in note and "believe observed_ltv" in note for note in told)


@cdnow.needs_cdnow
def test_cdnow_until_its_half_is_the_published_line(supportkit: Call, tmp_path: Path) -> None:
    cdnow.write_orders("sample", tmp_path / "orders.csv")
    words = ("ltv", "--data", tmp_path, "--as-of", "1997-09-30", "--horizon", "273", "--merge-days")
    code, out, _ = supportkit(*words)
    assert code == 0
    assert (
        "77.08 = 35.96 per order × 0.4826 orders per customer-month × 4.442 months "
        "(gap 90 d, horizon 273 d, 2,357 customers, 4,814 orders)" in out
    )
    assert "4.2325 months watched = 73.4474 = revenue per customer" in out
    assert "32.99, a later one 38.81" in out
    assert "76.53 at 60 d" in out
    assert "78.07 at 180 d" in out


@cdnow.needs_cdnow
def test_cdnow_whole_is_as_counted_by_hand(shop: Shop, tmp_path: Path) -> None:
    text = cdnow.write_orders("master", tmp_path / "orders.csv").read_text()
    facts = ltv(shop(orders=text)).facts
    assert (facts["customers"], facts["orders"]) == (23570, 69659)
    assert float(str(facts["revenue"])) == pytest.approx(2500315.63, abs=1e-6)
    assert facts["aov"] == pytest.approx(35.893648, abs=1e-6)
    assert facts["revenue_per_customer"] == pytest.approx(106.080426, abs=1e-6)
    assert facts["repeat_share"] == pytest.approx(11662 / 23570)
    assert ltv(shop(orders=text), merge_days=True).facts["repeat_share"] == pytest.approx(0.488587, abs=1e-6)


@cdnow.needs_cdnow
def test_cdnow_half_of_the_revenue_comes_from_a_tenth_of_the_customers(shop: Shop, tmp_path: Path) -> None:
    text = cdnow.write_orders("sample", tmp_path / "orders.csv").read_text()
    facts = ltv(shop(orders=text)).facts
    assert facts["top_decile_share"] == pytest.approx(0.507, abs=1e-3)
    assert facts["median_revenue"] == pytest.approx(43.06, abs=5e-3)


def invoices(folder: Path) -> str:
    """The shop's invoice lines as orders: customer known, no credit note, quantity and price above zero."""
    found: dict[str, list[Any]] = {}
    for file in sorted(folder.glob("*.csv")):
        with file.open(encoding="utf-8", newline="") as text:
            for line in csv.DictReader(text):
                quantity, price = float(line["Quantity"]), float(line["UnitPrice"])
                if line["CustomerID"] and not line["InvoiceNo"].startswith("C") and quantity > 0 and price > 0:
                    order = found.setdefault(
                        line["InvoiceNo"], [line["InvoiceDate"], line["CustomerID"], line["Country"], 0.0]
                    )
                    order[3] += quantity * price
    rows = [f"{n},{day},{who},{country},{worth:.2f}" for n, (day, who, country, worth) in found.items()]
    return "\n".join(["order_id,ordered_at,customer_id,country,amount", *rows])


def test_an_online_shop_by_country(real: Path, shop: Shop) -> None:
    result = ltv(shop(orders=invoices(real / "online_retail_2010-12")), by="country")
    assert (result.facts["orders"], result.facts["customers"]) == (1400, 885)
    assert float(str(result.facts["revenue"])) == pytest.approx(572713.89, abs=1e-6)
    assert result.facts["aov"] == pytest.approx(409.0814, abs=5e-5)
    assert result.facts["repeat_share"] == pytest.approx(263 / 885)
    germany = next(row for row in result.records() if row["country"] == "DE")
    assert (germany["orders"], germany["customers"]) == (30, 18)
    assert float(str(germany["revenue"])) == pytest.approx(15241.14, abs=1e-6)
    assert germany["repeat_share"] == pytest.approx(8 / 18)


def test_the_catalogue_has_the_fixed_facts() -> None:
    fixed = (
        "ltv aov repeat_rate lifetime_months repeat_share orders customers revenue revenue_per_customer gap_days "
        "horizon_days ltv_low ltv_high observed_ltv median_revenue top_decile_share"
    )
    assert [fact.name for fact in METRICS["ltv"].facts] == fixed.split()


RATES = """date,currency,rate
2024-01-01,RUB,0.01
2024-02-15,rub,0.02
"""


def test_rates_convert_each_order_by_its_day(shop: Shop, tmp_path: Path) -> None:
    # 157 EUR, 1000 RUB in January at 0.01 and 2000 in March at 0.02
    file = tmp_path / "rates.csv"
    file.write_text(RATES)
    result = ltv(shop(orders=CURRENCIES), rates=file, currency="eur")
    assert float(str(result.facts["revenue"])) == 157 + 10 + 40
    assert result.facts["customers"] == 3
    assert result.scope.currency == "EUR"
    assert len(result.rows) == 1
    by = ltv(shop(currency="EUR", orders=CURRENCIES), rates=file, by="currency")
    assert sum(float(str(row["revenue"])) for row in by.records()) == 207


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("date,currency,rate\n2024-02-15,RUB,0.02\n", "no rate of RUB for 2024-01-01; orders without one: 1"),
        ("day,currency,rate\n", "no column 'date'"),
        ("date,currency,rate\n2024-13-15,RUB,0.02\n", "line 2: not a day"),
        ("date,currency,rate\n2024-01-15,RUB,zero\n", "line 2: not a day"),
        ("date,currency,rate\n2024-01-15,RUB,-1\n", "not above zero"),
        ("date,currency,rate\n2024-01-15,RUB,1\n2024-01-15,RUB,2\n", "a second rate"),
        ("date,currency,rate\n2024-01-15,EUR,2\n", "its rate is 1"),
    ],
)
def test_a_missing_or_wrong_rate_is_an_error(text: str, words: str, shop: Shop, tmp_path: Path) -> None:
    file = tmp_path / "rates.csv"
    file.write_text(text)
    with pytest.raises(DataError, match=words):
        ltv(shop(orders=CURRENCIES), rates=file, currency="EUR")


def test_rates_need_a_currency_to_convert_to(shop: Shop, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="to which currency"):
        ltv(shop(orders=CURRENCIES), rates=tmp_path / "rates.csv")
    with pytest.raises(DataError, match="cannot be read"):
        ltv(shop(orders=CURRENCIES), rates=tmp_path / "rates.csv", currency="EUR")


def test_newcomers_leave_out_who_may_have_ordered_before_the_data(shop: Shop) -> None:
    # the data begin on 2024-01-01; A, E (Feb 1) and B (Mar 1) are within 90 days of it, C and D are not
    result = ltv(replace(shop(orders=orders()), as_of=END), newcomers=True)
    assert (result.facts["customers"], float(str(result.facts["revenue"]))) == (2, 300)
    assert any("only customers who first ordered more than 90 days after" in note for note in result.notes)
    by = ltv(replace(shop(orders=orders()), as_of=END), newcomers=True, by="customer_id")
    assert [row[0] for row in by.rows] == ["C", "D"]  # not A, who ordered again after 90 days
    told = ltv(replace(shop(orders=orders()), as_of=END)).notes
    assert any(note.startswith("3 of 5 customers first ordered within 90 days") for note in told)


def test_the_whole_result_of_five_customers(shop: Shop) -> None:
    result = ltv(replace(shop(currency="EUR", orders=orders()), as_of=END), horizon=180)
    assert (result.metric, result.title) == ("ltv", "Lifetime value")
    assert result.definition == (
        "net revenue per order × orders per customer-month × months a customer stays, up to the horizon"
    )
    assert [column.name for column in result.columns] == list(result.facts)
    assert result.rows == (tuple(result.facts.values()),)
    assert result.notes == (
        "ltv = aov × repeat rate × lifetime: 133.62 EUR = 67.78 EUR per order × 0.3810 orders per customer-month "
        "× 5.175 months (gap 90 d, horizon 180 d, 5 customers, 9 orders)",
        "check: aov × repeat rate × 4.7244 months watched = 122.0000 EUR = revenue per customer",
        "observed_ltv is revenue per customer watched to each age, without any rule of churn; the interval is the "
        "middle 95 % of 1,000 draws of customers; the standard error of the lifetime is 0.640 months",
        # gap 60: A 160, B 60, E 150 lapsed, C and D as before: 629 days; 60 + .75 * 90 + .5 * 10 + .25 * 20 = 137.5
        # gap 180: E 270, A 280, C 213, B 180, D 46: 989 days lived, and 180 days to the horizon
        "ltv by gap: 133.35 at 60 d, 133.62 at 90 d, 111.02 at 180 d; the repeat rate and the lifetime alone cannot be "
        "compared across gaps",
        "an order of a customer's first day brings 80.00, a later one 52.50; 3 of 5 customers ordered again, 0.1693 "
        "times per customer-month",
        "small n: 5 customers",
        "under 400 customers the interval tends to end too low: those who spend most may not have come yet",
        "only 3 customers were still watched at 180 days: the end of the curve is rough",
        "3 of 5 customers first ordered within 90 days of the start of the data: if they had ordered before it, they "
        "have lived longer than is seen here (--newcomers drops them)",
    )
    assert result.chart is None
    assert (result.scope.rows, result.scope.currency, result.scope.as_of) == (9, "EUR", END)


def test_later_money_is_discounted_by_its_age(shop: Shop) -> None:
    # the curve is 1 to day 90 and .75 to day 180; a day's worth is exp(-rate * day)
    rate = log(1.1) / 365.25
    first, second = exp(-90 * rate), exp(-180 * rate)
    days = (1 - first) / rate + 0.75 * (first - second) / rate
    facts = hand(shop, horizon=180, discount=0.1)
    assert facts["ltv"] == pytest.approx(610 / 719 * days)
    # first orders 400 of 5; then by age 30: 60 of 5, 90: 40 of 4, 100: 50 of 4, 153: 60 of 4
    later = [(30, 60 / 5), (90, 40 / 4), (100, 50 / 4), (153, 60 / 4)]
    assert facts["observed_ltv"] == pytest.approx(80 + sum(worth * exp(-rate * age) for age, worth in later))


def test_a_customer_silent_for_just_the_gap_has_not_lapsed(shop: Shop) -> None:
    # as of the 31st of January: A is silent for 30 days, B for 20; each lived since the 1st, A's only day
    rows = (("2024-01-01", "A", 10), ("2024-01-01", "B", 10), ("2024-01-11", "B", 10))
    store = replace(shop(orders=orders(rows)), as_of=datetime(2024, 1, 31, 12, tzinfo=UTC))

    def lived(gap: int) -> float:
        facts = ltv(store, gap=gap).facts
        return round(30.4375 * 3 / facts["repeat_rate"], 6)  # type: ignore[operator]

    assert lived(30) == 60  # both are still watched: 30 days each
    assert lived(29) == 59  # A has lived 29 days
    assert lived(20) == 50  # A 20, B still watched
    assert lived(19) == 48  # A 19, B 10 + 19
    # up to day 40: with a gap of 30 days nobody has lapsed; with 29 A has on day 29, of two: 29 + 11 / 2
    days = [30.4375 * ltv(store, gap=gap, horizon=40).facts["lifetime_months"] for gap in (30, 29)]  # type: ignore[operator]
    assert days == [pytest.approx(40), pytest.approx(34.5)]
    assert any("at 60 d" in note and "at 90 d" in note and "at 180 d" in note for note in ltv(store, gap=90).notes)
    assert any("none" not in note and "at 19 d, " in note for note in ltv(store, gap=19).notes)


def test_each_currency_and_each_group_has_its_own_revenue_at_each_age(shop: Shop) -> None:
    store = shop(
        orders="""order_id,ordered_at,customer_id,amount,currency,product,country
        1,2024-01-01,A,10,EUR,tea,DE
        2,2024-01-01,A,1000,RUB,pot,
        3,2024-01-11,A,20,EUR,pot,DE
        4,2024-01-01,B,30,EUR,pot,
        """
    )
    result = ltv(store)
    assert [column.name for column in result.columns][:2] == ["currency", "ltv"]
    rows = {row["currency"]: row for row in result.records()}
    assert {name: (row["customers"], row["orders"], row["observed_ltv"]) for name, row in rows.items()} == {
        "EUR": (2, 3, 30.0), "RUB": (1, 1, 1000.0),
    }  # fmt: skip
    assert [column.name for column in ltv(store, by="currency").columns][:2] == ["currency", "ltv"]
    both = ltv(store, by="country,product")
    assert [column.name for column in both.columns][:4] == ["country", "product", "currency", "ltv"]
    assert [row[:3] for row in both.rows] == [
        ("(none)", "pot", "EUR"), ("(none)", "pot", "RUB"), ("DE", "tea", "EUR"),
    ]  # fmt: skip
    assert [dict(zip([c.name for c in both.columns], row, strict=True))["orders"] for row in both.rows] == [1, 1, 2]
    assert both.chart == Chart("interval", x="country", y="ltv", low="ltv_low", high="ltv_high")


def test_two_orders_of_one_instant_are_of_the_first_group_by_name(shop: Shop) -> None:
    text = "order_id,ordered_at,customer_id,amount,product\n1,2024-01-01,A,10,tea\n2,2024-01-01,A,10,pot"
    assert [row[0] for row in ltv(shop(orders=text), by="product").rows] == ["pot"]
    # without a name comes before any
    text = "order_id,ordered_at,customer_id,amount,product,country\n1,2024-01-01,A,10,,DE\n2,2024-01-01,A,10,pot,DE"
    assert [row[0] for row in ltv(shop(orders=text), by="product").rows] == ["(none)"]
    assert [row[:2] for row in ltv(shop(orders=text), by="country,product").rows] == [("DE", "(none)")]


def test_a_hundred_groups_have_an_interval_and_the_smallest_beyond_them_none(shop: Shop) -> None:
    rows = [
        f"{group}-{who}-{day},2024-0{1 + 2 * day}-01,{group}-{who},{10 + who},{group:03}"
        for group in range(101)
        for who in range(5 if group == 50 else 6)
        for day in range(2)
    ]
    result = ltv(shop(orders="\n".join(["order_id,ordered_at,customer_id,amount,product", *rows])), by="product")
    assert [row["product"] for row in result.records() if row["ltv_low"] is None] == ["050"]
    assert "an interval stands at the 100 largest of 101 rows only" in result.notes
    few = ltv(shop(orders=orders()), by="customer_id")
    assert not any("largest" in note for note in few.notes)
    assert all(row["ltv_low"] is None for row in few.records())


def test_five_customers_have_an_interval_around_the_value_and_four_none(shop: Shop) -> None:
    facts = hand(shop, horizon=180)
    assert facts["ltv_low"] < facts["ltv"] < facts["ltv_high"]
    assert hand(shop, tuple(row for row in HAND if row[1] != "D"))["ltv_low"] is None


def test_the_interval_of_customers_who_lived_alike_is_that_of_their_mean(shop: Shop) -> None:
    # eight customers watched for one year: four spent 60, four 140. The mean is 100, the deviation 40: drawn 1,000
    # times, it is 100 ± 1.96 x 40 / sqrt(8) = 100 ± 27.7
    rows = tuple(("2024-01-01", f"c{n}", 60.0 + 80 * (n % 2)) for n in range(8))
    facts = hand(shop, rows, gap=400)
    assert facts["ltv"] == pytest.approx(100)
    assert facts["ltv_low"] == pytest.approx(72.3, abs=3)
    assert facts["ltv_high"] == pytest.approx(127.7, abs=3)
    assert hand(shop, rows, gap=400, margin=0.5)["ltv_high"] == pytest.approx(facts["ltv_high"] / 2)


NOBODYS = """order_id,ordered_at,customer_id,amount,currency,product,country
1,2024-01-01,A,10,EUR,tea,DE
2,2024-03-01,A,30,EUR,tea,DE
3,2024-03-01,,50,EUR,tea,
4,2024-03-02,,70,EUR,,DE
"""


def test_orders_without_a_customer_are_in_revenue_and_in_no_figure_per_customer(shop: Shop) -> None:
    store = replace(shop(orders=NOBODYS), as_of=END)
    result = ltv(store, by="product")
    # 160 of 4 orders; A alone has spent 40, in the 60 days to the last order and the gap of 90
    facts = result.facts
    assert (facts["orders"], facts["aov"], float(str(facts["revenue"]))) == (4, 40.0, 160.0)
    assert (facts["customers"], facts["revenue_per_customer"], facts["repeat_share"]) == (1, 40.0, 1.0)
    assert facts["repeat_rate"] == pytest.approx(2 / 150 * 30.4375)
    told = "2 orders without a customer (120.00 EUR) are in revenue, orders and aov, and in no figure per customer"
    assert f"{told}: ltv is made of 20.00 EUR per order" in result.notes
    assert [(row["product"], row["orders"], row["aov"], row["customers"]) for row in result.records()] == [
        ("(none)", 1, 70.0, 0), ("tea", 3, 30.0, 1),
    ]  # fmt: skip
    assert [(*row[:2], row[-11]) for row in ltv(store, by="product,country").rows] == [
        ("(none)", "DE", 1), ("tea", "(none)", 1), ("tea", "DE", 2),
    ]  # fmt: skip
    assert ltv(store, newcomers=True).facts["orders"] == 0


def test_where_nobody_is_known_there_is_an_aov_and_nothing_per_customer(shop: Shop) -> None:
    text = "\n".join([HEADER.replace("amount", "amount,currency"), "1,2024-01-01,,10,EUR", "2,2024-01-02,,30,EUR"])
    result = ltv(shop(orders=text))
    assert list(result.facts.values()) == [None, 20.0, None, None, None, 2, 0, 40, *[None] * 8]
    assert result.notes[0] == (
        "2 orders without a customer (40.00 EUR): there is revenue and an aov, and no figure per customer"
    )
    several = ltv(shop(orders=f"{text}\n3,2024-01-03,A,20,EUR\n4,2024-01-03,B,1000,RUB"))
    assert [(row["currency"], row["orders"], row["customers"]) for row in several.records()] == [
        ("EUR", 3, 1), ("RUB", 1, 1),
    ]  # fmt: skip
    several = ltv(shop(orders=f"{text}\n3,2024-01-03,,1000,RUB"))
    assert [several.facts[name] for name in ("aov", "orders", "customers", "revenue")] == [None, 3, 0, None]
    assert [(row["currency"], row["aov"], row["orders"]) for row in several.records()] == [
        ("EUR", 20.0, 2), ("RUB", 1000.0, 1),
    ]  # fmt: skip


def test_rates_convert_the_orders_without_a_customer_too(shop: Shop, tmp_path: Path) -> None:
    file = tmp_path / "rates.csv"
    file.write_text(RATES)
    text = "order_id,ordered_at,customer_id,amount,currency\n1,2024-01-01,A,10,EUR\n2,2024-03-01,,1000,RUB"
    facts = ltv(shop(orders=text), rates=file, currency="EUR").facts
    assert (float(str(facts["revenue"])), facts["aov"], facts["customers"]) == (30.0, 15.0, 1)  # 10 and 1000 x 0.02


@pytest.mark.parametrize(
    ("option", "message", "hint"),
    [
        ({"gap": 0}, "--gap 0: at least one day", "for example --gap 90"),
        ({"horizon": 0}, "--horizon 0: at least one day", "for example --horizon 365"),
        ({"margin": 0.0}, "--margin 0: a share above 0 and up to 1", "for example --margin 0.42"),
        ({"margin": 1.01}, "--margin 1.01: a share above 0 and up to 1", "for example --margin 0.42"),
        ({"discount": -0.1}, "--discount -0.1: a yearly rate as a share", "for example --discount 0.1"),
        ({"discount": 10.0}, "--discount 10: a yearly rate as a share", "for example --discount 0.1"),
    ],
)
def test_what_is_out_of_range_is_named(shop: Shop, option: dict[str, Any], message: str, hint: str) -> None:
    with pytest.raises(UsageError) as refused:
        ltv(shop(), **option)
    assert (refused.value.message, refused.value.hint) == (message, hint)


def test_the_ends_of_each_range_are_allowed(shop: Shop) -> None:
    plain = hand(shop, horizon=180)
    assert hand(shop, horizon=180, margin=1.0, discount=0.0) == plain
    assert hand(shop, gap=1)["gap_days"] == 1
    assert hand(shop, horizon=1)["horizon_days"] == 1
    assert hand(shop, horizon=180, discount=9.99)["ltv"] < 0.7 * plain["ltv"]


def test_newcomers_first_ordered_after_the_gap_and_one_day(shop: Shop) -> None:
    # the data begin on 1 January: with a gap of 10 days 12 January is the first day of a newcomer
    rows = (("2024-01-01", "A", 1), ("2024-01-11", "B", 1), ("2024-01-12", "C", 1), ("2024-01-13", "D", 1))
    store = replace(shop(orders=orders(rows)), as_of=END)
    assert ltv(store, gap=10, newcomers=True).facts["customers"] == 2
    assert ltv(store, gap=9, newcomers=True).facts["customers"] == 3
    assert ltv(store.filtered(_where("customer_id!=A")), gap=10, newcomers=True).facts["customers"] == 2
    assert ltv(store, gap=10, newcomers=True, by="customer_id").facts["customers"] == 2
    assert len(ltv(store, gap=10, newcomers=True, by="customer_id").rows) == 2
    assert ltv(shop(orders=orders(())), newcomers=True).facts["customers"] == 0


def test_a_period_ends_the_watch(shop: Shop) -> None:
    store = replace(shop(orders=orders()), as_of=END)
    until_july = ltv(store, period=Period("..2024-06-30", None, date(2024, 7, 1)))
    assert (until_july.facts["orders"], until_july.facts["horizon_days"]) == (6, 181)  # since the 1st of January
    assert ltv(replace(shop(orders=orders()), as_of=datetime(2024, 7, 1, tzinfo=UTC))).notes[-1] == (
        "2 orders dated after --as-of are left out"
    )


def test_without_orders_counts_are_nought_and_the_rest_null(shop: Shop) -> None:
    result = ltv(shop(orders=orders(())))
    assert list(result.facts.values()) == [None] * 5 + [0, 0] + [None] * 9
    assert result.notes == ()
    assert result.rows == (tuple(result.facts.values()),)
    assert ltv(shop(orders=orders(())), by="product").chart is not None


def test_the_best_tenth_is_shared_out_where_it_is_no_whole_customer(shop: Shop) -> None:
    # twelve customers of 1, 2, … 12: a tenth is 1.2 customers: 12 and a fifth of 11, of 78
    rows = tuple(("2024-01-01", f"c{n}", float(n)) for n in range(1, 13))
    facts = hand(shop, rows)
    assert facts["top_decile_share"] == pytest.approx((12 + 0.2 * 11) / 78)
    assert facts["median_revenue"] == 6.5
    free = hand(shop, tuple(("2024-01-01", f"c{n}", 0.0) for n in range(3)))
    assert free["top_decile_share"] is None


def test_by_what_lines_are_of_each_group_has_its_lines_alone(shop: Shop) -> None:
    text = """order_id,ordered_at,customer_id,amount,product
        1,2024-01-01,A,10,tea
        1,2024-01-01,A,5,pot
        2,2024-02-01,A,20,tea
        3,2024-02-01,B,7,pot
        """
    rows = {row["product"]: row for row in ltv(replace(shop(orders=text), as_of=END), by="product").records()}
    found = {name: (row["customers"], row["orders"], row["observed_ltv"]) for name, row in rows.items()}
    # tea: A for 30 in two orders; pot: A for 5, B for 7
    assert found == {"tea": (1, 2, 30.0), "pot": (2, 2, 6.0)}
