"""BG/NBD and gamma-gamma fitted on buyers: what they foretell of each, and what is to be said of the fit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from supportkit.stats.bg_nbd import BgNbd, chance_alive, expected_orders, fit_buying
from supportkit.stats.gamma_gamma import GammaGamma, expected_spend, fit_spend
from supportkit.system.frozen import dataclass
from supportkit.worth.buyer_rows import Buying

if TYPE_CHECKING:
    from numpy import float64
    from numpy.typing import NDArray

    Array = NDArray[float64]


@dataclass(frozen=True)
class BuyingModel:
    """Both models, and why there is no money in it where there is none."""

    buying: BgNbd
    spend: GammaGamma | None
    without: str = ""


def fit_model(customers: Sequence[Buying], money: bool) -> BuyingModel:
    """ValueError where it cannot be."""
    x, last, age, spent = zip(*customers, strict=True)
    buying = fit_buying(x, [days / 7 for days in last], [days / 7 for days in age])
    if not money:
        return BuyingModel(
            buying, None, "amounts are in several currencies: no value; choose one with --where currency=EUR"
        )
    paid = [(n, total / n) for n, total in zip(x, spent, strict=True) if n > 0 and total > 0]
    try:
        spend = fit_spend([n for n, _ in paid], [mean for _, mean in paid])
    except ValueError as error:
        return BuyingModel(buying, None, f"no value: {error}")
    if spend.mean is None:
        return BuyingModel(
            buying, None, f"no value: spending is spread so wide (q = {spend.q:.2f}) that it has no mean"
        )
    return BuyingModel(buying, spend)


def ahead(model: BuyingModel, customers: Sequence[Buying], days: float) -> tuple[Array, Array, Array | None]:
    """P(still a customer), expected orders and expected value of each."""
    import numpy as np

    x, last, age, spent = (np.array(column, dtype=float) for column in zip(*customers, strict=True))
    alive = chance_alive(model.buying, x, last / 7, age / 7)
    orders = expected_orders(model.buying, days / 7, x, last / 7, age / 7)
    if model.spend is None:
        return alive, orders, None
    bought = np.where(spent > 0, x, 0)
    return alive, orders, orders * expected_spend(model.spend, bought, spent / np.maximum(x, 1))


def model_notes(model: BuyingModel, customers: int, horizon: int) -> list[str]:
    """What a reader of the forecasts must know, and which limit of the models was fitted."""
    buying, spend = model.buying, model.spend
    notes = [
        f"expected in the {horizon} days after the data ends, of the {customers:,} customers there are: new ones are "
        "not in it",
        "a customer with one order so far counts as there: the model has nobody leave before a second order",
    ]
    if buying.rate is not None:
        notes.append(
            f"everybody orders at one rate while a customer, {buying.rate:.3f} repeat days a week: r and alpha run to "
            "that limit of the model, which is what was fitted"
        )
    if buying.leaves and buying.at_first:
        notes.append(
            f"{100 * buying.leaves:.1f} % leave with their first repeat day and nobody after it: a and b run to that "
            "limit of the model, which is what was fitted; expected orders grow without end, so a value needs its "
            "horizon"
        )
    elif buying.leaves:
        notes.append(
            f"everybody leaves with one chance, {100 * buying.leaves:.1f} % after each repeat day: a and b run to "
            "that limit of the model, which is what was fitted"
        )
    elif buying.leaves is not None:
        named = "the NBD" if buying.rate is None else "Poisson"
        notes.append(
            f"nobody leaves: a and b run to that limit of the model, {named}, "
            "which is what was fitted; expected orders grow without end, so a value needs its horizon"
        )
    elif buying.a < 1:
        notes.append(f"a = {buying.a:.2f} is below 1: expected orders grow without end, so a value needs its horizon")
    if spend is None:
        return [*notes, model.without]
    return [*notes, f"orders and spending go together with {spend.correlation:.2f}; gamma-gamma takes it for about 0"]
