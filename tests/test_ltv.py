"""Lifetime value against a hand calculation, CDNOW, and the laws that the product obeys."""

from __future__ import annotations

import csv
import json
import random
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from math import exp, log
from pathlib import Path
from typing import Any

import pytest

from supportkit.errors import DataError, UsageError
from supportkit.ltv import ltv
from supportkit.metrics import METRICS
from supportkit.period import Period
from supportkit.result import Chart
from supportkit.stats.skewed_mean import PowerSums, skewed_interval
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


def classic(shop: Shop, rows: tuple[tuple[str, str, float], ...] = HAND, **options: Any) -> dict[str, Any]:
    return hand(shop, rows, definition="classic", **options)


def test_the_hand_calculation(shop: Shop) -> None:
    facts = classic(shop, horizon=180)
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
    assert classic(shop, horizon=horizon)["ltv"] == pytest.approx(value, abs=5e-5)


@pytest.mark.parametrize(("horizon", "observed"), [(1, 80.0), (90, 102.0), (120, 114.5), (180, 129.5), (365, 129.5)])
def test_the_observed_value_at_each_age(horizon: int, observed: float, shop: Shop) -> None:
    assert hand(shop, horizon=horizon)["observed_ltv"] == pytest.approx(observed, abs=1e-9)


def test_the_default_horizon_is_the_longest_follow_up_and_says_when_it_is_extrapolated(shop: Shop) -> None:
    result = ltv(replace(shop(orders=orders()), as_of=END), definition="classic")
    assert result.facts["horizon_days"] == 365
    # (157.5 + 11 over the step from 180 to 190 ...) the plateau of 0.25 goes on to 365: 206.25 days
    assert result.facts["lifetime_months"] == pytest.approx(206.25 / 30.4375, abs=1e-9)
    assert any("extrapolated" in note and "213 days" in note for note in result.notes)


def test_the_rate_of_repeats_alone_and_the_error_of_the_lifetime_are_told(shop: Shop) -> None:
    # (9 - 5) / 23.622177 months = 0.1693. Greenwood: past the lapse at 90, one of four, 0.75 x 90 = 67.5 days are lived
    # to the horizon, past that at 180 none: 67.5 x sqrt(1 / (4 x 3)) = 19.4856 days = 0.640 months
    notes = ltv(replace(shop(orders=orders()), as_of=END), definition="classic", horizon=180).notes
    assert any("3 of 5 customers ordered again, 0.1693 times per customer-month" in note for note in notes)
    assert any("the standard error of the lifetime is 0.640 months" in note for note in notes)


def test_an_age_of_one_day_is_one_day(shop: Shop) -> None:
    notes = ltv(shop(orders="order_id,ordered_at,customer_id,amount\n1,2026-01-01,a,50\n2,2026-01-02,a,20\n")).notes
    assert any(note.startswith("the first customer is 1 day old, ") for note in notes)
    assert any(note.startswith("orders per customer to the age of 1 day: ") for note in notes)


def test_a_lifetime_that_nobody_can_have_ended_has_no_error(shop: Shop) -> None:
    for definition in ("by-age", "classic"):
        found = ltv(replace(shop(orders=orders()), as_of=END), definition=definition, gap=365)
        assert any("nobody can have lapsed yet" in note for note in found.notes)
        assert not any("standard error of the lifetime" in note for note in found.notes)


def test_median_and_top_tenth(shop: Shop) -> None:
    # 150, 80, 180, 120, 80: the middle one is 120; half a customer, of the best 180, is 90 of 610
    facts = hand(shop)
    assert facts["median_revenue"] == 120
    assert facts["top_decile_share"] == pytest.approx(90 / 610)


def test_the_line_has_its_numbers_and_units(shop: Shop) -> None:
    notes = ltv(replace(shop(orders=orders()), as_of=END), definition="classic", horizon=180).notes
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
    facts = classic(shop, made_up(seed), horizon=200)
    assert product(facts) == pytest.approx(facts["ltv"], rel=1e-9)
    assert facts["aov"] * facts["orders"] / facts["customers"] == pytest.approx(facts["revenue_per_customer"], rel=1e-9)


def test_over_the_time_watched_the_product_is_revenue_per_customer(shop: Shop) -> None:
    # nobody has lapsed within a gap of 400 days and all started on one day: the lifetime is the time watched
    rows = (*(("2024-01-01", f"c{n}", 10.0 + n) for n in range(7)), ("2024-06-01", "c1", 33.0))
    facts = classic(shop, rows, gap=400)
    assert facts["ltv"] == pytest.approx(facts["revenue_per_customer"], rel=1e-9)
    assert facts["observed_ltv"] == pytest.approx(facts["revenue_per_customer"], rel=1e-9)


