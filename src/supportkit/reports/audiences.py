"""What each audience reads: sections, grain and options; own audiences are written in supportkit.toml."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import Any, Final, Literal

from supportkit.errors import UsageError, unknown
from supportkit.metrics import METRICS
from supportkit.period import Period
from supportkit.request import metric_parameters
from supportkit.result import Chart, Result
from supportkit.system.frozen import dataclass
from supportkit.trending.findings import is_of_days

Grain = Literal["day", "week", "month"]
TRENDS: Final = ("tickets", "tickets_before", "expected", "ratio", "since", "event", "state")
OF_SEVEN_DAYS: Final = ("window_tickets", "window_expected", "window_ratio", "since", "event", "state")
"""The same where rises are told and drawn by several periods together, or by the seven days that a day ends."""
FUNNEL: Final = ("step", "users", "conversion", "conversion_low", "conversion_high", "dropped", "drop_share")
DROPS: Final = ("country", "step", "users", "dropped", "drop_share", "drop_difference", "drop_difference_low",
                "drop_difference_high")  # fmt: skip
SCORES: Final = ("low", "high", "answers", "difference", "difference_low", "difference_high")
WORTH: Final = (
    "country",
    "currency",
    "ltv",
    "ltv_low",
    "ltv_high",
    "aov",
    "repeat_rate",
    "lifetime_months",
    "customers",
    "orders",
)
SERVICE: Final = ("channel", "tickets", "unanswered", "first_reply_p50_s", "first_reply_p90_s", "resolution_p50_s",
                  "resolution_p90_s", "sla_met")  # fmt: skip


@dataclass(frozen=True)
class ReportSection:
    """A metric with its options; `top` rows are shown, 0 shows none and serves the sentences only."""

    metric: str
    options: Mapping[str, Any] = field(default_factory=dict)
    top: int = 12
    columns: tuple[str, ...] = ()
    chart: Chart | None = None
    past: bool = False  # all data up to the period's end, not the period alone
    having: str | None = None  # only rows with a figure in this column
    folds: bool = False  # a page shows the whole table, folded
    if_told: bool = False  # it is there only where a sentence at the head rests on it

    def span(self, period: Period) -> Period:
        """What its figures are of in a report of a period: that, or all data up to its end."""
        return period.history() if self.is_history else period

    def columns_of(self, result: Result) -> tuple[str, ...]:
        """The columns of its table: of what its picture draws, where that is no figure of the period alone, and nothing
        that it is not compared with."""
        drawn = result.chart.y if result.chart else ""
        if drawn in OF_SEVEN_DAYS and self.columns[-len(TRENDS) :] == TRENDS:
            window = () if is_of_days(result) else ("window",)
            return (*self.columns[: -len(TRENDS)], *window, *OF_SEVEN_DAYS)
        if result.chart and result.chart.kind == "change" and result.chart.before is None:
            return tuple(name for name in self.columns if name != "tickets_before")
        return self.columns

    @property
    def split(self) -> tuple[str, ...]:
        """The columns that it is split by."""
        return tuple(name for name in str(self.options.get("by") or "").split(",") if name)

    @property
    def is_over_time(self) -> bool:
        """Whether its rows are periods."""
        return bool(self.options.get("over") or self.options.get("past"))

    @property
    def is_history(self) -> bool:
        """Whether it is of all data up to the period's end: as asked for, or as a life is by nature."""
        return self.past or METRICS[self.metric].cut == "life"


@dataclass(frozen=True)
class AudiencePlan:
    """What an audience reads, and the grain of its period."""

    grain: Grain
    sections: tuple[ReportSection, ...]
    brief: bool = False
    """It is headed by what is at risk."""

    def tables(self) -> tuple[str, ...]:
        """The tables that its metrics read."""
        names = (*(section.metric for section in self.sections), *(("trends", "funnel", "ltv") if self.brief else ()))
        return tuple(sorted({table for name in names for table in METRICS[name].tables}))


def _trends(by: str, top: int, *, if_told: bool = False) -> ReportSection:
    return ReportSection("trends", {"by": by}, top, (*by.split(","), *TRENDS), if_told=if_told)


def _score(name: str, by: str) -> ReportSection:
    return ReportSection(name, {"by": by}, 8, (by, name, *(f"{name}_{end}" for end in SCORES[:2]), *SCORES[2:]))


def _service(by: str = "channel") -> ReportSection:
    return ReportSection("service", {"by": by}, 12, (by, *SERVICE[1:]), Chart("bar", by, "sla_met"))


