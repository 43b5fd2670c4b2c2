"""Whether the values of a column can be those of one of ours: its name alone decides nothing."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Final

from supportkit.exports.meanings.deciding_words import answered
from supportkit.exports.meanings.vocabulary import vocabulary
from supportkit.exports.meanings.word_meaning import judge
from supportkit.exports.meanings.words import key
from supportkit.exports.recognising.guessing.column_shapes import Shape
from supportkit.exports.recognising.guessing.known_names import Tier, parts
from supportkit.exports.value_formats.values import is_numeric
from supportkit.result import percent
from supportkit.store.schema import Field

Vote = Callable[[Shape, Tier], str | None]
"""Why the values may be those of a column; None where they cannot be."""
_FEW_TEXTS: Final = 0.2
"""Texts of fewer kinds for their rows are the names of groups."""
_FEW_ROWS: Final = 10
"""Rows of which one value is no group yet."""
_ONE_WORD: Final = 1.5
_STAMP: Final = 1e9
_MANY_ROWS: Final = 30
_SOME: Final = 0.1
_MOST_OF: Final = 3
"""Rows to a channel at least: fewer have each but where a column names the wires of calls."""
_FEW_CODES: Final = 3
"""Numbers of fewer kinds are codes, and not the steps of a way."""
_DIRECTIONS: Final = 6
_APART: Final = re.compile(r"\d{1,3}(?:\s\d{3})*")
"""A whole number with blanks between its thousands, as programs write ids in French."""
_SIDES: Final = 2
_HIDDEN: Final = re.compile(r"[*•●×]")
_RANK: Final = re.compile(
    r"^(?:p|prio|priority|sev|severity|s)?[ -]?[0-5](?!\d)[\s:.)–-]*|[\s(-]+(?:p|s)?[0-5]\)?$", re.IGNORECASE
)
"""What counts how urgent something is, alone or beside a word: `P1`, `3 - Moderate`, `High (2)`."""
NO_VALUES: Final = "no value in the first rows"


def vote(table: str, field: Field, shape: Shape | None, tier: Tier) -> str | None:
    """What the values of a column of the file say of it being a column of ours, under a name of this tier.

    Returns why they may be, and None where they are something else.
    """
    if shape is None:
        return "values not looked at"
    if not shape.filled:
        return None if field.required or tier == 2 else NO_VALUES
    by_column = _BY_COLUMN.get((table, field.name)) or _BY_NAME.get(field.name)
    if by_column is not None:
        return by_column(shape, tier)
    if field.type == "timestamptz":
        return _time(shape, tier)
    if is_numeric(field):
        return _number(shape, tier)
    return _word(shape, tier)


def _share(share: float, what: str) -> str:
    return f"all values are {what}" if share >= 1 else f"{percent(min(share, 0.99))} of the values are {what}"


def _time(shape: Shape, _: Tier) -> str | None:
    if shape.times >= 0.8:
        return _share(shape.times, "times")
    return _share(shape.ticks, "numbers that may be times") if shape.ticks >= 0.95 else None


def _number(shape: Shape, _: Tier) -> str | None:
    return _share(shape.numbers, "numbers") if shape.numbers >= 0.9 and shape.times < 0.5 else None


def _sum(shape: Shape, tier: Tier) -> str | None:
    is_flag = shape.high == 1 and shape.low in (0, 1) and shape.whole == 1 and shape.distinct <= 2
    return None if is_flag else _number(shape, tier)


def _count(shape: Shape, _: Tier) -> str | None:
    return _share(shape.whole, "whole numbers") if shape.whole >= 0.95 and (shape.low or 0) >= 0 else None


def _id(shape: Shape, tier: Tier) -> str | None:
    apart = shape.low is None and bool(shape.example) and all(map(_APART.fullmatch, shape.example))
    is_text = shape.emails >= 0.5 or shape.words > 3 or shape.names > 0.5
    if shape.filled < 0.9 or shape.times >= 0.5 or shape.clocks >= 0.5 or is_text:
        return None
    if shape.numbers >= 0.9 and shape.low is None and not apart:
        return None  # figures with a currency, or with a sign between their thousands
    if shape.low is not None and shape.high is not None:
        counts = shape.low <= 1 and shape.high < 0.1 * shape.rows and shape.runs > 2 * shape.distinct
        is_stamp = 3 * shape.distinct > shape.rows and shape.low >= _STAMP  # of calls: by their second
        if (shape.whole < 0.9 and not is_stamp) or counts or (tier == 2 and shape.distinct < 0.2 * shape.rows):
            return None
    named = shape.words > _ONE_WORD and shape.low is None and not apart
    if tier == 2 and (named or (not shape.unique and shape.distinct < 0.05 * shape.rows)):
        return None
    return "each value is there once" if shape.unique else f"{shape.distinct:,} values in {shape.rows:,} rows"


def _id_of_some(shape: Shape, tier: Tier) -> str | None:
    """The id of a ticket or an order that an answer may be about: some are about none."""
    return _id(shape._replace(filled=1.0) if tier < 2 and shape.filled >= _SOME else shape, tier)


def _own_id(shape: Shape, tier: Tier) -> str | None:
    """An id of what a row is itself: words of which several rows have each are kinds of it."""
    is_kind = 3 * shape.distinct < shape.rows and not any(char.isdigit() for word in shape.example for char in word)
    return None if is_kind else _id(shape, tier)


def _person(shape: Shape, tier: Tier) -> str | None:
    if tier == 0:
        return _share(shape.emails, "e-mails") if shape.emails >= 0.8 else None
    if shape.times >= 0.5 or shape.words > 3 or shape.names > 0.5 or (shape.low is not None and shape.whole < 0.9):
        return None
    if tier == 2 and shape.distinct <= 3 < shape.rows:
        return None
    if _is_hidden(shape) or (shape.distinct == 1 and shape.filled * shape.rows > _FEW_ROWS):
        return None
    return _share(shape.emails, "e-mails") if shape.emails >= 0.8 else _many(shape)


def _is_hidden(shape: Shape) -> bool:
    """Whether most of each value is hidden, as that of several people may be alike: `***.***.***-**`, `******53`."""
    return bool(shape.example) and all(2 * len(_HIDDEN.findall(word)) >= len(word) for word in shape.example)


def _user(shape: Shape, tier: Tier) -> str | None:
    return _person(shape._replace(whole=1.0), 1 if tier == 0 else tier)


def _text(shape: Shape, tier: Tier) -> str | None:
    if shape.times >= 0.5 or shape.numbers >= 0.9 or shape.emails >= 0.5:
        return None
    if tier == 2 and (shape.words < 3 or shape.distinct < min(10, _FEW_TEXTS * shape.rows)):
        return None
    return f"texts of {shape.words:.0f} words" if shape.words >= 2 else "texts"


def _body(shape: Shape, tier: Tier) -> str | None:
    """What somebody wrote: a few texts that come again are the names of something."""
    few = shape.rows >= _MANY_ROWS and shape.distinct < _FEW_TEXTS * shape.filled * shape.rows
    return None if few else _text(shape, tier)


def _agent(shape: Shape, tier: Tier) -> str | None:
    return _word(shape._replace(emails=0.0) if tier < 2 else shape, tier)


def _word(shape: Shape, tier: Tier) -> str | None:
    many = shape.distinct > 50 and shape.distinct > 0.5 * shape.filled * shape.rows
    if shape.times >= 0.5 or shape.words > 8 or shape.emails >= 0.5 or (many and tier == 2):
        return None
    return _many(shape)


def _many(shape: Shape) -> str:
    return f"{shape.distinct:,} {'values' if shape.distinct > 1 else 'value'}"


def _category(shape: Shape, tier: Tier) -> str | None:
    """The names of groups: what is the same of all rows is none, and neither is which way a call went."""
    constant = tier == 2 and shape.distinct == 1 and shape.rows > _FEW_ROWS
    return None if constant or _tells_direction(shape) else _word(shape, tier)


def _channel(shape: Shape, tier: Tier) -> str | None:
    """Words of which several rows have each: telephone systems call the wire of each call a channel."""
    wires = shape.distinct > _FEW_ROWS and _MOST_OF * shape.distinct > shape.filled * shape.rows
    return None if wires or _tells_direction(shape) else _word(shape, tier)


def _product(shape: Shape, tier: Tier) -> str | None:
    """Things that are sold more than once: what each row calls otherwise is the name of the row."""
    return None if shape.unique and shape.rows > _MANY_ROWS else _word(shape, tier)


def _tells_direction(shape: Shape) -> bool:
    """Whether the words say who began: inbound and outbound, `входящий` and `исходящий`."""
    if not 1 < len(shape.example) <= _DIRECTIONS:
        return False
    return {"customer", "agent"} <= {judge(word, vocabulary("message_sender")).value for word in shape.example}


def _known(words: str, least: float) -> Vote:
    """The words of a column, of which we know some: under a name that is no sure one, or of which there are many."""

    def vote_of(shape: Shape, tier: Tier) -> str | None:
        if shape.times >= 0.5 or shape.words > 8 or shape.distinct > 60:
            return None
        known = sum(judge(word, vocabulary(words)).value is not None for word in shape.example)
        if known < least * len(shape.example) and (tier == 2 or least >= 0.8):
            return None
        return f"{known} of its {len(shape.example)} words are known"

    return vote_of


def _state(words: str) -> Vote:
    """States, of which some are known: words for how urgent something is are none."""
    of_words = _known(words, 0.5)

    def vote_of(shape: Shape, tier: Tier) -> str | None:
        return None if are_of_urgency(shape, words) else of_words(shape, tier)

    return vote_of


def are_of_urgency(shape: Shape | None, states: str = "tickets_status") -> bool:
    """Whether the words of a column say how urgent something is, and none of them is a state: High, Low, P1."""
    if shape is None or shape.distinct < _SIDES or shape.distinct > _DIRECTIONS:
        return False
    known = vocabulary(states)
    return all(_says_how_urgent(word) and judge(word, known).value is None for word in shape.example)


def _says_how_urgent(word: str) -> bool:
    name = _RANK.sub("", word)
    return not name or key(name) in parts()["urgency"]


def _score(shape: Shape, _: Tier) -> str | None:
    if shape.low is not None and shape.high is not None:
        within = shape.low >= -100 and shape.high <= 100 and shape.distinct <= 101
        return f"numbers from {shape.low:.12g} to {shape.high:.12g}" if within else None
    few = shape.distinct <= 15 and shape.words <= 6 and shape.times < 0.5
    return f"{shape.distinct} words" if few else None


def _satisfaction(shape: Shape, tier: Tier) -> str | None:
    """A score, but not where each is 0, as systems write where nobody was asked."""
    return None if shape.low == shape.high == 0 else _score(shape, tier)


def _step(shape: Shape, _: Tier) -> str | None:
    """The names of what happened: yes and no is whether something did, and numbers of a few kinds are codes."""
    if shape.times >= 0.5 or shape.emails >= 0.5 or (shape.unique and shape.rows > 20):
        return None
    if _is_flag(shape) or (shape.low is not None and shape.distinct < _FEW_CODES):
        return None
    return f"{shape.distinct:,} values in {shape.rows:,} rows"


def _is_flag(shape: Shape) -> bool:
    return shape.distinct <= 2 and all(answered(word).value for word in shape.example)


def _sender(shape: Shape, tier: Tier) -> str | None:
    return "yes and no" if _is_flag(shape) else _known("message_sender", 0.5)(shape, 2 if shape.distinct > 6 else tier)


def _line(shape: Shape, tier: Tier) -> str | None:
    """Which line of an order a row is: what all rows have is the place where they were sold."""
    return None if shape.distinct == 1 and shape.rows > _FEW_ROWS else _word(shape, tier)


_BY_NAME: Final[Mapping[str, Vote]] = {
    "ticket_id": _id,
    "order_id": _id,
    "customer_id": _person,
    "user_id": _user,
    "sender": _sender,
    "category": _category,
    "channel": _channel,
    "product": _product,
    "subject": _text,
    "body": _body,
    "line": _line,
    "agent": _agent,
    "text": _text,
    "comment": _text,
    "score": _score,
    "step": _step,
    "refunded": _sum,
    "reopens": _count,
    "replies": _count,
    "satisfaction": _satisfaction,
    "kind": _known("surveys_kind", 0.8),
}
_BY_COLUMN: Final[Mapping[tuple[str, str], Vote]] = {
    ("tickets", "ticket_id"): _own_id,
    ("orders", "order_id"): _own_id,
    ("surveys", "ticket_id"): _id_of_some,
    ("surveys", "order_id"): _id_of_some,
    ("tickets", "status"): _state("tickets_status"),
    ("orders", "status"): _state("orders_status"),
    ("messages", "kind"): _known("message_kind", 0.5),
    ("messages", "public"): _known("message_public", 0.8),
    ("tickets", "sla_resolution"): _known("sla_verdict", 0.5),
    ("tickets", "sla_first_reply"): _known("sla_verdict", 0.5),
}
