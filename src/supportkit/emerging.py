"""Emerging problems: what customers say this week far more than in the weeks before, in their own words.

New problems show before anyone has made a tag for them. Groups are of tickets that are near to one another and to few
of the 16 weeks before; they grow from terms (stems and pairs) that these weeks do not lead one to expect, by a negative
binomial tail, and from each ticket's own neighbourhood. A customer counts once a week; quotes, signatures and texts
pasted more than 20 times do not count; a group needs 3 customers. The threshold is the score that 12 of the shop's own
past weeks passed .2 times a week, set anew every fourth week. Of a past week of more than 300 tickets 200 are drawn by
the hash of their ids, and 800 of the present one are looked at. Without --period it is the last complete week.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Annotated, Any

from supportkit.errors import UsageError
from supportkit.offers.cases import Cases
from supportkit.offers.ticket_cases import ticket_cases
from supportkit.period import ALL, Period
from supportkit.result import Quoting, Result, Value, count, detail, figure, key, numbered
from supportkit.store import Store
from supportkit.store.issue_tables import read_issues
from supportkit.trending.judged_days import closed_period, too_short

if TYPE_CHECKING:
    from supportkit.stats.emerging_groups import EmergingGroup
    from supportkit.stats.week_texts import Week

TITLE = "Emerging: problems without a name yet"
TABLES = ("tickets",)
COMPARES = True
SOURCE = (
    "our own: a scan over neighbourhoods of texts (Kulldorff 1997; Cuzick & Edwards 1990), calibrated on past weeks"
)
EXAMPLES = (
    "emerging --period 2026-W45",
    "emerging --period 2026-W45 --where country=DE",
    "emerging --period 2026-W45 -o emerging.html",
)
FACTS = (
    figure("groups", "count", n="examined", better="down"),
    figure("threshold", "number", n="examined", aside=True),
    count("examined", "tickets examined"),
)
COLUMNS = (
    key("terms"),
    count("tickets", better="down"),
    figure("customers", "count", n="tickets", better="down"),
    figure("expected", "count", n="tickets"),
    figure("lift", "number", n="tickets", better="down"),
    figure("score", "number", n="tickets", aside=True),
    detail("examples", "text", aside=True),
)
SHOWN_TERMS = 4
EXCERPTS = 3
TOLD = 5
EXAMPLE_LENGTH = 90

SQL = """
with dated as (
        select source, ticket_id, date_diff('day', cast($first as date), over_start) // $length as block
          from tickets
         where over_start >= $first),
     drawn as (
        select source, ticket_id, block, count(*) over (partition by block) as size,
               row_number() over (partition by block order by md5(source || chr(31) || ticket_id), ticket_id) as place
          from dated)
select block - $last as block, size, source, ticket_id, customer_id, subject, body
  from drawn
  join tickets using (source, ticket_id)
 where place <= $each or size <= $large or block = $last
 order by source, ticket_id
"""
"""Of a large past block so many are drawn before a word is read, always the same; of the present one all are read."""


SQL_CASES = """
with place as (
        select unnest(cast($names as varchar[])) as name, unnest(cast($terms as varchar[])) as terms),
     behind as materialized (
        select source, ticket_id, by_1, by_2, over_start, created_at as dated_at, terms
          from tickets
          left join place on place.name = source || chr(31) || ticket_id)
"""


@dataclass(frozen=True)
class Ticket:
    """A ticket of the weeks looked at: its block (0: now, -1: the one before) and the tickets of that, its writer and
    its words."""

    name: str
    block: int
    of_block: int
    writer: str
    shown: str
    stems: tuple[str, ...]
    forms: tuple[str, ...]
    words: tuple[str, ...]


def emerging(
    store: Store,
    *,
    period: Period = ALL,
    link: Annotated[bool, "join groups of one problem in different languages (the extra semantic)"] = False,
) -> Result:
    """New problems in the customers' words, before a tag exists."""
    from supportkit.stats.emerging_groups import LEAST_HISTORY_WEEKS

    period = closed_period(store, period)
    scope, notes = store.scope(store.select("tickets", period=period))
    tickets = _tickets(store, period)
    *history, now = _weeks(tickets)
    facts: dict[str, Value] = {"groups": None, "threshold": None, "examined": 0}
    rows: list[tuple[Value, ...]] = []
    if not scope.rows:
        notes += too_short(store, period)
    elif len(history) < LEAST_HISTORY_WEEKS:
        notes += (
            f"{numbered(len(history), 'period')} before this one: {LEAST_HISTORY_WEEKS} are needed to say what is new",
        )
    else:
        found, threshold, tried = _new_groups(tickets, history, now, period, link)
        mine = [ticket for ticket in tickets if ticket.block == 0]
        facts = {"groups": len(found), "threshold": threshold, "examined": len(mine)}
        rows = [_row(group, mine) for group in found]
        notes += tuple(_known(store, found, rows, mine))
        notes += (*(Quoting(f"{terms}: {examples}") for terms, *_, examples in rows[:TOLD]), _tried(tried, threshold))
        notes += tuple(_looked_at(len(now.texts)))
    return Result(
        metric="emerging",
        title=TITLE,
        definition=f"words of {period.name} that the periods before did not lead one to expect; a customer counts once",
        columns=COLUMNS,
        rows=tuple(rows),
        facts=facts,
        fact_columns=FACTS,
        notes=notes,
        scope=scope,
    )


