"""Commands that are suggested to a reader: each was run, and is named only where it found something."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Final

from supportkit.errors import SupportkitError
from supportkit.explaining.share_comparison import compare, explained
from supportkit.metrics import METRICS
from supportkit.period import Period
from supportkit.request import Answers, run
from supportkit.store.conditions import Condition, parse_conditions

SIGNIFICANT: Final = 0.05
STANDS_OUT: Final = {"trends": "rising"}
"""Metrics whose rows are there in quiet periods too, and the fact that counts what stands out."""


def that_finds(ask: Answers, words: Sequence[str], period: Period) -> tuple[str, ...]:
    """The words of a command that finds something in the period: these, else these without conditions, else none."""
    for candidate in dict.fromkeys((tuple(words), _everywhere(words))):
        try:
            if _finds(ask, candidate, period):
                return candidate
        except SupportkitError:  # what it needs is not there, or not enough of it
            continue
    return ()


def _everywhere(words: Sequence[str]) -> tuple[str, ...]:
    """The same without `--where`, where it explains a change: within a condition there may be too few cases."""
    if words[0] != "why":
        return tuple(words)
    kept: list[str] = []
    for word in words:
        if kept and kept[-1] == "--where":
            kept.pop()
        else:
            kept.append(word)
    return tuple(kept)


def _finds(ask: Answers, words: tuple[str, ...], period: Period) -> bool:
    metric = words[1] if words[0] == "why" else words[0]
    pairs = list(pairwise(words))
    conditions = parse_conditions([value for name, value in pairs if name == "--where"])
    options = {
        name[2:].replace("-", "_"): value
        for name, value in pairs
        if name in ("--by", "--step", "--steps", "--definition")
    }
    if words[0] == "why":
        return _explains(ask, metric, options, conditions, dict(pairs).get("--group", ""), period)
    if metric not in METRICS or "--rows" in words:  # a list of rows that a figure has counted
        return True
    request = ask.request(metric, options, period=period)
    found = run(ask.store.filtered(conditions), request) if conditions else ask(request)
    return bool(found.facts[STANDS_OUT[metric]] if metric in STANDS_OUT else not found.empty)


def _explains(
    ask: Answers, metric: str, options: dict[str, str], conditions: tuple[Condition, ...], group: str, period: Period
) -> bool:
    """Whether `why` names a slice beyond chance."""
    given = {name: value for name, value in options.items() if name != "step"}
    request = ask.request(metric, given, period=period, conditions=parse_conditions([group]))
    usual = {name: value for name, value in request.options.items() if name in given or name not in ("by", "over")}
    step = {name: value for name, value in options.items() if name == "step"}
    request = replace(request, options={**usual, **step}, against="rest")
    store = ask.store.filtered(conditions) if conditions else ask.store
    found = explained(compare(store, request))
    return any(piece.p_fwer <= SIGNIFICANT for piece in found.explanation.slices)
