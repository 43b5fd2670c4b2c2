"""Checks: thresholds on figures, each with a state, its measured value, its n and its period."""

from __future__ import annotations

from supportkit.checks.rule import Rule, read_rule
from supportkit.checks.verdict import Verdict, verdicts_result

__all__ = ["Rule", "Verdict", "read_rule", "verdicts_result"]
