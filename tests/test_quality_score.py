"""Quality score: the weighted mean by hand, its coverage, agents, agreement, and forms that cannot be read."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest

from supportkit.desk.reading_findings import findings
from supportkit.errors import DataError
from supportkit.quality_score import FACTS, quality_score
from supportkit.render.language import ENGLISH
from supportkit.result import Result
from supportkit.stats.agreement import equal_share, krippendorff_alpha
from supportkit.stats.intervals import wilson, z_value
from supportkit.stats.stratified_sample import Unit, allocate, design_mean
from supportkit.stats.student import student_quantile
from supportkit.store import Store
from tests.conftest import Call

Shop = Callable[..., Store]
HEADER = "source,ticket_id,agent,channel,stratum,stratum_size,inclusion,reader,solved,polite,comment\n"
# of 90 e-mails three are read, of 10 chats two; Ann has the e-mails and one chat
FORM = (
    HEADER
    + """s,A,Ann,email,mail,90,0.033333,r,yes,yes,
s,B,Ann,email,mail,90,0.033333,r,yes,no,
s,C,Ann,email,mail,90,0.033333,r,no,no,
s,D,Ann,chat,chat,10,0.2,r,yes,yes,good
s,E,Bob,chat,chat,10,0.2,r,1,"0,5",
s,F,Bob,chat,chat,10,0.2,,,,
"""
)


@pytest.fixture
def score(shop: Shop, tmp_path: Path) -> Callable[..., Result]:
    store = shop(tickets="ticket_id,created_at\nA,2026-03-01", messages="ticket_id,sent_at,sender\nA,2026-03-01,agent")

    def scored(form: str, least: int = 5) -> Result:
        file = tmp_path / "form.csv"
        file.write_text(form, encoding="utf-8")
        return quality_score(store, form=file, least=least)

    return scored


def test_each_conversation_counts_for_its_stratum(score: Callable[..., Result]) -> None:
    result = score(FORM, least=3)
    facts = result.facts
    # e-mails have (1 + 0.5 + 0) / 3 = 0.5, chats (1 + 0.75) / 2 = 0.875: 0.9 * 0.5 + 0.1 * 0.875
    assert facts["score"] == pytest.approx(0.5375)
    assert (facts["conversations"], facts["speak_for"], facts["read_twice"]) == (5, 100, 0)
    rows = {(row["of"], row["name"]): row for row in result.records()}
    assert rows["criterion", "solved"]["score"] == pytest.approx(0.9 * 2 / 3 + 0.1)
    assert rows["criterion", "polite"]["score"] == pytest.approx(0.9 / 3 + 0.1 * 0.75)
    # Ann: three e-mails that count for 30 each, a chat for 5
    assert rows["agent", "Ann"]["score"] == pytest.approx((30 * 1.5 + 5) / 95)
    assert rows["agent", "Ann"]["mix"] == "email 75%, chat 25%"
    assert rows["agent", "Ann"]["score_of_mix"] == pytest.approx(0.75 * 0.5 + 0.25 * 0.875)
    assert (rows["agent", "Bob"]["conversations"], rows["agent", "Bob"]["score"]) == (1, None)
    assert "1 lines of form.csv are not filled in: taken to be like the others of their stratum" in result.notes


def test_the_variance_is_that_of_the_design() -> None:
    units = [Unit("a", 90, 1), Unit("a", 90, 0.5), Unit("a", 90, 0), Unit("b", 10, 1), Unit("b", 10, 0.75)]
    found = design_mean(units)
    assert found is not None
    # (0.9 / 1)^2 (1 - 3/90) 0.25 / 3 + 0.1^2 (1 - 2/10) 0.03125 / 2, the interval is around 0.5375
    variance = 0.81 * (1 - 3 / 90) * 0.25 / 3 + 0.01 * 0.8 * 0.03125 / 2
    worth = 0.5375 * 0.4625 / variance * (z_value() / student_quantile(0.975, 3)) ** 2
    assert [found.low, found.high] == pytest.approx([*wilson(0.5375 * worth, worth)])
    whole = design_mean([Unit("a", 2, 1), Unit("a", 2, 0)])
    assert whole == (2, 0.5, 0.5, 0.5)  # all of them were read
    alike = design_mean([Unit("a", 90, 1)] * 10)
    assert alike is not None
    assert alike.low < 0.75
    assert alike.high == 1
    assert design_mean([Unit("a", 90, 1)]) is None


@pytest.mark.parametrize(("levels", "wanted"), [((0.9, 0.8, 0.95, 0.6, 0.85), 60), ((0.97,) * 5, 60), ((0.5, 0.9), 30)])
def test_a_simulated_form_holds_the_true_mean(levels: tuple[float, ...], wanted: int) -> None:
    dice, seeds, inside = Random("a year of conversations"), 500, 0
    sizes = {f"stratum {place}": (400, 250, 150, 100, 50)[place] for place in range(len(levels))}
    said = {
        name: [sum(dice.random() < level for _ in range(4)) / 4 for _ in range(size)]
        for (name, size), level in zip(sizes.items(), levels, strict=True)
    }
    truth = sum(map(sum, said.values())) / sum(sizes.values())
    for seed in range(seeds):
        draw = Random(seed)
        units = [
            Unit(name, sizes[name], value)
            for name, count in allocate(sizes, wanted).items()
            for value in draw.sample(said[name], count)
        ]
        found = design_mean(units)
        assert found is not None
        inside += found.low <= truth <= found.high
    assert 0.93 <= inside / seeds <= 0.97


def test_two_readers_of_one_conversation_are_one_and_their_agreement_is_told(score: Callable[..., Result]) -> None:
    again = FORM.replace("s,F,Bob,chat,chat,10,0.2,,,,", "s,A,Ann,email,mail,90,0.033333,q,yes,no,")
    facts = score(again).facts
    assert facts["conversations"] == 5
    # A has 1 and 0.5 of its readers: e-mails (0.75 + 0.5 + 0) / 3
    assert facts["score"] == pytest.approx(0.9 * 1.25 / 3 + 0.1 * 0.875)
    assert (facts["read_twice"], facts["agreement"]) == (1, 0.5)
    # the judgements 1, 1 and 1, 0: observed (0 + 2 * 1) / 4, expected 2 * 0.75 / 3
    assert facts["alpha"] == pytest.approx(1 - 0.5 / 0.5)


def test_agreement_of_readers() -> None:
    # Krippendorff 2011, A: two observers, ten units, two values: alpha .095
    first = [0, 1, 0, 0, 0, 0, 0, 0, 1, 0]
    second = [1, 1, 1, 0, 0, 1, 0, 0, 0, 0]
    assert krippendorff_alpha([*zip(first, second, strict=True)]) == pytest.approx(0.095, abs=0.0005)
    assert equal_share([*zip(first, second, strict=True)]) == 0.6
    assert krippendorff_alpha([(1, 1), (1, 1)]) is None
    assert krippendorff_alpha([(1,), (0,)]) is None
    assert equal_share([(1,)]) is None


@pytest.mark.parametrize(
    ("form", "message"),
    [
        ("", "is empty"),
        ("ticket_id,stratum\nA,x\n", "no column stratum_size: it is no form of quality-sample"),
        ("ticket_id,stratum,stratum_size\nA,x,5\n", "no criterion to judge by"),
        (HEADER + "s,A,Ann,email,mail,90,1,r,maybe,,\n", "line 2, solved: 'maybe' is no judgement"),
        (HEADER + "s,A,Ann,email,mail,90,1,r,2,,\n", "line 2, solved: '2' is no judgement"),
        (HEADER + "s,A,Ann,email,mail,many,1,r,1,,\n", "line 2, stratum_size: 'many' is no number"),
    ],
)
def test_a_form_that_cannot_be_read_is_named(form: str, message: str, score: Callable[..., Result]) -> None:
    with pytest.raises(DataError, match=message):
        score(form)


def test_a_form_as_a_spreadsheet_saves_it(score: Callable[..., Result]) -> None:
    form = "\ufeff" + FORM.replace('"0,5"', "0.5").replace(",", ";").replace("0.5", "0,5").replace("yes", "Да")
    assert score(form).facts["score"] == pytest.approx(0.5375)


def test_a_form_of_the_samples_is_drawn_filled_in_and_read(
    supportkit: Call, stored: tuple[str, ...], tmp_path: Path
) -> None:
    file = tmp_path / "form.csv"
    assert supportkit("quality-sample", *stored, "--size", "40", "-o", file)[0] == 0
    lines = file.read_text("utf-8").splitlines()
    filled = [
        lines[0],
        *(line.removesuffix(",,,,,,") + f",ann,yes,{n % 2},yes,yes," for n, line in enumerate(lines[1:])),
    ]
    file.write_text("\n".join(filled), encoding="utf-8")
    code, out, _ = supportkit("quality-score", *stored, "--form", file, "-f", "csv")
    assert code == 0
    assert "criterion,correct,40," in out
    code, _, told = supportkit("quality-score", *stored, "--form", tmp_path / "nowhere.csv")
    assert (code, "cannot be read" in told) == (3, True)


def test_without_a_form_nothing_was_read(shop: Shop) -> None:
    result = quality_score(shop(tickets="ticket_id,created_at"))
    assert result.facts == {fact.name: 0 if fact.role == "n" else None for fact in FACTS}
    assert any(note.startswith("nothing was read") for note in result.notes)


def test_the_score_is_told_and_that_readers_disagree(score: Callable[..., Result]) -> None:
    lines = [f"s,T{n},Ann,email,mail,500,0.1,{r},{(n + k) % 2},," for n in range(30) for k, r in enumerate("ab")]
    (told,) = findings(score(HEADER + "\n".join(lines)), ENGLISH)
    assert told.text.startswith("quality 50% [")
    assert "of 30 conversations read; readers agree too little for it (alpha -" in told.text
    few = score(HEADER + "\n".join(lines[:20]))
    assert findings(few, ENGLISH) == []
