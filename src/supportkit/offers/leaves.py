"""What a metric hands over beside its result: the leaves of a share for `why`, and who was lost there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Literal

from supportkit.result import Scope
from supportkit.system.frozen import dataclass
from supportkit.system.named import NamedTuple


@dataclass(frozen=True)
class ShareByLeaf:
    """Cases and successes by leaf: the share is all successes over all cases."""

    what: str
    """What a success is, in words: "users at payment who reached paid"."""
    dimensions: tuple[str, ...]
    leaves: Mapping[tuple[str, ...], tuple[int, int]]
    """One value for each dimension -> (cases, successes)."""
    scope: Scope
    better: Literal["up", "down"] = "up"
    notes: tuple[str, ...] = ()
    worth: float = 1.0
    """Of how many independent cases each is worth: answers of one customer are alike."""

    @property
    def cases(self) -> int:
        return sum(cases for cases, _ in self.leaves.values())

    @property
    def successes(self) -> int:
        return sum(successes for _, successes in self.leaves.values())

    def only(self, values: Mapping[str, str]) -> ShareByLeaf:
        """The leaves that have these values; the dimensions stay."""
        places = {self.dimensions.index(name): value for name, value in values.items()}
        kept = {
            leaf: counts
            for leaf, counts in self.leaves.items()
            if all(leaf[place] == value for place, value in places.items())
        }
        return replace(self, leaves=kept)

    def without(self, values: Mapping[str, str]) -> ShareByLeaf:
        """The other leaves."""
        inside = self.only(values).leaves
        return replace(self, leaves={leaf: counts for leaf, counts in self.leaves.items() if leaf not in inside})

    def along(self, dimensions: tuple[str, ...]) -> ShareByLeaf:
        """The same share by fewer dimensions."""
        places = [self.dimensions.index(name) for name in dimensions]
        found: dict[tuple[str, ...], tuple[int, int]] = {}
        for leaf, (cases, successes) in self.leaves.items():
            key = tuple(leaf[place] for place in places)
            n, x = found.get(key, (0, 0))
            found[key] = (n + cases, x + successes)
        return replace(self, dimensions=dimensions, leaves=found)


class Lost(NamedTuple):
    """One who did not come to the next step: who, when that was, and what the dimensions were there."""

    name: str
    at: datetime
    values: tuple[str, ...]
