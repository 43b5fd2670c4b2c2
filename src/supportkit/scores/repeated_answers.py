"""Customers who answer more than once: of how many independent answers each figure is made."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from math import ceil
from typing import Final

from supportkit.scores.answers import WHOLE, GroupKey, ScoreQuery, Sums, number_of, tickets_like
from supportkit.stats.repeated_measures import Repeated, agreement, answers_per_customer, effective_share
from supportkit.store import Selection
from supportkit.system.named import NamedTuple

MOST: Final = 200_000
"""Answers of so many customers are looked at; of more answers a part of the customers is taken."""
TOLD: Final = 0.98  # the share of answers that count as independent, below which it is said

_READ_ONCE: Final = re.compile(r"\b(answer|behind) as (?:materialized )?\(")
"""Parts of a query for answers that are read once here, and of which few columns are wanted."""

_PERSONS: Final = """,
     answered as not materialized (
    select by_1, by_2, over_start, customer_id, cast({value} as decimal(12, 6)) as value
      from behind),
     person as (
    select {dimensions}, count(*) as answers,
           cast(sum(value) as decimal(24, 6)) as total, sum(cast(value * value as decimal(24, 9))) as squares
      from answered
     where customer_id is not null
     group by {groups})
select is_total, by_1, by_2, over_start, count(*) as customers, sum(answers) as answers,
       sum(answers * answers) as answers_squared, sum(total) as values, sum(squares) as values_squared,
       sum(cast(cast(total as double) * cast(total as double) / answers as decimal(38, 9))) as between_customers
  from person
 group by is_total, by_1, by_2, over_start
 order by is_total desc, by_1, by_2, over_start
"""

_SAMPLE: Final = "customer_id is null or $every = 1 or hash(customer_id) % cast($every as ubigint) = 0"

_GROUPED: Final = {
    "dimensions": "grouping(by_1, by_2, over_start) <> 0 as is_total, by_1, by_2, over_start",
    "groups": "grouping sets ((customer_id), (by_1, by_2, over_start, customer_id))",
}
_ALONE: Final = {
    "dimensions": "true as is_total, cast(null as varchar) as by_1, cast(null as varchar) as by_2, "
    "cast(null as date) as over_start",
    "groups": "customer_id",
}
"""Without dimensions the whole is the one group: to count it twice takes half as long again."""


class PersonRow(NamedTuple):
    """The known customers of a group, or of all, and their answers: a row of the query."""

    is_total: bool
    by_1: str | None
    by_2: str | None
    over_start: date | None
    customers: int
    answers: int
    answers_squared: float
    values: float
    values_squared: float
    between_customers: float

    @property
    def key(self) -> GroupKey:
        """The group."""
        return WHOLE if self.is_total else GroupKey(self.by_1, self.by_2, self.over_start)

    @property
    def repeated(self) -> Repeated:
        """What the effective number of answers is made of."""
        return Repeated(
            self.customers,
            self.answers,
            float(self.answers_squared),
            float(self.values),
            float(self.values_squared),
            float(self.between_customers),
        )


class RepeatedAnswers(NamedTuple):
    """How alike the answers of one customer are, and of which share of the answers each group is really made."""

    alike: float = 0.0
    shares: Mapping[GroupKey, float] = {}
    said: str = ""

    def effective(self, key: GroupKey, sums: Sums) -> Sums:
        """The sums of a group as those of independent answers: the same means, over fewer of them."""
        share = self.share(key)
        return sums if share == 1 else tuple(share * value for value in sums)

    def share(self, key: GroupKey) -> float:
        """The share of a group's answers that counts as independent; of a group that is not known, that of all."""
        return self.shares.get(key, self.shares.get(WHOLE, 1.0))


def repeated_answers(query: ScoreQuery, selection: Selection, answers: float) -> RepeatedAnswers:
    """Who answered more than once in a selection, and how alike; nobody, where no customer is known."""
    if query.behind is None or answers < 2:
        return RepeatedAnswers()
    read = [selection, *([tickets_like(query.store, selection)] if query.beside else [])]
    every = ceil(answers / MOST)
    grouped = _GROUPED if selection.columns else _ALONE
    persons = _PERSONS.format(value=query.behind.value, **grouped)
    sql = _READ_ONCE.sub(r"\1 as not materialized (", query.behind.sql) + persons
    rows = query.store.records(PersonRow, sql, *map(_sampled, read), every=every, **query.behind.parameters)
    whole = next((row.repeated for row in rows if row.is_total), None)
    if whole is None or whole.answers == whole.customers:
        return RepeatedAnswers()
    alike = agreement(whole)
    unknown = max(0, round(answers / every) - whole.answers)
    shares = {row.key: effective_share(answers_per_customer(row.repeated), alike) for row in rows}
    shares[WHOLE] = effective_share(answers_per_customer(whole, unknown), alike)
    said = ""
    if shares[WHOLE] < TOLD:
        customers = number_of(every * whole.customers + unknown, "customer")
        told = f"{number_of(round(answers), 'answer')} come from {customers}"
        said = (
            f"{told}, and those of one customer agree by {alike:.2f}: intervals and tests count them as "
            f"{answers * shares[WHOLE]:,.0f}"
        )
    return RepeatedAnswers(alike, shares, said)


def _sampled(selection: Selection) -> Selection:
    """The rows of one in `$every` customers; taken out of what is read, for DuckDB would first make a respondent of
    each one's rows and then ask whose they are."""
    return replace(selection, sql=f"select * from ({selection.sql}) where {_SAMPLE}")
