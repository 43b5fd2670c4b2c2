"""A year of weekly checks over a shop with planted troubles, gaps in its exports and a channel that is given up.

Every Monday the week that is over is judged by what was known then, and remembered. All that is planted stands in the
constants below; what a run has to say follows from them, and nothing else may.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from supportkit.checks.history import Acknowledgement, History, as_text
from supportkit.checks.judging import circumstances, exit_code, read_rules, run_rules, since_then
from supportkit.checks.periods import periods_of_run
from supportkit.checks.verdict import Clock, Verdict
from supportkit.config import checked
from supportkit.request import Answers
from supportkit.store import Store
from tests.conftest import shops

FIRST = date(2025, 1, 6)  # Monday of 2025-W02, which is week 0
WEEKS, JUDGED = 60, range(8, 60)
SLOW_CHAT = (15, 16, 17)  # replies after five hours instead of half an hour
NOBODY_PAYS = (20,)
UNANSWERED = (22,)
GAP, LOST = 27, 31  # no tickets of Wednesday to Friday; no tickets at all
CHAT_ENDS, CHAT_KNOWN, CHAT_RETIRED = 36, 38, 40  # no chat any more; acknowledged for two runs; then retired
UNHAPPY = (44, 45)
RUSH = (47,)  # twice the e-mails
NO_SURVEYS = (50, 51, 52, 53, 54)

REPLIES = "service.first_reply_p90_s <= 2h by channel"
ANSWERED = "service.unanswered <= 0"
SCORE = "nps >= 0"
SALES = "funnel.conversion >= -20pp vs previous"
HALF = "funnel.conversion >= 40%"
WAITING = "backlog.backlog <= 5000 by channel"
RISE = "service.tickets <= +50% vs avg(4)"
STEADY = "service.tickets[channel=email] == 21"
SOME = "service.tickets != 0"
LAST_YEAR = "nps.answers == +0 vs year_ago"
RULES = (REPLIES, ANSWERED, SCORE, SALES, HALF, WAITING, RISE, STEADY, SOME)


def exports() -> dict[str, str]:
    """Three e-mails and two chats a day; two answers on working days; two visits a day, one of whom pays the next."""
    tickets, surveys = ["ticket_id,created_at,channel,first_reply_at,status"], ["kind,score,responded_at"]
    events = ["user_id,occurred_at,step"]
    for number in range(WEEKS * 7):
        week, weekday, day = number // 7, number % 7, FIRST + timedelta(days=number)
        missing = week == LOST or (week == GAP and weekday in (2, 3, 4))
        for channel, count in (("email", 6 if week in RUSH else 3), ("chat", 2 if week < CHAT_ENDS else 0)):
            for n in range(0 if missing else count):
                hour = 15 if channel == "chat" and week in SLOW_CHAT else 10
                reply = "" if week in UNANSWERED and (weekday, n) == (0, 0) else f"{day}T{hour}:30:00Z"
                tickets.append(f"{channel}{day}{n},{day}T10:00:00Z,{channel},{reply},open")
        score = 3 if week in UNHAPPY else 9
        surveys += [f"nps,{score},{day}T1{n}:00:00Z" for n in range(2) if weekday < 5 and week not in NO_SURVEYS]
        events += [f"v{day}{n},{day}T10:00:00Z,visit" for n in range(2)]
        events += [] if week in NOBODY_PAYS else [f"v{day}0,{day + timedelta(days=1)}T10:00:00Z,pay"]
    return {name: "\n".join(rows) for name, rows in (("tickets", tickets), ("surveys", surveys), ("events", events))}


CONFIG: dict[str, Any] = {
    "funnel": {"steps": ["visit", "pay"], "window": "3d"},
    "check": [{"expect": rule} for rule in RULES],
}


@dataclass(frozen=True)
class Run:
    """What the run of a week had to say, by rule and slice."""

    verdicts: list[Verdict]

    @property
    def said(self) -> dict[tuple[str, str], Verdict]:
        return {(verdict.rule.text, verdict.slice): verdict for verdict in self.verdicts}


def as_of(week: int) -> datetime:
    """The evening of the Monday after a week."""
    return datetime.combine(FIRST + timedelta(weeks=week + 1), datetime.min.time(), UTC) + timedelta(hours=23)


def name(week: int) -> str:
    """A week as it is called."""
    year, number, _ = (FIRST + timedelta(weeks=week)).isocalendar()
    return f"{year}-W{number:02}"


def run_of(store: Store, week: int, history: History) -> tuple[Run, History]:
    """The run of a week, and the history after it."""
    retired = {"checks": {"retired": ["chat"]}} if week >= CHAT_RETIRED else {}
    config = checked(CONFIG | retired)
    known = store.filtered(as_of=as_of(week))
    clock = Clock(as_of(week), "--as-of")
    under = circumstances(config, Answers(known, config), periods_of_run(config, clock, "UTC"), clock, history)
    verdicts = run_rules(read_rules(config, (), ""), under)
    after = history.with_verdicts(verdicts)
    return Run(since_then(verdicts, after, clock, config)), after


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """The shop, in memory."""
    with shops(tmp_path_factory.mktemp("year")) as make:
        yield make(**exports())


@pytest.fixture(scope="module")
def year(store: Store) -> tuple[dict[int, Run], History]:
    """The runs of all weeks, and the history after the last."""
    history, runs = History(), {}
    for week in JUDGED:
        if week == CHAT_KNOWN:
            until = as_of(CHAT_RETIRED - 1).date()
            history = history.with_acknowledgement(Acknowledgement(REPLIES, until, "no chat any more", "chat"))
        if week == UNHAPPY[-1]:
            history = history.with_acknowledgement(Acknowledgement(SCORE, as_of(week).date(), "the new form"))
        runs[week], history = run_of(store, week, history)
    return runs, history


NO_VERDICT = {
    (REPLIES, "email"): (GAP,),
    (REPLIES, "chat"): (GAP, CHAT_ENDS, CHAT_ENDS + 1),
    (REPLIES, ""): (LOST,),  # no channel is left to be named
    (ANSWERED, ""): (GAP, LOST),
    (SCORE, ""): NO_SURVEYS,
    (SALES, ""): (),
    (WAITING, "email"): (GAP, LOST),
    (WAITING, "chat"): (GAP, LOST, *range(CHAT_ENDS, CHAT_RETIRED)),  # nobody has acknowledged it here
    (RISE, ""): tuple(range(GAP, LOST + 5)),  # in one of the four weeks before there are days missing
    (STEADY, ""): (GAP, LOST),
    (SOME, ""): (GAP, LOST),
}
FAILS = {(REPLIES, "chat"): SLOW_CHAT, (ANSWERED, ""): UNANSWERED, (SCORE, ""): UNHAPPY}
FAILS |= {(SALES, ""): NOBODY_PAYS, (HALF, ""): NOBODY_PAYS, (RISE, ""): RUSH, (STEADY, ""): RUSH}


def expected(week: int) -> dict[tuple[str, str], str]:
    """What each rule has to come to in a week."""
    found = {place: "no verdict" for place, weeks in NO_VERDICT.items() if week in weeks}
    found |= {place: "fail" for place, weeks in FAILS.items() if week in weeks}
    if CHAT_KNOWN <= week < CHAT_RETIRED:
        found[REPLIES, "chat"] = "skipped"
    there = {(rule, "") for rule in RULES if not rule.endswith(" by channel")}
    there |= {(WAITING, "email"), (WAITING, "chat")}  # what stays open is there for good
    if week != LOST:
        there |= {(REPLIES, "email"), *([(REPLIES, "chat")] if week < CHAT_RETIRED else [])}
    else:
        there.add((REPLIES, ""))
    return {place: found.get(place, "pass") for place in there}


@pytest.mark.parametrize("week", JUDGED)
def test_each_trouble_fails_in_its_week_and_nothing_passes_over_missing_data(
    week: int, year: tuple[dict[int, Run], History]
) -> None:
    said = {place: verdict.state for place, verdict in year[0][week].said.items()}
    assert said == expected(week)
    states = set(expected(week).values())
    code = 1 if "fail" in states else 3 if "no verdict" in states else 0
    assert exit_code(year[0][week].verdicts, strict=False) == code


def courses(year: tuple[dict[int, Run], History], rule: str, name: str = "") -> dict[int, str]:
    """What a slice of a rule came to, week by week, where that was anything."""
    found = {week: run.said.get((rule, name)) for week, run in year[0].items()}
    return {week: one.told_course for week, one in found.items() if one is not None and one.course}


def test_troubles_are_new_then_still_there_then_recovered(year: tuple[dict[int, Run], History]) -> None:
    since = f"since {name(15)}"
    chat = {week: told for week, told in courses(year, REPLIES, "chat").items() if week < GAP}
    assert chat == {
        15: "new", 16: f"still {since}", 17: f"still {since}", 18: f"recovering {since}", 19: f"recovered {since}",
    }  # fmt: skip
    rush = f"since {name(47)}"
    steady = {GAP: "new", LOST: "new", 47: "new", 48: f"recovering {rush}", 49: f"recovered {rush}"}
    assert courses(year, STEADY) == steady


def test_a_rule_with_nothing_to_judge_for_four_runs_is_dead(year: tuple[dict[int, Run], History]) -> None:
    since = f"since {name(50)}"
    score = {week: told for week, told in courses(year, SCORE).items() if week >= 50}
    assert score == {50: "new", 51: f"still {since}", 52: f"still {since}", 53: f"dead {since}", 54: f"dead {since}"}


def test_a_channel_that_is_given_up_is_named_until_somebody_says_so(year: tuple[dict[int, Run], History]) -> None:
    runs = year[0]
    for week in (CHAT_ENDS, CHAT_ENDS + 1):
        assert f"was there in {name(CHAT_ENDS - 1)} with n = 14 and is gone" in runs[week].said[REPLIES, "chat"].reason
    for week in (CHAT_KNOWN, CHAT_KNOWN + 1):
        assert runs[week].said[REPLIES, "chat"].acknowledged == f"until {as_of(39).date()}: no chat any more"
    assert all((REPLIES, "chat") not in runs[week].said for week in JUDGED if week >= CHAT_RETIRED)


def test_an_acknowledged_failure_is_accepted_only_where_that_is_asked(year: tuple[dict[int, Run], History]) -> None:
    for week, accepted in ((44, 1), (45, 0)):
        verdicts = year[0][week].verdicts
        assert (exit_code(verdicts, strict=False), exit_code(verdicts, strict=False, accept_acknowledged=True)) == (
            1, accepted,
        )  # fmt: skip
    assert year[0][45].said[SCORE, ""].acknowledged == f"until {as_of(45).date()}: the new form"
    assert year[0][46].said[SCORE, ""].acknowledged == ""


@pytest.mark.parametrize("week", [9, GAP, CHAT_ENDS, 59])
def test_a_week_that_is_run_again_leaves_the_history_as_it_is(
    week: int, store: Store, year: tuple[dict[int, Run], History]
) -> None:
    again, after = run_of(store, week, year[1])
    assert as_text(after) == as_text(year[1])
    told = {place: (one.value, one.told_course) for place, one in again.said.items() if not one.acknowledged}
    assert told.items() <= {place: (one.value, one.told_course) for place, one in year[0][week].said.items()}.items()


@pytest.mark.parametrize(
    ("week", "state", "reason"),
    [
        (30, "no verdict", "nothing to compare with: there is no data in 2024-W32"),
        (53, "no verdict", "2026-01-12 to 2026-01-18 has no surveys, where 10 are usual: is an export missing?"),
        (56, "pass", "wanted 10 (past 10)"),
    ],
)
def test_the_same_week_of_the_year_before_is_compared_where_it_is_known(
    week: int, state: str, reason: str, store: Store
) -> None:
    config = checked({"check": [{"expect": LAST_YEAR}]})
    known, clock = store.filtered(as_of=as_of(week)), Clock(as_of(week), "--as-of")
    under = circumstances(config, Answers(known, config), periods_of_run(config, clock, "UTC"), clock)
    (verdict,) = run_rules(read_rules(config, (), ""), under)
    assert (verdict.state, verdict.reason) == (state, reason)


def test_how_long_a_recovery_and_a_death_take_may_be_said(year: tuple[dict[int, Run], History]) -> None:
    verdict = year[0][18].said[REPLIES, "chat"]
    plain = replace(verdict, course="", since="")
    clock = Clock(as_of(18), "--as-of")
    for after, told in ((1, "recovered"), (2, "recovering")):
        config = checked({"checks": {"recovered_after": after}})
        assert since_then([plain], year[1], clock, config)[0].course == told
