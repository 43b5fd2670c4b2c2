"""How the wordings of one language come about: a catalogue made anew whenever the texts have doubled, weeks between.

At 128 different texts of a language (30 where it has no more), and at each doubling, the vector space is fitted and
k-means makes a catalogue of the texts so far. A new cluster that shares more than half of all texts of both with a
wording is that wording still, with its id and its name; the others are born, and a wording that nothing continues is
out of use. From 20,000 texts on the space stays as it is. Between the catalogues a text goes to the nearest centre, and
what fits none waits for others of its kind. Nothing is born in a week that is not over.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from typing import Any
from zlib import crc32

from supportkit.stats.clusters import FEW, catalogue, centres, late_groups, usual_count
from supportkit.stats.phrases import most_telling, phrases_of, telling_stems
from supportkit.stats.text_space import Space, fit_space
from supportkit.stats.topic_records import Birth, TicketDocument, Wording, stem_counts
from supportkit.stats.troubles import category_of
from supportkit.system.frozen import dataclass

NEAREST = 0.45
LEAST_TICKETS = 8
LEAST_CUSTOMERS = 3
MOVE = 0.05
WAITING_WEEKS = 8
"""A text that fits no wording waits so long for others of its kind."""
LEAST_TEXTS = 30
"""A language with fewer texts gets no space yet."""
FIRST_CATALOGUE = FEW
GROWTH = 1.5
LAST_CATALOGUE = 20_000
SAME = 0.5
"""A cluster goes on with a wording when they share more than this part of the texts that are in either."""
EARLY, TIGHT = 500, 0.55
"""Of fewer texts a catalogue keeps clusters with this mean cosine to their centre: a name is for good, mixed or not."""
AGREEMENT = 0.25
"""Adjusted mutual information of clusters and categories that are of one thing."""
PURE = 0.8
PROFILE = 80


@dataclass(frozen=True)
class Course:
    """What the texts of a language made: its space, its wordings (new ones with ids below 0), and each text's place."""

    group: str
    space: Space | None
    wordings: Sequence[Wording]
    births: Sequence[Birth]
    texts: Sequence[TicketDocument]
    ids: Sequence[int]
    scores: Sequence[float]


def course(
    space: Space | None, known: Sequence[Wording], group: str, texts: Sequence[TicketDocument], through: date
) -> Course:
    """Take the texts of one language, in their order, through the weeks up to a day."""
    import numpy as np

    weeks = np.array([text.monday.toordinal() for text in texts], dtype=int)
    state = _State(group, texts, weeks, through, list(known))
    marks = [] if space is not None else list(_catalogues(texts, through))
    if space is not None:
        state.take_weeks(space, 0, len(texts))
    for mark, following in pairwise([*marks, len(texts)]):
        space = state.make_catalogue(mark) or space
        if space is not None:
            state.take_weeks(space, mark, following)
    scores = np.zeros(len(texts))
    if space is not None and len(texts):
        vectors = space.vectors([text.stems for text in texts])
        for wording in state.wordings:
            mine = state.ids == wording.wording_id
            if mine.any() and wording.centres:
                scores[mine] = vectors[mine] @ wording.centres[group]
    told = [round(float(score), 6) for score in scores]
    return Course(group, space, tuple(state.wordings), tuple(state.births), texts, state.ids.tolist(), told)


def nearest(wordings: Sequence[Wording], group: str, vectors: Any) -> tuple[Any, Any]:
    """For each vector the id of the nearest wording of the group (0: none is near enough) and the cosine.

    A merged wording still attracts what is near it: its tickets count for the one it went into (`Registry.home`).
    """
    import numpy as np

    owners = [wording for wording in wordings if group in wording.centres]
    if not owners or not len(vectors):
        return np.zeros(len(vectors), dtype=int), np.zeros(len(vectors))
    cosine = vectors @ np.array([wording.centres[group] for wording in owners]).T
    best = cosine.argmax(axis=1)
    score = cosine[np.arange(len(vectors)), best]
    ids = np.array([wording.wording_id for wording in owners])[best]
    return np.where(score >= NEAREST, ids, 0), score


