"""Quality score: the weighted mean by hand, its coverage, agents, agreement, and forms that cannot be read."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest

from supportkit.desk.quality_form import seal
from supportkit.desk.reading_findings import findings
from supportkit.errors import DataError
from supportkit.quality_score import FACTS, quality_score
from supportkit.render.language import ENGLISH
from supportkit.result import Result
from supportkit.stats.agreement import equal_share, krippendorff_alpha
from supportkit.stats.intervals import wilson, z_value
from supportkit.stats.stratified_sample import Unit, allocate, design_mean, strata_for
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


KNOWN = [*"ABCDEF", *(f"T{n}" for n in range(30))]


def sealed(form: str) -> str:
    """The form with the part and the seal that quality-sample would have written."""
    header, *lines = form.splitlines()
    names = header.split(",")
    found = [header.replace(",reader", ",part,seal,reader")]
    for line in lines:
        cells = line.split(",")
        at = dict(zip(names, cells, strict=False))
        size = int(at["stratum_size"]) if at["stratum_size"].isdecimal() else 0
        said = seal(
            at["source"], at["ticket_id"], at["agent"], at["channel"], at["stratum"], size, float(at["inclusion"]), 1
        )
        place = names.index("reader")
        found.append(",".join([*cells[:place], "1", said, *cells[place:]]))
    return "\n".join(found) + "\n"


@pytest.fixture
def score(shop: Shop, tmp_path: Path) -> Callable[..., Result]:
    store = shop(
        tickets="ticket_id,created_at,source\n" + "\n".join(f"{name},2026-03-01," for name in KNOWN),
        messages="ticket_id,sent_at,sender\nA,2026-03-01,agent",
    )
    ((source,),) = store.rows("select distinct source from tickets", store.select("tickets"))

    def scored(form: str, least: int = 5) -> Result:
        file = tmp_path / "form.csv"
        form = re.sub("^s,", f"{source},", form, flags=re.MULTILINE)
        file.write_text(sealed(form) if ",inclusion,reader" in form else form, encoding="utf-8")
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
    assert rows["agent", "Ann"]["mix"] == "email 75 %, chat 25 %"
    assert rows["agent", "Ann"]["score_of_mix"] == pytest.approx(0.75 * 0.5 + 0.25 * 0.875)
    assert (rows["agent", "Bob"]["conversations"], rows["agent", "Bob"]["score"]) == (1, None)
    assert "1 line of form.csv is not filled in: taken to be like the others of its stratum" in result.notes


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


def drawn(conversations: list[tuple[str, str, float]], wanted: int, dice: Random) -> list[Unit]:
    """Units as quality-sample draws them: two of each part of a stratum, which is in the order of moments."""
    sizes = Counter(name for name, _, _ in conversations)
    homes = strata_for(sizes, wanted)
    whole = Counter(homes[name] for name, _, _ in conversations)
    units = []
    for home, count in allocate(whole, wanted).items():
        order = sorted(
            (name, moment, dice.random(), value) for name, moment, value in conversations if homes[name] == home
        )
        parts: dict[int, list[float]] = {}
        for place, (*_, value) in enumerate(order):
            parts.setdefault(place * max(1, count // 2) // whole[home], []).append(value)
        for part, values in parts.items():
            taken = count - 2 * (len(parts) - 1) if part == 0 else 2
            units += [Unit(home, whole[home], one, part, taken / len(values)) for one in dice.sample(values, taken)]
    return units


@pytest.mark.parametrize("wanted", [20, 40, 100])
@pytest.mark.parametrize("strata", [1, 8])
def test_a_sample_in_parts_holds_the_true_mean(strata: int, wanted: int) -> None:
    dice = Random("conversations of agents who differ")
    levels = [dice.uniform(0.5, 0.95) for _ in range(strata)]
    conversations = []
    for _ in range(400):
        place, moment = dice.randrange(strata), dice.choice(("first", "last", "only"))
        level = levels[place] - (0.15 if moment == "first" else 0)
        conversations.append((f"{place:02d}", moment, sum(dice.random() < level for _ in range(4)) / 4))
    truth = sum(value for *_, value in conversations) / len(conversations)
    found = [design_mean(drawn(conversations, wanted, Random(seed))) for seed in range(500)]
    inside = sum(one.low <= truth <= one.high for one in found if one is not None)
    assert 0.93 <= inside / 500 <= 0.97


def test_a_chance_that_is_smaller_counts_for_more() -> None:
    # of the stratum's nine the first has a chance of one half, the other of one quarter: they stand for 3 and 6
    found = design_mean([Unit("a", 9, 1, 1, 0.5), Unit("a", 9, 0.5, 2, 0.25)])
    assert found is not None
    assert found.mean == pytest.approx((3 * 1 + 6 * 0.5) / 9)


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
        ("ticket_id,stratum,stratum_size,inclusion,part\nA,x,5,1,1\n", "no column seal: it is no form"),
        ("ticket_id,stratum,stratum_size,inclusion,part,seal\nA,x,5,1,1,s\n", "no criterion to judge by"),
        (HEADER + "s,A,Ann,email,mail,90,1,r,maybe,,\n", "line 2, solved: 'maybe' is no judgement"),
        (HEADER + "s,A,Ann,email,mail,90,1,r,2,,\n", "line 2, solved: '2' is no judgement"),
        (HEADER + "s,A,Ann,email,mail,many,1,r,1,,\n", "line 2, stratum_size: 'many' is no number"),
    ],
)
def test_a_form_that_cannot_be_read_is_named(form: str, message: str, score: Callable[..., Result]) -> None:
    with pytest.raises(DataError, match=message):
        score(form)


def test_a_changed_or_added_line_is_refused_by_its_number(score: Callable[..., Result], tmp_path: Path) -> None:
    score(FORM)
    file = tmp_path / "form.csv"
    whole = file.read_text("utf-8")
    for old, new, line in (
        (",90,0.033333,", ",900,0.033333,", 2),
        (",10,0.2,", ",10,0.5,", 5),
        (",A,Ann,", ",A,Bob,", 2),
        (",B,Ann,", ",T9,Ann,", 3),
    ):
        with pytest.raises(DataError, match=f"form.csv, line {line}: this is not what quality-sample wrote"):
            score(whole.replace(old, new, 1))
    added = whole + "x,T1,Ann,email,mail,90,0.033333,1,sdeadbeef00,r,yes,yes,\n"
    with pytest.raises(DataError, match="line 8: this is not what"):
        score(added)


def test_a_ticket_that_looks_like_a_formula_is_found_again(supportkit: Call, tmp_path: Path) -> None:
    (tmp_path / "tickets.csv").write_text(
        "ticket_id,created_at,agent\n=1+1,2026-03-01T10:00:00Z,@Ann\nB,2026-03-02,-\n"
    )
    (tmp_path / "messages.csv").write_text("ticket_id,sent_at,sender\n=1+1,2026-03-01,agent\nB,2026-03-02,agent\n")
    data = ("--data", tmp_path / "tickets.csv", "--data", tmp_path / "messages.csv")
    form = tmp_path / "form.csv"
    assert supportkit("quality-sample", *data, "-o", form)[0] == 0
    text = form.read_text("utf-8")
    assert "'=1+1" in text  # as every CSV has it
    form.write_text(text.replace(",,,,,,\n", ",ann,yes,yes,yes,yes,\n"), encoding="utf-8")
    code, out, _ = supportkit("quality-score", *data, "--form", form, "-f", "json")
    assert (code, json.loads(out)["facts"]["conversations"]) == (0, 2)


def test_what_one_reader_says_twice_counts_once_and_two_answers_are_refused(score: Callable[..., Result]) -> None:
    again = FORM + "s,A,Ann,email,mail,90,0.033333,R,yes,yes,\n"
    result = score(again)
    assert result.facts["conversations"] == 5
    assert result.facts["score"] == pytest.approx(0.5375)
    assert "left out of form.csv, said before by the same reader: lines 8" in result.notes
    with pytest.raises(DataError, match="lines 2 and 8: A is judged twice by one reader"):
        score(FORM + "s,A,Ann,email,mail,90,0.033333,r,no,yes,\n")


def test_tickets_that_are_not_here_are_left_out_and_told(score: Callable[..., Result]) -> None:
    result = score(FORM + "s,elsewhere,Ann,email,mail,90,0.033333,r,no,no,\n")
    assert result.facts["conversations"] == 5
    assert result.facts["score"] == pytest.approx(0.5375)
    assert "left out of form.csv, of tickets that are not here: lines 8" in result.notes
    with pytest.raises(DataError, match="none of its tickets is here"):
        score(HEADER + "s,elsewhere,Ann,email,mail,90,0.033333,r,no,no,\n")


def test_a_form_as_a_spreadsheet_saves_it(score: Callable[..., Result], tmp_path: Path) -> None:
    score(FORM.replace('"0,5"', "0.5"))
    text = (tmp_path / "form.csv").read_text("utf-8")
    form = "\ufeff" + re.sub(r"(\d)\.(\d)", r"\1,\2", text.replace(",", ";")).replace("yes", "Да")
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
    assert told.text.startswith("quality 50 % [")
    assert "of 30 conversations read; readers agree too little for it (alpha -" in told.text
    few = score(HEADER + "\n".join(lines[:20]))
    assert findings(few, ENGLISH) == []
