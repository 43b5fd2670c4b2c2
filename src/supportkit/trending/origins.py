"""Where a rise comes from: the countries, channels, couriers … that hold most of the tickets too many.

Only series that already stand out are looked into, so that the search adds no false alarm of its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from supportkit.period import Period
from supportkit.result import percent
from supportkit.store import Store
from supportkit.system.late_patterns import late
from supportkit.trending.equal_periods import Blocks
from supportkit.trending.spellings import SPELT_ALIKE, spelt_alike

if TYPE_CHECKING:
    from supportkit.stats.outbreak import Array, Mask

COLUMNS: Final = ("country", "channel", "language", "product")
MOST_PROPERTIES: Final = 8
MOST_PARTS: Final = 500
LEAST_SHARE: Final = 0.25
LEAST_LIFT: Final = 0.10  # above the part's share of what was expected
SHOWN: Final = 3
A_DAY: Final = late(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}\b")
"""What is a time and no place: an export may have several columns of them."""

SQL_PLACES = f"""
with dated as (
        select by_1, by_2, over_start, coalesce(customer_id, source || ' ' || ticket_id) as writer,
               cast(floor(coalesce(date_diff('month', cast($start as date), over_start) / nullif($months, 0),
                                   date_diff('day', cast($start as date), over_start) / nullif($stride, 0))) as integer)
               as block
          from tickets
         where list_contains(cast($parents as varchar[]), {SPELT_ALIKE})),
     counted as (
        select by_1, by_2, block, count(*) as tickets, count(distinct writer) as writers
          from dated
         where block > -$blocks and date_diff('day', cast($start as date), over_start) - block * $stride < $days
         group by by_1, by_2, block)
select by_1, by_2, list(block order by block) as blocks, list(tickets order by block) as tickets,
       list(writers order by block) as writers
  from counted
 group by by_1, by_2
 order by by_1, by_2
"""


def origins(
    store: Store, past: Period, by: str, rises: Mapping[str, tuple[int, Array]], blocks: Blocks, usable: Mask
) -> dict[str, str]:
    """The parts that the rise of each series comes from, in words: `94 % country DE`; given its onset and exposure."""
    import numpy as np

    from supportkit.stats.excess_parts import parts
    from supportkit.stats.outbreak import q_values
    from supportkit.stats.series_grid import Grid, folded

    found: dict[str, list[tuple[float, str]]] = {name: [] for name in rises}
    names = [name for name in (*COLUMNS, *sorted(store.properties("tickets"))[:MOST_PROPERTIES]) if name != by]
    for dimension in names:
        if "," in dimension:
            continue
        selection = store.select("tickets", period=past, by=f"{by},{dimension}", over="day")
        parents = [spelt_alike(name) for name in rises]
        rows = store.rows(SQL_PLACES, selection, parents=parents, **blocks.parameters)
        grid = Grid.of(rows, 2, blocks.count)
        told = []
        for name, (onset, exposure) in rises.items():
            own = [n for n, key in enumerate(grid.keys) if folded(key[0]) == folded(name)]
            if not 2 <= len(own) <= MOST_PARTS:
                continue
            split = parts(grid.writers[own], exposure, onset, usable)
            best = int(np.argmax(split.share))
            told.append((name, grid.keys[own[best]][1], split, best))
        for (name, part, split, best), q in zip(
            told, q_values(np.array([float(s.p[b]) * len(s.p) for _, _, s, b in told])), strict=True
        ):
            lift = float(split.share[best] - split.expected_share[best])
            clear = q <= 0.1 and split.share[best] >= LEAST_SHARE and lift >= LEAST_LIFT
            if clear and part != "(none)" and not A_DAY.match(part):
                found[name].append((-lift, f"{percent(split.share[best])} {dimension} {part}"))
    return {name: ", ".join(text for _, text in sorted(each)[:SHOWN]) for name, each in found.items() if each}