def cases(store: Store, *, period: Period = ALL, link: bool = False, **options: Any) -> Cases:
    """The tickets examined, those of a new problem first, with the words of the problems that they are of."""
    from supportkit.stats.emerging_groups import LEAST_HISTORY_WEEKS

    period = closed_period(store, period)
    tickets = _tickets(store, period)
    mine = [ticket for ticket in tickets if ticket.block == 0]
    *history, now = _weeks(tickets)
    named: dict[str, list[str]] = {}
    if len(history) >= LEAST_HISTORY_WEEKS and mine:
        groups, *_ = _new_groups(tickets, history, now, period, link)
        for group in groups:
            terms = str(_row(group, mine)[0])
            for ticket in _of_group(group, mine):
                named.setdefault(ticket.name, []).append(terms)
    return ticket_cases(
        store,
        sql=SQL_CASES,
        period=period,
        values=(detail("terms", "text", "new problem"),),
        parts={"grouped": "terms is not null"},
        order=("terms nulls last", "dated_at desc"),
        parameters={"names": list(named), "terms": ["; ".join(terms) for terms in named.values()]},
    )


def _new_groups(
    tickets: Sequence[Ticket], history: Sequence[Week], now: Week, period: Period, link: bool
) -> tuple[list[EmergingGroup], float, int]:
    """The groups of the present week, the threshold that they passed, and how many past weeks set it."""
    from supportkit.stats.emerging_groups import backtested_threshold, emerging_groups

    threshold, tried = backtested_threshold(_calibration(history, period))
    found = emerging_groups(now, history, threshold=threshold)
    return (_linked(found, tickets) if link else found), threshold, tried


def _of_group(group: EmergingGroup, tickets: Sequence[Ticket]) -> list[Ticket]:
    """The tickets of a group: its own, and others of their writers that hold a word of it."""
    from supportkit.stats.ticket_words import terms

    wanted = set(group.terms)
    writers = {ticket.writer for ticket in tickets if ticket.name in group.keys}
    return [one for one in tickets if one.writer in writers and (one.name in group.keys or wanted & terms(one.stems))]


def _tickets(store: Store, period: Period) -> list[Ticket]:
    """The tickets of the period, and those drawn of as many equal ones before it as history and back-test need."""
    from supportkit.stats.emerging_groups import BACKTEST_WEEKS, CALIBRATION_WEEKS, HISTORY_WEEKS, LARGE_WEEK, PAST_WEEK
    from supportkit.stats.text_language import language
    from supportkit.stats.ticket_words import all_stems, templates, ticket_text, tokens, without_templates

    assert period.start is not None
    assert period.end is not None
    length, before = max((period.end - period.start).days, 1), HISTORY_WEEKS + BACKTEST_WEEKS + CALIBRATION_WEEKS - 1
    first: date = period.start - timedelta(days=length * before)
    selection = store.select("tickets", period=Period(period.name, first, period.end), over="day")
    bound = {"first": first, "length": length, "last": before, "large": LARGE_WEEK, "each": PAST_WEEK}
    rows = store.rows(SQL, selection, **bound)
    texts = [ticket_text(subject, body) for *_, subject, body in rows]
    pasted = templates(texts)
    found = []
    for (block, size, source, number, customer, _, _), text in zip(rows, texts, strict=True):
        own = without_templates(text, pasted)
        spoken = language(own)
        words = tokens(own, spoken)
        name = f"{source}\x1f{number}"
        found.append(
            Ticket(
                name,
                block,
                size,
                customer or name,
                _shown(text),
                tuple(stem for stem, _ in words),
                tuple(form for _, form in words),
                tuple(all_stems(own, spoken)),
            )
        )
    return found


