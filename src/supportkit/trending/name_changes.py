"""Categories and tags that were renamed, merged or split: measured with the past of all of them, and that is said."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from supportkit.period import Period
from supportkit.store import Selection, Store
from supportkit.system.frozen import dataclass
from supportkit.trending.equal_periods import Blocks

if TYPE_CHECKING:
    from supportkit.stats.outbreak import Array
    from supportkit.stats.relabelled import Alike, Lacking
    from supportkit.stats.series_grid import Grid

REACH: Final = 78  # blocks: what the judged half year remembers
TOLD: Final = 8  # blocks back that changes are told of
LEFT: Final = 0.1  # of all since: with more an old name is still in use; of all before: a new one was already

SQL_DAILY = """
select by_1, list(date_diff('day', cast($first as date), over_start) order by over_start) as days,
       list(tickets order by over_start) as tickets
  from (select by_1, over_start, count(*) as tickets
          from tickets
         where over_start >= cast($first as date)
         group by by_1, over_start)
 group by by_1
 order by by_1
"""
SQL_TEXTS = """
select count(*) as texts
  from tickets
 where subject <> '' or body <> ''
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
class NameChange:
    """Since a day the tickets of the names `old` go by the names `new`; `shares` are those of each since then."""

    place: int  # of the dimension in the keys
    old: tuple[str, ...]
    new: tuple[str, ...]
    since: date
    shares: tuple[tuple[str, float], ...]  # of each folded name, old and new, over all of them
    known: bool = False  # whether the new names were in use before
    lacks: Lacking | None = None  # where it is in doubt: what the old one lacks

    def sentence(self) -> str:
        """What is probably the case."""
        olds, news = (", ".join(each) for each in (self.old, self.new))
        if len(self.old) == len(self.new) == 1 and self.shares[0][1] <= LEFT and not self.known:
            return f"{news} is probably {olds}, renamed on {self.since}: measured with the past of both"
        if len(self.new) == 1 and self.shares[0][1] <= LEFT:
            verb = "is" if len(self.old) == 1 else "are"
            return f"{olds} {verb} probably merged into {news} on {self.since}: measured with the past of all"
        if len(self.old) == 1 and self.shares[0][1] > LEFT:
            return f"{news} is probably split off from {olds} on {self.since}: each measured with its share of the past"
        if len(self.old) == 1:
            return f"{olds} is probably split into {news} on {self.since}: each measured with its share of the past"
        return f"{olds} probably became {news} on {self.since}: each measured with its share of the past"


def name_changes(store: Store, past: Period, by: Sequence[str], blocks: Blocks) -> tuple[NameChange, ...]:
    """The changes of names that the judged periods still feel, the earliest first, by each dimension; in doubt, too.

    Texts must be alike where there are texts.
    """
    found: list[NameChange] = []
    for place, name in enumerate(by):
        found += _changes(store, past, place, name, blocks)
    return tuple(sorted(found, key=lambda one: (one.since, one.place, one.old)))


def as_if_always(counts: Array, grid: Grid, changes: Sequence[NameChange], blocks: Blocks) -> Array:
    """The counts (series, blocks) as if the names of today had been in use before: a share each of what all had."""
    from supportkit.stats.series_grid import folded

    counts = counts.copy()
    keys = [tuple(folded(part) for part in key) for key in grid.keys]
    for change in changes:
        shares = dict(change.shares)
        alike: dict[tuple[str, ...], list[int]] = defaultdict(list)
        for number, key in enumerate(keys):
            if key[change.place] in shares:
                alike[key[: change.place] + key[change.place + 1 :]].append(number)
        until = blocks.index(change.since) + 1
        for numbers in alike.values():
            part = [shares[keys[number][change.place]] for number in numbers]
            if sum(part) <= 0:  # none of today's names is there
                continue
            counts[numbers, :until] = [[each / sum(part)] for each in part] * counts[numbers, :until].sum(0)
    return counts


def _changes(store: Store, past: Period, place: int, name: str, blocks: Blocks) -> list[NameChange]:
    import numpy as np

    from supportkit.stats.days_of_change import REACH as DAYS
    from supportkit.stats.days_of_change import days_of_change
    from supportkit.stats.relabelled import relabelled
    from supportkit.stats.series_grid import folded

    newest = blocks.day(-min(REACH, blocks.count - 1))
    first = newest - timedelta(days=DAYS)
    selection = store.select("tickets", period=past, by=name, over="day")
    spelt: dict[str, Counter[str]] = defaultdict(Counter)
    rows = store.rows(SQL_DAILY, selection, first=first)
    names = sorted({folded(each) for each, _, _ in rows})
    numbers = {each: number for number, each in enumerate(names)}
    daily = np.zeros((len(names), (blocks.end - first).days), np.int32)
    for each, days, tickets in rows:
        daily[numbers[folded(each)], days] += tickets
        spelt[folded(each)][each] += sum(tickets)
    there = np.flatnonzero(daily.sum(0) > 0)
    if not len(there):
        return []
    begin, end = int(there[0]), int(there[-1]) + 1
    daily, oldest = daily[:, begin:end], (newest - first).days - begin
    if not (on := days_of_change(daily, oldest)):
        return []
    written = written_under(store, selection, names)
    found = []
    alike, is_part = written.judges(names) if written else (None, None)
    for one in relabelled(daily, oldest, alike, is_part, on):
        since = daily[list(one.members), one.day :].sum(1)
        shares = {names[number]: float(count / since.sum()) for number, count in zip(one.members, since, strict=True)}
        old, new = (tuple(spelt[names[n]].most_common(1)[0][0] for n in part) for part in (one.old, one.new))
        until, new_until = (float(daily[list(ones), : one.day].sum()) for ones in (one.members, one.new))
        on_day = first + timedelta(days=begin + one.day)
        known = new_until > LEFT * until
        found.append(NameChange(place, old, new, on_day, tuple(shares.items()), known, one.lacks))
    return found


@dataclass(frozen=True)
class Written:
    """What is written under names: in how many texts of each a word is, and in how many of all."""

    words: Mapping[str, Counter[str]]
    everywhere: Counter[str]

    def judges(self, names: Sequence[str]) -> tuple[Alike, Alike]:
        """Whether what is written under some of the names is like that under others, and whether it may be a part."""
        from supportkit.stats.same_words import alike, is_part

        def of(numbers: Sequence[int]) -> Counter[str]:
            whole: Counter[str] = Counter()
            for number in numbers:
                whole.update(self.words.get(names[number], {}))
            return whole

        return (
            lambda olds, news: alike(of(olds), of(news), self.everywhere),
            lambda part, whole: is_part(of(part), of(whole), self.everywhere),
        )


def written_under(store: Store, selection: Selection, names: Sequence[str]) -> Written | None:
    """What is written under these names; None without texts, or where words do not tell the names from each other."""
    from supportkit.stats.same_words import tell_names_apart
    from supportkit.stats.series_grid import folded

    if not store.rows(SQL_TEXTS, selection)[0][0]:
        return None
    words: dict[str, Counter[str]] = {name: Counter() for name in names}
    everywhere: Counter[str] = Counter()
    for each, term, tickets in store.rows(SQL_WORDS, selection):
        if folded(each) in words:
            words[folded(each)][term] += tickets
            everywhere[term] += tickets
    return Written(words, everywhere) if tell_names_apart(words.values(), everywhere) else None


def told(changes: Sequence[NameChange], blocks: Blocks) -> list[str]:
    """The recent changes in words."""
    return [one.sentence() for one in changes if blocks.number(one.since) > -TOLD]
