"""Groups of near vectors: a first catalogue by k-means, and late groups by average linkage."""

from __future__ import annotations

from collections import Counter
from typing import Any

from supportkit.stats.text_space import SEED, one_thread

NEIGHBOURS = 30
"""Each vector is first replaced by the mean of its nearest ones, weighted by squared cosine: one text says little."""
LARGEST = 12_000
"""At most so many vectors are clustered; the others go to the nearest centre."""
DUPLICATES = 0.8
"""Two centres nearer than this cosine are one cluster."""
LINKAGE_DISTANCE = 0.65
LINKAGE_LARGEST = 4_000


FEW = 128
"""Of fewer documents a cluster has 20 on average, so that there are some of a kind in it."""


def usual_count(documents: int) -> int:
    """How many clusters to look for when nobody says: the root of 1.5 times the documents, 2 to 200."""
    most = documents // 20 if documents < FEW else 200
    return int(max(2, min(200, most, round((1.5 * documents) ** 0.5))))


def catalogue(vectors: Any, count: int, *, duplicates: float = DUPLICATES) -> Any:
    """Labels 0.. of `count` clusters (fewer after merging near duplicates); -1 for zero vectors.

    Labels follow the order of first appearance, so that equal input gives equal labels.
    """
    import numpy as np
    from sklearn.cluster import KMeans

    known = np.flatnonzero(np.linalg.norm(vectors, axis=1) > 0)
    labels = np.full(len(vectors), -1)
    if not len(known):
        return labels
    with one_thread():
        chosen = known
        if len(known) > LARGEST:
            chosen = np.sort(np.random.default_rng(SEED).choice(known, LARGEST, replace=False))
        smooth = _neighbourhoods(vectors[chosen])
        distinct = len(np.unique(smooth.round(6), axis=0))
        model = KMeans(min(count, distinct), n_init=1, random_state=SEED).fit(smooth)
        found = _merge(model.labels_, centres(smooth, model.labels_), duplicates)
        labels[chosen] = found
        rest = np.setdiff1d(known, chosen, assume_unique=True)
        if len(rest):
            labels[rest] = (vectors[rest] @ centres(vectors[chosen], found).T).argmax(axis=1)
    return _renumbered(labels)


def late_groups(vectors: Any, *, least: int, distance: float = LINKAGE_DISTANCE) -> Any:
    """Labels of the groups of at least `least` vectors within a mean cosine distance; -1 for all others."""
    import numpy as np
    from sklearn.cluster import AgglomerativeClustering

    labels = np.full(len(vectors), -1)
    known = np.flatnonzero(np.linalg.norm(vectors, axis=1) > 0)
    if len(known) < max(least, 2):
        return labels
    if len(known) > LINKAGE_LARGEST:
        found = catalogue(vectors[known], usual_count(len(known)))
    else:
        with one_thread():
            model = AgglomerativeClustering(None, metric="cosine", linkage="average", distance_threshold=distance)
            found = model.fit_predict(vectors[known])
    size = Counter(found.tolist())
    labels[known] = [label if size[label] >= least else -1 for label in found.tolist()]
    return _renumbered(labels)


def centres(vectors: Any, labels: Any) -> Any:
    """The unit mean of each label 0.., one row each."""
    import numpy as np

    sums = np.zeros((int(labels.max()) + 1, vectors.shape[1]))
    np.add.at(sums, labels[labels >= 0], vectors[labels >= 0])
    norm = np.linalg.norm(sums, axis=1, keepdims=True)
    return np.divide(sums, norm, out=np.zeros_like(sums), where=norm > 0)


def _neighbourhoods(vectors: Any, neighbours: int = NEIGHBOURS) -> Any:
    import numpy as np

    neighbours = min(neighbours, len(vectors))
    smooth = np.empty_like(vectors)
    for start in range(0, len(vectors), 2_000):
        cosine = vectors[start : start + 2_000] @ vectors.T
        nearest = np.argpartition(-cosine, neighbours - 1, axis=1)[:, :neighbours]
        weight = np.clip(np.take_along_axis(cosine, nearest, axis=1), 0, None) ** 2
        smooth[start : start + 2_000] = np.einsum("nk,nkd->nd", weight, vectors[nearest])
    return smooth / np.linalg.norm(smooth, axis=1, keepdims=True)


def _merge(labels: Any, middles: Any, duplicates: float) -> Any:
    """Join clusters whose centres are nearer than `duplicates`, the nearest pair first, centres recomputed by size."""
    import numpy as np

    size = np.bincount(labels, minlength=len(middles)).astype(float)
    sums = middles * size[:, None]
    home = np.arange(len(middles))
    alive = size > 0
    while alive.sum() > 1:
        norm = np.linalg.norm(sums, axis=1, keepdims=True)
        unit = np.divide(sums, norm, out=np.zeros_like(sums), where=norm > 0)
        cosine = np.triu(unit @ unit.T, 1)
        cosine[~alive, :] = cosine[:, ~alive] = 0
        first, second = np.unravel_index(cosine.argmax(), cosine.shape)
        if cosine[first, second] <= duplicates:
            break
        sums[first] += sums[second]
        alive[second] = False
        home[home == second] = first
    return home[labels]


def _renumbered(labels: Any) -> Any:
    import numpy as np

    order: dict[int, int] = {}
    for label in labels.tolist():
        if label >= 0:
            order.setdefault(label, len(order))
    return np.array([order.get(label, -1) for label in labels.tolist()], dtype=int)
