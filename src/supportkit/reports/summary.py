"""The three sentences at the top of a report: what changed, where it stands out, what to look at."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Final

from supportkit.offers.finding import Finding, sharpest
from supportkit.period import Period
from supportkit.render.document import HeadlineFigure, Sentence
from supportkit.render.language import Language
from supportkit.reports.whole_periods import Lacking
from supportkit.trending.data_gaps import MISSING
from supportkit.trending.spellings import spelt_alike

TOGETHER: Final = 2  # findings in one sentence


def sentences(
    found: Sequence[Finding],
    language: Language,
    command: Callable[[Finding], str],
    section: Callable[[Finding], str],
    *,
    untested: str = "",
    unplaced: str = "",
    lacking: Lacking | None = None,
    moved: Sequence[HeadlineFigure] = (),
    failing: Sequence[str] = (),
) -> tuple[Sentence, ...]:
    """What changed, where, and what to look at with the command that goes deeper; each with its figures.

    `section` is the key of the section that shows a finding, `untested` why no change could be tested, if none could,
    `unplaced` why no group could be, and `lacking` the period of which days are missing, so that it is compared with
    none. Where no group is compared or stands out, it is said where what changed is, or what most of it has in common.
    Where no finding says it, what changed are the headline figures that `moved` beyond chance, and what lingers, and
    what to look at are the checks that are `failing`, else these figures.
    """
    best = [one for one in distinct(found) if not one.lingers]
    changed = [one for one in best if one.role == "changed"][:TOGETHER]
    where = [one for one in best if one.role == "where" and one not in changed][:1]
    rest = [one for one in best if one not in changed and one not in where]
    lingering = [] if changed else [one for one in distinct(found) if one.lingers][:TOGETHER]
    deepest = next(iter([*where, *changed, *rest, *([] if moved or failing else lingering)]), None)
    look = _look(rest[:1], deepest, language) or _elsewhere(moved, failing, language, untested, lacking)
    heads = {
        "What changed": ["figures"] if moved and not changed else [],
        "What to look at": [] if deepest else ["checks"] if failing else ["figures"] if moved else [],
    }
    placed = "; ".join(f"{one.group}: {one.subject}" for one in changed if one.group) or "; ".join(
        language.say("{what}: of the excess {shares}", what=one.place, shares=one.origins)
        for one in changed
        if one.origins
    )
    quiet = "; ".join(f"{one.label} {one.value}: {one.change}" for one in moved[:TOGETHER])
    quiet = "; ".join(filter(None, (quiet, _joined(lingering))))
    quiet = quiet or language.text(untested or "nothing changed beyond what the past explains")
    told = (
        (
            "What changed",
            _changed(_joined(changed) or quiet, bool(changed or lingering), untested, lacking, language),
            changed or lingering,
        ),
        (
            "Where",
            _joined(where) or placed or language.text(unplaced or "no group stands out from the others"),
            where or (changed if placed else []),
        ),
        ("What to look at", look, [*([deepest] if deepest else []), *rest[:1]]),
    )
    return tuple(
        Sentence(
            language.text(role),
            as_sentence(text),
            command(deepest) if deepest and role == "What to look at" else "",
            tuple(dict.fromkeys([*(key for one in about if (key := section(one))), *heads.get(role, ())])),
        )
        for role, text, about in told
    )


def without_data(
    language: Language, period: Period, lacks: Sequence[str], last: str, tables: str
) -> tuple[Sentence, ...]:
    """The sentences of a period in which no section has a row: that nothing is known, not that nothing happened.

    `lacks` are the tables that have none, `last` says the last period with data, and `tables` is the command that tells
    what is loaded.
    """
    said = (
        "not known: there is no data on {period}"
        if period.grain == "day"
        else "not known: there is no data in {period}"
    )
    missing = language.say(said, period=language.period(period.name))
    missing += "; " + language.say("without rows: {tables}", tables=", ".join(map(language.text, lacks)))
    missing += f"; {last}" if last else ""
    told = (
        ("What changed", missing, ""),
        ("Where", language.text("not known"), ""),
        ("What to look at", language.text("whether the exports of this period are loaded"), tables),
    )
    return tuple(Sentence(language.text(role), as_sentence(text), command) for role, text, command in told)


def distinct(found: Sequence[Finding]) -> list[Finding]:
    """The weightiest finding of each subject, the weightiest subject first."""
    subjects: dict[str, list[Finding]] = defaultdict(list)
    for one in found:
        subjects[spelt_alike(one.subject)].append(one)
    best = [sharpest([one for one in group if not one.lingers] or group) for group in subjects.values()]
    return sorted(best, key=lambda one: (-one.weight, one.text))


def _look(rest: Sequence[Finding], deepest: Finding | None, language: Language) -> str:
    """Where to begin, and what else stands out; nothing where nothing does."""
    if deepest is None:
        return ""
    if deepest in rest:
        return deepest.text  # which says where, and how much
    first = language.say("look first at {place}", place=deepest.place)
    return first + (f"; {language.text('also')}: {rest[0].text}" if rest else "")


def _elsewhere(
    moved: Sequence[HeadlineFigure],
    failing: Sequence[str],
    language: Language,
    untested: str,
    lacking: Lacking | None,
) -> str:
    """What to look at where no finding stands out."""
    if MISSING in untested:
        return language.text("whether the exports of this period are loaded")
    if failing:
        return language.say("the checks that fail: {names}", names="; ".join(failing))
    if moved:
        labels = ", ".join(one.label for one in moved)
        return language.say("the figures that are beyond chance: {names}", names=labels)
    if untested:
        return language.text("the sections below: nothing was tested")
    if lacking:
        return language.text("the sections below: figures of which days are missing were not tested")
    return language.text("the sections below: no figure is beyond chance")


def as_sentence(text: str) -> str:
    """A text as a sentence: it begins with a capital letter and ends with a full stop."""
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", "?")) else ".")


def _changed(text: str, found: bool, untested: str, lacking: Lacking | None, language: Language) -> str:
    """What changed; where days are missing that this is no comparison with the period before, but of the days there."""
    if lacking is None or MISSING in untested:
        return text
    missing = language.say(
        "not compared with the period before: days are missing in {period}", period=language.period(lacking.period.name)
    )
    if not found:
        return missing
    return f"{as_sentence(missing)} {as_sentence(language.say('on the days that are there, {finding}', finding=text))}"


def _joined(found: Sequence[Finding]) -> str:
    return "; ".join(one.text for one in found)