def _catalogues(texts: Sequence[TicketDocument], through: date) -> Iterator[int]:
    """How many texts each catalogue is made from: those up to the Sundays by which the different ones had doubled."""
    seen: set[tuple[str, ...]] = set()
    wanted, made = FIRST_CATALOGUE, False
    for place, text in enumerate(texts):
        seen.add(tuple(text.stems))
        last = place + 1 == len(texts) or texts[place + 1].monday != text.monday
        if last and _is_over(text.monday, through) and len(seen) >= wanted:
            yield place + 1
            made = True
            while wanted <= len(seen):
                wanted = int(wanted * GROWTH)
            if wanted > LAST_CATALOGUE:
                return
    if not made and len(seen) >= LEAST_TEXTS:
        yield len(texts)


def _by_category(labels: Sequence[int], texts: Sequence[TicketDocument]) -> list[int]:
    """The labels, those of mixed clusters divided by category where the categories of a desk agree with the words.

    A few hundred texts make fewer clusters than there are problems: a category tells what stands together by chance.
    """
    from sklearn.metrics import adjusted_mutual_info_score

    told = [(label, text.category) for label, text in zip(labels, texts, strict=True) if label >= 0 and text.category]
    if not told or adjusted_mutual_info_score(*zip(*told, strict=True)) < AGREEMENT:
        return list(labels)
    seen: dict[int, Counter[str]] = {}
    for label, category in told:
        seen.setdefault(label, Counter())[category] += 1
    mixed = {label for label, count in seen.items() if max(count.values()) < PURE * count.total()}
    part: dict[tuple[int, str | None], int] = {}
    found = []
    for label, text in zip(labels, texts, strict=True):
        name = (label, text.category if label in mixed else None)
        found.append(part.setdefault(name, len(part)) if label >= 0 else -1)
    return found


def _is_over(monday: date, through: date) -> bool:
    return through >= monday + timedelta(days=6)


