"""Self-service: which questions an article would answer, and whether one did.

A question is a topic, or what --by names; its tickets are alike by that. Easy is a ticket that is no complaint and was
solved within a day (--quick) by one public reply and never opened again. Worth an article are questions with ten easy
tickets (--least) that are three in ten of those solved (--share). What an article would save is assumed: --assume of
the easy tickets, and the hours that their customers waited, which are nobody's work. What one has saved is confirmed
with --article QUESTION and --since-article DATE: its tickets in equal spans before and after, against all questions
that no article touched. Linked is a ticket in whose public replies an address of an article stands: it is there, and
people still write.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Annotated, Any

from supportkit.desk.article_comparison import NO_QUESTION, Confirmed, confirmed
from supportkit.desk.article_findings import findings as findings
from supportkit.desk.impossible import unordered
from supportkit.desk.inquiries_sql import ARTICLE, SQL, SQL_CASES, Asked
from supportkit.desk.promises import LOG
from supportkit.errors import UsageError
from supportkit.offers.cases import ALL as EVERY
from supportkit.offers.cases import TICKETS, Cases
from supportkit.period import ALL, Period
from supportkit.result import Chart, Result, Value, count, detail, figure, named_apart, percent
from supportkit.stats.article_effect import FEWEST
from supportkit.store import Store
from supportkit.store.parameters import Dimension
from supportkit.store.selection import SEVERAL

TITLE = "Self-service: what an article would answer"
TABLES = ("tickets", "messages")
HEADLINE = ("with_replies", "with_texts", "compared")
NEEDS = {"tickets": "solved tickets of which the replies are known, by the column replies or by their messages"}
SOURCE = "ticket deflection; the assumed share is yours; the comparison is a difference in differences"
EXAMPLES = (
    "self-service --by category",
    "self-service --by category --assume 0.4 --least 20",
    "self-service --by category --rows easy --top 10",
)
FACTS = (
    count("tickets"),
    count("with_replies", "solved, replies known", aside=True),
    figure("easy", "count", "one quick reply", n="with_replies"),
    figure("easy_share", "share", n="with_replies"),
    figure("questions", "count", "worth an article", n="with_replies"),
    figure("assumed_saved", "count", "tickets saved, assumed", n="with_replies"),
    figure("assumed_hours", "number", "hours of waiting saved, assumed", n="with_replies"),
    count("with_texts", "with the text of a reply", aside=True),
    figure("linked", "count", "an article is linked", n="with_texts", better="down"),
    count("compared", "tickets before the article", aside=True),
    figure("saved", "count", "tickets saved, confirmed", n="compared", better="up"),
    figure("saved_low", "count", "confirmed, low", n="compared"),
    figure("saved_high", "count", "confirmed, high", n="compared"),
    figure("ratio", "number", "after to expected", n="compared", better="down"),
    figure("ratio_low", "number", n="compared", aside=True),
    figure("ratio_high", "number", n="compared", aside=True),
)
COLUMNS = (
    count("tickets"),
    figure("easy", "count", "one quick reply", n="with_replies"),
    figure("easy_share", "share", n="with_replies"),
    detail("worth_an_article", "flag"),
    figure("assumed_saved", "count", "saved, assumed", n="with_replies"),
    figure("assumed_hours", "number", "hours, assumed", n="with_replies"),
    figure("linked", "count", "article linked", n="with_texts", better="down"),
    count("with_replies", aside=True),
    count("with_texts", aside=True),
)
RESTS = dict.fromkeys(("easy", "easy_share", "questions", "assumed_saved", "assumed_hours"), LOG)
"""The figures of which the words of some columns decide."""


def self_service(
    store: Store,
    *,
    period: Period = ALL,
    by: Annotated[str, Dimension("tickets"), "what tickets of one question share: topic, category, …"] = "topic",
    quick: Annotated[timedelta, "the longest way to the solution of an easy ticket"] = timedelta(days=1),
    least: Annotated[int, "easy tickets that a question needs to be worth an article"] = 10,
    share: Annotated[float, "the least share of easy tickets among those solved"] = 0.3,
    assume: Annotated[float, "the share of easy tickets that an article would answer"] = 0.25,
    article: Annotated[str | None, "the question that an article was written for"] = None,
    since_article: Annotated[date | None, "the day from which on it was there"] = None,
) -> Result:
    """Which questions an article would answer, what it would save, and whether one did."""
    for name, given_share in (("--assume", assume), ("--share", share)):
        if not 0 <= given_share <= 1:
            raise UsageError(f"{name} {given_share}: a share from 0 to 1", hint=f"for example {name} 0.25")
    if (article is None) != (since_article is None):
        raise UsageError(
            "--article and --since-article belong together", hint="--article invoice --since-article 2026-06-01"
        )
    tickets = store.select("tickets", period=period, by=by)
    messages = store.select("messages", joined=True)
    scope, notes = store.scope(tickets, messages, figures=RESTS)
    given = {
        "known_until": store.last_instant(),
        **unordered(store),
        "quick_s": quick.total_seconds(),
        "article": ARTICLE,
    }
    total, *groups = store.records(Asked, SQL, tickets, messages, **given)
    if tickets.several:
        total, *_ = store.records(Asked, SQL, store.without_dimensions(tickets), messages, **given)
        notes += (SEVERAL,)
    found = confirmed(store, by, article, since_article) if article and since_article else None
    worth = [one for one in groups if _is_worth(one, least, share)]
    groups.sort(
        key=lambda one: (not _is_worth(one, least, share), -one.easy, -one.tickets, one.by_1 or "", one.by_2 or "")
    )
    keys = named_apart(tickets.columns, (*COLUMNS, *FACTS))
    facts = _facts(total, worth, assume, found)
    return Result(
        metric="self-service",
        title=TITLE,
        definition="questions whose tickets are solved quickly by one reply; what an article would save, and did",
        columns=keys + COLUMNS,
        rows=tuple(
            (*tickets.values(one.by_1, one.by_2, None), *_row(one, worth=_is_worth(one, least, share), assume=assume))
            for one in groups
        ),
        facts=dict(zip((fact.name for fact in FACTS), facts, strict=True)),
        fact_columns=FACTS,
        notes=(*notes, *_notes(total, least, share, assume, quick, found)),
        scope=scope,
        chart=Chart("bar", x=keys[0].name, y="easy") if len(keys) == 1 else None,
    )


def cases(
    store: Store, *, period: Period = ALL, by: str = "topic", quick: timedelta = timedelta(days=1), **options: Any
) -> Cases:
    """The tickets with how they were solved, the latest first."""
    tickets = store.select("tickets", period=period, by=by)
    messages = store.select("messages", joined=True)
    scope, notes = store.scope(tickets, messages)
    return Cases(
        unit=TICKETS,
        sql=SQL_CASES,
        selections=(tickets, messages),
        values=(
            detail("replies", "count"),
            detail("took_s", "duration", "solved after"),
            detail("is_linked", "flag", "linked"),
        ),
        parts={
            EVERY: "true",
            "with_replies": "is_known",
            "easy": "is_easy",
            "with_texts": "is_linked is not null",
            "linked": "is_linked",
        },
        order=("dated_at desc", "source", "ticket_id", "by_1", "by_2"),
        parameters={
            "known_until": store.last_instant(),
            **unordered(store),
            "quick_s": quick.total_seconds(),
            "article": ARTICLE,
        },
        scope=scope,
        notes=notes,
        among={"easy": "is_known", "linked": "is_linked is not null"},
        counts={"tickets": EVERY},
        tells={"easy_share": "easy", "assumed_saved": "easy"},
    )


def _is_worth(one: Asked, least: int, share: float) -> bool:
    """Whether a question is worth an article; what fits no topic is no question."""
    return one.easy >= least and (one.share or 0) >= share and one.by_1 not in NO_QUESTION


def _row(one: Asked, *, worth: bool, assume: float) -> tuple[Value, ...]:
    known = one.with_replies > 0
    return (
        one.tickets,
        one.easy if known else None,
        one.share,
        worth,
        assume * one.easy if known else None,
        assume * one.hours if known else None,
        one.linked if one.with_texts else None,
        one.with_replies,
        one.with_texts,
    )


def _facts(total: Asked, worth: Sequence[Asked], assume: float, found: Confirmed | None) -> tuple[Value, ...]:
    known = total.with_replies > 0
    saved: tuple[Value, ...] = (0, *(None,) * 6)
    if found is not None and found.before:
        saved = (found.before, *(None,) * 6)
        if (one := found.ratio) is not None:
            low, high = one.expected * (1 - one.high), one.expected * (1 - one.low)
            saved = (found.before, one.expected - found.after, low, high, one.ratio, one.low, one.high)
    return (
        *(total.tickets, total.with_replies, total.easy if known else None, total.share),
        len(worth) if known else None,
        assume * sum(one.easy for one in worth) if known else None,
        assume * sum(one.hours for one in worth) if known else None,
        *(total.with_texts, total.linked if total.with_texts else None),
        *saved,
    )


def _notes(
    total: Asked, least: int, share: float, assume: float, quick: timedelta, found: Confirmed | None
) -> Iterator[str]:
    if not total.tickets:
        return
    if not total.with_replies:
        yield (
            "no solved ticket says how many replies it took: solved_at or closed_at has the solution, the column "
            "replies or their messages the replies"
        )
    else:
        yield (
            f"easy: no complaint, solved within {quick.total_seconds() / 3600:g} hours by one public reply and not "
            f"opened again; worth an article: {least} easy tickets that are at least {percent(share)} of those solved"
        )
        yield f"assumed: an article answers {percent(assume)} of the easy tickets (--assume); nothing here shows that"
    if not total.with_texts:
        yield "whether an article is linked is not known: no reply of an agent has its text"
    if found is not None:
        yield found.told
        if found.ratio is None:
            yield f"not confirmed: it needs tickets before, and {FEWEST} other questions with tickets before and after"
        else:
            yield (
                "confirmed: the tickets to be expected had the question gone as the others did, less those that came; "
                "what else began on that day is in it, too"
            )
