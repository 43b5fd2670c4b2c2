"""How our columns are called elsewhere, by `names/*.toml`, a file a table; and how near a header is to such a name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Final, Literal

from supportkit.exports.meanings.vocabulary import spelled_out
from supportkit.exports.meanings.words import key, tokens
from supportkit.exports.recognising.header_names import normal_header
from supportkit.exports.toml_tables import toml_table
from supportkit.system.named import NamedTuple

_HERE: Final = Path(__file__).parent / "names"
_ASIDE: Final = re.compile(r"\s*[(\[{<].*?[)\]}>]|,\s*(?:[^\W\d_]{1,3}\.?|[$€£¥₽₴₹₺₪%]|сек|час)$")
_NAME_ASIDE: Final = re.compile(r"\w\W+\w.*[(\[]([a-z][a-z0-9]{3,}(?:_[a-z0-9]+)*|[a-z][a-z0-9]*(?:_[a-z0-9]+)+)[)\]]$")
"""What a program calls a column, behind what people do: `Estado de la operación (status)`."""
_ZONE: Final = re.compile(r"[\s_]+(?:utc|gmt)$", re.IGNORECASE)
_LINKED: Final = re.compile(r"^relationships\.(.+)\.data\.(?=id$)", re.IGNORECASE)
"""Around the object that another one names, as JSON:API writes it: `relationships.customer.data.id`."""
_CODE: Final = re.compile(r"(?:(?:[^\W\d_]{5,}|[^\W\d_]{0,4}\d+)\.|[Qq]\d{1,2}[:)]?)\s+(?=\S)")
"""What stands before a name, as in `submitdate. Date submitted`, `Q1. How satisfied are you?` and `Q3 NPS`."""
_SHORTEST: Final = 7
"""Letters of a name of which one may be another: in a shorter one that makes another word."""
_ALL_OF: Final = 3
"""Letters of a last word in which each says something else."""
_SHORTEST_THING: Final = 4
"""Letters of what a name is of, before it in one word: `Ticketstatus`, `Serviceteam`."""
_AROUND: Final = 3
_QUESTION: Final = 5
"""Words that a question has at least where no sign says that it is one."""
_REQUEST: Final = 3
"""Words of a shorter request, as "Rate our service": more than one of them must be known."""
_TELLING_FIRST: Final = ("nps", "ces", "csi", "csat")
"""Kinds of survey, from that whose question says most: "Rate how easy it was" is of an effort, not of satisfaction."""
_OF_MANY_THINGS: Final = ("status", "country", "currency")
"""Columns that are named by what they are of: `value_currency`."""
TIERS: Final = ("first", "sure", "maybe")
Tier = Literal[0, 1, 2]
LANGUAGES: Final = {
    "en": "English",
    "de": "German",
    "fr": "French",
    "es": "Spanish",
    "ru": "Russian",
    "it": "Italian",
    "nl": "Dutch",
    "pl": "Polish",
    "pt": "Portuguese",
    "tr": "Turkish",
}


class Named(NamedTuple):
    """How a header is one of our columns: the tier of the name, how far the spelling is from it, and in words."""

    tier: Tier
    distance: int
    why: str


class Names(NamedTuple):
    """The names of a table's columns, each with its tier and language, by how they are compared; and of its things."""

    things: frozenset[str]
    columns: Mapping[str, Mapping[str, tuple[Tier, str]]]
    asked: frozenset[str]
    """Columns that are asked for where they are in doubt, though a row need not have them."""
    kinds: Mapping[str, Mapping[str, tuple[Tier, str]]]
    stems: Mapping[str, tuple[tuple[str, ...], ...]]
    """Beginnings of words by which the name of a time is known."""
    questions: Mapping[str, tuple[tuple[str, ...], ...]]
    """Beginnings of words by which a question is known: of each kind of survey, and of columns that hold an answer."""


@cache
def names_of(table: str) -> Names:
    """What a table's columns are called."""
    content = toml_table(_HERE / f"{table}.toml")
    things = frozenset(key(text) for text in spelled_out(content.pop("things")))
    kinds = content.pop("kinds", {})
    asking = [*kinds.items(), *content.items()]
    return Names(
        things,
        {ours: _tiered(part) for ours, part in content.items()},
        frozenset(ours for ours, part in content.items() if part.get("asked")),
        {kind: _tiered({"sure": part.get("names", {})}) for kind, part in kinds.items()},
        _beginnings(content.items(), "stems"),
        _beginnings(asking, "asks"),
    )


