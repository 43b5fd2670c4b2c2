"""A frozen vector space for short texts: stems, their pairs and their letter 3- to 5-grams, TF-IDF, latent semantics.

The space is fitted once and kept: a ticket has the same vector next week, so that a topic can keep its identity. Letter
n-grams are taken inside a stem, which lets misspelt and compound words meet ("zahlungsfehler", "zahlung"). Stems that
came later have places of their own, by hash.
"""

from __future__ import annotations

import io
import json
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import field
from functools import cache, lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any
from zlib import crc32

from supportkit.system.frozen import dataclass

if TYPE_CHECKING:
    from threadpoolctl import ThreadpoolController

DIMENSIONS = 100
WORD_FEATURES = 12_000
LETTER_FEATURES = 12_000
UNKNOWN_DIMENSIONS = 128
UNKNOWN_WEIGHT = 0.8
"""Of a text whose every stem is unknown: the length beside 1 for one whose known words the axes hold entirely."""
SEED = 20261122
_SHORTEST, _LONGEST = 3, 5
_MOST_BYTES = 256 << 20  # of a kept space, unpacked; ours take a tenth of it


@contextmanager
def one_thread() -> Iterator[None]:
    """Sums in one order, whatever the number of cores: the same input gives the same clusters."""
    with _thread_pools(len(sys.modules)).limit(limits=1):
        yield


@lru_cache(maxsize=1)
def _thread_pools(modules: int) -> ThreadpoolController:
    """The pools of threads in what is loaded; to look for them takes 3 ms, so that is done once for so many modules."""
    from threadpoolctl import ThreadpoolController

    return ThreadpoolController()


@cache
def letter_grams(stem: str) -> tuple[str, ...]:
    """The 3- to 5-grams of one stem with its borders marked, in their order."""
    padded = f" {stem} "
    return tuple(
        "~" + padded[start : start + size]
        for size in range(_SHORTEST, _LONGEST + 1)
        for start in range(max(len(padded) - size + 1, 0))
    )


def word_grams(stems: Sequence[str]) -> list[str]:
    """Stems and pairs of neighbours."""
    return [*stems, *(f"{first} {second}" for first, second in pairwise(stems))]


@cache
def _hashed(stem: str) -> tuple[int, float]:
    mark = crc32(stem.encode())
    return mark % UNKNOWN_DIMENSIONS, 1.0 if mark >> 31 else -1.0


