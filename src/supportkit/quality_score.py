"""Quality score: what people who read the conversations of `quality-sample` say of all of them.

A conversation's score is the mean of what was judged of it, 0 to 1, over its readers. The score of all weights each by
how many its stratum has over how many of it were read; the interval is that of the design (stratified, without
replacement). An agent has a score from --least conversations on, with the channels of his conversations beside it and
the score that all agents have in the same mix: it is no league table, and rows stand by name. Agreement is over
conversations that two have read: equal judgements, and Krippendorff's alpha. Mixed is counted by rule over all
conversations of the period, not by readers: agents' messages that mix ты and вы, or du and Sie.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, NamedTuple

from supportkit.desk.conversation_cases import conversation_cases
from supportkit.desk.conversations_sql import ADDRESS, CONVERSATIONS
from supportkit.desk.promises import LOG
from supportkit.desk.quality_form import Form, Reading, read_form
from supportkit.desk.reading_findings import findings as findings
from supportkit.errors import DataError
from supportkit.offers.cases import Cases
from supportkit.period import ALL, Period
from supportkit.result import Result, Value, count, detail, figure, key, percent
from supportkit.stats.agreement import equal_share, krippendorff_alpha
from supportkit.stats.stratified_sample import DesignMean, Unit, design_mean
from supportkit.store import Store

TITLE = "Quality score: what was read"
TABLES = ("tickets", "messages")
SOURCE = "stratified estimation (Särndal et al. 1992; Korn & Graubard 1998); Krippendorff 2004"
EXAMPLES = ("quality-score", "quality-score --period 2026-10", "quality-score --rows mixed --top 10")
MOST_NAMED = 10
NEEDS = {"conversations": "a form of quality-sample that was filled in: --form FILE"}
FACTS = (
    count("conversations", "conversations read"),
    figure("score", "share", n="conversations", better="up"),
    figure("score_low", "share", n="conversations"),
    figure("score_high", "share", n="conversations"),
    figure("speak_for", "count", "they speak for", n="conversations"),
    count("read_twice", "read by two"),
    figure("agreement", "share", "equal judgements", n="read_twice", better="up"),
    figure("alpha", "number", "Krippendorff's alpha", n="read_twice", better="up"),
    count("with_address", "that address the customer", aside=True),
    figure("mixed", "share", "mix ты and вы, du and Sie", n="with_address", better="down"),
)
COLUMNS = (
    key("of"),
    key("name"),
    count("conversations", "read"),
    figure("score", "share", n="conversations", better="up"),
    figure("low", "share", n="conversations"),
    figure("high", "share", n="conversations"),
    detail("mix", "text"),
    figure("score_of_mix", "share", "all in that mix", n="conversations"),
)
RESTS = {"mixed": LOG}
"""The figures of which the words of some columns decide."""
SQL = f"""
with {CONVERSATIONS}
select count(*) filter (where has_address) as with_address, count(*) filter (where is_mixed) as mixed
  from conversation
"""
SQL_KNOWN = """
select source, ticket_id
  from main.tickets
 where ticket_id in (select unnest(cast($asked as varchar[])))
 order by source, ticket_id
