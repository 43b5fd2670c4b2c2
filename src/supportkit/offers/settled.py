"""What a metric may offer for checks: a figure by what no later event can change."""

from __future__ import annotations

from collections.abc import Mapping

from supportkit.result import Value
from supportkit.system.named import NamedTuple


class Settled(NamedTuple):
    """A row or the facts of a result, its figure over those alone of whom everything is known.

    `pending` says why there is no such figure yet, and `reach`, where that is known, by how much it can still become
    less and more; `note` what the figure is of, or what is to be known of it. `at_once` is one that rests on nothing
    that comes later.
    """

    record: Mapping[str, Value]
    pending: str = ""
    note: str = ""
    reach: tuple[float, float] | None = None
    at_once: bool = False
