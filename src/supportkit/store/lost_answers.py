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
     where {inside}
     group by all)
select kind, word, cast(sum(answers) as bigint) as answers
  from lost
 group by kind, word
 order by answers desc, word, kind
"""
"""Of answers that several exports of one vendor have, the larger number counts, as of rows that are there."""


def lost_answers(store: Store, period: Period, answers: int, kind: str | None = None) -> Unknown | None:
    """The answers of a kind, or of any, that were lost in a period, beside those there are; None where none was."""
    if not store.has_rows("lost_answers", "true"):
        return None
    sides = {"start": (">=", period.start), "end": ("<", period.end)}
    given = {side: midnight(day, store.zone) for side, (_, day) in sides.items() if day is not None}
    inside = " and ".join(f"answered_at {sides[side][0]} cast(${side} as timestamptz)" for side in given)
    sql = SQL.format(inside=inside or "true")
    rows = store.engine.rows(sql, given) if given else store.fixed(sql)
    lost: dict[str, int] = {}
    for of, word, number in rows:
        if kind in (None, of):
            lost[word] = lost.get(word, 0) + number
    if not lost:
        return None
    nothing = Decimal()
    parts = [
        Part((), word, None, number, nothing)
        for word, number in sorted(lost.items(), key=lambda one: (-one[1], one[0]))
    ]
    return Unknown(SCORE, [*parts, Part((), None, None, answers, nothing)], f"{kind} answers" if kind else "answers")