def _beginnings(sections: Iterable[tuple[str, Mapping[str, Any]]], name: str) -> dict[str, tuple[tuple[str, ...], ...]]:
    return {ours: tuple(tokens(text) for text in spelled_out(part[name])) for ours, part in sections if name in part}


@cache
def parts() -> Mapping[str, frozenset[str]]:
    """The names of what one of our columns may be made of, and of words that say nothing before a name."""
    content = toml_table(_HERE / "parts.toml")
    return {name: frozenset(key(text) for text in spelled_out(words)) for name, words in content.items()}


def _tiered(part: Mapping[str, Any]) -> dict[str, tuple[Tier, str]]:
    found: dict[str, tuple[Tier, str]] = {}
    tiers: tuple[Tier, ...] = (0, 1, 2)
    for tier in tiers:
        for language, texts in part.get(TIERS[tier], {}).items():
            for text in spelled_out({language: texts}):
                found.setdefault(key(text), (tier, language))
    return found


def named(header: str, table: str, ours: str) -> Named | None:
    """How a header is a column of ours; None where it is not. One that is spelled as another column is that one."""
    names = names_of(table)
    known = names.columns.get(ours, {})
    found = _among(header, known, names.things)
    if found is None and (ours.endswith("_id") or ours in _OF_MANY_THINGS):
        found = _behind(header, known, 2 if ours == "status" else 1, alone=ours in _OF_MANY_THINGS)
    if found is None and ours in ("customer_id", "user_id"):
        found = _around(header)
    if found is None and _is_time_of(header, names.stems.get(ours, ()), names.things):
        found = Named(2, 8, "a time, by a word for what happened")
    if found is None and _is_asked(header, names.questions.get(ours, ())):
        return Named(1, 7, "it is asked for in words")
    if found is None and not any(_among(header, other, names.things) for other in names.columns.values()):
        return None if ours.endswith("_id") and _is_of_several(header, known) else _nearly(header, known)
    return found


def survey_kind(header: str) -> tuple[str, Named] | None:
    """The kind of survey whose score a header is the name of, or the question for; None where it is none."""
    names = names_of("surveys")
    for kind, known in names.kinds.items():
        if found := _among(header, known, names.things):
            return kind, found
    asked = next((kind for kind in _TELLING_FIRST if _is_asked(header, names.questions.get(kind, ()))), None)
    return (asked, Named(1, 0, f"it asks what {asked} asks")) if asked else None


def _is_asked(header: str, questions: tuple[tuple[str, ...], ...]) -> bool:
    """Whether a header is one of these questions, or a request of a few words."""
    words = tokens(header)
    asks = is_question(header)
    if not questions or (not asks and len(words) < _REQUEST):
        return False
    return any(_asks(words, one) for one in questions if asks or len(one) > 1)


def mail_of_customer(header: str) -> Named | None:
    """How a column of e-mail addresses is of those who write, and not of an agent or a seller: `reviewer_email`,
    "Courriel du demandeur", `Recipient`; None where it is not."""
    words = tokens(header)
    if parts()["staff"].intersection(words) or speaks_of_a_deed(header):
        return None
    says = any(word in parts()["mail"] or word.endswith(("mail", "mails")) for word in words)
    return Named(2, 8 if says else 9, "an e-mail of nobody else")


def speaks_of_a_deed(header: str) -> bool:
    """Whether a header is of who did something to a row that was there, as `closedBy.email`: one of the desk."""
    return _has_phrase(header, "deed")


def speaks_of_an_author(header: str) -> bool:
    """Whether a header is of who has written a row down, as `createdBy.email`: a customer, or somebody of the desk."""
    return _has_phrase(header, "author")


def speaks_of_a_place_for_mail(header: str) -> bool:
    """Whether a header is of a postal code: `Customer ZIP code`, "Postleitzahl"."""
    return _has_phrase(header, "postal")


def _has_phrase(header: str, part: str) -> bool:
    words = tokens(_ASIDE.sub("", header))
    pairs = (key(" ".join(words[place : place + many])) for many in (1, 2, 3) for place in range(len(words)))
    return any(pair in parts()[part] for pair in pairs)


def of_a_paper(header: str) -> bool:
    """Whether a number is that of a receipt, an invoice or a payment, which an order has beside its own."""
    return bool(parts()["paper"].intersection(tokens(header)))


def is_answer(header: str) -> bool:
    """Whether a column holds what was said in answer to a customer."""
    return bool(parts()["answer"].intersection(tokens(header)))


