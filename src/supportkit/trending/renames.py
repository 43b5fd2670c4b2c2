"""Categories and tags that were renamed: the new name is measured with the past of the old one, and that is said."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from supportkit.period import Period
from supportkit.store import Store
from supportkit.system.frozen import dataclass
from supportkit.trending.equal_periods import Blocks

if TYPE_CHECKING:
    from supportkit.stats.series_grid import Grid

RECENT: Final = 8  # blocks
ORIGIN: Final = date(2000, 1, 3)

SQL_LIVES = """
select by_1, min(over_start) as first, max(over_start) as last, count(*) as tickets
  from tickets
 group by by_1
 order by by_1
"""
SQL_WORDS = """
with word as (
        select by_1, ticket_id,
               unnest(list_distinct(string_split_regex(lower(coalesce(subject, '') || ' ' || coalesce(body, '')),
                                                       '[^\\p{L}]+'))) as term
          from tickets)
select by_1, term, count(*) as tickets
  from word
 where length(term) >= 3
 group by by_1, term
 order by by_1, term
"""


@dataclass(frozen=True)
class Rename:
    """Series `old` (its index) goes on as `new` since a day."""

    old: int
    new: int
    since: date


def renames(store: Store, past: Period, by: str, grid: Grid, blocks: Blocks) -> tuple[Rename, ...]:
    """The renames of the last eight periods; texts must be alike where there are texts."""
    from supportkit.stats.rename_pairs import LEAST_ALIKE, SeriesLife, alike, rename_pairs
    from supportkit.stats.series_grid import folded

    if blocks.count < RECENT:
        return ()
    selection = store.select("tickets", period=past, by=by, over="day")
    numbers = {folded(key[0]): number for number, key in enumerate(grid.keys)}
    lives: dict[int, SeriesLife] = {}
    for name, first, last, tickets in store.rows(SQL_LIVES, selection):
        number = numbers.get(folded(name), -1)
        if number < 0:  # older than the periods that are looked at
            continue
        life = SeriesLife((first - ORIGIN).days, (last - ORIGIN).days, tickets, {})
        if number in lives:
            other = lives[number]
            first_day, last_day = min(life.first, other.first), max(life.last, other.last)
            life = SeriesLife(first_day, last_day, tickets + other.tickets, {})
        lives[number] = life
    order = sorted(lives)
    newest = (blocks.day(-RECENT) - ORIGIN).days
    pairs = rename_pairs([lives[n] for n in order], (blocks.day(1) - ORIGIN).days - 1, newest)
    if not pairs:
        return ()
    words: dict[int, Counter[str]] = defaultdict(Counter)
    for name, term, tickets in store.rows(SQL_WORDS, selection):
        words[numbers.get(folded(name), -1)][term] += tickets
    everywhere = Counter(term for each in words.values() for term in each)
    found: dict[int, tuple[float, int]] = {}
    for old, new in ((order[a], order[b]) for a, b in pairs):
        likeness = alike(words[old], words[new], everywhere, len(words)) if words else 1.0
        if likeness >= LEAST_ALIKE and likeness > found.get(new, (0.0, 0))[0]:
            found[new] = (likeness, old)
    return tuple(Rename(old, new, ORIGIN + timedelta(days=lives[new].first)) for new, (_, old) in sorted(found.items()))
