"""What the registry of topics holds: texts made ready, wordings, troubles, and the birth of a wording."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import field
from datetime import date, timedelta
from typing import Any

from supportkit.stats.text_space import Space
from supportkit.stats.ticket_words import Word
from supportkit.system.frozen import dataclass


@dataclass(frozen=True)
class TicketDocument:
    """One text made ready: its key, its day, its language's script group, its words by clauses, and as it was written.

    `category` and `product` are those of the ticket, where it has them.
    """

    key: str
    day: date
    group: str
    clauses: tuple[tuple[Word, ...], ...]
    customer: str | None = None
    text: str = ""
    category: str | None = None
    product: str | None = None

    @property
    def stems(self) -> list[str]:
        """The stems, in their order."""
        return [stem for clause in self.clauses for stem, _ in clause]

    @property
    def monday(self) -> date:
        """The first day of its week."""
        return self.day - timedelta(days=self.day.weekday())


def stem_counts(texts: Iterable[TicketDocument]) -> Counter[str]:
    """How many of the texts hold each stem."""
    return Counter(stem for text in texts for stem in set(text.stems))


@dataclass(frozen=True)
class Wording:
    """Tickets in near words, for good: id and name from its birth, and its centre in the space of its language group.

    `profile` are its commonest stems with their shares of its texts. One without a centre is no longer in use.
    """

    wording_id: int
    name: str
    born: date
    terms: tuple[str, ...]
    centres: Mapping[str, Any]
    name_locked: bool = False
    merged_into: int | None = None
    trouble_id: int | None = None
    profile: Mapping[str, float] = field(default_factory=dict)

    @property
    def group(self) -> str:
        """Its language group; empty for one that is no longer in use."""
        return next(iter(self.centres), "")


@dataclass(frozen=True)
class Trouble:
    """A problem, for good: its wordings say what trouble they are of. `category` is the desk's own word for it."""

    trouble_id: int
    name: str
    born: date
    category: str | None = None
    name_locked: bool = False
    merged_into: int | None = None


@dataclass(frozen=True)
class Registry:
    """Spaces by language group, and every wording and trouble there has ever been (a merged one keeps its row).

    Wordings and troubles share one row of numbers.
    """

    spaces: Mapping[str, Space] = field(default_factory=dict)
    wordings: tuple[Wording, ...] = ()
    troubles: tuple[Trouble, ...] = ()

    def home(self, number: int) -> int:
        """The wording or trouble that a merged one went into, or itself."""
        into = {one.wording_id: one.merged_into for one in self.wordings}
        into |= {one.trouble_id: one.merged_into for one in self.troubles}
        while (following := into.get(number)) is not None:
            number = following
        return number

    def places(self) -> list[tuple[int, Wording, Trouble | None]]:
        """Of each wording's id the wording and the trouble that its tickets count for."""
        wordings = {one.wording_id: one for one in self.wordings}
        troubles = {one.trouble_id: one for one in self.troubles}
        found = []
        for one in self.wordings:
            home = wordings[self.home(one.wording_id)]
            trouble = None if home.trouble_id is None else troubles[self.home(home.trouble_id)]
            found.append((one.wording_id, home, trouble))
        return found

    def by_category(self) -> dict[str, Trouble]:
        """The trouble of each category that one stands for: where a ticket's words fit no wording, it tells."""
        troubles = {one.trouble_id: one for one in self.troubles}
        return {one.category: troubles[self.home(one.trouble_id)] for one in self.troubles if one.category is not None}

    @property
    def next_id(self) -> int:
        """The first number that nothing has had."""
        numbers = [one.wording_id for one in self.wordings] + [one.trouble_id for one in self.troubles]
        return 1 + max(numbers, default=0)


@dataclass(frozen=True)
class Assignment:
    """A text's wording, None when it fits none, and the cosine to the wording's centre."""

    key: str
    wording_id: int | None
    score: float


@dataclass(frozen=True)
class Birth:
    """A wording at its birth: its texts, and how many tickets of its language had which category by then."""

    week: date
    group: str
    wording: Wording
    names: tuple[str, ...]
    """What it may be called, best first."""
    documents: tuple[TicketDocument, ...]
    categories: Mapping[str, int]
    settled: bool = True
    """Whether its language has the texts for a first catalogue: until then each week's makes its wordings anew."""
