"""Known issues: confirmed problems, how many tickets each still brings, and whether it came back.

A ticket belongs to an issue when it holds all the words (stems) of any one of the issue's terms. A closed issue that
three customers or more write about after its close is called reopened. The curve shows the last 26 complete weeks.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from supportkit.period import last_complete
from supportkit.result import Result, Value, count, detail, figure, key
from supportkit.store import Store
from supportkit.store.issue_tables import Issue, read_issues
from supportkit.system.frozen import dataclass

TITLE: Final = "Known issues"
CURVE: Final = 26
BACK: Final = 3
BARS: Final = "▁▂▃▄▅▆▇█"
FACTS: Final = (
    count("issues"),
    figure("open", "count", n="issues", better="down"),
    figure("reopened", "count", n="issues", better="down"),
)
COLUMNS: Final = (
    key("issue_id", "count", "id"),
    detail("title", "text", "issue"),
    detail("status", "text"),
    detail("opened", "date"),
    detail("closed", "date"),
    count("tickets", better="down"),
    figure("customers", "count", n="tickets", better="down"),
    figure("last_week", "count", n="tickets", better="down"),
    detail("last_seen", "date"),
    detail("terms", "text", aside=True),
    detail("owner", "text", aside=True),
    detail("link", "text", aside=True),
    detail("weeks", "text", f"last {CURVE} weeks"),
)

SQL: Final = """
select over_start as day, coalesce(customer_id, source || chr(31) || ticket_id) as writer, subject, body
  from tickets
 order by source, ticket_id
"""


@dataclass(frozen=True)
class Matched:
    """A ticket of an issue: its day and its writer."""

    day: date
    writer: str


def issues(store: Store) -> Result:
    """The known issues with their tickets, customers and curve."""
    selection = store.select("tickets", over="day")
    scope, notes = store.scope(selection)
    known = read_issues(store)
    found = _matched(store.rows(SQL, selection), known) if known else {}
    through = scope.data_through
    week = last_complete("week", store.as_of or through, store.zone) if through else None
    zone = ZoneInfo(store.zone)
    rows: list[tuple[Value, ...]] = []
    states: list[str] = []
    for issue in known:
        mine = found[issue.issue_id]
        opened = issue.opened_at.astimezone(zone).date()
        closed = issue.closed_at.astimezone(zone).date() if issue.closed_at else None
        states.append(_status(mine, closed))
        counts = _curve(mine, week.start if week else None)
        rows.append(
            (
                issue.issue_id,
                issue.title,
                states[-1],
                opened,
                closed,
                len(mine),
                len({one.writer for one in mine}) if mine else None,
                (counts[-1] if counts else 0) if mine else None,
                max((one.day for one in mine), default=None),
                ", ".join(issue.terms),
                issue.owner,
                issue.link,
                _bars(counts),
            )
        )
    facts = {
        "issues": len(rows),
        "open": states.count("open") if rows else None,
        "reopened": sum(state.startswith("reopened") for state in states) if rows else None,
    }
    return Result(
        metric="issues",
        title=TITLE,
        definition="tickets that hold all the words of one of the issue's terms",
        columns=COLUMNS,
        rows=tuple(rows),
        facts=facts,
        fact_columns=FACTS,
        notes=notes if known else (*notes, 'no issue is known: supportkit issues add "TITLE" --terms "words, words"'),
        scope=scope,
    )


def _matched(
    rows: Sequence[tuple[date, str, str | None, str | None]], known: Sequence[Issue]
) -> dict[int, list[Matched]]:
    """The tickets of each issue."""
    from supportkit.stats.ticket_words import stems, ticket_text

    wanted = {issue.issue_id: [frozenset(stems(term)) for term in issue.terms] for issue in known}
    found: dict[int, list[Matched]] = {issue.issue_id: [] for issue in known}
    for day, writer, subject, body in rows:
        held = frozenset(stems(ticket_text(subject, body)))
        for number, terms in wanted.items():
            if any(term <= held for term in terms):
                found[number].append(Matched(day, writer))
    return found


def _status(mine: Sequence[Matched], closed: date | None) -> str:
    if closed is None:
        return "open"
    first: dict[str, date] = {}
    for one in sorted(mine, key=lambda one: one.day):
        if one.day > closed:
            first.setdefault(one.writer, one.day)
    days = sorted(first.values())
    return f"reopened {days[0]}" if len(days) >= BACK else "closed"


def _curve(mine: Sequence[Matched], monday: date | None) -> list[int]:
    """Tickets of the last complete weeks, the oldest first; `monday` begins the last of them."""
    if monday is None:
        return []
    counts = [0] * CURVE
    for one in mine:
        place = CURVE - 1 + (one.day - timedelta(days=one.day.weekday()) - monday).days // 7
        if 0 <= place < CURVE:
            counts[place] += 1
    return counts


def _bars(counts: Sequence[int]) -> str:
    most = max(counts, default=0)
    return "".join(BARS[round(count / most * (len(BARS) - 1))] if most else BARS[0] for count in counts)
