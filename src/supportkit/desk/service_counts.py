"""The counts behind the figures of `service`, and what their notes say of them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Final

from supportkit.desk.impossible import impossible_notes
from supportkit.result import counted
from supportkit.system.named import NamedTuple

MICROSECONDS: Final = 1_000_000
Middle = tuple[float | None, float | None]


class ServiceCounts(NamedTuple):
    """Tickets of a group, or of all: what became of them, and where that is known from."""

    by_1: str | None
    by_2: str | None
    over_start: date | None
    tickets: int
    reply_us: list[float] | None
    """The middle and the ninth decile, in microseconds, as of all of these."""
    reply_mean_us: float | None
    resolution_us: list[float] | None
    resolution_mean_us: float | None
    reply_work_us: list[float] | None
    resolution_work_us: list[float] | None
    replied_business: int | None = None
    """First replies and solves of which the working time is known, where working hours are set."""
    solved_business: int | None = None
    replied: int = 0
    solved: int = 0
    with_target: int = 0
    kept: int = 0
    open_in_time: int = 0
    open_late: int = 0
    told: int = 0
    """Tickets of sources that tell which of theirs were replied to."""
    ends_told: int = 0
    """Tickets of sources that tell which of theirs are over."""
    within_judged: int = 0
    within_bound: int = 0
    impossible: int = 0
    with_messages: int = 0
    by_column: int = 0
    """First replies from first_reply_at."""
    by_vendor: int = 0
    """First replies from the vendor's duration, and of these those within business hours."""
    by_vendor_hours: int = 0
    ends_by_vendor: int = 0
    ends_by_vendor_hours: int = 0
    told_by_vendor: int = 0
    """Verdicts on promises that are the vendor's."""
    undated: int = 0
    """Solved, but nothing says when."""
    first_closes: int = 0
    agent_first: int = 0
    """Logs that begin with an agent, and of these those of tickets that he opened."""
    opened_by_agent: int = 0
    differing: int = 0
    """Tickets whose first_reply_at is not the first reply of their log, and of these those where it is a day."""
    differing_days: int = 0
    with_writer: int = 0
    """Tickets whose first reply says who wrote it."""
    solves: int | None = None
    """Solves, where every one counts and not the last of each ticket."""
    ends: tuple[float | None, ...] = ()
    """The ends of the intervals (desk/quantile_ends), where they were asked for."""

    @property
    def is_known(self) -> bool:
        """Whether anything tells when tickets were replied to."""
        return not self.tickets or bool(self.told)

    @property
    def is_end_known(self) -> bool:
        """Whether anything tells which tickets were solved."""
        return not self.tickets or bool(self.ends_told)

    @property
    def broken(self) -> int:
        """Promises that were not kept."""
        return self.with_target - self.kept

    @property
    def sla_met(self) -> float | None:
        """The share of promises that were kept."""
        return self.kept / self.with_target if self.with_target else None

    @property
    def reply_s(self) -> Middle:
        """The first reply: the middle and the ninth decile, in seconds, as of all of these."""
        return _seconds(self.reply_us)

    @property
    def reply_work_s(self) -> Middle:
        """The same within working hours."""
        return _seconds(self.reply_work_us)

    @property
    def reply_mean_s(self) -> float | None:
        """The mean first reply in seconds."""
        return None if self.reply_mean_us is None else self.reply_mean_us / MICROSECONDS

    @property
    def resolution_s(self) -> Middle:
        """The resolution."""
        return _seconds(self.resolution_us)

    @property
    def resolution_work_s(self) -> Middle:
        """The same within working hours."""
        return _seconds(self.resolution_work_us)

    @property
    def resolution_mean_s(self) -> float | None:
        """The mean resolution in seconds."""
        return None if self.resolution_mean_us is None else self.resolution_mean_us / MICROSECONDS


def _seconds(quantiles: list[float] | None) -> Middle:
    middle, ninth = quantiles or (None, None)
    return (None if middle is None else middle / MICROSECONDS, None if ninth is None else ninth / MICROSECONDS)


