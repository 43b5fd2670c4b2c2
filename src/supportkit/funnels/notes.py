"""What a funnel says of itself: its definition by the options given, and notes on what its figures leave open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final
from zoneinfo import ZoneInfo

from supportkit.funnels.step_rows import LEAST_CLAIM, Group, StepCount
from supportkit.funnels.steps import FunnelOptions
from supportkit.period import Over, containing, duration_in_words
from supportkit.result import Scope, counted, numbered

ORDERS: Final = {"ordered": "in this order", "strict": "one right after the other", "unordered": "in any order"}
ATTRIBUTIONS: Final = {
    "first": "under the first value seen",
    "last": "under the last value seen",
    "all": "under every value held along an attempt",
}


NO_WINDOW: Final = "no window: a later entry had less time to convert"


def definition(words: FunnelOptions, grouped: bool) -> str:
    """Who is counted, in one sentence that names every option that changes it."""
    text = f"users who did the steps {ORDERS[words.order]}"
    text += f" within {duration_in_words(words.window)} of the first" if words.window is not None else ", however late"
    text += ", first entry only" if words.entry == "first" else ", best attempt"
    for limit in words.within:
        step, _, span = limit.rpartition(":")
        text += f", {step.strip()} within {span.strip()} of the step before"
    if words.grace:
        text += f", in either order where {duration_in_words(words.grace)} apart or less"
    if words.hold:
        text += f", with one {words.hold}"
    if words.exclude:
        text += f", without {', '.join(words.exclude)} in between (removes the {words.exclusion})"
    if grouped and words.attribution != "entry":
        value = f"under the value at {words.attribution.removeprefix('step:')}"
        text += f"; each {ATTRIBUTIONS.get(words.attribution, value)}"
    return text


def still_open_note(count: StepCount) -> tuple[str, ...]:
    """Of those who dropped at a step: who can still do the next."""
    return (f"{count.open} of them can still go on: their window is still open",) if count.open else ()


def notes_on(
    words: FunnelOptions,
    totals: Sequence[StepCount],
    groups: Mapping[Group, Sequence[StepCount]],
    dimensions: Sequence[str],
    over: Over | None,
    scope: Scope,
    *,
    sequenced: bool,
) -> tuple[str, ...]:
    """What the figures leave open: windows that are not over, part periods, values not known, small groups."""
    notes = [*tie_notes(totals, words, sequenced=sequenced)]
    started = totals[0].users
    opened = sum(count.open or 0 for count in totals)
    if opened:
        ended = "see matured for those whose is over"
        one = f"{{n}} user has not converted but the window is still open; {ended}"
        notes.append(counted(opened, one, f"{{n}} users have not converted but their window is still open; {ended}"))
    if words.window is None and started:
        notes.append(f"{NO_WINDOW}; set one, for example --window 7d")
    if over and scope.data_through is not None and groups:
        last = containing(scope.data_through.astimezone(ZoneInfo(scope.time_zone)).date(), over)
        if last.is_part(scope.data_through, scope.time_zone) and any(key[-1] == last.name for key in groups):
            notes.append(f"{last.name} is a part period: the data ends {scope.data_through:%Y-%m-%d %H:%M} UTC")
    if over and sum(counts[0].users for counts in groups.values()) > started:
        notes.append("a user who enters in several periods counts in each of them, and once in the total")
    if words.attribution == "all" and dimensions:
        notes.append("a user counts under every value held along an attempt: groups can sum to more than the total")
    for place, name in enumerate(dimensions):
        missing = sum(counts[0].users for key, counts in groups.items() if key[place] == "(none)")
        if words.attribution == "entry" and 2 * missing > started:
            why = (
                f"no {name} at entry; who drops out before it is known has none, and --attribution first, which takes "
                "the first one seen, compares no groups then"
            )
            of = f"{missing} of {started} users"
            notes.append(f"{of} has {why}" if missing == 1 else f"{of} have {why}")
    small = sum(counts[0].users < LEAST_CLAIM for counts in groups.values())
    if small and dimensions:
        told = f"with fewer than {LEAST_CLAIM} users: small n, no difference is claimed"
        notes.append(counted(small, f"{{n}} group {told}", f"{{n}} groups {told}"))
    return tuple(notes)


def tie_notes(totals: Sequence[StepCount], options: FunnelOptions, *, sequenced: bool) -> tuple[str, ...]:
    """How many steps were reached at the instant of the step before, and what decided that they come after it."""
    tied, reached = sum(count.tied for count in totals), sum(count.users for count in totals[1:])
    if not tied or options.grace or options.order == "unordered":
        return ()
    by = "in order by their sequence, or where they have none" if sequenced else "as in order: there is no sequence"
    of = f"{tied:,} of {numbered(reached, 'step')}"
    return (f"ties decided {of} reached: they stand at the instant of the step before, {by}",)
