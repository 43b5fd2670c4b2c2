"""The ends of the intervals of first reply and resolution: the durations at two places of the order of all.

Which places is told by how many durations there are (stats/quantile_interval), which is counted before; the durations
are put in order for the whole and, in the same query, for its groups.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from typing import Any, Final

from supportkit.desk.service_counts import MICROSECONDS, ServiceCounts
from supportkit.result import figure, interval_names
from supportkit.stats.quantile_interval import quantile_places
from supportkit.system.named import NamedTuple

QUANTILES: Final = {"p50": 0.5, "p90": 0.9}
SPANS: Final = ("first_reply", "resolution")
N: Final = {"first_reply": "replied", "resolution": "solved"}
ENDS: Final = tuple(
    figure(name, "duration", f"{span.replace('_', ' ')} {quantile} {side}", n=N[span], better="down", aside=True)
    for span, quantile in product(SPANS, QUANTILES)
    for side, name in zip(("low", "high"), interval_names(f"{span}_{quantile}_s"), strict=True)
)
"""The columns of the ends, each pair after the other."""
NOT_ASKED: Final = "it is told with --interval, of six durations on (of 36 for the ninth decile)"


class WantedPlace(NamedTuple):
    """A place in the order of the durations of a group: which span, which end of the interval of which quantile."""

    group: int
    span: str
    end: str
    place: int


def ends_query(keys: Sequence[str]) -> str:
    """The durations at the places asked for in $ends_groups, $ends_spans, $ends_names and $ends_places, over the CTE
    `verdict`. A group is a number: its keys are there in $ends_by_1, $ends_by_2 and
    $ends_over_start; 0 is the whole."""
    lists = {"by_1": "varchar", "by_2": "varchar", "over_start": "date"}
    known = ", ".join(f"unnest(cast($ends_{name} as {lists[name]}[])) as {name}" for name in keys)
    on = " and ".join(f"verdict.{name} is not distinct from known.{name}" for name in keys)
    groups = (
        f"""
     known as (select {known}, unnest(range(1, len(cast($ends_{keys[0]} as varchar[])) + 1)) as number),
     """
        if keys
        else ""
    )
    grouped = (
        f"""
         union all
        select number, reply_us, resolved_us
          from verdict
          join known on {on}
         where not impossible"""
        if keys
        else ""
    )
    return f""",{groups}
     member as materialized (
        select 0 as number, reply_us, resolved_us
          from verdict
         where not impossible{grouped}),
     lasting as (
        select number, 'first_reply' as span, reply_us as lasted_us from member where reply_us is not null
         union all
        select number, 'resolution', resolved_us from member where resolved_us is not null),
     ordered as (
        select number, span, lasted_us, row_number() over (partition by number, span order by lasted_us) as place
          from lasting),
     wanted as (
        select unnest(cast($ends_groups as bigint[])) as number, unnest(cast($ends_spans as varchar[])) as span,
               unnest(cast($ends_names as varchar[])) as name, unnest(cast($ends_places as bigint[])) as place)
select number, name, lasted_us
  from wanted
  join ordered using (number, span, place)
 order by number, name
"""


def wanted_places(counts: Sequence[ServiceCounts], spans: Sequence[str]) -> list[WantedPlace]:
    """The places of the whole, which is first, and of its groups; none where there are too few durations."""
    found = []
    for (group, one), span, (quantile, share) in product(enumerate(counts), spans, QUANTILES.items()):
        places = quantile_places(getattr(one, N[span]), share)
        names = interval_names(f"{span}_{quantile}_s")
        found += [WantedPlace(group, span, name, place) for name, place in zip(names, places or (), strict=False)]
    return found


def ends_parameters(
    keys: Sequence[str], counts: Sequence[ServiceCounts], spans: Sequence[str] = SPANS
) -> dict[str, Any]:
    """The parameters of `ends_query`."""
    wanted = wanted_places(counts, spans)
    columns = [list(column) for column in zip(*wanted, strict=True)] or [[], [], [], []]
    groups = {f"ends_{name}": [getattr(one, name) for one in counts[1:]] for name in keys}
    return groups | dict(zip(("ends_groups", "ends_spans", "ends_names", "ends_places"), columns, strict=True))


def with_ends(counts: Sequence[ServiceCounts], rows: Sequence[tuple[int, str, float]]) -> list[ServiceCounts]:
    """The counts of the whole and of its groups with their ends, in seconds and in the order of `ENDS`."""
    known = {(number, name): lasted_us / MICROSECONDS for number, name, lasted_us in rows}
    return [
        one._replace(ends=tuple(known.get((number, column.name)) for column in ENDS))
        for number, one in enumerate(counts)
    ]
