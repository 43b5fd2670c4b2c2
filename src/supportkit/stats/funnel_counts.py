"""Users who reach each step of a funnel, by one sort and a running maximum per step.

The state after each event is the latest entry from which step k can still be reached: an event of step k takes it from
step k - 1 when that entry lies within the window. This is the best attempt, window included, ties in the order of the
steps: the same counts as an ASOF chain over every entry, for a fraction of the work.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Keys = NDArray[np.int64]

STEP_BITS = 3
MOST_STEPS = (1 << STEP_BITS) - 1


def users_by_step(keys: Keys, steps: int, window: int, span: int) -> list[int]:
    """Users at step 1, 2, … from keys (user x span + time) x 8 + step, which are used up to spare memory.

    `span` must be larger than the largest time plus the window, so that no window reaches into the next user.
    Raises ValueError for more steps than fit.
    """
    import numpy as np

    if not 1 <= steps <= MOST_STEPS:
        raise ValueError(f"between 1 and {MOST_STEPS} steps fit into a key, not {steps}")
    keys.sort()
    step = (keys & MOST_STEPS).astype(np.int8)
    place = keys
    place >>= STEP_BITS
    never = -span
    found = np.flatnonzero(step == 1)
    counts = [_users(place[found], span)]
    entered = np.full(len(keys), never, dtype=np.int64)
    entered[found] = place[found]
    for k in range(2, steps + 1):
        np.maximum.accumulate(entered, out=entered)
        found = np.flatnonzero(step == k)
        found = found[place[found] - entered[found] <= window]
        counts.append(_users(place[found], span))
        taken = entered[found]
        entered.fill(never)
        entered[found] = taken
    return counts


def _users(places: Keys, span: int) -> int:
    """Different users among sorted places."""
    import numpy as np

    if not len(places):
        return 0
    users = places // span
    return 1 + int(np.count_nonzero(users[1:] != users[:-1]))
