"""Whether a name that begins was split off from one that goes on, or is new: how much likelier the one is, and of whom.

Of a split the two together are what the old name was due, whatever share the new one got; of a new name the old one is
as it was due, and the new one is anything. The ratio of the two likelihoods is taken of each name that there is, and
the mean of these ratios is the odds of a split, one in as many names as there are being as likely a parent as another.
So the fall of one name among many, which chance alone brings, is not enough: of few in the same words it is. Where a
name fell by itself, by another number, its sum tells that.
"""

from __future__ import annotations

from collections.abc import Callable
from math import comb, inf, log
from typing import Final

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

VARIES: Final = 1.5  # the variance of tickets over their mean
DRIFT: Final = 0.1  # by which a level moves of itself, as a share of it
OWN_FALL: Final = 8.0  # the logarithm of how much rarer than none a fall of a name's own is, on a given day
GROWTHS: Final = np.linspace(1.0, 1.5, 6)  # in the same words: of the trouble while its tag was split
GROWS: Final = 0.1  # of such splits, those of a trouble that grows
ASKED: Final = 50  # names whose words are compared
DOUBT: Final = {True: -1.0, False: -2.0}  # log-odds in the same words and without any, up to which it is new


def parent(since: Array, due: Array, moved: float, alike: Callable[[int], bool] | None) -> tuple[int, float]:
    """Of which series a name with `moved` tickets was split off if of any, and the logarithm of the odds that it was.

    `since` are the tickets that each series had since then, `due` those that it should have had; `alike` says whether
    the words of one are those of the name, where there are words. -1 and minus infinity where it can be of none.
    """
    there = np.flatnonzero(due > 0)
    likelier = likelier_split(since[there], due[there], moved, grows=alike is not None)
    order = np.argsort(-likelier, kind="stable")
    if not len(order) or likelier[order[0]] <= DOUBT[alike is not None]:  # no mean is above the greatest
        return -1, -inf
    if alike is not None:
        order = np.array([n for n in order[:ASKED].tolist() if alike(int(there[n]))], int)
    if not len(order):
        return -1, -inf
    return int(there[order[0]]), float(np.logaddexp.reduce(likelier[order])) - log(len(order))


def odds_of_stop(since: float, due: float, moved: float, names: int, of: int) -> float:
    """The logarithm of the odds that so many names of all there are stopped for those that began, against by chance."""
    (likelier,) = _likelier(np.array([since]), np.array([due]), moved, 1.0, names)
    return float(likelier) - log(comb(of, names))


def likelier_split(since: Array, due: Array, moved: float, *, grows: bool) -> Array:
    """How much likelier the tickets of each series and of a name that began are of a split than of two names: the
    logarithms of ratios, smaller where drift adds to what chance does; with `grows` the sum may have grown."""
    one = _likelier(since, due, moved, 1.0)
    if not grows:
        return one
    each = np.array([_likelier(since, due, moved, growth) for growth in GROWTHS])
    more = np.logaddexp.reduce(each, axis=0) - log(len(each))
    return np.asarray(np.logaddexp(log(1 - GROWS) + one, log(GROWS) + more))


def _likelier(since: Array, due: Array, moved: float, growth: float, names: int = 1) -> Array:
    whole, scale = since + moved, VARIES + DRIFT**2 * due
    own = np.where(since > 0, since * np.log(np.maximum(since, 1) / whole), 0.0)
    of_two = own + moved * np.log(due / whole) + moved + whole * log(growth) - (growth - 1) * due
    of_sum = whole * np.log(growth * due / whole) + whole - growth * due
    return np.asarray(np.minimum(of_two / scale, names * OWN_FALL + of_sum / scale))
