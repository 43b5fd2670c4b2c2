"""What stands out in a funnel: groups that lose more at a step than the others."""

from __future__ import annotations

from typing import Final

from supportkit.offers.finding import Finding, figure_text
from supportkit.render.language import Language
from supportkit.result import Result
from supportkit.store.conditions import NONE, Condition, equals
from supportkit.system.named import NamedTuple

LOSES: Final = (
    "{where} loses {share} at {step} ({dropped} of {users}), the others {others}: {points} points [{low}, {high}]"
)
COMPARED: Final = ("drop_difference", "drop_difference_low", "drop_difference_high")


class Loss(NamedTuple):
    """A group's users at a step, those who dropped there, and their difference to the others with its interval."""

    where: tuple[str, ...]
    dropped: int
    users: int
    step: str
    difference: float
    low: float
    high: float


def findings(result: Result, language: Language) -> list[Finding]:
    """Groups that lose more at a step than the others do, by the interval and the q-value of their rows; what has no
    value is no group."""
    keys = [key for key in result.keys if key.name not in ("step_number", "step")]
    if not keys or keys[-1].kind == "period":
        return []
    found = []
    for row in result.records():
        where = tuple(str(row[key.name]) for key in keys)
        if not row["stands_out"] or NONE in where:
            continue
        ends = (float(str(row[name])) for name in COMPARED)
        loss = Loss(where, int(str(row["dropped"])), int(str(row["users"])), str(row["step"]), *ends)
        found.append(_finding(loss, [key.dimension for key in keys], language))
    return found


def _finding(loss: Loss, dimensions: list[str], language: Language) -> Finding:
    share = loss.dropped / loss.users
    where = language.place(zip(dimensions, loss.where, strict=True))
    text = language.say(
        LOSES,
        where=where,
        dropped=figure_text(loss.dropped, language),
        users=figure_text(loss.users, language),
        step=loss.step,
        share=language.percent(share),
        others=language.percent(share - loss.difference),
        points=f"{100 * loss.difference:+.0f}",
        low=f"{100 * loss.low:.0f}",
        high=f"{100 * loss.high:.0f}",
    )
    place = language.say("{step} in {where}", step=loss.step, where=where)
    command = _why(loss.step, dimensions, loss.where)
    excess = loss.users * loss.difference
    return Finding("where", excess, text, f"funnel {loss.step}", place, command, loss.difference)


def _why(step: str, keys: list[str], where: tuple[str, ...]) -> tuple[str, ...]:
    """The words that compare a group with the others: the first key is the group, a second one a condition."""
    conditions = tuple(
        word for pair in zip(keys[1:], where[1:], strict=True) for word in ("--where", str(equals(*pair)))
    )
    return ("why", "funnel", "--step", step, "--group", str(Condition(keys[0], "=", where[0])), *conditions)
