"""Verdicts for other programs: JUnit, GitHub annotations and summary, GitLab code quality."""

from __future__ import annotations

import hashlib
import json
import os
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import count
from pathlib import Path
from typing import Final
from xml.etree import ElementTree

from supportkit.checks.verdict import Verdict
from supportkit.render.escaping import for_markdown, for_terminal

MOST_ANNOTATIONS: Final = 10
SEVERITY: Final = {"fail": "major", "no verdict": "minor", "warn": "info"}
COMMAND: Final = {"fail": "error", "no verdict": "error", "warn": "warning"}


def junit(verdicts: Sequence[Verdict]) -> str:
    """A JUnit file: every verdict a testcase, passes included; no verdict is an error, a warning passes with output."""
    counts = {state: str(sum(v.state == state for v in verdicts)) for state in ("fail", "no verdict", "skipped")}
    totals = {
        "tests": str(len(verdicts)),
        "failures": counts["fail"],
        "errors": counts["no verdict"],
        "skipped": counts["skipped"],
    }
    root = ElementTree.Element("testsuites", {"name": "supportkit", **totals})
    suite = ElementTree.SubElement(root, "testsuite", {"name": "supportkit check", **totals})
    for verdict, title in zip(verdicts, titles(verdicts), strict=True):
        case = ElementTree.SubElement(
            suite, "testcase", {"classname": f"supportkit.{verdict.rule.metric}", "name": title}
        )
        told = for_terminal(line(verdict))
        if verdict.state == "fail":
            ElementTree.SubElement(case, "failure", {"message": told, "type": "threshold"}).text = told
        elif verdict.state == "no verdict":
            ElementTree.SubElement(case, "error", {"message": told, "type": "no verdict"}).text = told
        elif verdict.state == "skipped":
            ElementTree.SubElement(case, "skipped", {"message": told})
        else:
            ElementTree.SubElement(case, "system-out").text = told
    ElementTree.indent(root)
    return ElementTree.tostring(root, encoding="unicode", xml_declaration=True) + "\n"


def github(verdicts: Sequence[Verdict], config: Path | None) -> str:
    """Workflow commands that annotate the rules' lines, at most ten: what is new first, then the worst."""
    wrong = [pair for pair in zip(verdicts, titles(verdicts), strict=True) if pair[0].state in COMMAND]
    wrong.sort(key=lambda pair: pair[0].rank)
    lines = []
    for verdict, title in wrong[:MOST_ANNOTATIONS]:
        named = config is not None and verdict.rule.line
        place = f"file={_property(in_repository(config))},line={verdict.rule.line}," if config and named else ""
        lines.append(
            f"::{COMMAND[verdict.state]} {place}title={_property('supportkit ' + verdict.state)}::"
            f"{_data(f'{title}: {line(verdict)}')}"
        )
    if len(wrong) > MOST_ANNOTATIONS:
        lines.append(f"::notice title=supportkit::{len(wrong) - MOST_ANNOTATIONS} more are in the job summary")
    return "\n".join(lines) + "\n" if lines else ""


def summary(verdicts: Sequence[Verdict]) -> str:
    """The verdicts as a Markdown table, for a job summary."""
    rows = [
        "| state | check | measured | n | period | since then | reason | acknowledged | the rows behind it |",
        "| --- | --- | ---: | ---: | --- | --- | --- | --- | --- |",
    ]
    for verdict, title in zip(verdicts, titles(verdicts), strict=True):
        figures = (verdict.measured, verdict.n, verdict.period, verdict.told_course)
        cells = (verdict.state, title, *figures, verdict.reason, verdict.acknowledged, verdict.told_rows)
        rows.append("| " + " | ".join(for_markdown("" if cell is None else str(cell)) for cell in cells) + " |")
    return "## supportkit check\n\n" + "\n".join(rows) + "\n"


def gitlab(verdicts: Sequence[Verdict], config: Path | None) -> str:
    """GitLab's code quality report: an entry for each verdict that is not a pass."""
    marks = _numbered(f"{verdict.rule.text}\0{verdict.slice}" for verdict in verdicts)
    entries = [
        {
            "description": for_terminal(f"{title}: {line(verdict)}"),
            "check_name": f"supportkit.{verdict.rule.metric}",
            "fingerprint": hashlib.sha256(mark.encode()).hexdigest(),
            "severity": SEVERITY[verdict.state],
            "location": {
                "path": in_repository(config) if config else "supportkit.toml",
                "lines": {"begin": verdict.rule.line or 1},
            },
        }
        for verdict, title, mark in zip(verdicts, titles(verdicts), marks, strict=True)
        if verdict.state in SEVERITY
    ]
    return json.dumps(entries, ensure_ascii=True, indent=1) + "\n"


def in_repository(path: Path) -> str:
    """A path as the services show it: from the top of the repository that it lies in; as it is outside of one."""
    whole = Path(os.path.abspath(path))
    top = next((folder for folder in whole.parents if (folder / ".git").exists()), None)
    return (whole.relative_to(top) if top else path).as_posix()


def titles(verdicts: Sequence[Verdict]) -> list[str]:
    """A name for each verdict, safe to print, no two the same: the check and its slice, and more where they repeat."""
    short = [_title(verdict, verdict.rule.name or verdict.rule.text) for verdict in verdicts]
    often = Counter(short)
    return _numbered(
        title
        if often[title] == 1 or not verdict.rule.name
        else _title(verdict, f"{verdict.rule.name}: {verdict.rule.text}")
        for title, verdict in zip(short, verdicts, strict=True)
    )


def _title(verdict: Verdict, name: str) -> str:
    return for_terminal(f"{name} [{verdict.slice}]" if verdict.slice else name)


def _numbered(names: Iterable[str]) -> list[str]:
    """The names in their order; one that was there before gets a number."""
    found: dict[str, None] = {}
    for name in names:
        others = (f"{name} ({number})" for number in count(2))
        found[name if name not in found else next(other for other in others if other not in found)] = None
    return list(found)


def line(verdict: Verdict) -> str:
    """What was measured, over how many rows, in which period, why the verdict, and who knows of it."""
    parts: list[str] = [verdict.state]
    if verdict.course:
        parts.append(verdict.told_course)
    if verdict.measured:
        parts.append(f"measured {verdict.measured}")
    if verdict.n is not None:
        parts.append(f"n {verdict.n}")
    if verdict.period:
        parts.append(f"period {verdict.period}")
    known = f" (acknowledged {verdict.acknowledged})" if verdict.acknowledged else ""
    rows = f"; rows: {verdict.told_rows}" if verdict.rows else ""
    return ", ".join(parts) + (f": {verdict.reason}" if verdict.reason else "") + rows + known


def _data(text: str) -> str:
    return for_terminal(text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
