"""What one would otherwise use to find a new problem in texts: terms, counts of fixed topics, distance from centres."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from sklearn.cluster import AgglomerativeClustering, KMeans
from sklearn.decomposition import TruncatedSVD
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.preprocessing import normalize
from threadpoolctl import threadpool_limits

from supportkit.stats.emerging_groups import EmergingGroup, surprise
from supportkit.stats.text_space import SEED, Space, fit_space
from supportkit.stats.week_texts import Week

Detector = Callable[[Week], list[EmergingGroup]]
"""The groups of a week, each with a score; made from the weeks before it."""
TOPICS = 100
FAR = 95
"""A text farther from its centre than this percentile of the past is novel."""


def terms_alone(history: Sequence[Week]) -> Detector:
    """Stems and pairs that the past does not lead one to expect, by the negative binomial, grouped by their texts."""
    before: Counter[str] = Counter()
    for one in history:
        before.update(one.counts)
    past_size = sum(len(one.texts) for one in history)

    def detect(week: Week) -> list[EmergingGroup]:
        often = sorted(term for term, seen in week.counts.items() if seen >= 3)
        tail, lift = surprise([week.counts[t] for t in often], [before[t] for t in often], len(week.texts), past_size)
        facts = [(float(p), -len(term), term, float(rise)) for p, term, rise in zip(tail, often, lift, strict=True)]
        groups: list[tuple[float, dict[int, float]]] = []
        for chance, _, term, rise in sorted(fact for fact in facts if fact[3] >= 2):
            mine = {number for number, found in enumerate(week.terms) if term in found}
            shared = (gain for _, gain in groups if 2 * len(mine & gain.keys()) >= min(len(mine), len(gain)))
            gain = next(shared, None)
            if gain is None:
                gain = {}
                groups.append((chance, gain))
            for number in mine:
                gain[number] = gain.get(number, 0.0) + math.log(rise)
        return [
            EmergingGroup(
                (), tuple(week.texts[i].key for i in sorted(gain, key=lambda i: (-gain[i], i))), 0, 0, -math.log10(p)
            )
            for p, gain in groups
        ]

    return detect


def fixed_topics(history: Sequence[Week]) -> Detector:
    """Topics by k-means on the past weeks; those that have more texts this week than their past lets one expect."""
    space, model, old = _fitted(history)
    before = np.bincount(model.predict(old), minlength=TOPICS)

    def detect(week: Week) -> list[EmergingGroup]:
        new = space.vectors([text.stems for text in week.texts])
        labels = model.predict(new)
        counts = np.bincount(labels, minlength=TOPICS)
        tail, lift = surprise(counts.tolist(), before.tolist(), len(new), len(old))
        distance = np.linalg.norm(new - model.cluster_centers_[labels], axis=1)
        groups = []
        for topic in np.flatnonzero((counts >= 3) & (lift >= 1.5)).tolist():
            members = sorted(np.flatnonzero(labels == topic).tolist(), key=lambda i: float(distance[i]))
            keys = tuple(week.texts[i].key for i in members)
            expected = before[topic] / len(old) * len(new)
            groups.append(EmergingGroup((), keys, float(expected), float(lift[topic]), float(-np.log10(tail[topic]))))
        return sorted(groups, key=lambda group: -group.score)

    return detect


def centroid_novelty(history: Sequence[Week]) -> Detector:
    """Texts far from every centre of the past, grouped; a group scores by its size."""
    space, model, old = _fitted(history)
    far = np.percentile(model.transform(old).min(axis=1), FAR)

    def detect(week: Week) -> list[EmergingGroup]:
        new = space.vectors([text.stems for text in week.texts])
        distance = model.transform(new).min(axis=1)
        novel = np.flatnonzero((distance > far) & (np.linalg.norm(new, axis=1) > 0))
        if len(novel) < 3:
            return []
        with threadpool_limits(limits=1):
            found = AgglomerativeClustering(None, metric="cosine", linkage="average", distance_threshold=0.55)
            labels = found.fit_predict(new[novel])
        groups = []
        for label in range(int(labels.max()) + 1):
            members = novel[labels == label].tolist()
            if len(members) >= 3:
                keys = tuple(week.texts[i].key for i in members)
                groups.append(EmergingGroup((), keys, 0.0, 0.0, len(members) + float(distance[members].mean())))
        return sorted(groups, key=lambda group: -group.score)

    return detect


def latent_kmeans(texts: Sequence[str], count: int, stop_words: str | None) -> Any:
    """What one would write with scikit-learn alone: TF-IDF, 100 axes of latent semantics at unit length, k-means."""
    with threadpool_limits(limits=1):
        matrix = TfidfVectorizer(stop_words=stop_words).fit_transform(texts)
        reduced = normalize(TruncatedSVD(100, random_state=SEED).fit_transform(matrix))
        return KMeans(count, n_init=1, random_state=SEED).fit_predict(reduced)


def _fitted(history: Sequence[Week]) -> tuple[Space, KMeans, np.ndarray]:
    past = [text.stems for one in history for text in one.texts]
    space = fit_space(past, dimensions=60)
    old = space.vectors(past)
    with threadpool_limits(limits=1):
        return space, KMeans(TOPICS, n_init=1, max_iter=30, random_state=SEED).fit(old), old
