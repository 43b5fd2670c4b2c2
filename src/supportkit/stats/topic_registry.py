"""The registry of topics: ids and names that stay from week to week.

A naive weekly refit renames every topic. Here the vector space is frozen, a topic keeps its id, its name is fixed at
birth and changed only by a person, and its centre moves by at most 5 % a week. A text belongs to the nearest centre of
its language when the cosine is at least .45; the others of the last weeks are grouped, and a group of 8 becomes a
topic.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field, replace
from datetime import date, timedelta
from typing import Any

from supportkit.stats.clusters import catalogue, centres, late_groups, usual_count
from supportkit.stats.text_space import Space, fit_space
from supportkit.stats.ticket_words import Word
from supportkit.stats.topic_names import TERMS, Wording, key_terms, name
from supportkit.system.frozen import dataclass

NEAREST = 0.45
LEAST_TICKETS = 8
MOVE = 0.05
WAITING_WEEKS = 8
"""A text that fits no topic waits so long for others of its kind."""
LEAST_TEXTS = 30
"""A language with fewer texts gets no space yet."""


@dataclass(frozen=True)
class TicketDocument:
    """One text made ready: its key, its day, its language's script group, and its words by clauses."""

    key: str
    day: date
    group: str
    clauses: tuple[tuple[Word, ...], ...]
    customer: str | None = None

    @property
    def stems(self) -> list[str]:
        """The stems, in their order."""
        return [stem for clause in self.clauses for stem, _ in clause]


@dataclass(frozen=True)
class Topic:
    """A topic for good: id and name from its birth, and its centre in the space of its language group."""

    topic_id: int
    name: str
    born: date
    terms: tuple[str, ...]
    centres: Mapping[str, Any]
    name_locked: bool = False
    merged_into: int | None = None


@dataclass(frozen=True)
class Registry:
    """Frozen spaces by language group, and every topic there has ever been (a merged one keeps its row)."""

    spaces: Mapping[str, Space] = field(default_factory=dict)
    topics: tuple[Topic, ...] = ()

    def home(self, topic_id: int) -> int:
        """The topic that a merged one went into, or itself."""
        into = {topic.topic_id: topic.merged_into for topic in self.topics}
        while (following := into.get(topic_id)) is not None:
            topic_id = following
        return topic_id


@dataclass(frozen=True)
class Assignment:
    """A text's topic, None when it fits none, and the cosine to the topic's centre."""

    key: str
    topic_id: int | None
    score: float


def update(registry: Registry, documents: Sequence[TicketDocument]) -> tuple[Registry, list[Assignment]]:
    """The registry after these texts, and where each of them belongs.

    `documents` are the texts without a topic yet, the waiting ones included. The same texts in another order give the
    same result. A language group met for the first time is given its space and its first topics from all its texts;
    after that the texts are taken week by week.
    """
    ordered = sorted(documents, key=lambda document: (document.day, document.key))
    placed = {document.key: Assignment(document.key, None, 0.0) for document in ordered}
    for group in sorted({document.group for document in ordered}):
        texts = [document for document in ordered if document.group == group and document.clauses]
        if group not in registry.spaces:
            registry, found = _first(registry, group, texts)
        else:
            registry, found = _weekly(registry, group, texts)
        placed.update((one.key, one) for one in found)
    return registry, [placed[document.key] for document in ordered]


def nearest(registry: Registry, group: str, vectors: Any) -> tuple[Any, Any]:
    """For each vector the id of the nearest topic of the group (0: none is near enough) and the cosine.

    A merged topic still attracts what is near it: its tickets count for the one it went into (`home`).
    """
    import numpy as np

    owners = [topic for topic in registry.topics if group in topic.centres]
    if not owners or not len(vectors):
        return np.zeros(len(vectors), dtype=int), np.zeros(len(vectors))
    cosine = vectors @ np.array([topic.centres[group] for topic in owners]).T
    best = cosine.argmax(axis=1)
    score = cosine[np.arange(len(vectors)), best]
    ids = np.array([topic.topic_id for topic in owners])[best]
    return np.where(score >= NEAREST, ids, 0), score


def _first(registry: Registry, group: str, texts: Sequence[TicketDocument]) -> tuple[Registry, list[Assignment]]:
    """A space and first topics for a language group; equal texts count once, so that a pasted one makes no topic."""
    distinct = {tuple(text.stems): text for text in reversed(texts)}
    if len(distinct) < LEAST_TEXTS:
        return registry, []
    stems = sorted(distinct)
    try:
        space = fit_space(stems)
    except ValueError:
        return registry, []
    registry = replace(registry, spaces={**registry.spaces, group: space})
    labels = catalogue(space.vectors(stems), usual_count(len(stems)))
    of_text = dict(zip(map(tuple, stems), labels.tolist(), strict=True))
    everything = Wording.of([text.clauses for text in texts], [text.customer for text in texts])
    vectors = space.vectors([text.stems for text in texts])
    registry = _born(registry, group, texts, vectors, [of_text[tuple(text.stems)] for text in texts], everything)
    found = {one.key: one for one in _assigned(registry, group, texts, vectors)}
    registry, rest = _weekly(registry, group, [text for text in texts if found[text.key].topic_id is None])
    found.update((one.key, one) for one in rest)
    return registry, list(found.values())


