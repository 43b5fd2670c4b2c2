"""What problems are worth: each customer at risk counted once, each value in the currency of its customers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

from supportkit.explaining.problem_customers import Touched
from supportkit.explaining.problems import Problem, in_words
from supportkit.result import Result
from supportkit.stats.estimates import Estimate, product
from supportkit.store import Store
from supportkit.system.named import NamedTuple


class Worth(NamedTuple):
    """The lifetime value of a slice with its interval, over how many customers, and in which currency."""

    value: Estimate
    customers: int
    currency: str | None = None


class Priced(NamedTuple):
    """A problem with the customers that count in it, how many of them are beyond, and what these are worth."""

    touched: Touched
    counted: int
    beyond: Estimate
    worth: Worth | None

    @property
    def value(self) -> Estimate | None:
        return product(self.beyond, self.worth.value) if self.worth and self.touched.customers else None

    @property
    def currency(self) -> str | None:
        """What the value is in."""
        return self.worth.currency if self.worth and self.value else None

    def rank(self, currency: str | None) -> tuple[bool, str, float, float, float, str, str]:
        """Its place among others: those valued in the currency first, for values in two are never compared; then by the
        customers beyond, and where these are not known by the tickets."""
        problem = self.touched.problem
        name, place = problem.name, in_words(problem.place)
        value = self.value.value if self.value else 0.0
        other = self.value is not None and self.currency != currency
        return (other, self.currency or "" if other else "", -value, -self.beyond.value, -problem.weight, name, place)


def customers_by_currency(ltv: Result) -> Counter[str]:
    """How many customers paid in each currency, where there are several."""
    customers: Counter[str] = Counter()
    for record in ltv.records():
        if record.get("currency") is not None:
            customers[str(record["currency"])] += int(str(record["customers"]))
    return customers


def currency_of_total(ltv: Result, store: Store, valued: Sequence[Worth | None]) -> str | None:
    """What the total is in: of several currencies, which are never added, the shop's own, else that of most customers;
    where no problem is valued in it, that of most customers of those in which one is."""
    customers = customers_by_currency(ltv)
    if not customers:
        return ltv.scope.currency or store.currency
    usual = store.currency if store.currency in customers else None
    known = {one.currency for one in valued if one and one.currency in customers}
    if usual and (usual in known or not known):
        return usual
    return max(known or set(customers), key=lambda name: (customers[str(name)], str(name)))


def counted_once(
    found: Sequence[Touched], worth: Callable[[Problem], Worth | None], currency: str | None = None
) -> list[Priced]:
    """The problems with their values, those in the currency first, each customer at risk in the first that has it of
    those with all their customers."""
    whole = [Priced(one, len(one.at_risk), one.beyond(), worth(one.problem)) for one in found]
    seen: frozenset[str] = frozenset()
    priced = []
    for one in sorted(whole, key=lambda one: one.rank(currency)):
        left = len(one.touched.at_risk - seen)
        priced.append(one._replace(counted=left, beyond=one.touched.beyond(seen)))
        seen |= one.touched.at_risk
    return sorted(priced, key=lambda one: one.rank(currency))


def worth_of(ltv: Result, place: str, problem: Problem) -> Worth | None:
    """The lifetime value of the customers of a problem's place, else of all; None where nothing tells it."""
    own = dict(problem.place).get(place)
    rows = [row for row in ltv.records() if row[ltv.keys[0].name] == own] if own and ltv.keys else []
    for record in (*(rows if len(rows) == 1 else ()), ltv.facts):
        value, customers = record.get("ltv"), record.get("customers")
        if value is None or not isinstance(customers, int):
            continue
        low, high = (record.get(f"ltv_{end}") for end in ("low", "high"))
        middle = float(str(value))
        known = (middle if end is None else float(str(end)) for end in (low, high))
        own_currency = record.get("currency", ltv.scope.currency)
        return Worth(Estimate(middle, *known), customers, str(own_currency) if own_currency is not None else None)
    return None


def notes_of_currencies(priced: Sequence[Priced], currencies: Sequence[str], currency: str | None) -> list[str]:
    """What is done where orders are in several currencies: each problem is valued in that of its place, none added."""
    if len(currencies) < 2:
        return []
    told = [f"orders are in {', '.join(currencies)}, which are never added"]
    if any(one.value for one in priced):
        told = [f"{told[0]}: the total is in {currency}, and problems are ranked currency by currency"]
    others = [one for one in priced if one.value and one.currency != currency]
    return told + [
        f"{one.touched.problem.name}, {in_words(one.touched.problem.place)}: in {one.currency}, not in the total"
        for one in others
    ]
