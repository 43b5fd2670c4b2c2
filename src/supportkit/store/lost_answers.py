"""Answers that were rejected because nobody knows the score of their words: how many a figure lacks, and which."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Final

from supportkit.period import midnight
from supportkit.store.deciding import SCORE
from supportkit.store.unknown_words import Part, Unknown

if TYPE_CHECKING:
    from supportkit.period import Period
    from supportkit.store.store import Store

SQL: Final = """
with lost as (
    select source, kind, word, answered_at, max(answers) as answers
      from main.lost_answers
      join main.loads using (load_id)
     where kind = coalesce($kind, kind)
       and ($start is null or answered_at >= cast($start as timestamptz))
       and ($end is null or answered_at < cast($end as timestamptz))
     group by all)
select word, cast(sum(answers) as bigint) as answers
  from lost
 group by word
 order by answers desc, word
"""
"""Of answers that several exports of one vendor have, the larger number counts, as of rows that are there."""


def lost_answers(store: Store, period: Period, answers: int, kind: str | None = None) -> Unknown | None:
    """The answers of a kind, or of any, that were lost in a period, beside those there are; None where none was."""
    if not store.has_rows("lost_answers", "true"):
        return None
    start, end = (None if day is None else midnight(day, store.zone) for day in (period.start, period.end))
    lost = store.engine.rows(SQL, {"kind": kind, "start": start, "end": end})
    if not lost:
        return None
    nothing = Decimal()
    parts = [Part((), word, None, number, nothing) for word, number in lost]
    return Unknown(SCORE, [*parts, Part((), None, None, answers, nothing)], f"{kind} answers" if kind else "answers")