def is_question(header: str) -> bool:
    """Whether a header is a question, with its sign or by its length."""
    return "?" in header or len(tokens(header)) >= _QUESTION


def kind_named(text: str) -> str:
    """The kind of survey that a text, as the name of a file, has a word for; empty where it has none."""
    found = [kind for kind in names_of("surveys").kinds if kind in tokens(text)]
    return found[0] if len(found) == 1 else ""


def _asks(words: tuple[str, ...], beginnings: tuple[str, ...]) -> bool:
    """Whether a question has words that begin so, in this order."""
    rest = iter(words)
    return all(any(word.startswith(part) for word in rest) for part in beginnings)


def _among(header: str, known: Mapping[str, tuple[Tier, str]], things: frozenset[str]) -> Named | None:
    for distance, (form, how) in enumerate(_all_forms(header, things)):
        if form in known:
            tier, language = known[form]
            return Named(tier, distance, f"{how} ({LANGUAGES[language]})")
    return None


def _behind(header: str, known: Mapping[str, tuple[Tier, str]], last: Tier, *, alone: bool) -> Named | None:
    """How a header ends in a name of a tier up to the `last` one: `amazon-order-id`; in a word `alone`, where that says
    enough: `stateMachineState.name`."""
    inner, _, label = header.rpartition(".")
    words = tokens(_ASIDE.sub("", _split(inner if inner and key(label) in parts()["label"] else header)))
    for cut in range(1, len(words) - (not alone)):
        if (found := known.get(key(" ".join(words[cut:])))) and found[0] <= last:
            return Named(2, 8, f"name behind {' '.join(words[:cut])!r} ({LANGUAGES[found[1]]})")
    return None


def _is_time_of(header: str, stems: tuple[tuple[str, ...], ...], things: frozenset[str]) -> bool:
    """Whether a header says when something happened and nothing else: "Hora de cierre", "Geschlossen: Datum"."""
    if not stems:
        return False
    words = tokens(_ASIDE.sub("", _split(header)))
    known = parts()["when"] | parts()["link"] | things
    said = [word for word in words if word not in known]
    return any(_covers(stem, said) or (len(stem) == 1 and _covers(stem, list(words))) for stem in stems)


def _covers(stem: tuple[str, ...], words: list[str]) -> bool:
    """Whether these are the words that begin as a stem's parts do, and no others."""
    return len(words) == len(stem) and all(any(word.startswith(part) for word in words) for part in stem)


def _around(header: str) -> Named | None:
    """How a header is the id of a customer in a system that it names: `CustomerMindboxId`."""
    words = tokens(header)
    known = len(words) == _AROUND and words[0] in parts()["customer"] and words[-1] in ("id", "uuid")
    return Named(2, 8, "an id of a customer") if known else None


def _is_of_several(header: str, known: Mapping[str, tuple[Tier, str]]) -> bool:
    """Whether a header is one of the names for several: `visitors` are how many there were."""
    form = key(normal_header(header))
    return form.endswith("s") and form[:-1] in known


def _nearly(header: str, known: Mapping[str, tuple[Tier, str]]) -> Named | None:
    """How a header is spelled nearly as one of the names."""
    form = key(normal_header(header))
    if len(form) < _SHORTEST:
        return None
    alike = range(max(_SHORTEST, len(form) - 1), len(form) + 2)
    last = tokens(_split(header))[-1]
    end = last if len(last) <= _ALL_OF else ""  # `visit_ip` is no `visit_id`
    sure = [name for name, (tier, _) in known.items() if tier < 2 and len(name) in alike and name.endswith(end)]
    near = next((name for name in sure if _is_one_letter_apart(form, name)), None)
    return Named(2, 9, f"spelled nearly as {near!r}") if near else None


def _is_one_letter_apart(one: str, other: str) -> bool:
    """Whether two texts differ in a letter that is another, is missing, or stands before the one that it follows."""
    end = min(len(one), len(other))
    before = next((n for n in range(end) if one[n] != other[n]), end)
    behind = next((n for n in range(end - before) if one[-1 - n] != other[-1 - n]), end - before)
    left = one[before : len(one) - behind], other[before : len(other) - behind]
    return max(map(len, left)) < 2 or (len(left[0]) == 2 and left[0] == left[1][::-1])


@lru_cache(maxsize=2_000)
def _all_forms(header: str, things: frozenset[str]) -> tuple[tuple[str, str], ...]:
    return tuple(_forms(header, things))


