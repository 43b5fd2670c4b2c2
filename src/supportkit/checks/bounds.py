"""A value against the bounds of a rule: which unit fits, what a bound comes to, whether it holds, and that in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from supportkit.checks.rule import Bound, Rule, unit_factor
from supportkit.checks.verdict import Verdict
from supportkit.errors import UsageError
from supportkit.render.value_text import value_text
from supportkit.result import Column, Scope, Value

WANTED: Final[Mapping[str, str]] = {
    ">=": "wanted at least {0}",
    "<=": "allowed {0}",
    ">": "wanted more than {0}",
    "<": "allowed less than {0}",
    "==": "wanted {0}",
    "!=": "wanted anything but {0}",
    "between": "wanted {0} to {1}",
}


def compared(rule: Rule, found: Verdict, kind: Column, reference: float | None, currency: str | None) -> Verdict:
    """The verdict of a value against its bounds; with `ci` it fails only where the whole interval is beyond."""
    assert found.value is not None
    limits = [_limit(bound, kind, reference) for bound in rule.bounds]
    told = _in_words(rule, kind, limits, reference, currency)
    ends = [end for end in (found.low, found.high) if end is not None]
    untold = len(ends) == 2 and any(ends[0] <= limit <= ends[1] for limit in limits)
    if untold and (rule.ci is not None or rule.op not in ("==", "!=")):  # which are told by the value alone
        low, high = (value_text(end, kind.shown, currency) for end in ends)
        told += f"; not told from the target: its 95 % interval is {low} to {high}"
    beyond = not _holds(rule.op, found.value, limits)
    if beyond and rule.ci is not None:
        if len(ends) < 2:
            raise UsageError(
                f"check {rule.text!r}: {rule.metric}.{rule.figure} has no interval", hint="take ci out, or use min"
            )
        beyond = not untold and not any(_holds(rule.op, end, limits) for end in ends)
    return replace(found, state=rule.severity if beyond else "pass", reason=told)


def is_certain(rule: Rule, found: Verdict, kind: Column, reach: tuple[float, float]) -> bool:
    """Whether a verdict on a value stays what it is, by how much less or more the value may still become."""
    assert found.value is not None
    ends = [replace(found, value=found.value + side) for side in reach]
    states = {compared(rule, end, kind, None, None).state for end in ends}
    return states == {"pass"} if rule.op == "between" else len(states) == 1 and rule.op not in ("==", "!=")


def _in_words(rule: Rule, kind: Column, limits: Sequence[float], reference: float | None, currency: str | None) -> str:
    """What was wanted, and where that is against the past, what it was then."""
    told = WANTED[rule.op].format(*(_short(limit, kind, currency) for limit in limits))
    return told if reference is None else f"{told} (past {value_text(reference, kind.shown, currency)})"


def _short(limit: float, kind: Column, currency: str | None) -> str:
    """A bound as people write it: 80 %, and not 80.0 %."""
    if kind.kind == "share":
        return f"{100 * limit:.4g} {'points' if kind.points else '%'}"
    if kind.kind in ("number", "count"):
        return f"{limit:,.2f}".rstrip("0").rstrip(".") if limit == 0 or abs(limit) >= 0.01 else f"{limit:.2g}"
    return value_text(limit, kind.shown, currency)


def _limit(bound: Bound, kind: Column, reference: float | None) -> float:
    """A bound in the JSON's unit; against the past, per cent are relative and anything else is a difference."""
    value = bound.value * unit_factor(bound.unit)
    if reference is None:
        return value
    if bound.unit == "%":
        return reference * (1 + value)
    return reference + value


def _holds(op: str, value: float, limits: Sequence[float]) -> bool:
    limit = limits[0]
    tolerance = 1e-9 * max(1.0, abs(limit))
    match op:
        case ">=":
            return value >= limit - tolerance
        case "<=":
            return value <= limit + tolerance
        case ">":
            return value > limit + tolerance
        case "<":
            return value < limit - tolerance
        case "==":
            return abs(value - limit) <= tolerance
        case "!=":
            return abs(value - limit) > tolerance
        case _:
            return limit - tolerance <= value <= limits[1] + tolerance


def check_units(rule: Rule, kind: Column, record: Mapping[str, Value], scope: Scope) -> None:
    """Refuse a unit that the figure does not have."""
    for bound in rule.bounds:
        unit = bound.unit
        if not unit or (unit == "%" and rule.versus):
            continue
        fits = {"%": ("share",), "pp": ("share",)}.get(unit, ("duration",) if len(unit) <= 2 else ("money",))
        if kind.kind not in fits:
            raise UsageError(
                f"check {rule.text!r}: {rule.figure} is a {kind.kind}, it has no {unit}",
                hint="% is for shares, ms s m h d for durations, a currency for money",
            )
        if len(unit) == 3 and unit.isupper() and unit != (record.get("currency") or scope.currency):
            raise UsageError(
                f"check {rule.text!r}: the amounts are in {scope.currency or 'no known currency'}, not {unit}"
            )