def service_notes(total: ServiceCounts, *, targets: bool, by_agent: bool) -> Iterator[str]:
    """What is left out of the figures, and where they are from."""
    yield from _reply_notes(total)
    yield from _resolution_notes(total)
    yield from _hours_notes(total)
    yield from impossible_notes(total.impossible)
    if total.told_by_vendor:
        told = "SLA met of {n} %s is the vendor's own verdict"
        yield counted(total.told_by_vendor, told % "ticket", told % "tickets")
    elif total.tickets and not targets:
        yield "SLA met needs targets: set [sla.<channel>] in supportkit.toml"
    elif total.tickets and not total.with_target and not total.open_in_time:
        yield "no ticket here has a target: what [sla.<channel>] in supportkit.toml names is none of theirs"
    if total.with_target and total.with_target < total.tickets:
        left = total.tickets - total.with_target
        why = "open in time, without a target, or not to be read"
        over = counted(total.with_target, "{n} ticket", "{n} tickets")
        yield f"SLA met is over {over}; {counted(left, '{n} has', '{n} have')} no verdict: {why}"
    if by_agent and total.tickets:
        rest = total.tickets - total.with_writer
        if not total.with_writer:
            yield "agent is the assignee at export: no message says who wrote it"
        elif rest:
            told = counted(total.with_writer, "{n} ticket", "{n} tickets")
            yield f"agent is who replied first in {told}, and the assignee at export in {rest}"
        else:
            yield "agent is who replied first"


def _hours_notes(total: ServiceCounts) -> Iterator[str]:
    for known, of_all, one, many in (
        (total.replied_business, total.replied, "first reply", "first replies"),
        (total.solved_business, total.solved, "resolution", "resolutions"),
    ):
        if known is not None and known < of_all:
            where = "for which no working hours are set or known"
            yield counted(
                of_all - known,
                f"{{n}} {one} is of a ticket {where}: it is in no business figure",
                f"{{n}} {many} are of tickets {where}: they are in no business figure",
            )


def _reply_notes(total: ServiceCounts) -> Iterator[str]:
    if total.told > total.replied:
        one = "has no public reply of a human agent; it is in no reply time"
        many = "have no public reply of a human agent; they are in no reply time"
        yield counted(total.told - total.replied, "{n} ticket " + one, "{n} tickets " + many)
    if total.by_column:
        told = "from first_reply_at: automatic replies cannot be told apart"
        yield counted(total.by_column, f"{{n}} first reply is {told}", f"{{n}} first replies are {told}")
    if total.by_vendor:
        told = f"the vendor's own figure{_hours(total.by_vendor_hours)}"
        yield counted(total.by_vendor, f"{{n}} first reply is {told}", f"{{n}} first replies are {told}")
    if total.agent_first:
        opened, left = total.opened_by_agent, total.agent_first - total.opened_by_agent
        one, many = "was opened by him, and its reply is", "were opened by him, and their replies are"
        said = counted(opened, f"{{n}} of these tickets {one}", f"{{n}} of these tickets {many}")
        begun = [f"{said} the second message of an agent"] if opened else []
        one, many = "{n} lacks the opening", "{n} lack the opening"
        begun += [f"{counted(left, one, many)}, and the first message is the reply"] if left else []
        of = counted(total.with_messages, "{n} log", "{n} logs")
        with_agent = counted(total.agent_first, f"{{n}} of {of} begins", f"{{n}} of {of} begin")
        yield f"{with_agent} with an agent: {'; '.join(begun)}"
    if differing := total.differing - total.differing_days:
        log = "log, which counts: it is over a minute away, or the log has none"
        one = f"first_reply_at of {{n}} ticket is not the first reply of its {log}"
        yield counted(differing, one, f"first_reply_at of {{n}} tickets is not the first reply of their {log}")


def _resolution_notes(total: ServiceCounts) -> Iterator[str]:
    if total.ends_by_vendor:
        told = f"the vendor's own figure{_hours(total.ends_by_vendor_hours)}"
        yield counted(total.ends_by_vendor, f"{{n}} resolution is {told}", f"{{n}} resolutions are {told}")
    if total.first_closes:
        one = "{n} resolution ends at the first close, the only one that its export states"
        many = "{n} resolutions end at the first close, the only one that their export states"
        yield counted(total.first_closes, one, many)
    if total.undated:
        one = "is solved, but the export does not say when; it is in no resolution time"
        many = "are solved, but the export does not say when; they are in no resolution time"
        yield counted(total.undated, "{n} ticket " + one, "{n} tickets " + many)
    still = total.ends_told - total.solved - total.undated
    if still > 0:
        one = "is not resolved; it is in no resolution time"
        yield counted(still, "{n} ticket " + one, "{n} tickets are not resolved; they are in no resolution time")


def _hours(within: int) -> str:
    return f", {within} of them within business hours" if within else ""
