"""Addresses and numbers that are rather of the desk than of its customers: of who wrote a row down, those that agents
have, and those of desk telephones."""

from __future__ import annotations

import re
from collections import Counter
from typing import Final

from supportkit.exports.meanings.vocabulary import vocabulary
from supportkit.exports.meanings.word_meaning import judge
from supportkit.exports.meanings.words import tokens
from supportkit.exports.recognising.guessing.column_shapes import Shape
from supportkit.exports.recognising.guessing.known_names import (
    parts,
    says_direction,
    speaks_of_a_deed,
    speaks_of_an_author,
)
from supportkit.exports.recognising.guessing.settled import File, Question, Settled

_MOSTLY: Final = 0.8
_DOMAINS: Final = 3
"""Domains at least from which people write who are no colleagues."""
_FEWEST: Final = 2
_ROWS: Final = 5
_COME_AGAIN: Final = 2
_MANY: Final = 10
_TIMES: Final = 3
"""Those who write to the agents who answer, at least, where they are no colleagues who write down."""
_PHONE: Final = re.compile(r"\+?[\d ()./-]{2,20}")
_DIGITS: Final = ((2, 5), (8, 15))
"""Digits of the number of a telephone in a house, and of one in the world."""


def leave_out_addresses_of_the_desk(settled: Settled, file: File) -> None:
    """Leave out of `customer_id`, and tell, an e-mail of who wrote a row down, unless they write from many domains, one
    of people who are agents in another column, and telephone numbers among which are those of a desk's telephones."""
    found = settled.found.get("customer_id")
    shape = file.shapes[found.places[0]] if found is not None and len(found.places) == 1 else None
    if found is None or shape is None:
        return
    why = "the short numbers among them are of the desk: of who calls out" if _are_of_telephones(shape) else ""
    called_so = parts()["customer"].difference(parts()["caller"]).intersection(tokens(found.text))
    if not why and not called_so and (way := _is_one_side(file, found.places[0])):
        why = f"where {way} says that it went out, it is the desk"
    wrote_down = shape.emails >= _MOSTLY and speaks_of_an_author(found.text)
    if wrote_down and not _are_of_many_domains(shape) and not _are_not_of_agents(settled, file, found.places[0]):
        why = "who wrote it down is a customer, or somebody of the desk"
    for place, (header, other) in enumerate(zip(file.headers, file.shapes, strict=True)):
        both = other is not None and min(shape.emails, other.emails) >= _MOSTLY
        if place != found.places[0] and other is not None and both and _is_of_the_desk(header):
            own, theirs = set(shape.example), set(other.example)
            if len(own) >= _FEWEST and len(own & theirs) >= _MOSTLY * len(own):
                why = f"its addresses are those of {header}"
    if why:
        del settled.found["customer_id"]
        settled.doubtful["customer_id"] = Question("customer_id", (found.text,), why)


def _are_not_of_agents(settled: Settled, file: File, place: int) -> bool:
    """Whether those who wrote rows down are many more than the agents of another column, and none is one of them."""
    agents = settled.found.get("agent")
    column = file.cells[agents.places[0]] if agents is not None and len(agents.places) == 1 else None
    authors, of_desk = {*(file.cells[place] or ())} - {""}, {*(column or ())} - {""}
    if not of_desk or len(authors) < max(_MANY, _TIMES * len(of_desk)):
        return False
    theirs = {name for one in of_desk for name in _names(one)}
    return not any(theirs & _names(one) for one in authors)


def _names(person: str) -> set[frozenset[str]]:
    """What somebody is called, whatever the order of the words: by a name, an address or what stands before its @."""
    name, _, address = person.rpartition("<") if "<" in person else (person, "", person)
    local = address.strip("<> ").partition("@")[0]
    return {frozenset(tokens(text)) for text in (name, local) if tokens(text)}


def _is_one_side(file: File, place: int) -> str:
    """The header of the column that says which way each call went, where those that went out have others in a column
    than those that came in, and few: the desk's own numbers, or its people. Empty where there is none."""
    cells = file.cells[place]
    for header, words in zip(file.headers, file.cells, strict=True):
        if cells is None or words is None or not says_direction(header):
            continue
        inward = {word for word in set(words) if _side(word) == "customer"}
        said = [(cell, word in inward) for cell, word in zip(cells, words, strict=True) if cell and word]
        came, went = ([cell for cell, inside in said if inside == side] for side in (True, False))
        if len(went) >= _ROWS and came and not {*came} & {*went} and _COME_AGAIN * len({*went}) <= len(went):
            return header
    return ""


def _side(word: str) -> str | None:
    """Who began, by a word for which way a call went: `outbound-api`, too."""
    known = vocabulary("message_sender")
    return judge(word, known).value or next((judge(one, known).value for one in tokens(word)[:1]), None)


def _are_of_telephones(shape: Shape) -> bool:
    """Whether numbers are those of telephones of the world and of a house."""
    lengths = [sum(char.isdigit() for char in cell) for cell in shape.example if _PHONE.fullmatch(cell)]
    if len(lengths) < _MOSTLY * len(shape.example):
        return False
    short, long = (sum(low <= many <= high for many in lengths) for low, high in _DIGITS)
    return min(short, long) > 0 and short + long >= _MOSTLY * len(lengths)


def _is_of_the_desk(header: str) -> bool:
    return bool(parts()["staff"].intersection(tokens(header))) or speaks_of_a_deed(header)


def _are_of_many_domains(shape: Shape) -> bool:
    """Whether addresses are of many domains, and most are not of one."""
    domains = Counter(address.rpartition("@")[2].casefold() for address in shape.example)
    return len(domains) >= _DOMAINS and domains.most_common(1)[0][1] < _MOSTLY * domains.total()