class _State:
    """The wordings of a language and the places of its texts while the weeks are taken."""

    def __init__(
        self, group: str, texts: Sequence[TicketDocument], weeks: Any, through: date, wordings: list[Wording]
    ) -> None:
        import numpy as np

        self.group, self.texts, self.weeks, self.through = group, texts, weeks, through
        self.wordings, self.births = wordings, list[Birth]()
        self.ids = np.zeros(len(texts), dtype=int)
        self._counted, self._seen, self._categories = 0, Counter[str](), Counter[str]()
        self._settled = True

    def make_catalogue(self, count: int) -> Space | None:
        """Fit a space to the first texts and find their wordings anew; None where they have too few words."""
        texts = self.texts[:count]
        distinct = sorted({tuple(text.stems) for text in texts})
        self._settled = len(distinct) >= FIRST_CATALOGUE
        if len(distinct) > LAST_CATALOGUE:
            distinct = sorted(sorted(distinct, key=lambda stems: crc32(" ".join(stems).encode()))[:LAST_CATALOGUE])
        try:
            space = fit_space(distinct)
        except ValueError:
            return None
        of_text = dict(
            zip(distinct, catalogue(space.vectors(distinct), usual_count(len(distinct))).tolist(), strict=True)
        )
        vectors = space.vectors([text.stems for text in texts])
        before, self.wordings = self.wordings, [replace(wording, centres={}) for wording in self.wordings]
        labels = _by_category([of_text.get(tuple(text.stems), -1) for text in texts], texts)
        old = self.ids[:count].copy()
        self._bear(texts, vectors, labels, count, continued={one.wording_id: one for one in before}, places=old)
        self.ids[:count] = nearest(self.wordings, self.group, vectors)[0]
        self._bear_late(vectors, count, weeks=count)
        return space

    def take_weeks(self, space: Space, start: int, end: int) -> None:
        """Place the texts from one number to another, week by week; what waits since before may join them."""
        import numpy as np

        if start >= end:
            return
        first = int(np.searchsorted(self.weeks, self.weeks[start] - 7 * WAITING_WEEKS))
        vectors = space.vectors([text.stems for text in self.texts[first:end]])
        for week in sorted(set(self.weeks[start:end].tolist())):
            now = np.flatnonzero(self.weeks[:end] == week)
            now = now[now >= start]
            self.ids[now] = nearest(self.wordings, self.group, vectors[now - first])[0]
            self._move(vectors[now - first], self.ids[now])
            if _is_over(date.fromordinal(week), self.through):
                self._bear_late(vectors, int(now[-1]) + 1, first)

    def _bear_late(self, vectors: Any, end: int, first: int = 0, weeks: int = WAITING_WEEKS) -> None:
        """Wordings of what waits since so many weeks; `vectors` are those of the texts from `first` on."""
        import numpy as np

        recent = self.weeks[:end] > self.weeks[end - 1] - 7 * weeks
        waiting = np.flatnonzero((self.ids[:end] == 0) & recent)
        waiting = waiting[waiting >= first]
        labels = late_groups(vectors[waiting - first], least=LEAST_TICKETS)
        if (labels >= 0).any():
            self._bear([self.texts[number] for number in waiting.tolist()], vectors[waiting - first], labels, end)
            self.ids[waiting] = nearest(self.wordings, self.group, vectors[waiting - first])[0]

    def _bear(
        self,
        texts: Sequence[TicketDocument],
        vectors: Any,
        labels: Any,
        end: int,
        continued: dict[int, Wording] | None = None,
        places: Any = None,
    ) -> None:
        """A wording of each label that has 8 different texts of 3 customers: one that goes on, or a new one."""
        import numpy as np

        labels = np.array(labels)
        early = continued is not None and FEW <= end < EARLY
        self._count_up_to(end)
        middles = centres(vectors, labels) if (labels >= 0).any() else []
        for label, centre in enumerate(middles):
            mine = np.flatnonzero(labels == label)
            members = [texts[number] for number in mine.tolist()]
            if len({tuple(text.stems) for text in members}) < LEAST_TICKETS:
                continue
            if len({text.customer or text.key for text in members}) < LEAST_CUSTOMERS:
                continue
            if early and not category_of(members) and float((vectors[mine] @ centre).mean()) < TIGHT:
                continue
            here = stem_counts(members)
            profile = profile_of(here, len(members))
            old = _continues(places, mine) if continued else 0
            if continued and old:
                at = next(place for place, one in enumerate(self.wordings) if one.wording_id == old)
                self.wordings[at] = replace(continued[old], centres={self.group: centre}, profile=profile)
                continue
            telling = telling_stems(here, len(members), self._seen, self._counted)
            names = phrases_of(members, telling)
            if not names or (early and " " not in names[0]):
                continue
            number = -1 - len(self.births)
            born = min(text.day for text in members)
            wording = Wording(number, names[0], born, most_telling(telling), {self.group: centre}, profile=profile)
            self.wordings.append(wording)
            week = self.texts[end - 1].monday
            self.births.append(
                Birth(
                    *(week, self.group, wording, tuple(names), tuple(members)),
                    *(Counter(self._categories), self._settled),
                )
            )

    def _count_up_to(self, end: int) -> None:
        """Count the words and the categories of the texts so far."""
        for text in self.texts[self._counted : end]:
            self._seen.update(set(text.stems))
            if text.category:
                self._categories[text.category] += 1
        self._counted = max(self._counted, end)

    def _move(self, vectors: Any, ids: Any) -> None:
        """Each centre 5 % nearer to the mean of its texts of this week."""
        import numpy as np

        for place, wording in enumerate(self.wordings):
            mine = vectors[ids == wording.wording_id]
            if len(mine) and wording.centres:
                week = mine.mean(axis=0)
                centre = np.asarray(wording.centres[self.group])
                centre = (1 - MOVE) * centre + MOVE * week / max(np.linalg.norm(week), 1e-9)
                self.wordings[place] = replace(wording, centres={self.group: centre / np.linalg.norm(centre)})


def profile_of(here: Counter[str], size: int) -> dict[str, float]:
    """The commonest stems of `size` texts, of at least two of them, with their shares."""
    kept = sorted((stem for stem, seen in here.items() if seen >= 2), key=lambda stem: (-here[stem], stem))[:PROFILE]
    return {stem: round(here[stem] / size, 6) for stem in sorted(kept)}


def _continues(places: Any, mine: Any) -> int:
    """The wording that has more than half of all texts of itself and of a cluster in common with it; 0: none."""
    import numpy as np

    common = Counter(places[mine].tolist())
    for number, shared in common.items():
        if number and shared > SAME * (len(mine) + int(np.count_nonzero(places == number)) - shared):
            return int(number)
    return 0
