"""Answers of one customer are alike: of how many independent ones they are worth.

The intraclass correlation says how alike (by the analysis of variance, Fisher 1925): 1 less the variance within
customers over that of all answers. A sample whose customers gave m answers each is worth
n / (1 + (m - 1) x correlation) of them (Kish 1965); m weighs customers by their answers.
"""

from __future__ import annotations

from supportkit.system.named import NamedTuple


class Repeated(NamedTuple):
    """Answers of known customers: how many customers and answers, the sum of the squares of answers per customer, the
    sum of the answers' values and of their squares, and that of customers' (total squared / answers)."""

    customers: int
    answers: int
    answers_squared: float
    values: float
    values_squared: float
    between: float


def agreement(found: Repeated) -> float:
    """How alike the answers of one customer are, 0 to 1: 0 where nobody answered twice, 1 where all answers are the
    same, of which nobody can tell."""
    again = found.answers - found.customers
    if again <= 0:
        return 0.0
    spread = found.values_squared - found.values**2 / found.answers
    if spread <= 1e-9:
        return 1.0
    within = max(0.0, found.values_squared - found.between) / again
    return min(1.0, max(0.0, 1 - within / (spread / (found.answers - 1))))


def answers_per_customer(found: Repeated, unknown: int = 0) -> float:
    """How many answers the customer of a typical answer gave; `unknown` customers gave one each."""
    answers = found.answers + unknown
    return (found.answers_squared + unknown) / answers if answers else 1.0


def effective_share(per_customer: float, alike: float) -> float:
    """The share of the answers that counts as independent."""
    return 1 / (1 + (per_customer - 1) * alike)