def _weeks(tickets: Sequence[Ticket]) -> list[Week]:
    """The blocks from the first with a ticket to the present one, which is last."""
    from supportkit.stats.week_texts import Text, Week

    blocks: dict[int, list[Text]] = {}
    sizes: dict[int, int] = {}
    for ticket in tickets:
        sizes[ticket.block] = ticket.of_block
        blocks.setdefault(ticket.block, []).append(Text(ticket.name, ticket.writer, ticket.stems, ticket.words))
    first = min(blocks, default=0)
    return [Week.of(blocks.get(number, []), sizes.get(number, 0)) for number in range(first, 1)]


def _calibration(history: Sequence[Week], period: Period) -> Sequence[Week]:
    """The weeks that the threshold is set on: up to the last fourth one, where that leaves enough of them."""
    from supportkit.stats.emerging_groups import CALIBRATION_WEEKS, LEAST_BACKTESTS, LEAST_HISTORY_WEEKS

    assert period.start is not None
    length = max(period.days or 1, 1)
    settled = len(history) - period.start.toordinal() // length % CALIBRATION_WEEKS
    return history[:settled] if settled >= LEAST_HISTORY_WEEKS + LEAST_BACKTESTS else history


def _row(group: EmergingGroup, tickets: Sequence[Ticket]) -> tuple[Value, ...]:
    first = {ticket.name: ticket for ticket in tickets}
    writers = {first[key].writer for key in group.keys}
    mine = _of_group(group, tickets)
    forms = _forms(mine)
    named: list[str] = []
    for term in group.terms:
        shown = forms.get(term, term)
        if not any(shown in other or other in shown for other in named):
            named.append(shown)
    examples = list(dict.fromkeys(first[key].shown for key in group.keys))[:EXCERPTS]
    return (
        ", ".join(named[:SHOWN_TERMS]),
        len(mine),
        len(writers),
        group.expected,
        group.lift,
        group.score,
        ", ".join(f'"{example}"' for example in examples),
    )


def _linked(groups: Sequence[EmergingGroup], tickets: Sequence[Ticket]) -> list[EmergingGroup]:
    from supportkit.stats.semantic import INSTALL, is_installed, linked

    if not is_installed():
        raise UsageError("emerging --link: the extra semantic is missing", hint=INSTALL)
    return linked(groups, {ticket.name: " ".join(ticket.forms) for ticket in tickets if ticket.block == 0})


def _known(
    store: Store, groups: Sequence[EmergingGroup], rows: Sequence[tuple[Value, ...]], tickets: Sequence[Ticket]
) -> Iterator[str]:
    """Which groups are known issues: half of their tickets hold the words of one."""
    from supportkit.stats.ticket_words import stems

    words = {ticket.name: frozenset(ticket.stems) for ticket in tickets}
    for issue in read_issues(store):
        terms = [frozenset(stems(term)) for term in issue.terms]
        for group, (named, *_) in zip(groups, rows, strict=True):
            held = sum(any(term <= words[key] for term in terms) for key in group.keys)
            if 2 * held >= len(group.keys):
                yield f"{named}: issue {issue.issue_id}, {issue.title!r}{', closed' if issue.closed_at else ''}"


def _forms(tickets: Sequence[Ticket]) -> Mapping[str, str]:
    """The commonest surface form of each stem and pair."""
    seen: dict[str, Counter[str]] = {}
    for ticket in tickets:
        for position, (stem, form) in enumerate(zip(ticket.stems, ticket.forms, strict=True)):
            seen.setdefault(stem, Counter())[form] += 1
            if position:
                pair = f"{ticket.stems[position - 1]} {stem}"
                seen.setdefault(pair, Counter())[f"{ticket.forms[position - 1]} {form}"] += 1
    return {term: min(count, key=lambda form: (-count[form], form)) for term, count in seen.items()}


def _shown(text: str) -> str:
    """The beginning of a text, on one line."""
    line = ": ".join(" ".join(part.split()) for part in text.split("\n", 1))
    return line if len(line) <= EXAMPLE_LENGTH else f"{line[: EXAMPLE_LENGTH - 1].rsplit(' ', 1)[0]} …"


def _looked_at(texts: int) -> Iterator[str]:
    """What is said where a week is too large to look at every text."""
    from supportkit.stats.emerging_groups import looked_at

    if looked_at(texts) < texts:
        yield f"{looked_at(texts)} of {texts} customers' texts are looked at; the others count by a group's words"


def _tried(tried: int, threshold: float) -> str:
    if tried < 4:
        return f"the threshold {threshold:.1f} is the usual one: only {tried} past periods could be tried"
    return f"the threshold {threshold:.1f} let .2 groups a period pass in {tried} past ones; it stays for four"
