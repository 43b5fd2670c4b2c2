"""What checks remember from run to run: each verdict by rule, period and slice, and what somebody has acknowledged.

It is a file of its own, for stores stay read-only. A period that is judged again takes the place of what it was, so
that the same data gives the same file, in whatever order the periods are run. It is read before it is written, under a
lock, and written whole.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import field, replace
from datetime import date
from pathlib import Path
from typing import Any, Final

from supportkit.checks.rule import Rule, read_rule, written
from supportkit.checks.verdict import STATES, Verdict
from supportkit.errors import DataError, UsageError
from supportkit.period import Period, parse_period
from supportkit.store.address import HISTORY as HISTORY
from supportkit.system.frozen import dataclass

VERSION: Final = 2
BY_TEXT: Final = 1
"""The version in which a rule was known by its text as it stood."""
_OLD_KEY: Final = r"(?P<rule>.*?)(?P<beside>(?: ci [\d.]+)?(?: where .*?)?(?: \(warn\))?)"
KEPT: Final = 400
"""Periods of a rule that are kept."""
OWNERS: Final = 0o600
"""It names slices, as agents, and lies beside a store that is for its owner only."""
ANOTHER: Final = "name another file with --history"
PATIENCE: Final = 10.0
"""Seconds to wait for another run that is writing."""

Entries = Mapping[str, Mapping[str, Any]]
"""What is known of each slice: its state, its n, what was measured, and of one that is gone when it was there last."""


@dataclass(frozen=True)
class Acknowledgement:
    """Somebody knows of a trouble, until a day: of a rule, by its name or text, or of one slice of it."""

    rule: str
    until: date
    why: str
    slice: str | None = None

    def covers(self, verdict: Verdict) -> bool:
        """Whether a verdict is one that it speaks of."""
        return self.rule in names_of(verdict.rule) and self.slice in (None, verdict.slice)


@dataclass(frozen=True)
class History:
    """The verdicts so far by rule and period, and the acknowledgements."""

    rules: Mapping[str, Mapping[str, Entries]] = field(default_factory=dict)
    acknowledged: tuple[Acknowledgement, ...] = ()

    def before(self, rule: Rule, period: Period) -> Iterator[tuple[Period, Entries]]:
        """What a rule came to in the periods of the same kind that ended before this one does, the oldest first."""
        if period.end is None:
            return
        known = [(_period(name), entries) for name, entries in self.rules.get(key_of(rule), {}).items()]
        kind = _kind(period)
        ended = [(one, entries) for one, entries in known if one.end and one.end < period.end and _kind(one) == kind]
        yield from sorted(ended, key=lambda pair: pair[0].end or date.min)

    def last_seen(self, rule: Rule, period: Period, least: float) -> dict[str, tuple[str, int]]:
        """The slices that were there when they were last judged, or are known to be gone: when, and with which n."""
        seen: dict[str, tuple[str, int]] = {}
        for one, entries in self.before(rule, period):
            for name, entry in entries.items():
                if entry.get("gone"):
                    when, n = entry["gone"]
                    seen[name] = (str(when), int(n))
                elif entry.get("n") is not None:
                    seen.pop(name, None)
                    if entry["n"] >= least:
                        seen[name] = (one.name, int(entry["n"]))
        return seen

    def slices_of(self, rules: Iterable[Rule]) -> set[str]:
        """The slices of rules that were judged so far."""
        judged = (entries for rule in rules for entries in self.rules.get(key_of(rule), {}).values())
        return {name for entries in judged for name in entries}

    def with_verdicts(self, verdicts: Iterable[Verdict]) -> History:
        """The history with these verdicts in the place of what was known of their rules and periods."""
        rules = {key: dict(periods) for key, periods in self.rules.items()}
        fresh: dict[tuple[str, str], dict[str, Mapping[str, Any]]] = {}
        for verdict in verdicts:
            if verdict.span is not None:
                place = key_of(verdict.rule), key_of_period(verdict.span)
                fresh.setdefault(place, {})[verdict.slice] = _entry(verdict)
        for (rule, period), entries in fresh.items():
            known = {**rules.get(rule, {}), period: entries}
            latest = sorted(known, key=lambda name: (_period(name).end or date.max, name))[-KEPT:]
            rules[rule] = {name: known[name] for name in latest}
        return replace(self, rules=rules)

    def with_acknowledgement(self, one: Acknowledgement) -> History:
        """The history with an acknowledgement, in the place of one of the same rule and slice."""
        others = tuple(other for other in self.acknowledged if (other.rule, other.slice) != (one.rule, one.slice))
        return replace(self, acknowledged=(*others, one))


def names_of(rule: Rule) -> tuple[str, ...]:
    """What a rule is called: its name, and its text, in its normal form and as it stands."""
    return tuple(dict.fromkeys(name for name in (rule.name, rule.form, spaced(rule.text)) if name))


def spaced(text: str) -> str:
    """A text with one space between its words."""
    return " ".join(text.split())


def key_of(rule: Rule) -> str:
    """What tells a rule from others, whatever it is called and however written: what it says, with its entry."""
    parts = [written(rule) if rule.form else spaced(rule.text)]
    parts += [f"ci {rule.ci}"] if rule.ci is not None else []
    parts += [f"where {' and '.join(sorted(map(str, rule.within)))}"] if rule.within else []
    return " ".join([*parts, *(["(warn)"] if rule.severity == "warn" else [])])


def key_of_period(period: Period) -> str:
    """The name of a period that says its days whatever day it is read on."""
    if period.grain == "span":
        return f"{period.start or ''}..{period.end or ''}"
    return period.name


def _period(key: str) -> Period:
    """A period from its key; an open side is none of a period that `--period` knows."""
    start, parts, end = key.partition("..")
    if parts and not (start and end):
        days = (date.fromisoformat(start) if start else None, date.fromisoformat(end) if end else None)
        return Period(key, *days)
    return parse_period(key, date(2000, 1, 3))


def _kind(period: Period) -> tuple[str, int]:
    """Periods of one kind follow one another: weeks, or spans of as many months or days."""
    if period.grain != "span":
        return period.grain, 0
    return ("months", period.months) if period.months else ("days", period.days or 0)


def _entry(verdict: Verdict) -> dict[str, Any]:
    entry: dict[str, Any] = {"state": verdict.state, "n": verdict.n, "measured": verdict.measured}
    if verdict.gone:
        entry["gone"] = list(verdict.gone)
    return entry


def read_history(path: Path) -> History:
    """The history in a file; empty where there is none yet. Raises DataError for one that cannot be read."""
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return History()
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "is no text"
        raise DataError(f"{path}: cannot be read: {why}", hint=ANOTHER) from error
    if not text.strip():
        return History()
    try:
        return _read(json.loads(text))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, UsageError) as error:
        raise DataError(f"{path}: is no history of checks, and is left as it is", hint=ANOTHER) from error


def _read(content: Any) -> History:
    if content["version"] not in (BY_TEXT, VERSION):
        raise ValueError(content["version"])
    rules = content["rules"]
    for periods in rules.values():
        for name, entries in periods.items():
            _period(name)
            if not all(map(_is_entry, entries.values())):
                raise ValueError(name)
    acknowledged = tuple(
        Acknowledgement(one["rule"], date.fromisoformat(one["until"]), one["why"], one.get("slice"))
        for one in content["acknowledged"]
    )
    if not all(isinstance(word, str) for one in acknowledged for word in (one.rule, one.why, one.slice or "")):
        raise TypeError("acknowledged")
    return _by_form(rules, acknowledged) if content["version"] == BY_TEXT else History(rules, acknowledged)


def _by_form(rules: Mapping[str, Mapping[str, Entries]], acknowledged: Iterable[Acknowledgement]) -> History:
    """The history that an older release has kept by the texts of rules, by their forms."""
    found: dict[str, dict[str, Entries]] = {}
    for key, periods in sorted(rules.items()):
        found.setdefault(_form_of(key), {}).update(periods)
    return History(found, tuple(replace(one, rule=_form_of(one.rule)) for one in acknowledged))


def _form_of(key: str) -> str:
    """The key today of a rule that was known by its text; the name of a rule and the text of a query stay."""
    parts = re.fullmatch(_OLD_KEY, key, re.DOTALL)
    assert parts is not None
    try:
        return f"{written(read_rule(parts['rule']))}{parts['beside']}"
    except UsageError:
        return key


def _is_entry(found: Any) -> bool:
    """Whether this is an entry as `_entry` makes them."""
    n, gone = found.get("n"), found.get("gone")
    return (
        found["state"] in STATES
        and isinstance(n, int | None)
        and isinstance(found.get("measured", ""), str)
        and (gone is None or (len(gone) == 2 and isinstance(gone[0], str) and isinstance(gone[1], int)))
    )


def as_text(history: History) -> str:
    """The file of a history."""
    content = {
        "version": VERSION,
        "acknowledged": [
            {"rule": one.rule, "slice": one.slice, "until": one.until.isoformat(), "why": one.why}
            for one in sorted(history.acknowledged, key=lambda one: (one.rule, one.slice or ""))
        ],
        "rules": history.rules,
    }
    return json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def record(path: Path, verdicts: Sequence[Verdict] = (), acknowledgement: Acknowledgement | None = None) -> History:
    """Add to the history in a file, and give it. Raises DataError where it cannot be written, BusyError in use.

    A run that brings nothing new writes nothing, and waits for nobody. A link leads to the file that is written.
    """
    path = path.resolve()
    known = read_history(path)
    if acknowledgement is None and known.with_verdicts(verdicts) == known and path.exists():
        return known
    from supportkit.system.atomic_files import output_lock, write_text

    with output_lock(path, wait=PATIENCE):
        found = read_history(path)
        known = found.with_verdicts(verdicts)
        known = known.with_acknowledgement(acknowledgement) if acknowledgement else known
        if known != found or not path.exists():
            write_text(path, as_text(known), mode=OWNERS)
    return known
