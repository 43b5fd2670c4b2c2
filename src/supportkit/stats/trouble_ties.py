"""What ties groups of tickets in different languages that no category ties: product, time, and meaning.

By product: six in ten tickets of both are of one product, twice its share, and of no other group of either language.
By time: both rise in the same weeks, far above what the other tickets of their language do. By meaning: with the extra
`semantic` each is the nearest to the other. Two groups are tied when each is the best of its language for the other.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from supportkit.stats.semantic import is_installed, meanings, pairs
from supportkit.stats.topic_records import TicketDocument
from supportkit.system.frozen import dataclass

OF_PRODUCT = 0.6
LIFT = 2.0
LEAST_WEEKS = 8
TOGETHER = 0.7
"""Correlation of what two groups have above the course of the others, week by week."""
BURST = 3.0
"""Standard deviations above that course that one week has at least."""
TEXTS = 16
"""So many texts say what a group means."""


@dataclass(frozen=True)
class Group:
    """Wordings of one language that are joined, their texts, and the category of most of these."""

    group: str
    wordings: tuple[int, ...]
    documents: tuple[TicketDocument, ...]
    category: str | None
    troubles: Sequence[int] = ()
    """What these are of already."""


def tied(new: Sequence[Group], known: Sequence[Group]) -> Iterator[tuple[Group, Group]]:
    """Pairs of groups of different languages that are of one problem, one of them new at least; the surest first."""
    groups = [*new, *(one for one in known if one.documents)]
    if len({one.group for one in groups}) < 2:
        return
    for found in (_by_product(groups), _by_time(groups), _by_meaning(groups)):
        for first, second in found:
            if min(first, second) < len(new) and groups[first].group != groups[second].group:
                yield groups[first], groups[second]


def _by_product(groups: Sequence[Group]) -> Iterator[tuple[int, int]]:
    everywhere: dict[str, Counter[str]] = {}
    for one in groups:
        everywhere.setdefault(one.group, Counter()).update(_products(one.documents))
    of_product: dict[tuple[str, str], list[int]] = {}
    for place, one in enumerate(groups):
        seen, all_of_them = _products(one.documents), everywhere[one.group]
        for product, count in seen.most_common(1):
            share = count / seen.total()
            if share >= OF_PRODUCT and share >= LIFT * all_of_them[product] / all_of_them.total():
                of_product.setdefault((product, one.group), []).append(place)
    alone = {key: places[0] for key, places in of_product.items() if len(places) == 1}
    for (product, group), place in sorted(alone.items()):
        for (other_product, other_group), other in sorted(alone.items()):
            if product == other_product and group < other_group:
                yield place, other


def _products(documents: Iterable[TicketDocument]) -> Counter[str]:
    return Counter(document.product for document in documents if document.product)


def _by_time(groups: Sequence[Group]) -> Iterator[tuple[int, int]]:
    import numpy as np

    weeks = sorted({document.monday for one in groups for document in one.documents})
    if len(weeks) < LEAST_WEEKS:
        return
    counts = np.array([_by_week(one.documents, weeks) for one in groups], dtype=float)
    languages = np.array([one.group for one in groups])
    above = np.zeros_like(counts)
    for language in sorted(set(languages.tolist())):
        mine = languages == language
        others = counts[mine].sum(axis=0) - counts[mine] + 1
        expected = counts[mine].sum(axis=1, keepdims=True) * others / others.sum(axis=1, keepdims=True)
        above[mine] = 2 * (np.sqrt(counts[mine] + 0.375) - np.sqrt(expected + 0.375))
    burst = above.max(axis=1) >= BURST
    centred = above - above.mean(axis=1, keepdims=True)
    norm = np.linalg.norm(centred, axis=1, keepdims=True)
    unit = np.divide(centred, norm, out=np.zeros_like(centred), where=norm > 0)
    together = unit @ unit.T
    together[~burst] = together[:, ~burst] = 0
    yield from _mutual(together, languages, TOGETHER)


def _by_week(documents: Iterable[TicketDocument], weeks: Sequence[Any]) -> list[int]:
    seen = Counter(document.monday for document in documents)
    return [seen[week] for week in weeks]


def _mutual(likeness: Any, languages: Any, least: float) -> Iterator[tuple[int, int]]:
    """Pairs of different languages that are each other's likest, the likest pair first."""
    import numpy as np

    found = []
    for first in range(len(languages)):
        for language in sorted(set(languages.tolist()) - {languages[first]}):
            theirs = np.flatnonzero(languages == language)
            second = int(theirs[likeness[first, theirs].argmax()])
            ours = np.flatnonzero(languages == languages[first])
            if first < second and likeness[first, second] >= least and ours[likeness[ours, second].argmax()] == first:
                found.append((-float(likeness[first, second]), first, second))
    for _, first, second in sorted(found):
        yield first, second


def _by_meaning(groups: Sequence[Group]) -> Iterator[tuple[int, int]]:
    if not is_installed():
        return
    centres: Mapping[int, tuple[str, Any]] = {
        place: (one.group, _meaning(tuple(map(_said, one.documents[:: -(-len(one.documents) // TEXTS)]))))
        for place, one in enumerate(groups)
    }
    yield from pairs(centres)


def _said(document: TicketDocument) -> str:
    return document.text or " ".join(form for clause in document.clauses for _, form in clause)


@lru_cache(maxsize=1024)
def _meaning(texts: tuple[str, ...]) -> Any:
    mean = meanings(texts).mean(axis=0)
    return mean / max(float((mean @ mean) ** 0.5), 1e-9)
