"""The register of known issues: confirmed problems, by whose words tickets are matched from then on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from supportkit.errors import UsageError
from supportkit.system.frozen import dataclass

if TYPE_CHECKING:
    from supportkit.store.store import Store


@dataclass(frozen=True)
class Issue:
    """A known problem. A ticket matches when it holds all the words of any one of its terms."""

    issue_id: int
    title: str
    terms: tuple[str, ...]
    opened_at: datetime
    closed_at: datetime | None = None
    owner: str | None = None
    link: str | None = None


def read_issues(store: Store) -> list[Issue]:
    """The known issues in the order of their ids; none in a store without a register."""
    if not store.has("issue"):
        return []
    query = "select issue_id, title, terms, opened_at, closed_at, owner, link from main.issue order by issue_id"
    rows = store.engine.rows(query, {})
    return [Issue(number, title, tuple(terms), *rest) for number, title, terms, *rest in rows]


def add_issue(
    store: Store,
    title: str,
    terms: Sequence[str],
    now: datetime,
    *,
    owner: str | None = None,
    link: str | None = None,
) -> Issue:
    """Register a problem. Raises UsageError for an empty title, terms that say nothing, or a title that is there."""
    from supportkit.stats.ticket_words import stems

    shown = " ".join(title.split())
    told = tuple(dict.fromkeys(" ".join(term.split()) for term in terms if term.strip()))
    silent = [term for term in told if not stems(term)]
    if not shown or not told or silent:
        what = f"the term {silent[0]!r} says nothing" if silent else "a title and terms are needed"
        raise UsageError(f"issues add: {what}", hint='issues add "No SMS code" --terms "sms code, confirmation code"')
    known = read_issues(store)
    if any(issue.title == shown and issue.closed_at is None for issue in known):
        raise UsageError(f"issues add: there is an open issue {shown!r}", hint="supportkit issues list")
    issue = Issue(1 + max((one.issue_id for one in known), default=0), shown, told, now, None, owner, link)
    store.connection.execute(
        "insert into main.issue values ($number, $title, $terms, $opened, null, $owner, $link)",
        {
            "number": issue.issue_id,
            "title": shown,
            "terms": list(told),
            "opened": now,
            "owner": owner,
            "link": link,
        },
    )
    return issue


def close_issue(store: Store, issue_id: int, now: datetime) -> Issue:
    """Call a problem solved; its tickets are matched on, so that it shows when it comes back. Raises UsageError."""
    known = {issue.issue_id: issue for issue in read_issues(store)}
    if issue_id not in known:
        raise UsageError(f"issues close: there is no issue {issue_id}", hint="supportkit issues list")
    if known[issue_id].closed_at is not None:
        raise UsageError(f"issues close: issue {issue_id} is closed already", hint="supportkit issues list")
    values = {"number": issue_id, "now": now}
    store.connection.execute("update main.issue set closed_at = $now where issue_id = $number", values)
    return known[issue_id]