def _history(name: str, over: Grain) -> ReportSection:
    columns = ("period", name, f"{name}_low", f"{name}_high", *SCORES[2:])
    return ReportSection(name, {"over": over}, 13, columns, past=True, folds=True)


FUNNELS: Final = (
    ReportSection("funnel", {"by": "country"}, 12, DROPS, having="at_risk", folds=True),
    ReportSection("funnel", {}, 12, FUNNEL),
)
OWN: Final = ("grain", "sections", "brief")
"""What may be said of an own audience."""
WEEKS: Final = ReportSection(
    "trends",
    {"by": "category", "past": True},
    8,
    ("category", "period", "tickets", "expected", "expected_low", "expected_high"),
    folds=True,
)
PLANS: Final[Mapping[str, AudiencePlan]] = {
    "manager": AudiencePlan("day", (_trends("category", 5), _service(), ReportSection("contacts", {}, 24, folds=True))),
    "head": AudiencePlan(
        "week",
        (
            _trends("category,language", 6, if_told=True),
            _trends("category,country", 6),
            WEEKS,
            *FUNNELS,
            _service(),
            ReportSection("contacts", {}, 6, folds=True),
            _score("csat", "channel"),
            _history("nps", "month"),
        ),
    ),
    "director": AudiencePlan(
        "month",
        (
            _trends("category,country", 6),
            _trends("category", 12),
            WEEKS,
            *FUNNELS,
            _service(),
            ReportSection("contacts", {}, 6, folds=True),
            _history("nps", "month"),
            _history("csat", "month"),
            ReportSection("ltv", {"by": "country"}, 12, WORTH),
            ReportSection("cohorts", {}, 12, folds=True),
            ReportSection("survey-quality", {}, 8, ("check", "slice", "says"), having="flag"),
        ),
        brief=True,
    ),
}


def plan_of(audience: str, own: Mapping[str, Mapping[str, Any]]) -> AudiencePlan:
    """The plan of an audience: [report.<name>] of the configuration, else one of ours. Raises UsageError."""
    if audience in own:
        return _own(audience, own[audience])
    if audience not in PLANS:
        raise unknown("audience", audience, (*PLANS, *own))
    return PLANS[audience]


def _own(name: str, written: Mapping[str, Any]) -> AudiencePlan:
    """A plan from [report.<name>]: grain and sections, each a metric's name or a table with its options."""
    where = f"[report.{name}]"
    for key in written:
        if key not in OWN:
            raise unknown(f"key in {where}", key, OWN)
    grain = written.get("grain", "week")
    if grain not in ("day", "week", "month"):
        raise unknown(f"grain in {where}", str(grain), ("day", "week", "month"))
    sections = written.get("sections")
    if not isinstance(sections, list) or not sections:
        raise UsageError(f"{where} has no sections", hint='sections = ["trends", { metric = "nps", by = "channel" }]')
    brief = written.get("brief", False)
    if not isinstance(brief, bool):
        raise UsageError(f"{where}: brief is true or false", hint="brief = true: headed by what is at risk")
    return AudiencePlan(grain, tuple(_own_section(where, one) for one in sections), brief)


def _own_section(where: str, written: Any) -> ReportSection:
    entry = {"metric": written} if isinstance(written, str) else written
    if not isinstance(entry, dict) or not isinstance(entry.get("metric"), str):
        raise UsageError(f"{where}: a section needs its metric", hint='{ metric = "nps", by = "channel" }')
    options = dict(entry)
    metric, top, past = options.pop("metric"), options.pop("top", 12), options.pop("past", False)
    columns = options.pop("columns", [])
    if metric not in METRICS:
        raise unknown(f"metric in {where}", metric, METRICS)
    if not isinstance(top, int) or isinstance(top, bool) or top < 0:
        raise UsageError(f"{where}: top of {metric} is no number of rows", hint="top = 12; 0 shows no section")
    if not isinstance(past, bool):
        raise UsageError(f"{where}: past of {metric} is true or false", hint="past = true: all data up to the end")
    if not isinstance(columns, list) or not all(isinstance(one, str) for one in columns):
        raise UsageError(f"{where}: columns of {metric} is a list of names", hint='columns = ["country", "ltv"]')
    known = [name for name in metric_parameters(METRICS[metric]) if name != "period"]
    for name in options:
        if name.replace("-", "_") not in known:
            raise unknown(f"option of {metric} in {where}", name, (*known, "top", "columns", "past"))
    return ReportSection(metric, options, top, tuple(columns), past=past)