"""


class Read(NamedTuple):
    """A conversation that was read: its unit of the design, and what its readers say."""

    unit: Unit
    agent: str
    channel: str
    readings: list[Reading]


def quality_score(
    store: Store,
    *,
    period: Period = ALL,
    form: Annotated[Path | None, "a CSV of quality-sample, filled in"] = None,
    least: Annotated[int, "conversations that an agent needs for a score"] = 5,
) -> Result:
    """The score of all conversations from those that people read, with its interval; agreement of readers."""
    tickets = store.select("tickets", period=period)
    messages = store.select("messages", joined=True)
    scope, notes = store.scope(tickets, messages, figures=RESTS)
    ((addressed, mixed),) = store.rows(SQL, tickets, messages, **ADDRESS)
    filled = read_form(form) if form else Form((), [], 0, [])
    known = _known(store, filled.readings)
    if form and filled.readings and not known:
        raise DataError(
            f"--form {form}: none of its tickets is here: it is of another shop, or of other files",
            hint="give the --db or --data of which the sample was drawn",
        )
    read = _conversations(known)
    units = [one.unit for one in read]
    whole = design_mean(units)
    twice = _judged_twice(read)
    facts: tuple[Value, ...] = (
        len(read),
        *((whole.mean, whole.low, whole.high) if whole else (None, None, None)),
        sum({unit.stratum: unit.size for unit in units}.values()) if units else None,
        sum(len({reading.reader for reading in one.readings}) > 1 for one in read),
        equal_share(twice),
        krippendorff_alpha(twice),
        addressed,
        mixed / addressed if addressed else None,
    )
    return Result(
        metric="quality-score",
        title=TITLE,
        definition="mean judgement of conversations that people read, weighted by the design; 95 % interval",
        columns=COLUMNS,
        rows=(*_by_criterion(filled, read), *_by_agent(read, least)),
        facts=dict(zip((fact.name for fact in FACTS), facts, strict=True)),
        fact_columns=FACTS,
        notes=(*notes, *_notes(form, filled, read, whole, least)),
        scope=scope,
    )


def cases(store: Store, *, period: Period = ALL, **options: Any) -> Cases:
    """All conversations, with whether they mix the ways to address a customer, the latest first."""
    return conversation_cases(store, store.select("tickets", period=period), store.select("messages", joined=True))


def _known(store: Store, readings: Sequence[Reading]) -> list[Reading]:
    """The readings of tickets that the store has."""
    asked = sorted({one.ticket_id for one in readings})
    here = {(source or "", ticket) for source, ticket in store.rows(SQL_KNOWN, asked=asked)} if asked else set()
    return [one for one in readings if (one.source, one.ticket_id) in here]


def _conversations(readings: Sequence[Reading]) -> list[Read]:
    """The readings of each conversation together; its score is the mean over its readers."""
    found: dict[tuple[str, str], list[Reading]] = defaultdict(list)
    for one in readings:
        found[one.source, one.ticket_id].append(one)
    return [
        Read(
            Unit(
                same[0].stratum,
                same[0].size,
                sum(one.score for one in same) / len(same),
                same[0].part,
                same[0].inclusion,
            ),
            same[0].agent,
            same[0].channel,
            same,
        )
        for _, same in sorted(found.items())
    ]


def _judged_twice(read: Sequence[Read]) -> list[list[float]]:
    """By conversation and criterion what two readers and more say."""
    judged = []
    for one in read:
        by_reader = {reading.reader: reading for reading in one.readings}
        for name in dict.fromkeys(name for reading in one.readings for name in reading.judged):
            said = [reading.judged[name] for reading in by_reader.values() if name in reading.judged]
            if len(said) > 1:
                judged.append(said)
    return judged


def _by_criterion(form: Form, read: Sequence[Read]) -> Iterator[tuple[Value, ...]]:
    for name in form.criteria:
        judged = [
            one.unit._replace(value=sum(said) / len(said))
            for one in read
            if (said := [reading.judged[name] for reading in one.readings if name in reading.judged])
        ]
        found = design_mean(judged)
        ends = (found.mean, found.low, found.high) if found else (None, None, None)
        yield ("criterion", name, len(judged), *ends, None, None)


def _by_agent(read: Sequence[Read], least: int) -> Iterator[tuple[Value, ...]]:
    """A row for each agent by name: no score under the least n, and what all agents have in the same mix beside it."""
    units = [one.unit for one in read]
    channels = {
        channel: design_mean(units, lambda place, channel=channel: read[place].channel == channel)  # type: ignore[misc]
        for channel in {one.channel for one in read}
    }
    for agent in sorted({one.agent for one in read}):
        own = Counter(one.channel for one in read if one.agent == agent)
        n = sum(own.values())
        found = design_mean(units, lambda place, agent=agent: read[place].agent == agent)  # type: ignore[misc]
        shown = found if n >= least else None
        ends = (shown.mean, shown.low, shown.high) if shown else (None, None, None)
        yield ("agent", agent, n, *ends, _mix(own), _of_mix(own, channels) if shown else None)


def _mix(own: Mapping[str, int]) -> str:
    n = sum(own.values())
    most_first = sorted(own.items(), key=lambda one: (-one[1], one[0]))
    return ", ".join(f"{name} {percent(seen / n)}" for name, seen in most_first)


def _of_mix(own: Mapping[str, int], channels: Mapping[str, DesignMean | None]) -> float | None:
    """What all agents have in these channels, in this mix."""
    known = [(seen, found.mean) for name, seen in own.items() if (found := channels[name]) is not None]
    seen = sum(part for part, _ in known)
    return sum(part * mean for part, mean in known) / seen if seen else None


def _lines(numbers: Sequence[int]) -> str:
    """The first ten line numbers, and how many more there are."""
    more = f" and {len(numbers) - MOST_NAMED} more" if len(numbers) > MOST_NAMED else ""
    return ", ".join(map(str, numbers[:MOST_NAMED])) + more


def _notes(
    form: Path | None, filled: Form, read: Sequence[Read], whole: DesignMean | None, least: int
) -> Iterator[str]:
    if form is None:
        yield "nothing was read: quality-sample draws conversations with a form, --form FILE reads it back"
        return
    here = {(one.source, one.ticket_id) for conversation in read for one in conversation.readings}
    foreign = [one.line for one in filled.readings if (one.source, one.ticket_id) not in here]
    if foreign:
        yield f"left out of {form.name}, of tickets that are not here: lines {_lines(foreign)}"
    if filled.again:
        yield f"left out of {form.name}, said before by the same reader: lines {_lines(filled.again)}"
    if filled.unread:
        lines, their = ("line", "is not", "its"), ("lines", "are not", "their")
        noun, is_not, its = lines if filled.unread == 1 else their
        yield f"{filled.unread} {noun} of {form.name} {is_not} filled in: taken to be like the others of {its} stratum"
    if len(read) == 1 or (read and whole is None):
        yield "one conversation says nothing of the others"
    if read:
        yield f"an agent has a score from {least} conversations on; rows stand by name, since who reads what differs"
    singles = sum(seen == 1 for seen in Counter(one.unit.stratum for one in read).values())
    if singles:
        noun, they = ("stratum has", "it varies") if singles == 1 else ("strata have", "they vary")
        yield f"{singles} {noun} one conversation read: how much {they} is guessed from it alone"
