"""METRICS, the list of what can be computed; a new metric adds one line."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from types import ModuleType
from typing import Any, Final

from supportkit.result import Column, Result

NAMES: Final = (
    "funnel",
    "ltv",
    "cohorts",
    "buyers",
    "service_value",
    "nps",
    "csat",
    "csi",
    "ces",
    "survey_quality",
    "service",
    "trends",
)


@dataclass(frozen=True)
class Metric:
    """A metric as the command line, reports and checks see it, read off its module."""

    name: str
    title: str
    definition: str
    source: str
    tables: tuple[str, ...]
    facts: tuple[Column, ...]
    compute: Callable[..., Result]
    module: ModuleType

    def queries(self) -> Mapping[str, str]:
        """The module's SQL constants by name."""
        return {
            name: text for name, text in vars(self.module).items() if name.isupper() and name.split("_")[0] == "SQL"
        }

    def leaves(self, *args: Any, **options: Any) -> Any:
        """The leaf table that `why` explains, where the metric has one."""
        return self.module.leaves(*args, **options)


def _read(module: ModuleType) -> Metric:
    word = module.__name__.rpartition(".")[2]
    return Metric(
        name=word.replace("_", "-"),
        title=module.TITLE,
        definition=(module.__doc__ or "").strip(),
        source=module.SOURCE,
        tables=module.TABLES,
        facts=module.FACTS,
        compute=getattr(module, word),
        module=module,
    )


METRICS: Mapping[str, Metric] = {
    metric.name: metric for metric in (_read(import_module(f"supportkit.{name}")) for name in NAMES)
}
