"""What one would otherwise use to find a new problem in texts: counts of fixed topics, distance from known centres."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from sklearn.cluster import AgglomerativeClustering, KMeans
from threadpoolctl import threadpool_limits

from supportkit.stats.emerging import Group, Week, surprise
from supportkit.stats.space import SEED, fit_space

TOPICS = 100
FAR = 95
"""A text farther from its centre than this percentile of the past is novel."""


def fixed_topics(week: Week, history: Sequence[Week]) -> list[Group]:
    """Topics by k-means on the past weeks; those that have more texts this week than their past lets one expect."""
    past = [text.stems for one in history for text in one.texts]
    now = [text.stems for text in week.texts]
    model, old, new = _fitted(past, now)
    before = np.bincount(model.predict(old), minlength=TOPICS)
    labels = model.predict(new)
    counts = np.bincount(labels, minlength=TOPICS)
    tail, lift = surprise(counts.tolist(), before.tolist(), len(now), len(past))
    distance = np.linalg.norm(new - model.cluster_centers_[labels], axis=1)
    groups = []
    for topic in np.flatnonzero((counts >= 3) & (lift >= 1.5)).tolist():
        members = sorted(np.flatnonzero(labels == topic).tolist(), key=lambda i: float(distance[i]))
        keys = tuple(week.texts[i].key for i in members)
        expected = before[topic] / len(past) * len(now)
        groups.append(Group((), keys, float(expected), float(lift[topic]), float(-np.log10(tail[topic]))))
    return sorted(groups, key=lambda group: -group.score)


def centroid_novelty(week: Week, history: Sequence[Week]) -> list[Group]:
    """Texts far from every centre of the past, grouped; a group scores by its size."""
    past = [text.stems for one in history for text in one.texts]
    now = [text.stems for text in week.texts]
    model, old, new = _fitted(past, now)
    far = np.percentile(model.transform(old).min(axis=1), FAR)
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
            groups.append(Group((), keys, 0.0, 0.0, len(members) + float(distance[members].mean())))
    return sorted(groups, key=lambda group: -group.score)


def _fitted(past: Sequence[Sequence[str]], now: Sequence[Sequence[str]]) -> tuple[KMeans, np.ndarray, np.ndarray]:
    space = fit_space(past, dimensions=60)
    old, new = space.vectors(past), space.vectors(now)
    with threadpool_limits(limits=1):
        return KMeans(TOPICS, n_init=1, max_iter=30, random_state=SEED).fit(old), old, new