def test_scale_duplication_and_order_of_rows(shop: Shop) -> None:
    rows = made_up(9, 300)  # of whom half are told apart, as their first orders fall, and 125 have to be left
    once = hand(shop, rows, horizon=20)
    tenfold = hand(shop, tuple((day, who, 10 * worth) for day, who, worth in rows), horizon=20)
    for fact in ("ltv", "aov", "observed_ltv", "ltv_low", "ltv_high", "median_revenue"):
        assert tenfold[fact] == pytest.approx(10 * once[fact], rel=1e-6)
    rows = made_up(9)
    once = hand(shop, rows, horizon=20)
    twice = hand(shop, rows + tuple((day, who + "b", worth) for day, who, worth in rows), horizon=20)
    for fact in ("ltv", "aov", "repeat_rate", "lifetime_months", "repeat_share", "observed_ltv"):
        assert twice[fact] == pytest.approx(once[fact], rel=1e-9)
    shuffled = list(rows)
    random.Random(1).shuffle(shuffled)
    assert hand(shop, tuple(shuffled), horizon=20) == once


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
    told = [note for note in ltv(store, by="country", gap=400, horizon=360).notes if " rows, where " in note]
    assert told == ["forecast rows, where nobody was watched up to 360 days: FR"]
    told = [note for note in ltv(store, by="country", gap=400, definition="classic").notes if " rows, where " in note]
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
        "1 order without a customer (70.00) is in revenue",
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
    for fact in ("ltv", "observed_ltv"):
        assert kept[fact] == pytest.approx(0.42 * plain[fact])
    assert kept["aov"] == plain["aov"]
    later = ltv(replace(shop(orders=orders()), as_of=END), horizon=180, discount=0.1)
    # 60 of 5 on day 30, then 40, 50 and 60 of 4: .99220, .97679, .97424, .96086 of them are left
    assert later.facts["ltv"] == pytest.approx(128.265, abs=5e-4)
    assert later.facts["kept_share"] == pytest.approx(128.265 / 129.5, abs=5e-6)
    assert " months × discounting 0.9905" in later.notes[0]
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
    told = ltv(replace(shop(orders=orders(tuple(rows))), as_of=END), definition="classic").notes
    assert any("customers order less as they age" in note and "believe observed_ltv" in note for note in told)


@cdnow.needs_cdnow
def test_cdnow_until_its_half_is_the_published_line(supportkit: Call, tmp_path: Path) -> None:
    cdnow.write_orders("sample", tmp_path / "orders.csv")
    words = ("ltv", "--data", tmp_path, "--as-of", "1997-09-30", "--horizon", "273", "--definition", "classic")
    code, out, _ = supportkit(*words, "--merge-days")
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
def test_cdnow_whole_is_as_counted_by_classic(shop: Shop, tmp_path: Path) -> None:
    text = cdnow.write_orders("master", tmp_path / "orders.csv").read_text()
    facts = ltv(shop(orders=text), definition="classic").facts
    assert (facts["customers"], facts["orders"]) == (23570, 69659)
    assert float(str(facts["revenue"])) == pytest.approx(2500315.63, abs=1e-6)
    assert facts["aov"] == pytest.approx(35.893648, abs=1e-6)
    assert facts["revenue_per_customer"] == pytest.approx(106.080426, abs=1e-6)
    assert facts["repeat_share"] == pytest.approx(11662 / 23570)
    assert ltv(shop(orders=text), definition="classic", merge_days=True).facts["repeat_share"] == pytest.approx(
        0.488587, abs=1e-6
    )


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
    shared = ltv(shop(orders=invoices(real / "online_retail_2010-12")), definition="classic")
    assert shared.facts["aov"] == pytest.approx(409.0814, abs=5e-5)
    assert result.facts["repeat_share"] == pytest.approx(263 / 885)
    germany = next(row for row in result.records() if row["country"] == "DE")
    assert (germany["orders"], germany["customers"]) == (30, 18)
    assert float(str(germany["revenue"])) == pytest.approx(15241.14, abs=1e-6)
    assert germany["repeat_share"] == pytest.approx(8 / 18)


