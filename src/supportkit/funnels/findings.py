"""What stands out in a funnel: groups that lose more at a step than the others."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from supportkit.offers.finding import MINIMUM, Finding, figure_text
from supportkit.render.language import Language
from supportkit.result import Result
from supportkit.stats.intervals import newcombe
from supportkit.store.conditions import Condition, equals

LOSES: Final = (
    "{where} loses {dropped} of {users} at {step} ({share}), the others {others}: {points} points [{low}, {high}]"
)


class Loss(NamedTuple):
    """A group's users at a step, and those who dropped there."""

    where: tuple[str, ...]
    dropped: int
    users: int
    step: str


def findings(result: Result, language: Language) -> list[Finding]:
    """Groups that lose more at a step than the others do, by Newcombe's interval corrected for all comparisons."""
    keys = [key for key in result.keys if key.name not in ("step_number", "step")]
    if not keys or keys[-1].kind == "period":
        return []
    steps: Mapping[Any, list[Loss]] = defaultdict(list)
    for row in result.records():
        if row["dropped"] is not None:
            where = tuple(str(row[key.name]) for key in keys)
            loss = Loss(where, int(str(row["dropped"])), int(str(row["users"])), str(row["step"]))
            steps[row["step_number"]].append(loss)
    comparisons = sum(len(rows) for rows in steps.values())
    found = []
    for rows in steps.values():
        all_dropped, all_users = sum(loss.dropped for loss in rows), sum(loss.users for loss in rows)
        for where, dropped, users, step in rows:
            others = all_users - users
            if users < MINIMUM or others < MINIMUM:
                continue
            lost = all_dropped - dropped
            low, high = newcombe(dropped, users, lost, others, 1 - 0.05 / comparisons)
            if low <= 0:
                continue
            share, other_share = dropped / users, lost / others
            text = language.say(
                LOSES,
                where=", ".join(where),
                dropped=figure_text(dropped, language),
                users=figure_text(users, language),
                step=step,
                share=language.percent(share),
                others=language.percent(other_share),
                points=f"{100 * (share - other_share):+.0f}",
                low=f"{100 * low:.0f}",
                high=f"{100 * high:.0f}",
            )
            place = language.say("{step} in {where}", step=step, where=", ".join(where))
            excess = dropped - users * other_share
            command = _why(step, [key.dimension for key in keys], where)
            found.append(Finding("where", excess, text, f"funnel {step}", place, command, share - other_share))
    return found


def _why(step: str, keys: list[str], where: tuple[str, ...]) -> tuple[str, ...]:
    """The words that compare a group with the others: the first key is the group, a second one a condition."""
    conditions = tuple(
        word for pair in zip(keys[1:], where[1:], strict=True) for word in ("--where", str(equals(*pair)))
    )
    return ("why", "funnel", "--step", step, "--group", str(Condition(keys[0], "=", where[0])), *conditions)