def _weekly(registry: Registry, group: str, texts: Sequence[TicketDocument]) -> tuple[Registry, list[Assignment]]:
    import numpy as np

    space = registry.spaces[group]
    vectors = space.vectors([text.stems for text in texts])
    monday = np.array([(text.day - timedelta(days=text.day.weekday())).toordinal() for text in texts], dtype=int)
    ids = np.zeros(len(texts), dtype=int)
    everything = Wording.of([text.clauses for text in texts], [text.customer for text in texts])
    for week in sorted(set(monday.tolist())):
        now = np.flatnonzero(monday == week)
        ids[now] = nearest(registry, group, vectors[now])[0]
        registry = _moved(registry, group, vectors[now], ids[now])
        waiting = np.flatnonzero((ids == 0) & (monday <= week) & (monday > week - 7 * WAITING_WEEKS))
        labels = late_groups(vectors[waiting], least=LEAST_TICKETS)
        if (labels >= 0).any():
            pool = [texts[index] for index in waiting.tolist()]
            registry = _born(registry, group, pool, vectors[waiting], labels.tolist(), everything)
            ids[waiting] = nearest(registry, group, vectors[waiting])[0]
    score = np.zeros(len(texts))
    for topic in registry.topics:
        if group in topic.centres:
            mine = ids == topic.topic_id
            score[mine] = vectors[mine] @ topic.centres[group]
    return registry, [
        Assignment(text.key, int(number) or None, round(float(cosine), 6))
        for text, number, cosine in zip(texts, ids.tolist(), score.tolist(), strict=True)
    ]


def _born(
    registry: Registry,
    group: str,
    texts: Sequence[TicketDocument],
    vectors: Any,
    labels: Sequence[int],
    everything: Wording,
) -> Registry:
    """New ids for the labelled groups that have 8 different texts, from more than one customer where they are known."""
    import numpy as np

    labelled = np.array(labels)
    middles = centres(vectors, labelled) if (labelled >= 0).any() else []
    topics = list(registry.topics)
    taken = {topic.name for topic in topics}
    for label in range(len(middles)):
        members = [texts[index] for index in np.flatnonzero(labelled == label).tolist()]
        if len({tuple(text.stems) for text in members}) < LEAST_TICKETS:
            continue
        if len({text.customer or text.key for text in members}) < 3:
            continue
        wording = Wording.of([text.clauses for text in members], [text.customer for text in members])
        terms = key_terms(wording, everything, clusters=len(middles), most=6)
        if not terms:
            continue
        title = free_name(terms, wording, taken)
        taken.add(title)
        number = 1 + max((topic.topic_id for topic in topics), default=0)
        born = min(text.day for text in members)
        topics.append(Topic(number, title, born, tuple(terms), {group: middles[label]}))
    return replace(registry, topics=tuple(topics))


def free_name(terms: Sequence[str], wording: Wording, taken: set[str]) -> str:
    """A name that no topic has: of two terms, of more where it is taken, with a number at last."""
    for most in range(min(TERMS, len(terms)), len(terms) + 1):
        title = name(terms[:most], wording.forms)
        if title not in taken:
            return title
    title = name(terms[:TERMS], wording.forms)
    number = 2
    while f"{title} ({number})" in taken:
        number += 1
    return f"{title} ({number})" if title in taken else title


def _moved(registry: Registry, group: str, vectors: Any, ids: Any) -> Registry:
    """Each centre 5 % nearer to the mean of its texts of this week."""
    import numpy as np

    topics = []
    for topic in registry.topics:
        mine = vectors[ids == topic.topic_id]
        if len(mine) and group in topic.centres:
            week = mine.mean(axis=0)
            centre = (1 - MOVE) * np.asarray(topic.centres[group]) + MOVE * week / max(np.linalg.norm(week), 1e-9)
            topic = replace(topic, centres={**topic.centres, group: centre / np.linalg.norm(centre)})
        topics.append(topic)
    return replace(registry, topics=tuple(topics))


def _assigned(registry: Registry, group: str, texts: Sequence[TicketDocument], vectors: Any) -> list[Assignment]:
    ids, scores = nearest(registry, group, vectors)
    return [
        Assignment(text.key, int(number) or None, round(float(score), 6))
        for text, number, score in zip(texts, ids.tolist(), scores.tolist(), strict=True)
    ]
