"""The days that are there of a report's period, where it is not over or its data ends before it does."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from supportkit.metrics import METRICS
from supportkit.period import Period, local_day
from supportkit.reports.audiences import AudiencePlan
from supportkit.reports.report_request import ReportRequest
from supportkit.store import Store
from supportkit.store.reach import is_part


def of_days_there(store: Store, plan: AudiencePlan, asked: ReportRequest, now: datetime) -> ReportRequest:
    """The report of those days of a part period that are there whole, so that all on it can be compared with as many
    before; as asked for where the period is whole, open, or no day of it is over."""
    period, whole = asked.period, store.unfiltered
    if period.start is None or period.end is None:
        return asked
    tables = (METRICS[section.metric].tables[0] for section in plan.sections)
    reached = ((table, whole.latest(table)) for table in dict.fromkeys(tables))
    table, through = next((one for one in reached if one[1] is not None), ("", None))
    if through is None or not (asked.running or is_part(store, table, period, through)):
        return asked
    today = local_day(now + timedelta(microseconds=1), store.zone)  # --as-of a day is the last instant of it
    end = min(local_day(through, store.zone) + timedelta(days=1), today)
    if not period.start < end < period.end:
        return asked
    days = Period(f"{period.start}..{end}", period.start, end)
    return replace(asked, period=days, running=False, part_of=period)