def _forms(header: str, things: frozenset[str]) -> Iterator[tuple[str, str]]:
    """A header as names are compared, then without a code before it, brackets, a prefix, and what it is of; that of an
    object's label (`status.name`) as the object's."""
    header = _LINKED.sub(r"\1.", header.strip())
    text = normal_header(header)
    yield key(_split(header)) or key(text), "name"
    inner, _, label = header.rpartition(".")
    if inner and key(label) in parts()["label"]:
        yield from ((form, f"{how} of an object, by its {label}") for form, how in _forms(inner, things))
    bare = _ZONE.sub("", _ASIDE.sub("", text))
    words = tokens(_ASIDE.sub("", _split(header)))
    zoned = len(words) > 1 and words[-1] in ("utc", "gmt")
    words = words[:-1] if zoned else words
    if coded := _CODE.match(header.strip()):
        words = tokens(header.strip()[coded.end() :])
        yield key(" ".join(words)), "name behind a code"
    elif (zoned or bare != text) and words:
        yield key(" ".join(words)), "name without what stands in brackets"
    if said_so := _NAME_ASIDE.search(header):
        yield key(said_so[1]), "name in brackets"
    before = 0
    while before < len(words) - 1 and words[before] in parts()["before"]:
        before += 1
    if before:
        yield key(" ".join(words[before:])), "name behind a prefix"
    # "Data" is before "data.id", and a day in "Data de criação do pedido"
    for shorter in (*_without_things(words[before:], things), *(_without_things(words, things) if before else ())):
        yield key(" ".join(shorter)), "name with what it is of"
    if len(words) == 1:
        for cut in range(_SHORTEST_THING, len(text) - 2):
            if text[:cut] in things:
                yield text[cut:], "name with what it is of"


def _without_things(words: tuple[str, ...], things: frozenset[str]) -> list[tuple[str, ...]]:
    """The words of a name without what it is of, which stands before it ("ticket status"), behind it ("Статус заказа",
    "état de la commande") or more than once ("Deal - Deal created")."""
    left, found = [words], list[tuple[str, ...]]()
    for one in left:
        ahead = one[1:] if one[:1] and one[0] in things else one[:0]
        behind = one[:-1] if one[:1] and one[-1] in things else one[:0]
        while behind and behind[-1] in parts()["link"]:
            behind = behind[:-1]
        new = [shorter for shorter in (ahead, behind) if shorter and shorter not in found]
        left += new
        found += new
    return found


def _split(header: str) -> str:
    """A header as it stands, without the marks that our comparison of headers takes off, but with its capitals."""
    text = normal_header(header)
    return header if len(text) == len(header.strip()) else text


def says_direction(header: str) -> bool:
    """Whether a column of a log of calls is named as that of which way each went."""
    return bool({key(header), key(_ASIDE.sub("", header))} & parts()["direction"])


def says_duration(header: str) -> bool:
    """Whether a column of a log of calls is named as that of how long each was, as `duration (total)` is."""
    return bool({key(header), key(_ASIDE.sub("", header))} & parts()["duration"])


def speaks_of_a_score(header: str) -> bool:
    """Whether a header begins or ends with a word for a score, as "Service rating" does."""
    words = tokens(_ASIDE.sub("", _split(header)))
    return bool(parts()["score"].intersection((*words[:1], *words[-1:])))


def speaks_of_a_breach(header: str) -> bool:
    """Whether a header asks whether a promise was broken, to which yes is the bad answer: "SLA breached" and "SLA not
    met", not "SLA not breached"."""
    words = set(tokens(_split(header)))
    broken, negated = (not words.isdisjoint(parts()[part]) for part in ("broken", "negation"))
    return broken != negated if broken else negated and not words.isdisjoint(parts()["kept"])


def verdict_named(header: str, ours: str) -> Named | None:
    """How a header is a vendor's verdict on a promise: "SLA" with a word for one that was kept or broken, of the first
    reply where it says so: `SLA TTR dépassé`, "SLA de solução cumprido"; None where it is not."""
    words = set(tokens(_split(header)))
    said = "sla" in words and not words.isdisjoint(parts()["broken"] | parts()["kept"])
    first = not words.isdisjoint(parts()["first_reply"])
    return Named(2, 8, "a verdict, by a word for it") if said and first == (ours == "sla_first_reply") else None


def speaks_of_people(header: str) -> bool:
    """Whether a header has a word for somebody who buys, writes or visits."""
    return bool(parts()["customer"].intersection(tokens(header)))


def speaks_of(text: str, table: str) -> bool:
    """Whether a text, as the name of a file, has a word for what a table holds."""
    return any(word in names_of(table).things for word in tokens(text))
