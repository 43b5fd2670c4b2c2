"""How near this week's texts are to one another and to past ones, less how crowded the past is around each.

Nearness is the mean of three cosines: of the words that say something and their pairs, of the letter 3- to 5-grams of
all words, and in a space of latent semantics. A text that says what many have said is near to everything of its kind;
one that says something new is near to its like and to little else. So the greater part of each text's nearness to its
six nearest past ones is taken off (a neighbour graph loses its hubs so: Lample et al. 2018, arXiv 1710.04087).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from supportkit.stats.text_space import Space, fit_space, one_thread
from supportkit.stats.week_texts import Text
from supportkit.system.frozen import dataclass

DIMENSIONS = 60
PAST_TEXTS = 6_000
SAMPLE = 1_600
CROWD = 6
CROWD_SHARE = 0.6
TIE = 1e-5
"""A past text as near as one of this week is the nearer one: the same words as ever are nothing new."""
COSINES = 3
ROWS = 500
COMMON = 0.1
"""Letters that stand in more of the texts tell nothing apart, and cost most."""


@dataclass(frozen=True)
class PastTexts:
    """Past texts in spaces fitted on them alone, since what is new must not shape those, and the crowd around each."""

    content: Space
    manner: Space
    past: tuple[Any, ...]
    sample: tuple[Any, ...]
    crowd: Any
    """(past,) mean nearness to the six nearest of the sample."""

    def nearness(self, texts: Sequence[Text]) -> Any:
        """(texts, past + texts), float32: to the past ones, then to one another; -1 to itself."""
        import numpy as np

        here = _views(texts, self.content, self.manner)
        crowd = np.concatenate([self.crowd, _crowd(here, self.sample)])
        found = np.hstack([_cosines(here, self.past), _cosines(here, here) - np.float32(TIE)])
        found -= np.asarray(CROWD_SHARE * crowd, dtype=np.float32)
        rows = np.arange(len(texts))
        found[rows, len(self.crowd) + rows] = -1
        return found


def background_of(texts: Sequence[Text]) -> PastTexts | None:
    """The background that past texts make; None where they are too few to span a space."""
    texts = texts[:: max(-(-len(texts) // PAST_TEXTS), 1)]
    try:
        content = fit_space([text.stems for text in texts], dimensions=DIMENSIONS)
        manner = fit_space([text.said for text in texts], dimensions=0)
    except ValueError:
        return None
    past = _views(texts, content, manner)
    step = -(-len(texts) // SAMPLE)
    sample = tuple(view[::step] for view in past)
    return PastTexts(content, manner, past, sample, _crowd(past, sample, step))


def _views(texts: Sequence[Text], content: Space, manner: Space) -> tuple[Any, ...]:
    """Sparse rows of words and letters side by side, whose products are the sum of both cosines; and latent ones."""
    import numpy as np
    from scipy.sparse import hstack

    stems = [text.stems for text in texts]
    rare = np.flatnonzero(manner.idf[manner.words :] >= 1 - np.log(COMMON))
    letters = manner.blocks([text.said for text in texts])[1][:, rare]
    sparse = hstack([content.blocks(stems)[0], letters], format="csr", dtype=np.float32)
    return sparse, content.vectors(stems)


def _crowd(texts: tuple[Any, ...], sample: tuple[Any, ...], own: int = 0) -> Any:
    """Mean nearness to the six nearest of the sample; where this is every `own`-th of the texts, without itself."""
    import numpy as np

    count, most = texts[0].shape[0], min(CROWD, sample[0].shape[0] - 1)
    found = np.zeros(count, dtype=np.float32)
    for start in range(0, count, ROWS):
        near = _cosines(tuple(view[start : start + ROWS] for view in texts), sample)
        if own:
            mine = np.arange(-(-start // own) * own, min(start + ROWS, count), own)
            near[mine - start, mine // own] = -1
        found[start : start + ROWS] = -np.partition(-near, most, axis=1)[:, :most].mean(axis=1)
    return found


def _cosines(texts: tuple[Any, ...], others: tuple[Any, ...]) -> Any:
    """Mean of the three cosines, (texts, others), float32."""
    with one_thread():
        found, latent = (text @ other.T for text, other in zip(texts, others, strict=True))
    found = found.toarray()
    found += latent
    found /= COSINES
    return found
