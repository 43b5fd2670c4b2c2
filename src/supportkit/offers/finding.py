"""One sentence on what stands out, with what is needed to rank it and to go deeper."""

from __future__ import annotations

from typing import Final, Literal, TypeGuard

from supportkit.render.language import Language
from supportkit.render.value_text import value_text
from supportkit.result import Value
from supportkit.system.frozen import dataclass

MINIMUM: Final = 30  # of a group of which something is said

Role = Literal["changed", "where", "look"]


@dataclass(frozen=True)
class Finding:
    """One sentence; `weight` is how many customers it touches, `sharpness` how far they differ from the others.

    `place` is where to look, `command` the words that go deeper; one that `compares` with the past says nothing in a
    part period.
    """

    role: Role
    weight: float
    text: str
    subject: str
    place: str
    command: tuple[str, ...]
    sharpness: float = 0.0
    compares: bool = False


def is_number(value: Value) -> TypeGuard[int | float]:
    """Whether a value is a number."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def figure_text(value: Value, language: Language) -> str:
    """A count in words."""
    return value_text(value, "count", None, language)
