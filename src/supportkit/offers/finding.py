"""One sentence on what stands out, with what is needed to rank it and to go deeper."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Literal, Protocol, TypeGuard, TypeVar

from supportkit.render.language import Language
from supportkit.render.value_text import value_text
from supportkit.result import Value
from supportkit.system.frozen import dataclass

MINIMUM: Final = 30  # of a group of which something is said
NEAR: Final = 0.8  # of the largest weight: about as many customers

Role = Literal["changed", "where", "look"]


@dataclass(frozen=True)
class Finding:
    """One sentence; `weight` is how many customers it touches, `sharpness` how far they differ from the others.

    `place` is where to look, `group` the values that its subject is split by, if any, `origins` what most of it has in
    common, in words, where that was looked for, `command` the words that go deeper; one that `compares` with the past
    says nothing in a part period. What `lingers` goes on from before and is by itself what chance allows: it is told
    behind all else.
    """

    role: Role
    weight: float
    text: str
    subject: str
    place: str
    command: tuple[str, ...]
    sharpness: float = 0.0
    compares: bool = False
    group: str = ""
    origins: str = ""
    lingers: bool = False


class Weighed(Protocol):
    """What can be chosen by its weight and its sharpness."""

    @property
    def weight(self) -> float: ...
    @property
    def sharpness(self) -> float: ...
    @property
    def text(self) -> str: ...


W = TypeVar("W", bound=Weighed)


def sharpest(group: Sequence[W]) -> W:
    """The clearest among those that explain nearly as much as the largest; by the text where two are equally clear."""
    most = max(one.weight for one in group)
    near = [one for one in group if one.weight >= most - (1 - NEAR) * abs(most)]
    return min(near, key=lambda one: (-one.sharpness, one.text))


def is_number(value: Value) -> TypeGuard[int | float]:
    """Whether a value is a number."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def figure_text(value: Value, language: Language) -> str:
    """A count in words."""
    return value_text(value, "count", None, language)
