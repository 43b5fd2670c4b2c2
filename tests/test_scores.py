"""What the score metrics share: weights, comparisons that cannot be, refusals, what they load."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest

from supportkit.ces import ces
from supportkit.csat import csat
from supportkit.csi import csi
from supportkit.errors import DataError, UsageError
from supportkit.nps import nps
from supportkit.result import Result
from supportkit.store import Store
from tests.conftest import Call
from tests.survey_answers import WEEK, answers, fact, said, surveys

Shop = Callable[..., Store]


def test_a_comparison_that_cannot_be_is_a_usage_error(shop: Shop) -> None:
    store = shop(surveys=surveys(answers("nps", {9: 9})))
    with pytest.raises(UsageError, match="--against before"):
        nps(store, against="before")
    with pytest.raises(UsageError, match="--against rest"):
        nps(store, against="rest")


def tickets(closed: dict[str, int]) -> str:
    """A tickets.csv: closed tickets per channel, the first ones being those that the answers of `answers` name."""
    lines = ["ticket_id,created_at,channel,status"]
    for channel, count in closed.items():
        lines += [f"{channel}-{number},2026-11-02T09:00:00Z,{channel},closed" for number in range(count)]
    return "\n".join(lines)


def of_tickets(kind: str, channel: str, scores: dict[int, int]) -> list[str]:
    """Survey lines that name the tickets of a channel, one each."""
    every = [score for score, count in scores.items() for _ in range(count)]
    return [f"{kind},{score},{WEEK},,,{channel},{channel}-{number}," for number, score in enumerate(every)]


CLOSED = {"email": 400, "chat": 300, "phone": 300}


def test_csat_weighted_to_the_closed_tickets_is_that_of_the_survey_package(shop: Shop) -> None:
    store = shop(
        tickets=tickets(CLOSED),
        surveys=surveys(
            of_tickets("csat", "email", {5: 42, 1: 18}),
            of_tickets("csat", "chat", {5: 27, 1: 3}),
            of_tickets("csat", "phone", {5: 8, 1: 2}),
        ),
    )
    assert fact(csat(store), "csat") == (0.77,)
    found = csat(store, weigh_by="channel")
    # R survey: 0.790, SE 0.0479; Wilson's interval of 0.79 on 0.79 * 0.21/0.0479^2 = 72.4 answers
    assert fact(found, "csat", "answers") == (pytest.approx(0.79, abs=1e-9), 100)
    assert fact(found, "csat_low", "csat_high") == pytest.approx((0.6826, 0.8682), abs=2e-3)
    assert said(found, "weighted by channel to 1000 closed tickets: raw 77.0 %, weighted 79.0 %")
    assert said(found, "design effect 1.47, effective answers 68.2")


def test_nps_weighted_to_the_closed_tickets_is_that_of_the_survey_package(shop: Shop) -> None:
    store = shop(
        tickets=tickets(CLOSED),
        surveys=surveys(
            of_tickets("nps", "email", {10: 30, 7: 12, 0: 18}),
            of_tickets("nps", "chat", {10: 21, 7: 6, 0: 3}),
            of_tickets("nps", "phone", {10: 4, 7: 2, 0: 4}),
        ),
    )
    found = nps(store, weigh_by="channel")
    assert fact(found, "nps", "answers", "promoters") == (pytest.approx(26.0), 100, 55)
    assert fact(nps(store), "nps") == (30.0,)
    low, high = fact(found, "nps_low", "nps_high")
    # about 26 +- 1.96 * 10.32
    assert (high - low) / 2 == pytest.approx(20.2, abs=0.8)


def test_a_channel_without_answers_is_merged_and_reported(shop: Shop) -> None:
    store = shop(
        tickets=tickets(CLOSED),
        surveys=surveys(of_tickets("csat", "email", {5: 42, 1: 18}), of_tickets("csat", "chat", {5: 27, 1: 3})),
    )
    found = csat(store, weigh_by="channel")
    # 0.4 * 0.7 + 0.6 * 0.9
    assert fact(found, "csat") == (pytest.approx(0.82),)
    assert said(found, "merged for want of answers: chat, phone")


def test_an_answer_without_a_ticket_is_weighted_by_its_own_column(shop: Shop) -> None:
    # 6 of 10 of email, 9 of 10 of chat; 400 and 600 closed: 0.4 * 0.6 + 0.6 * 0.9; fax has no tickets
    store = shop(
        tickets=tickets({"email": 400, "chat": 600}),
        surveys=surveys(
            answers("csat", {5: 6, 1: 4}, channel="email"),
            answers("csat", {5: 9, 1: 1}, channel="chat"),
            answers("csat", {5: 2}, channel="fax"),
        ),
    )
    found = csat(store, weigh_by="channel")
    assert fact(found, "csat", "answers") == (pytest.approx(0.78), 22)
    assert said(found, "2 answers of unknown channel carry no weight")


def test_two_columns_are_raked_to_both_margins(shop: Shop) -> None:
    # the published case: e-en 30/40, e-ru 12/20, c-en 22/25, c-ru 9/15, margins half and half
    cells = {("email", "en"): (30, 40), ("email", "ru"): (12, 20), ("chat", "en"): (22, 25), ("chat", "ru"): (9, 15)}
    lines = ["ticket_id,created_at,channel,language,status"]
    told = []
    for (channel, language), (good, count) in cells.items():
        for number in range(50):
            lines.append(f"{channel}{language}{number},2026-11-02T09:00:00Z,{channel},{language},closed")
        told += [f"csat,{5 if n < good else 1},{WEEK},,,,{channel}{language}{n}," for n in range(count)]
    found = csat(shop(tickets="\n".join(lines), surveys=surveys(told)), weigh_by="channel,language")
    # R survey: 0.70602, SE 0.0488
    assert fact(found, "csat") == (pytest.approx(0.70602, abs=2e-5),)
    low, high = fact(found, "csat_low", "csat_high")
    assert (high - low) / 2 == pytest.approx(1.96 * 0.0488, abs=3e-3)


def test_a_refusal_ends_with_exit_code_3(supportkit: Call, tmp_path: Any) -> None:
    file = tmp_path / "surveys.csv"
    file.write_text(surveys(answers("nps", {1: 5, 5: 20}), answers("ces", {1: 9, 4: 9}, more="1,5")), encoding="utf-8")
    for name in ("nps", "ces"):
        code, out, err = supportkit(name, "--data", file)
        assert (code, out) == (3, "")
        assert "hint:" in err


def test_weights_need_tickets_and_no_groups(shop: Shop) -> None:
    store = shop(surveys=surveys(of_tickets("csat", "email", {5: 42, 1: 18})))
    with pytest.raises(DataError, match="no ticket is closed"):
        csat(store, weigh_by="channel")
    with pytest.raises(UsageError, match="--weigh-by"):
        csat(store, weigh_by="channel", by="channel")


def test_weights_work_from_the_command_line(supportkit: Call, tmp_path: Any) -> None:
    (tmp_path / "tickets.csv").write_text(tickets(CLOSED), encoding="utf-8")
    (tmp_path / "surveys.csv").write_text(
        surveys(of_tickets("nps", "email", {10: 30, 0: 30}), of_tickets("nps", "chat", {10: 30, 0: 10})),
        encoding="utf-8",
    )
    code, out, _ = supportkit("nps", "--weigh-by", "channel", "--data", tmp_path, "--format", "csv")
    assert code == 0
    # email 0 on 400 of 1000, chat with phone 50 on 600 of 1000
    assert out.splitlines()[1].startswith("30")


@pytest.mark.parametrize("metric", [nps, csat, csi, ces])
def test_the_same_answers_twice_give_the_same_score_and_a_narrower_interval(
    shop: Shop, metric: Callable[[Store], Result]
) -> None:
    name = metric.__name__
    once = answers(name, {6: 10, 7: 20, 3: 10}, more="1,7") if name != "nps" else answers(name, {6: 10, 9: 20, 3: 10})
    again = [f"{line[:-1]}-again," for line in once]
    single, double = metric(shop(surveys=surveys(once))), metric(shop(surveys=surveys(once, again)))
    assert double.facts[name] == pytest.approx(single.facts[name])
    assert double.facts["answers"] == 2 * int(single.facts["answers"])  # type: ignore[arg-type]


@pytest.mark.parametrize("name", ["nps", "csat", "csi", "ces"])
def test_scores_load_no_numpy(name: str) -> None:
    code = (
        f"import sys; from supportkit.{name} import {name}; from supportkit.store import memory_store; "
        f"{name}(memory_store()); "
        "sys.exit(any(word in sys.modules for word in ('numpy', 'scipy', 'pandas', 'sklearn')))"
    )
    assert subprocess.run([sys.executable, "-c", code], env={"PYTHONPATH": "src"}, check=False).returncode == 0


@pytest.mark.parametrize(
    ("kind", "metric", "scores"), [("nps", nps, (3, 9)), ("csat", csat, (1, 5)), ("csi", csi, (2, 9))]
)
def test_of_many_answers_a_part_of_the_customers_says_how_alike_they_are(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, kind: str, metric: Callable[..., Result], scores: tuple[int, int]
) -> None:
    lines = [
        f"{kind},{scores[customer % 2]},2026-11-0{day}T10:00:00Z,c{customer}"
        for customer in range(300)
        for day in (2, 3)
    ]
    store = shop(surveys="\n".join(["kind,score,responded_at,customer_id", *lines]))
    monkeypatch.setattr(sys.modules["supportkit.scores.repeated_answers"], "MOST", 200)
    found = metric(store)
    told = next(note for note in found.notes if "those of one customer agree by 1.00" in note)
    customers, independent = (int(told.split(word)[1].split()[0]) for word in (" come from ", "count them as "))
    # one in three customers is looked at; each said the same twice, so that 600 answers of 300 are worth about 300
    assert 250 < customers < 350
    assert 270 < independent < 330