def test_the_catalogue_has_the_fixed_facts() -> None:
    fixed = (
        "ltv aov repeat_rate lifetime_months repeat_share orders customers revenue revenue_per_customer gap_days "
        "horizon_days ltv_low ltv_high observed_ltv median_revenue top_decile_share repeat_orders watched_customers "
        "earlier_customers forecast"
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
    told = ltv(replace(shop(orders=orders()), as_of=END), definition="classic").notes
    assert any(note.startswith("3 of 5 customers first ordered within 90 days") for note in told)


def test_the_whole_result_of_five_customers(shop: Shop) -> None:
    result = ltv(replace(shop(currency="EUR", orders=orders()), as_of=END), definition="classic", horizon=180)
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
        "observed_ltv is revenue per customer watched to each age, without any rule of churn; one rate for all ages "
        "has no interval: what it is off by is not chance; the standard error of the lifetime is 0.640 months",
        # gap 60: A 160, B 60, E 150 lapsed, C and D as before: 629 days; 60 + .75 * 90 + .5 * 10 + .25 * 20 = 137.5
        # gap 180: E 270, A 280, C 213, B 180, D 46: 989 days lived, and 180 days to the horizon
        "ltv by gap: 133.35 at 60 d, 133.62 at 90 d, 111.02 at 180 d; the repeat rate and the lifetime alone cannot be "
        "compared across gaps",
        "an order of a customer's first day brings 80.00, a later one 52.50; 3 of 5 customers ordered again, 0.1693 "
        "times per customer-month",
        "small n: 5 customers",
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
    facts = classic(shop, horizon=180, discount=0.1)
    assert facts["ltv"] == pytest.approx(610 / 719 * days)
    # first orders 400 of 5; then by age 30: 60 of 5, 90: 40 of 4, 100: 50 of 4, 153: 60 of 4
    later = [(30, 60 / 5), (90, 40 / 4), (100, 50 / 4), (153, 60 / 4)]
    assert facts["observed_ltv"] == pytest.approx(80 + sum(worth * exp(-rate * age) for age, worth in later))


def test_a_customer_silent_for_just_the_gap_has_not_lapsed(shop: Shop) -> None:
    # as of the 31st of January: A is silent for 30 days, B for 20; each lived since the 1st, A's only day
    rows = (("2024-01-01", "A", 10), ("2024-01-01", "B", 10), ("2024-01-11", "B", 10))
    store = replace(shop(orders=orders(rows)), as_of=datetime(2024, 1, 31, 12, tzinfo=UTC))

    def lived(gap: int) -> float:
        facts = ltv(store, definition="classic", gap=gap).facts
        return round(30.4375 * 3 / facts["repeat_rate"], 6)  # type: ignore[operator]

    assert lived(30) == 60  # both are still watched: 30 days each
    assert lived(29) == 59  # A has lived 29 days
    assert lived(20) == 50  # A 20, B still watched
    assert lived(19) == 48  # A 19, B 10 + 19
    # up to day 40: with a gap of 30 days nobody has lapsed; with 29 A has on day 29, of two: 29 + 11 / 2
    facts = [dict[str, Any](ltv(store, definition="classic", gap=gap, horizon=40).facts) for gap in (30, 29)]
    days = [30.4375 * known["lifetime_months"] for known in facts]
    assert days == [pytest.approx(40), pytest.approx(34.5)]

    def notes_by_gap(gap: int) -> tuple[str, ...]:
        return ltv(store, definition="classic", gap=gap).notes

    assert any(
        "at 60 d" in note and "at 90 d" in note and "at 180 d" in note
        for note in ltv(store, definition="classic", gap=90).notes
    )
    assert any("none" not in note and "at 19 d, " in note for note in ltv(store, definition="classic", gap=19).notes)


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


NOBODYS = """order_id,ordered_at,customer_id,amount,currency,product,country
1,2024-01-01,A,10,EUR,tea,DE
2,2024-03-01,A,30,EUR,tea,DE
3,2024-03-01,,50,EUR,tea,
4,2024-03-02,,70,EUR,,DE
"""


def test_orders_without_a_customer_are_in_revenue_and_in_no_figure_per_customer(shop: Shop) -> None:
    store = replace(shop(orders=NOBODYS), as_of=END)
    result = ltv(store, by="product")
    # 160 in 4 orders; A alone has spent 40 in two, in the 60 days to the last order and the gap of 90
    facts = result.facts
    assert (facts["orders"], facts["aov"], float(str(facts["revenue"]))) == (4, 20.0, 160.0)
    assert (facts["customers"], facts["revenue_per_customer"], facts["repeat_share"]) == (1, 40.0, 1.0)
    assert facts["repeat_rate"] == pytest.approx(2 / 150 * 30.4375)
    told = "2 orders without a customer (120.00 EUR) are in revenue and orders, and in no term of ltv"
    assert f"{told}: all orders bring 40.00 EUR per order" in result.notes
    assert [(row["product"], row["orders"], row["aov"], row["customers"]) for row in result.records()] == [
        ("(none)", 1, 70.0, 0), ("tea", 3, 20.0, 1),
    ]  # fmt: skip
    assert [(*row[:2], row[-15]) for row in ltv(store, by="product,country").rows] == [
        ("(none)", "DE", 1), ("tea", "(none)", 1), ("tea", "DE", 2),
    ]  # fmt: skip
    assert ltv(store, newcomers=True).facts["orders"] == 0
    old = ltv(store, definition="classic")
    assert old.facts["aov"] == 20.0
    assert f"{told}: all orders bring 40.00 EUR per order" in old.notes


def test_where_nobody_is_known_there_is_an_aov_and_nothing_per_customer(shop: Shop) -> None:
    text = "\n".join([HEADER.replace("amount", "amount,currency"), "1,2024-01-01,,10,EUR", "2,2024-01-02,,30,EUR"])
    result = ltv(shop(orders=text))
    assert list(result.facts.values()) == [None, 20.0, None, None, None, 2, 0, 40, *[None] * 9, 0, 0, None]
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
    assert (float(str(facts["revenue"])), facts["aov"], facts["customers"]) == (30.0, 10.0, 1)  # 10 and 1000 x 0.02


@pytest.mark.parametrize(
    ("option", "message", "hint"),
    [
        ({"gap": 0}, "--gap 0: at least one day", "for example --gap 90"),
        ({"horizon": 0}, "--horizon 0: at least one day", "for example --horizon 365"),
        ({"gap": 36_526}, "--gap 36526: at most 36525 days, a hundred years", "for example --gap 365"),
        ({"horizon": 10**12}, f"--horizon {10**12}: at most 36525 days, a hundred years", "for example --horizon 365"),
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
    plain = classic(shop, horizon=180)
    assert classic(shop, horizon=180, margin=1.0, discount=0.0) == plain
    assert classic(shop, gap=1)["gap_days"] == 1
    assert classic(shop, horizon=1)["horizon_days"] == 1
    assert classic(shop, horizon=180, discount=9.99)["ltv"] < 0.7 * plain["ltv"]


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
    # A has been there for 181 days, E for 150, B for 121 and C for 29: half of them for 150
    assert (until_july.facts["orders"], until_july.facts["horizon_days"]) == (6, 150)
    assert ltv(replace(shop(orders=orders()), as_of=datetime(2024, 7, 1, tzinfo=UTC))).notes[-1] == (
        "2 orders dated after --as-of are left out"
    )


def test_without_orders_counts_are_nought_and_the_rest_null(shop: Shop) -> None:
    result = ltv(shop(orders=orders(())))
    assert list(result.facts.values()) == [None] * 5 + [0, 0] + [None] * 10 + [0, 0, None]
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


@pytest.mark.parametrize(("age", "value"), [(1, 80.0), (90, 102.0), (120, 114.5), (180, 129.5), (365, 129.5)])
def test_inside_the_watched_age_the_product_is_what_was_observed(age: int, value: float, shop: Shop) -> None:
    facts = hand(shop, horizon=age)
    assert facts["ltv"] == pytest.approx(value, abs=1e-9)
    assert facts["observed_ltv"] == pytest.approx(value, abs=1e-9)
    assert product(facts) == pytest.approx(value, rel=1e-9)
    assert facts["forecast"] is False


def test_the_terms_to_an_age_by_hand(shop: Shop) -> None:
    # orders per customer watched: 5 of 5 on day 0, 1 of 5 on day 30, 1 of 4 on days 90, 100 and 153: 1.95
    # Kaplan-Meier to 180 days: 157.5 days
    result = ltv(replace(shop(currency="EUR", orders=orders()), as_of=END), horizon=180)
    facts = dict[str, Any](result.facts)
    assert facts["repeat_orders"] == pytest.approx(0.95)
    assert facts["lifetime_months"] == pytest.approx(157.5 / 30.4375)
    assert facts["repeat_rate"] == pytest.approx(1.95 / 157.5 * 30.4375)
    assert facts["aov"] == pytest.approx(129.5 / 1.95)
    assert facts["watched_customers"] == 4  # not D, who came 46 days before the end
    assert result.notes == (
        "ltv = aov × repeat rate × lifetime: 129.50 EUR = 66.41 EUR per order × 0.3768 orders per customer-month "
        "× 5.175 months (gap 90 d, horizon 180 d, 5 customers, 9 orders)",
        "orders per customer to the age of 180 days: 1 first order + 0.9500 repeat orders = 1.9500; 4 customers were "
        "watched that long",
        # 60 of 5 on day 30; 40 of 4 on day 90; 50 and 60 of 4 later
        "check: 129.50 EUR is the sum over ages of revenue per customer watched to each: first day 80.00; to day 30 "
        "12.00; to day 90 10.00; to day 180 27.50",
        "no interval: of under 125 customers those who spend most may be missing, and none is known to hold the truth "
        "as often as it says",
        "an order of a customer's first day brings 80.00, a later one 52.50; 3 of 5 customers ordered again",
        "the standard error of the lifetime is 0.640 months; another gap moves the repeat rate and the lifetime "
        "against each other, and not ltv",
        "small n: 5 customers",
    )
    assert result.rows == (tuple(facts.values()),)


def once_a_day(customers: int, spent: float = 50) -> tuple[tuple[str, str, float], ...]:
    """One order each, a customer a day up to the end of 2024."""
    return tuple((str(date(2024, 12, 31) - timedelta(days=n)), f"c{n}", spent) for n in range(customers))


def test_customers_who_never_return_are_worth_what_they_spent(shop: Shop, supportkit: Call, tmp_path: Path) -> None:
    # of forty customers, one a day, thirty were watched for ten days
    facts = hand(shop, once_a_day(40))
    assert (facts["ltv"], facts["horizon_days"], facts["watched_customers"]) == (50, 10, 30)
    assert (facts["repeat_orders"], facts["repeat_share"]) == (0, 0)
    (tmp_path / "orders.csv").write_text(orders(once_a_day(40)))
    words = ("check", "--data", tmp_path / "orders.csv", "--period", "all", "--expect")
    assert supportkit(*words, "ltv.ltv >= 80")[0] == 1
    assert supportkit(*words, "ltv.ltv == 50")[0] == 0


def test_one_rate_of_customers_who_never_return_is_no_value(shop: Shop) -> None:
    # 2,000 over 0 + 1 + … + 39 = 780 days lived, times 39 days of life: 100, each order once again
    result = ltv(replace(shop(orders=orders(once_a_day(40))), as_of=END), definition="classic")
    assert (result.facts["ltv"], result.facts["observed_ltv"], result.facts["repeat_share"]) == (None, 50, 0)
    assert any(note.startswith("no ltv by one rate: nobody has ordered again") for note in result.notes)
    assert not any("believe" in note or "by gap" in note for note in result.notes)
    again = (*once_a_day(40), ("2024-12-31", "c39", 50.0))
    assert classic(shop, again)["ltv"] > 50


def test_where_all_brought_the_same_there_is_no_interval_and_the_reason(shop: Shop) -> None:
    result = ltv(replace(shop(orders=orders(once_a_day(130))), as_of=END))
    assert result.facts["ltv"] == pytest.approx(50)
    assert (result.facts["ltv_low"], result.facts["ltv_high"]) == (None, None)
    assert "no interval: all customers brought the same, and nothing tells how far others may be off" in result.notes


def test_a_spread_that_rests_on_a_few_customers_is_told(shop: Shop) -> None:
    # 129 of 50 and one of 5,000: kurtosis about 129, under 3 degrees of freedom
    rows = once_a_day(130)
    told = "a few customers make most of the spread of spending"
    uneven = (*rows[:-1], (rows[-1][0], rows[-1][1], 5000.0))
    notes = ltv(replace(shop(orders=orders(uneven)), as_of=END)).notes
    assert any(note.startswith(told) for note in notes)
    even = tuple((day, who, 40.0 + n % 20) for n, (day, who, _) in enumerate(rows))
    assert not any(note.startswith(told) for note in ltv(replace(shop(orders=orders(even)), as_of=END)).notes)


def test_of_few_customers_the_age_is_that_half_were_watched_to(shop: Shop) -> None:
    # A 365 days, E 334, B 305, C 213, D 46: three of five for 305
    facts = hand(shop)
    assert (facts["horizon_days"], facts["watched_customers"], facts["ltv"]) == (305, 3, 129.5)
    assert hand(shop, horizon=366)["forecast"] is True


def growing(returns: tuple[str, ...]) -> tuple[tuple[str, str, float], ...]:
    """Thirty customers of the first of January who come back on some days, for 10 each time."""
    return tuple((day, f"c{n}", 10.0) for n in range(30) for day in ("2024-01-01", *returns))


def test_past_the_watched_age_repeat_orders_grow_on_as_they_did(shop: Shop) -> None:
    # watched for 100 days; back on day 40 and on day 90, as many in each half: they grow as the age, to four by day 200
    store = replace(shop(orders=orders(growing(("2024-02-10", "2024-03-31")))), as_of=datetime(2024, 4, 10, tzinfo=UTC))
    result = ltv(store, horizon=200)
    assert [result.facts[name] for name in ("ltv", "repeat_orders")] == pytest.approx([50, 4])
    assert (result.facts["observed_ltv"], result.facts["forecast"], result.facts["ltv_low"]) == (30, True, None)
    assert product(dict(result.facts)) == pytest.approx(50)
    assert (
        "forecast: customers were watched to 100 days, where they had brought 30.00; from there to 200 days repeat "
        "orders "
        "are taken to grow on as the age to the power of 1.00, and nothing of it has been measured" in result.notes
    )
    # up to day 50 there was one return, in the second half: one more in as many days again
    assert (
        "backtest: from the orders up to 2024-02-20, with 50 days watched, 30.00 at 100 days; seen by now 30.00 (+0.0 "
        "%)" in result.notes
    )
    # back on day 40 alone: nothing is to be expected of the next 100 days
    once = replace(shop(orders=orders(growing(("2024-02-10",)))), as_of=datetime(2024, 4, 10, tzinfo=UTC))
    assert ltv(once, horizon=200).facts["ltv"] == pytest.approx(20)
    assert ltv(once, horizon=100).facts["forecast"] is False
    assert not any("backtest" in note for note in ltv(once, horizon=100).notes)


def test_later_money_of_a_forecast_is_discounted_by_its_age(shop: Shop) -> None:
    # 20 seen on days 0 and 40 and 90; from day 100 on 0.2 a day, as repeat orders grow by 1 in 50 days
    store = replace(shop(orders=orders(growing(("2024-02-10", "2024-03-31")))), as_of=datetime(2024, 4, 10, tzinfo=UTC))
    rate = log(1.1) / 365.25
    ahead = sum(0.2 * exp(-rate * day) for day in range(101, 201))
    seen = 10 * (1 + exp(-rate * 40) + exp(-rate * 90))
    assert ltv(store, horizon=200, discount=0.1).facts["ltv"] == pytest.approx(seen + ahead)


def test_where_hardly_any_time_was_watched_there_is_no_backtest(shop: Shop) -> None:
    notes = ltv(replace(shop(orders=orders(once_a_day(60))), as_of=END), horizon=100).notes
    assert "no backtest: only 9 days would have been watched, 14 are needed" in notes  # 30 x 30 / 100


def test_a_forecast_is_judged_by_no_check(supportkit: Call, tmp_path: Path) -> None:
    (tmp_path / "orders.csv").write_text(orders(once_a_day(60)))
    (tmp_path / "supportkit.toml").write_text("[metrics.ltv]\nhorizon = 100\n")
    words = ("check", "--data", tmp_path / "orders.csv", "--config", tmp_path / "supportkit.toml", "--period", "all")
    code, out, _ = supportkit(*words, "--expect", "ltv.ltv >= 1", "-f", "csv")
    assert code == 3
    assert "a forecast: nothing of it has been measured yet" in out
    assert supportkit(*words, "--expect", "ltv.observed_ltv == 50")[0] == 0


def sample(customers: int, seed: int = 3) -> tuple[tuple[str, str, float], ...]:
    """Customers of the year, some of whom come back."""
    dice = random.Random(seed)
    rows = []
    for who in range(customers):
        day = date(2024, 1, 1) + timedelta(days=dice.randrange(330))
        while day <= date(2024, 12, 31):
            rows.append((str(day), f"c{who}", round(dice.lognormvariate(3, 0.8), 2)))
            day += timedelta(days=dice.choice((20, 60, 150, 400, 400)))
    return tuple(rows)


def test_the_interval_is_that_of_what_each_customer_adds_to_the_error(shop: Shop) -> None:
    rows, age = sample(150), 120
    facts = hand(shop, rows, horizon=age)
    first = {who: min(date.fromisoformat(day) for day, other, _ in rows if other == who) for _, who, _ in rows}
    watched = {who: (date(2024, 12, 31) - day).days for who, day in first.items()}
    spent: dict[int, float] = {}
    own: dict[str, dict[int, float]] = {who: {} for who in first}
    for day, who, worth in rows:
        at = (date.fromisoformat(day) - first[who]).days
        if at <= age:
            spent[at] = spent.get(at, 0) + worth
            own[who][at] = own[who].get(at, 0) + worth
    risk = {at: sum(days >= at for days in watched.values()) for at in spent}
    value = sum(spent[at] / risk[at] for at in spent)
    # Lawless & Nadeau 1995: what a customer brought less the mean of those watched, at each age, over those watched
    adds = [
        sum((own[who].get(at, 0) - spent[at] / risk[at]) / risk[at] for at in spent if at <= days) * len(first) / value
        for who, days in watched.items()
    ]
    sums = PowerSums(len(adds), *(sum(one**power for one in adds) for power in (2, 3, 4)))
    low, high = skewed_interval(1.0, sums) or (0.0, 0.0)
    assert facts["ltv"] == pytest.approx(value)
    assert (facts["ltv_low"], facts["ltv_high"]) == (pytest.approx(low * value), pytest.approx(high * value))
    half = hand(shop, rows, horizon=age, margin=0.5)
    assert half["ltv_high"] == pytest.approx(facts["ltv_high"] / 2)


def test_an_interval_needs_125_customers(shop: Shop) -> None:
    assert hand(shop, sample(124), horizon=60)["ltv_low"] is None
    facts = hand(shop, sample(125), horizon=60)
    assert facts["ltv_low"] < facts["ltv"] < facts["ltv_high"]
    assert classic(shop, sample(125), horizon=60)["ltv_low"] is None


def test_the_hundred_largest_rows_have_an_interval(shop: Shop) -> None:
    rows = [
        f"{group}-{who},2024-01-{1 + who % 28:02},{group}-{who},{10 + who},{group:03}"
        for group in range(101)
        for who in range(125 if group == 50 else 126)
    ]
    result = ltv(shop(orders="\n".join(["order_id,ordered_at,customer_id,amount,product", *rows])), by="product")
    assert [row["product"] for row in result.records() if row["ltv_low"] is None] == ["050"]
    assert "an interval stands at the 100 largest of 101 rows only" in result.notes


def test_rows_have_the_intervals_of_their_own_customers(shop: Shop) -> None:
    country = {who: "DE" if int(who[1:]) % 3 else "FR" for _, who, _ in sample(400)}
    lines = [f"{n},{day},{who},{worth},{country[who]}" for n, (day, who, worth) in enumerate(sample(400))]
    store = replace(shop(orders="\n".join([f"{HEADER},country", *lines])), as_of=END)
    for row in ltv(store, by="country", horizon=90).records():
        alone = ltv(store.filtered(_where(f"country={row['country']}")), horizon=90).facts
        names = ("ltv", "ltv_low", "ltv_high")
        assert [row[name] for name in names] == [alone[name] for name in names]


def halves(younger: float) -> tuple[tuple[str, str, float], ...]:
    """A hundred customers of January and a hundred of May, who spend such a share of it."""
    rows = []
    for n in range(200):
        share = younger if n % 2 else 1.0
        first = date(2024, 5, 1 + n % 28) if n % 2 else date(2024, 1, 1 + n % 28)
        rows += [(str(first + timedelta(days=later)), f"c{n}", share * (40 + n % 7)) for later in (0, 40, 170)]
    return tuple(row for row in rows if row[0] <= "2024-07-31")


def test_where_later_customers_bring_less_it_is_said_and_the_interval_reaches_there(shop: Shop) -> None:
    store = replace(shop(orders=orders(halves(0.5))), as_of=datetime(2024, 7, 31, tzinfo=UTC))
    result = ltv(store, horizon=175)
    told = next(note for note in result.notes if note.startswith("customers who came later bring less"))
    assert "perhaps too high" in told
    # what the late ages bring, of the older half alone, halved for the younger: a quarter of it less
    late = sum(40 + n % 7 for n in range(0, 200, 2)) / 100
    assert result.facts["ltv"] == pytest.approx(2 * 0.75 * late + late, rel=0.02)
    facts = dict[str, Any](result.facts)
    assert facts["ltv_low"] < (2 * 0.75 * late + 0.75 * late) < facts["ltv"] < facts["ltv_high"]
    alike = ltv(replace(shop(orders=orders(halves(1.0))), as_of=datetime(2024, 7, 31, tzinfo=UTC)), horizon=175)
    assert not any("came later" in note for note in alike.notes)


@pytest.mark.parametrize(("seed", "leaves"), [(1, (0.3, 0.8)), (2, (0.3, 0.8)), (3, (0.8, 0.3)), (4, (0.8, 0.3))])
def test_where_later_customers_return_more_or_less_often_the_interval_holds_the_truth(
    shop: Shop, seed: int, leaves: tuple[float, float]
) -> None:
    # a year of customers who spend alike at first, and leave after each order with a chance that moves with the year
    dice, start, end = random.Random(seed), date(2024, 1, 1), date(2024, 12, 30)
    seen: list[tuple[str, str, float]] = []
    every: list[list[tuple[int, float]]] = []
    for who in range(1500):
        came, age, brought = dice.randrange(365), 0.0, []
        while age <= 365:
            brought.append((int(age), round(dice.uniform(20, 60), 2)))
            if dice.random() < leaves[0] + (leaves[1] - leaves[0]) * came / 365:
                break
            age += dice.expovariate(1 / 35)
        every.append(brought)
        days = [(start + timedelta(days=came + age), worth) for age, worth in brought]
        seen += [(str(day), f"c{who}", worth) for day, worth in days if day <= end]
    result = ltv(replace(shop(orders=orders(tuple(seen))), as_of=datetime(2024, 12, 30, 23, tzinfo=UTC)))
    facts = dict[str, Any](result.facts)
    truth = sum(worth for brought in every for age, worth in brought if age <= facts["horizon_days"]) / len(every)
    assert facts["ltv_low"] < truth < facts["ltv_high"]
    word = "less" if leaves[0] < leaves[1] else "more"
    assert any(note.startswith(f"customers who came later bring {word}: ") for note in result.notes)


def crowd(first_week: int) -> tuple[tuple[str, str, float], ...]:
    """Ten new customers a week for 20 weeks, and a crowd more in the first, who spend ten times as much."""
    start = date(2024, 8, 14)
    days = [(start + timedelta(weeks=n // 10, days=n % 7), f"new{n}", 10.0) for n in range(200)]
    days += [(start + timedelta(days=n % 7), f"old{n}", 100.0) for n in range(first_week)]
    return tuple((str(day), who, worth) for day, who, worth in days)


def test_customers_from_before_the_data_are_told_apart(shop: Shop) -> None:
    store = replace(shop(currency="EUR", orders=orders(crowd(60))), as_of=END)
    result = ltv(store)
    facts = dict[str, Any](result.facts)
    assert (facts["customers"], facts["earlier_customers"], facts["ltv"]) == (190, 70, 10)
    assert (facts["orders"], float(str(facts["revenue"])), facts["revenue_per_customer"]) == (260, 8000, 10)
    told = next(note for note in result.notes if note.startswith("70 customers whose first order here is before"))
    assert "before 2024-08-21 may have" in told
    assert "their 70 orders (6,100.00 EUR) are in revenue and orders" in told
    by = ltv(store, by="customer_id")
    assert sum(int(str(row["customers"])) for row in by.records()) == 190
    assert sum(float(str(row["revenue"])) for row in by.records()) == 8000
    assert ltv(store, definition="classic").facts["customers"] == 260


def test_nobody_is_told_apart_where_it_would_leave_less_than_half(shop: Shop) -> None:
    result = ltv(replace(shop(orders=orders(crowd(200))), as_of=END))
    assert (result.facts["customers"], result.facts["earlier_customers"]) == (400, 0)
    told = "first orders before 2024-08-21 may be of customers from before the data"
    assert f"{told}: they are more than half, and all count as new" in result.notes


def test_the_configuration_says_from_when_on_the_orders_are_complete(
    shop: Shop, supportkit: Call, tmp_path: Path
) -> None:
    store = replace(shop(orders=orders(crowd(60))), as_of=END)
    # each cut-off export is complete from its first day on: that is no word on who had ordered before
    assert ltv(replace(store, complete_from=date(2024, 8, 14))).facts == ltv(store).facts
    # a week without an order before the first one is: all are new
    launched = ltv(replace(store, complete_from=date(2024, 8, 7)))
    assert (launched.facts["customers"], launched.facts["earlier_customers"]) == (260, 0)
    assert not any("before the data" in note for note in launched.notes)
    later = ltv(replace(store, complete_from=date(2024, 8, 28)))
    assert (later.facts["customers"], later.facts["earlier_customers"]) == (180, 80)
    assert any("([orders] complete_from)" in note for note in later.notes)
    (tmp_path / "orders.csv").write_text(orders(crowd(60)))
    (tmp_path / "supportkit.toml").write_text("[orders]\ncomplete_from = 2024-08-28\n")
    _, out, _ = supportkit("ltv", "--data", tmp_path, "--config", tmp_path / "supportkit.toml", "-f", "csv")
    assert out.splitlines()[1].split(",")[6] == "180"


def test_where_the_whole_fall_is_more_than_half_as_much_of_it_is_told_apart_as_leaves_half(shop: Shop) -> None:
    # first orders fall from 60 to 20 a week, and of the 40 a third is left after ten weeks: under a tenth are old after
    # some thirty weeks, with which more than half of all would go; without the first fourteen 615 of 1,212 are left
    weeks = [20 + round(40 * exp(-week / 10)) for week in range(40)]
    left = next(week for week in range(40, -1, -1) if 2 * sum(weeks[week:]) >= sum(weeks))
    start = date(2024, 12, 31) - timedelta(days=7 * 40 - 1)
    rows = tuple(
        (str(start + timedelta(days=7 * week + n % 7)), f"c{week}-{n}", 10.0)
        for week, count in enumerate(weeks)
        for n in range(count)
    )
    facts = dict[str, Any](ltv(replace(shop(orders=orders(rows)), as_of=END)).facts)
    assert facts["earlier_customers"] == sum(weeks[:left]) > 0
    assert 2 * facts["customers"] >= sum(weeks)


def cut_shop(seed: int, leaves_first: float, pause: float, days: int) -> tuple[list[tuple[str, str, float]], Any]:
    """A shop that does not change, of which two years are missing: its orders, and what those who are new in truth
    brought up to an age."""
    dice, start, seen = random.Random(seed), date(2024, 1, 1), []
    new: list[list[tuple[int, float]]] = []
    for who in range(int(4 * (730 + days))):
        day, own = dice.uniform(-730, days), pause / dice.gammavariate(2, 0.5)
        came, leaves, level, brought = day, leaves_first, dice.lognormvariate(3.5, 0.6), []
        while day < days + 420:
            worth = round(level * dice.lognormvariate(0, 0.3), 2)
            brought.append((int(day // 1 - came // 1), worth))
            if 0 <= day < days:
                seen.append((str(start + timedelta(days=int(day))), f"c{who}", worth))
            if dice.random() < leaves:
                break
            day, leaves = day + dice.expovariate(1 / own), 0.15
        if came >= 0:
            new.append(brought)
    return seen, lambda age: sum(worth for brought in new for at, worth in brought if at <= age) / len(new)


@pytest.mark.parametrize("stated", [None, date(2024, 1, 1)])
@pytest.mark.parametrize(("seed", "leaves_first", "pause", "days"), [(1, 0.4, 45, 365), (2, 0.8, 60, 300)])
def test_a_cut_off_shop_has_the_truth_of_its_new_customers_in_the_interval(
    shop: Shop, seed: int, leaves_first: float, pause: float, days: int, stated: date | None
) -> None:
    rows, truth = cut_shop(seed, leaves_first, pause, days)
    end = date(2024, 1, 1) + timedelta(days=days - 1)
    store = replace(shop(orders=orders(tuple(rows))), as_of=datetime(end.year, end.month, end.day, 23, tzinfo=UTC))
    result = ltv(replace(store, complete_from=stated))
    facts = dict[str, Any](result.facts)
    assert facts["ltv_low"] < truth(facts["horizon_days"]) < facts["ltv_high"]
    assert any(note.startswith("first orders fall from") for note in result.notes)
    assert any(note.startswith("ltv of new customers alone is about") for note in result.notes)
    # who knows that the shop began with its first order says so, and nothing is widened
    began = ltv(replace(store, complete_from=date(2023, 12, 20)))
    assert began.facts["earlier_customers"] == 0
    assert not any("new customers alone" in note for note in began.notes)
    assert began.facts["ltv_low"] > facts["ltv_low"]


def test_newcomers_of_a_cut_off_shop_are_in_part_old_customers_who_order_slowly(shop: Shop) -> None:
    rows, truth = cut_shop(1, 0.4, 90, 365)
    store = replace(shop(orders=orders(tuple(rows))), as_of=datetime(2024, 12, 30, 23, tzinfo=UTC))
    result = ltv(store, newcomers=True)
    facts = dict[str, Any](result.facts)
    assert any(note.startswith("first orders fall from") for note in result.notes)
    assert facts["ltv_low"] < truth(facts["horizon_days"]) < facts["ltv_high"]
    # all are new where the shop began with its first order; the figure is the same, and its interval reaches less far
    began = ltv(replace(store, complete_from=date(2023, 12, 20)), newcomers=True)
    assert began.facts["ltv"] == facts["ltv"]
    assert dict[str, Any](began.facts)["ltv_low"] > facts["ltv_low"]
    assert not any("first orders fall" in note for note in began.notes)


@cdnow.needs_cdnow
def test_cdnow_keeps_all_its_customers_and_is_right_at_every_watched_age(shop: Shop, tmp_path: Path) -> None:
    text = cdnow.write_orders("sample", tmp_path / "orders.csv").read_text()
    store = replace(shop(orders=text), as_of=datetime(1997, 9, 30, tzinfo=UTC))
    # spent by the same customers at 26 and 38 weeks, when all 78 weeks are known
    for weeks, truth in ((26, 68.49), (38, 78.59)):
        facts = dict[str, Any](ltv(store, horizon=7 * weeks).facts)
        assert (facts["customers"], facts["earlier_customers"]) == (2357, 0)
        assert facts["ltv"] == pytest.approx(truth, rel=0.01)
        assert facts["ltv_low"] < truth < facts["ltv_high"]
    # past the watched age, a forecast: 52 and 66 weeks
    for weeks, truth in ((52, 90.37), (66, 100.51)):
        facts = dict[str, Any](ltv(store, horizon=7 * weeks).facts)
        assert facts["forecast"] is True
        assert facts["ltv"] == pytest.approx(truth, rel=0.05)


def test_an_age_that_hardly_anybody_was_watched_to_is_small_n(supportkit: Call, tmp_path: Path) -> None:
    lines = ["order_id,ordered_at,customer_id,amount,currency"]
    lines += [f"a{one},2026-01-{1 + one % 28:02d},c{one},20,EUR" for one in range(29)]
    lines += [f"b{one},2026-04-10,d{one},30,EUR" for one in range(2)]
    (tmp_path / "orders.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    code, out, _ = supportkit("ltv", "--data", tmp_path / "orders.csv", "-f", "json")
    found = json.loads(out)
    assert code == 0
    told = f" of 31 customers were watched to {found['facts']['horizon_days']} days"
    assert any(note.startswith("small n: ") and note.endswith(told) for note in found["notes"]), found["notes"]
