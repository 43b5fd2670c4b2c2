"""The backtest of buyers: the models fitted on the first half of the time have to say the orders of the second half."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from supportkit.result import Value
from supportkit.stats.lifetime_value import orders_ahead
from supportkit.worth.buyer_rows import Buyer, Buying
from supportkit.worth.buying_model import ahead, fit_model

GAP = 90
"""Of the formula that the models are compared with, as in ltv."""


def backtest(found: Sequence[Buyer], cut: date, until: date | None, money: bool, facts: dict[str, Value]) -> list[str]:
    """Fit on the first half, predict the second; fills the facts and returns the notes."""
    early = [buyer for buyer in found if buyer.first_half is not None]
    days = (until - cut).days if until else 0
    customers = [buyer.first_half for buyer in early if buyer.first_half]
    actual = sum(buyer.days_after for buyer in early)
    try:
        model = fit_model(customers, money)
    except ValueError as error:
        return [f"no backtest: on the first half, {error}"]
    _, orders, value = ahead(model, customers, days)
    predicted, formula = float(orders.sum()), _formula(customers, days)
    facts.update(backtest_orders_predicted=predicted, backtest_orders_actual=actual, backtest_customers=len(early))
    if not actual:
        return ["backtest: nobody of the first half ordered in the second"]
    facts.update(backtest_model_error=predicted / actual - 1)
    if formula is not None:
        facts.update(backtest_formula_error=formula / actual - 1)

    def off(figure: float | None, truth: float = actual) -> str:
        return "none" if figure is None else f"{figure:,.0f} ({100 * (figure / truth - 1):+.1f} %)"

    plain = sum(x / age * days for x, _, age, _ in customers if age)
    notes = [
        f"backtest: from the orders up to {cut}, the {days} days to {until} of the same {len(early):,} customers: "
        f"actual {actual:,} order days; model {off(predicted)}; classic formula of ltv with a gap of {GAP} "
        f"days {off(formula)}; everybody at the rate so far {off(plain)}"
    ]
    revenue = sum(buyer.revenue_after for buyer in early)
    if value is not None and revenue:
        notes.append(f"backtest, revenue: actual {revenue:,.0f}; model {off(float(value.sum()), revenue)}")
    return notes


def _formula(customers: Sequence[Buying], days: int) -> float | None:
    """Order days ahead by the terms of ltv: orders per time lived × time to be lived."""
    lives: dict[tuple[float, bool], int] = {}
    ages: dict[int, int] = {}
    for _, last, age, _ in customers:
        lapsed = age - last > GAP
        key = (last + GAP if lapsed else age, lapsed)
        lives[key] = lives.get(key, 0) + 1
        ages[age] = ages.get(age, 0) + 1
    return orders_ahead(lives, sum(x + 1 for x, *_ in customers), ages, days)
