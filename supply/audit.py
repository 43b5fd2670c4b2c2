"""`python -m supply.audit [PACKAGE …]`: known holes in what is installed here, and how old it is.

The package index is asked for its advisories. Where it cannot be asked, that is said, and is no clean bill: the exit
code is 3. A known hole is 1.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import distributions
from typing import Any, Final

from supply.index import NotThere, Unreachable, release

OLD_YEARS: Final = 3
STRANGERS: Final = 5
Asked = Callable[[str, str], dict[str, Any]]


@dataclass(frozen=True)
class Finding:
    """What is known of one package: its holes, its age in years, and why nothing is where nothing is."""

    name: str
    version: str
    holes: tuple[str, ...] = ()
    years: float | None = None
    unknown: str = ""


def audited(packages: Iterable[tuple[str, str]], ask: Asked, now: datetime) -> list[Finding]:
    """What the index says of each of the packages. It is asked no more after two of which it says nothing, or after a
    few that it does not know where it has known none before; one that it does not know may be made here."""
    found: list[Finding] = []
    silent = strangers = 0
    for name, version in packages:
        if silent >= 2 or strangers >= STRANGERS:
            found.append(Finding(name, version, unknown="not asked"))
            continue
        try:
            told = ask(name, version)
        except NotThere as error:
            strangers += not any(one.unknown == "" for one in found)
            found.append(Finding(name, version, unknown=f"the index has no page of it, {error}"))
            continue
        except Unreachable as error:
            silent += 1
            found.append(Finding(name, version, unknown=f"the index could not be asked, {error}"))
            continue
        silent = 0
        holes = tuple(
            f"{one['id']}: {one.get('summary') or one.get('details', '')[:80]}"
            + (f" (mended in {', '.join(one['fixed_in'])})" if one.get("fixed_in") else "")
            for one in told.get("vulnerabilities", ())
            if not one.get("withdrawn")
        )
        times = [datetime.fromisoformat(one["upload_time_iso_8601"]) for one in told.get("urls", ())]
        years = (now - min(times)).days / 365.25 if times else None
        found.append(Finding(name, version, holes, years))
    return found


def told(findings: Sequence[Finding]) -> tuple[list[str], int]:
    """The lines to print, and the exit code."""
    lines = [f"hole: {one.name} {one.version}: {hole}" for one in findings for hole in one.holes]
    old = [one for one in findings if one.years is not None and one.years >= OLD_YEARS]
    lines += [f"old: {one.name} {one.version}: {one.years:.1f} years" for one in old]
    unknown = [one for one in findings if one.unknown]
    for why, many in Counter(one.unknown for one in unknown).items():
        lines.append(f"not known of {many} of {len(findings)} packages: {why}")
    holes = sum(len(one.holes) for one in findings)
    answered = len(findings) - len(unknown)
    counted = f"{holes} known holes, {len(old)} older than {OLD_YEARS} years"
    lines.append(f"{answered} packages answered for: {counted}" if answered else "of holes and ages nothing is known")
    return lines, 1 if holes else 3 if unknown else 0


def main(names: Sequence[str]) -> int:
    """Ask for what is installed, or for the packages that are named."""
    here = sorted({(str(one.metadata["Name"]), one.version) for one in distributions()}, key=lambda one: one[0].lower())
    asked = [one for one in here if one[0] != "supportkit" and (not names or one[0] in names)]
    lines, code = told(audited(asked, release, datetime.now(UTC)))
    print("\n".join(lines))
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
