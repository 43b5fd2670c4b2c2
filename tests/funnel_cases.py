"""Funnel journeys with their known counts: the semantics that product tools agree on, and those where we had to choose.

Times are seconds; a journey is "time name time name …". The counts are persons who reached step 1, 2, …
"""

from __future__ import annotations

from dataclasses import dataclass

from tests.funnel_reference import Journeys

DAY = 86_400


@dataclass(frozen=True)
class Case:
    """Journeys by person, how they are judged, and the persons who reach each step."""

    what: str
    steps: str
    window: int
    counts: tuple[int, ...]
    journeys: dict[str, str]
    mode: str = "ordered"

    @property
    def events(self) -> Journeys:
        split = {person: journey.split() for person, journey in self.journeys.items()}
        return {p: [(int(t), name) for t, name in zip(j[::2], j[1::2], strict=True)] for p, j in split.items()}


def people(*journeys: str) -> dict[str, str]:
    return {f"u{number}": journey for number, journey in enumerate(journeys)}


CASES = (
    Case(
        "drop-offs and a wrong order",
        "s p m",
        14 * DAY,
        (4, 2, 1),
        people("0 s", "0 s 1 p", "0 s 1 p 2 m", "0 m", "0 p 1 s 2 m"),
    ),
    Case("other events in between do not matter", "a b", DAY, (1, 1), people("0 a 5 z 9 b")),
    Case("a skipped middle step stops the chain", "a b c d e", DAY, (1, 1, 1, 0, 0), people("0 a 1 b 2 c 3 e")),
    Case("a later step too early, then in order", "a b c d e", DAY, (1, 1, 1, 1, 1), people("0 a 1 b 2 d 3 c 4 d 5 e")),
    Case("the window's end is inside", "a b", 10, (2, 1), people("0 a 10 b", "0 a 11 b")),
    Case("the window runs from step 1", "a b c", 3600, (1, 1, 0), people("0 a 1200 b 5400 c")),
    Case(
        "25 enter, 10 inside the week",
        "1 2 3",
        7 * DAY,
        (25, 10, 0),
        people(*["0 1 86400 2"] * 10, *["0 1 777600 2"] * 15),
    ),
    Case("14 days across a change of clocks", "v s", 14 * DAY, (1, 1), people("0 v 1207020 s")),
    Case("the best attempt", "a b c", 3600, (1, 1, 1), people("0 a 1800 a 2700 b 4500 c")),
    Case("the same, first entry", "a b c", 3600, (1, 1, 0), people("0 a 1800 a 2700 b 4500 c"), "first"),
    Case("back after the window", "a b", 10, (1, 1), people("0 a 20 a 25 b")),
    Case("back after the window, first entry", "a b", 10, (1, 0), people("0 a 20 a 25 b"), "first"),
    Case("four searches and a cart are one conversion", "s c", DAY, (1, 1), people("0 s 1 s 2 s 3 s 4 c")),
    Case("different steps at one instant are in order", "a b", DAY, (2, 1), people("0 b 0 a", "0 a")),
    Case("five steps in one second", "a b c d e", 0, (1, 1, 1, 1, 1), people("0 e 0 d 0 c 0 b 0 a")),
    Case(
        "a repeated step needs events of its own",
        "s v v v v",
        DAY,
        (5, 4, 3, 2, 1),
        people("0 s", "0 s 1 v", "0 s 1 v 2 z 3 v", "0 s 1 v 2 z 3 v 4 v 5 z", "0 s 1 v 2 v 3 v 4 v"),
        "repeated",
    ),
    Case(
        "repeats before the entry do not count",
        "s v v v v",
        14 * DAY,
        (5, 4, 1, 1, 1),
        people(
            "0 v 1 s",
            "0 s 1 v",
            "0 v 1 s 2 z 3 v",
            "0 z 1 v 2 z 3 v 4 s 5 v",
            "0 s 1 v 2 z 3 v 4 v 5 v",
            "0 v 1 z 2 v 3 v 4 v",
        ),
        "repeated",
    ),
    Case("a repeated step at one instant", "f v v", DAY, (1, 1, 1), people("0 f 540 v 540 v 600 v"), "repeated"),
    Case("two of a before b", "a a b", DAY, (2, 1, 1), people("0 a 1 b", "0 a 1 a 2 b"), "repeated"),
    Case(
        "strict: nothing in between",
        "s v i",
        14 * DAY,
        (7, 2, 1),
        people(
            "0 s",
            "0 v 1 s",
            "0 s 1 v 2 z 3 i",
            "0 i 1 z 2 v 3 s",
            "0 v 1 s 2 z 3 v 4 i",
            "0 z 1 s 2 z 3 v",
            "0 z 1 s 2 v 3 i 4 z",
            "0 i 1 v",
        ),
        "strict",
    ),
    Case(
        "strict: an unrelated event breaks it",
        "s m",
        7 * DAY,
        (2, 1),
        people("0 s 3600 z 7200 m", "0 s 3600 m"),
        "strict",
    ),
    Case("unordered: any sequence", "a b c", DAY, (2, 1, 1), people("0 c 1 a 2 b", "0 b"), "unordered"),
    Case(
        "unordered: the window slides", "a b c", 10, (2, 2, 1), people("0 a 8 b 12 c", "0 a 8 b 12 c 15 a"), "unordered"
    ),
    Case("unordered: repeats of a step are one step", "a b", DAY, (1, 0), people("0 a 1 a"), "unordered"),
    Case(
        "excluded between 1 and 2: the entry still counts",
        "s p",
        14 * DAY,
        (3, 2),
        people("0 s 1 p", "0 s 1 x 2 p", "0 s 1 p"),
        "attempt",
    ),
    Case("a new entry after the excluded event", "s p", DAY, (1, 1), people("0 s 1 x 2 s 3 p"), "attempt"),
    Case("excluded events outside the two steps", "s p q", DAY, (1, 1, 1), people("0 x 1 s 2 p 3 x 4 q"), "attempt"),
    Case("the person disappears", "s p", 14 * DAY, (2, 2), people("0 s 1 p", "0 s 1 x 2 p", "0 s 1 p"), "person"),
    Case("the person's expired first attempt is clean", "1 2", 10, (1, 0), people("0 1 31 1 32 x"), "person"),
    Case("both attempts of the person open at the excluded event", "1 2", 10, (0, 0), people("0 1 1 1 2 x"), "person"),
    Case("an anonymous id joined to a person", "s p m", DAY, (1, 1, 1), people("0 s 1 p 2 m")),
    Case("nobody enters", "a b", DAY, (0, 0), people("0 b")),
)
