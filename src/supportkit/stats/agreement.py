"""How far two readers of the same agree: the share of equal judgements, and Krippendorff's alpha."""

from __future__ import annotations

from collections.abc import Sequence

Judged = Sequence[float]
"""What the readers say of one thing."""


def equal_share(things: Sequence[Judged]) -> float | None:
    """Of all pairs of judgements of one thing, those that are equal; None where nothing is judged twice."""
    pairs = [(a, b) for judged in things for place, a in enumerate(judged) for b in judged[place + 1 :]]
    return sum(a == b for a, b in pairs) / len(pairs) if pairs else None


def krippendorff_alpha(things: Sequence[Judged]) -> float | None:
    """Agreement beyond chance, 1 where all agree, 0 where it is chance, of judgements on an interval scale.

    Krippendorff 2004, 11.3: 1 less the observed over the expected squared difference. None where nothing is judged
    twice, or all judgements are the same.
    """
    twice = [judged for judged in things if len(judged) > 1]
    values = [value for judged in twice for value in judged]
    if len(values) < 2:
        return None
    observed = sum(sum((a - b) ** 2 for a in judged for b in judged) / (len(judged) - 1) for judged in twice) / len(
        values
    )
    mean = sum(values) / len(values)
    expected = 2 * sum((value - mean) ** 2 for value in values) / (len(values) - 1)
    return 1 - observed / expected if expected > 0 else None
