"""How strong an unmeasured cause would have to be to explain an association away: the E-value.

VanderWeele & Ding (2017), Annals of Internal Medicine 167: RR + sqrt(RR (RR - 1)), for a ratio of two risks.
"""

from __future__ import annotations

from math import sqrt


def e_value(ratio: float) -> float:
    """The E-value of a risk ratio; one below 1 is turned round. 1 means that nothing is needed to explain it."""
    if ratio <= 0:
        raise ValueError("a risk ratio is above zero")
    away = max(ratio, 1 / ratio)
    return away + sqrt(away * (away - 1))


def e_value_of_limit(low: float, high: float) -> float:
    """The E-value of the end of the interval nearer to 1; 1 where the interval holds 1."""
    if low <= 1 <= high:
        return 1.0
    return e_value(low if low > 1 else high)
