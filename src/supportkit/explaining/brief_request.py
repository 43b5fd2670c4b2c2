"""What a brief is of, as it is asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import field

from supportkit.period import Period
from supportkit.system.frozen import dataclass


@dataclass(frozen=True)
class BriefRequest:
    """What a brief is of: the period, what a complaint and a place are, who owns what, and how a command is written."""

    period: Period
    by: str = "category"
    place: str = "country"
    owners: Mapping[str, str] = field(default_factory=dict)
    command: Callable[[Sequence[str]], str] = " ".join
    steps: str | None = None
    """The steps of the funnel, where the configuration's are not meant."""
    takes_steps: bool = False
    """Whether who asks can name them, so that it is said how where they are not known."""
    missing: Callable[[str, Period], str] = lambda metric, period: ""
    """Which days of a period are missing for a metric, in words."""

    @property
    def funnel_options(self) -> dict[str, str]:
        """The options of the funnel over those of the configuration."""
        return {"steps": self.steps} if self.steps else {}
