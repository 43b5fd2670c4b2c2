"""Sentences from results: what stands out, where, with its figure; they read columns and know no metric's code."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from supportkit.findings.desk import service, trends
from supportkit.findings.finding import Finding
from supportkit.findings.funnels import funnel
from supportkit.findings.scores import ltv, quality, score
from supportkit.render.language import ENGLISH, Language
from supportkit.result import Result

__all__ = ["Finding", "findings"]

Reader = Callable[[Result, Language], list[Finding]]


def findings(result: Result, language: Language = ENGLISH) -> list[Finding]:
    """What stands out in a result."""
    reader = _READERS.get(result.metric)
    return reader(result, language) if reader else []


_READERS: Final[Mapping[str, Reader]] = {
    "trends": trends,
    "funnel": funnel,
    "service": service,
    "nps": score,
    "csat": score,
    "csi": score,
    "ces": score,
    "ltv": ltv,
    "survey-quality": quality,
}
