"""Reports: the results that an audience needs, for a period, under three sentences on what stands out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, Literal

from supportkit.findings import findings
from supportkit.metrics import METRICS
from supportkit.period import Period
from supportkit.result import Column, Result

Audience = Literal["manager", "head", "director"]
Compute = Callable[[str, Mapping[str, Any]], Result]


@dataclass(frozen=True)
class Section:
    """A metric with its options; `top` rows are shown, 0 shows none and serves the sentences only."""

    metric: str
    options: Mapping[str, Any]
    top: int = 12


@dataclass(frozen=True)
class Plan:
    """What an audience reads, and the grain of its period."""

    grain: Literal["day", "week", "month"]
    sections: tuple[Section, ...]

    def tables(self) -> tuple[str, ...]:
        """The tables that its metrics read."""
        return tuple(sorted({table for section in self.sections for table in METRICS[section.metric].tables}))


PLANS: Final[Mapping[Audience, Plan]] = {
    "manager": Plan("day", (Section("trends", {"by": "category"}, 5), Section("service", {"by": "channel"}))),
    "head": Plan(
        "week",
        (
            Section("trends", {"by": "category,country"}, 6),
            Section("trends", {"by": "category,language"}, 0),
            Section("funnel", {"by": "country"}, 0),
            Section("funnel", {"by": "country,plan"}, 0),
            Section("funnel", {}),
            Section("service", {"by": "channel"}),
            Section("csat", {"by": "channel"}),
            Section("nps", {}),
        ),
    ),
    "director": Plan(
        "month",
        (
            Section("trends", {"by": "category"}, 12),
            Section("funnel", {"by": "country"}, 0),
            Section("funnel", {}),
            Section("service", {"by": "channel"}),
            Section("nps", {"over": "month"}),
            Section("csat", {"by": "channel"}),
            Section("ltv", {"by": "country"}),
        ),
    ),
}


def report(audience: Audience, period: Period, compute: Compute) -> list[Result]:
    """The report: first its summary, then a result per section."""
    plan = PLANS[audience]
    results = [(section, compute(section.metric, section.options)) for section in plan.sections]
    said = findings([result for _, result in results])
    first = next((result for _, result in results), None)
    summary = Result(
        metric="report",
        title=f"Report for the {audience}, {period.name}",
        definition="what stands out, by rules over the figures below; no cause is claimed",
        columns=(Column("finding", "text", "What stands out"),),
        rows=tuple((one.text,) for one in said),
        notes=() if said else ("nothing stands out beyond what the past explains",),
        scope=first.scope if first else Result("report", "", "", (), ()).scope,
    )
    return [summary, *(_cut(section, result) for section, result in results if section.top)]


def _cut(section: Section, result: Result) -> Result:
    if len(result.rows) <= section.top:
        return result
    note = f"the first {section.top} of {len(result.rows)} rows; all of them: supportkit {result.metric}"
    by = section.options.get("by")
    note += f" --by {by}" if by else ""
    return replace(result, rows=result.rows[: section.top], notes=(*result.notes, note))