@dataclass(frozen=True)
class Space:
    """Vocabulary, weights and axes, never refitted; `vectors` maps stems to unit rows (zero: nothing known)."""

    vocabulary: dict[str, int]
    """Feature to column: word features first, then letter features."""
    words: int
    """The number of word features."""
    idf: Any
    axes: Any
    """(features, dimensions)."""
    _of_stem: dict[str, list[int]] = field(default_factory=dict, repr=False, compare=False)

    def vectors(self, documents: Sequence[Sequence[str]]) -> Any:
        """A float32 array of unit rows: the axes, then the places of unknown stems."""
        import numpy as np

        with one_thread():
            known = np.asarray(self._weights(documents) @ self.axes, dtype=np.float32)
        return _unit(np.hstack([known, self._unknown(documents)]))

    def blocks(self, documents: Sequence[Sequence[str]]) -> tuple[Any, Any]:
        """Sparse unit rows of the word features, and of the letter features; zero rows where none is known."""
        weights = self._weights(documents)
        return weights[:, : self.words], weights[:, self.words :]

    def _unknown(self, documents: Sequence[Sequence[str]]) -> Any:
        """Stems that the space was not fitted on, each at a place and with a sign of its own hash.

        Without them a new problem would be told by its known words alone, and taken for an old one.
        """
        import numpy as np

        rows = np.zeros((len(documents), UNKNOWN_DIMENSIONS), dtype=np.float32)
        for row, stems in zip(rows, documents, strict=True):
            distinct = set(stems)
            for stem in sorted(distinct):
                if stem not in self.vocabulary:
                    place, sign = _hashed(stem)
                    row[place] += sign * UNKNOWN_WEIGHT / len(distinct) ** 0.5
        return rows

    def _weights(self, documents: Sequence[Sequence[str]]) -> Any:
        import numpy as np
        from scipy.sparse import csr_array

        known = self.vocabulary
        columns: list[int] = []
        borders = [0]
        for stems in documents:
            columns.extend(known[gram] for gram in word_grams(stems) if gram in known)
            for stem in stems:
                columns.extend(self._letters(stem))
            borders.append(len(columns))
        shape = (len(documents), len(known))
        counts = csr_array((np.ones(len(columns)), np.array(columns, dtype=np.int32), np.array(borders)), shape=shape)
        counts.sum_duplicates()
        counts.data = (1 + np.log(counts.data)) * self.idf[counts.indices]
        word = counts.indices < self.words
        row = np.repeat(np.arange(shape[0]), np.diff(counts.indptr))
        for block in (word, ~word):
            norm = np.sqrt(np.bincount(row[block], counts.data[block] ** 2, minlength=shape[0]))
            counts.data[block] /= norm[row[block]]
        return counts

    def _letters(self, stem: str) -> list[int]:
        found = self._of_stem.get(stem)
        if found is None:
            known = self.vocabulary
            found = self._of_stem[stem] = [known[gram] for gram in letter_grams(stem) if gram in known]
        return found

    def to_bytes(self) -> bytes:
        """A compressed archive without pickles; axes in half precision, which moves no cosine by .001."""
        import numpy as np

        buffer = io.BytesIO()
        vocabulary = np.frombuffer(json.dumps(list(self.vocabulary), ensure_ascii=False).encode(), dtype=np.uint8)
        half = {"idf": self.idf.astype(np.float32), "axes": self.axes.astype(np.float16)}
        np.savez_compressed(buffer, vocabulary=vocabulary, words=np.array(self.words), **half)
        return buffer.getvalue()

    @classmethod
    def from_bytes(cls, data: bytes) -> Space:
        """What `to_bytes` wrote; ValueError for anything else."""
        import zipfile
        import zlib

        import numpy as np

        try:
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                if sum(entry.file_size for entry in archive.infolist()) > _MOST_BYTES:
                    raise ValueError("too large for a space")
            with np.load(io.BytesIO(data), allow_pickle=False) as kept:
                features = json.loads(kept["vocabulary"].tobytes().decode())
                return cls(
                    vocabulary={feature: column for column, feature in enumerate(features)},
                    words=int(kept["words"]),
                    idf=kept["idf"].astype(np.float64),
                    axes=kept["axes"].astype(np.float64),
                )
        except (zipfile.BadZipFile, zlib.error, KeyError, TypeError, EOFError, OSError, NotImplementedError) as error:
            raise ValueError(f"no space: {error}") from error


def fit_space(documents: Sequence[Sequence[str]], *, dimensions: int = DIMENSIONS) -> Space:
    """The space of these lists of stems, for its `blocks` alone without dimensions; ValueError under three features.

    Word features stand in at least 2 documents, letter features in 3; the commonest are kept. Rounded to what
    `to_bytes` keeps, so that a stored space and a fresh one give the same vectors.
    """
    import numpy as np
    from sklearn.utils.extmath import randomized_svd

    word_count: Counter[str] = Counter()
    stem_count: Counter[str] = Counter()
    letter_count: Counter[str] = Counter()
    for stems in documents:
        word_count.update(set(word_grams(stems)))
        stem_count.update(set(stems))
        letter_count.update({gram for stem in stems for gram in letter_grams(stem)})
    words = _commonest(word_count, 2, WORD_FEATURES)
    letters = _commonest(letter_count, 3, LETTER_FEATURES)
    features = words + letters
    if len(features) < 3:
        raise ValueError("too few words to span a space")
    seen = np.array([word_count[f] for f in words] + [letter_count[f] for f in letters], dtype=float)
    idf = (np.log((1 + len(documents)) / (1 + seen)) + 1).astype(np.float32).astype(np.float64)
    vocabulary = {feature: column for column, feature in enumerate(features)}
    raw = Space(vocabulary, len(words), idf, axes=None)
    if not dimensions:
        return raw
    rank = max(1, min(dimensions, len(documents) - 1, len(features) - 1))
    with one_thread():
        _, _, axes = randomized_svd(raw._weights(documents), n_components=rank, n_iter=4, random_state=SEED)
    return Space(vocabulary, len(words), idf, axes.T.astype(np.float16).astype(np.float64))


def _commonest(count: Counter[str], least: int, most: int) -> list[str]:
    kept = sorted((feature for feature, seen in count.items() if seen >= least), key=lambda f: (-count[f], f))
    return sorted(kept[:most])


def _unit(rows: Any) -> Any:
    import numpy as np

    norm = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.divide(rows, norm, out=np.zeros_like(rows), where=norm > 1e-6)
