"""Buyers: CDNOW's published figures through the command's own path, refusals, and what stands beside a prediction."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from supportkit.buyers import buyers
from supportkit.errors import UsageError
from supportkit.metrics import METRICS
from supportkit.result import Result
from supportkit.store import Store
from tests import cdnow
from tests.conftest import Call

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
    assert "1 customers, the model asks for 500" in told


def test_everything_on_one_day_is_refused(shop: Shop) -> None:
    told = refused(buyers(shop(orders=text([("2024-01-01", f"c{n}", 5) for n in range(600)]))))
    assert "0 days of history" in told


def test_no_repeats_are_refused(shop: Shop) -> None:
    rows = [(f"2024-{1 + n % 12:02d}-05", f"c{n}", 5.0) for n in range(600)]
    assert "no customer ordered on three days" in refused(buyers(shop(orders=text(rows))))


def test_all_repeats_alike_are_refused_by_the_fit(shop: Shop) -> None:
    rows = [(f"2024-{month:02d}-05", f"c{n}", 5.0) for n in range(520) for month in range(1, 13)]
    assert "run away" in refused(buyers(shop(orders=text(rows))))


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
    assert any("do not plan" in note for note in result.notes)


@pytest.mark.parametrize("option", [{"horizon": 0}, {"top": -1}, {"min_customers": 0}])
def test_an_option_out_of_range_is_a_usage_error(option: dict[str, int], shop: Shop) -> None:
    with pytest.raises(UsageError):
        buyers(shop(orders=text([("2024-01-01", "A", 5)])), **option)  # type: ignore[arg-type]


def test_without_a_known_customer_there_is_nothing_to_refuse(shop: Shop) -> None:
    result = buyers(shop(orders="order_id,ordered_at,customer_id,amount\n1,2024-01-01,,5"))
    assert result.empty
    assert result.notes == ("orders left out: 1 without a customer (5.00)",)
