"""Scores as people write them: numbers with a label or a scale, stars, and words by scales of words."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supportkit.csat import csat
from supportkit.exports import LoadOptions, load
from supportkit.exports.meanings.score_words import score_words
from supportkit.exports.meanings.scores import read_scores, written_score
from supportkit.exports.meanings.words import plain
from supportkit.exports.telling_words import known_words, unknown_words
from supportkit.nps import nps
from supportkit.store import Store, memory_store
from tests.conftest import Call
from tests.survey_answers import fact, in_files, said

Shop = Callable[..., Store]
HEAD = "kind,score,responded_at,customer_id\n"


def read(kind: str, *texts: str, **user: str) -> dict[str, str | None]:
    """What texts of one column mean."""
    found = read_scores([(kind, text) for text in texts], user, {})
    return {text: meaning.text for (_, text), meaning in found.items()}


def rows(kind: str, *scores: str, more: str = "") -> str:
    lines = (f'{kind},"{score}",2026-05-01T10:00:00Z,c{n}{more}\n' for n, score in enumerate(scores))
    return "".join(lines)


def loaded(folder: Path, text: str, **options: Any) -> tuple[Store, Any]:
    path = folder / "answers.csv"
    path.write_text(text, encoding="utf-8")
    store = memory_store()
    (done,) = load(store, [path], LoadOptions(**options))
    return store, done


def stored(store: Store, columns: str = "score, scale_min, scale_max, score_as_written") -> list[tuple[Any, ...]]:
    return store.connection.execute(f"select {columns} from surveys order by customer_id").fetchall()


@pytest.mark.parametrize(
    ("text", "score"),
    [
        ("10 - Extremely likely", "10"),
        ("0 – совсем не готов", "0"),
        ("10 — точно порекомендую", "10"),
        ("0 – Überhaupt nicht wahrscheinlich", "0"),
        ("10 = sehr wahrscheinlich", "10"),
        ("10: très probable", "10"),
        ("10. Muy probable", "10"),
        ("(10) Extremely likely", "10"),
        ("0 Not at all likely", "0"),
        ("Extremely likely - 10", "10"),
        ("Extremely likely (10)", "10"),
        ("Rating: 4", "4"),
        ("-2 - schlecht", "-2"),
        ("4/5", "4/5"),
        ("4 / 5", "4/5"),
        ("4,5/5", "4.5/5"),
        ("7/10", "7/10"),
        ("Note : 4/5", "4/5"),
        ("4 out of 5", "4/5"),
        ("4 von 5 Sternen", "4/5"),
        ("7 sur 10", "7/10"),
        ("3 de 5", "3/5"),
        ("3 из 5", "3/5"),
        ("5 stars", "5/5"),
        ("1 star", "1/5"),
        ("5-star", "5/5"),
        ("4 Sterne", "4/5"),
        ("4 étoiles", "4/5"),
        ("4 estrellas", "4/5"),
        ("5 звёзд", "5/5"),
        ("4 ★", "4/5"),
        ("★★★★", "4/5"),
        ("⭐⭐⭐", "3/5"),
        ("⭐️⭐️", "2/5"),
        ("★★★☆☆", "3/5"),
        ("★★★★★★★☆☆☆", "7/10"),
        ("５", "5"),
    ],
)
def test_a_number_is_the_score_with_the_scale_that_it_says(text: str, score: str) -> None:
    found = written_score(text)
    assert found is not None
    assert found.text == score


@pytest.mark.parametrize(
    "text",
    [
        "9-10", "7–8", "10+", ">5", "<=3", "5 minutes", "3 дня", "2 Stunden", "80 %", "80%", "10k", "1st",
        "2026-05-01", "10:30", "10.05.2026", "½", "4½", "Route 66", "11/10", "5 (1 = bad)", "1 of 3 of 5", "x",
        "☆☆☆☆☆", "5 of 2026",
    ],
)  # fmt: skip
def test_a_number_that_may_be_anything_else_is_no_score(text: str) -> None:
    assert written_score(text) is None


@given(
    st.integers(0, 10),
    st.sampled_from([" - ", " – ", " — ", ": ", " = ", ") ", " ", ". "]),
    st.text(st.characters(categories=["Ll"]), min_size=1, max_size=20).filter(
        lambda word: plain(word) not in score_words().measures
    ),
)
def test_whatever_the_label_says_the_number_before_it_is_the_score(number: int, apart: str, label: str) -> None:
    found = written_score(f"{number}{apart}{label}")
    # "5 of" and the like end in nothing, and "4 stars" has a scale
    assert found is not None
    assert found.value == number


@pytest.mark.parametrize(
    "words",
    [
        ("Very satisfied", "Satisfied", "Neutral", "Dissatisfied", "Very dissatisfied"),
        ("Extremely satisfied", "Somewhat satisfied", "Neither satisfied nor dissatisfied", "Somewhat dissatisfied",
         "Extremely dissatisfied"),
        ("Extremely satisfied", "Very satisfied", "Somewhat satisfied", "Not so satisfied", "Not at all satisfied"),
        ("Sehr zufrieden", "Eher zufrieden", "Teils/teils", "Eher unzufrieden", "Sehr unzufrieden"),
        ("Très satisfait", "Satisfait", "Neutre", "Insatisfait", "Très insatisfait"),
        ("Tout à fait satisfaite", "Plutôt satisfaite", "Neutre", "Peu satisfaite", "Pas du tout satisfaite"),
        ("Muy satisfecho", "Satisfecho", "Neutral", "Insatisfecho", "Muy insatisfecho"),
        ("Очень доволен", "Скорее доволен", "Нейтрально", "Скорее недоволен", "Совсем недоволен"),
        ("Полностью довольна", "Довольна", "Ни то ни другое", "Недовольна", "Очень недовольна"),
        ("Excellent", "Good", "Average", "Poor", "Very poor"),
        ("Excellent", "Very good", "Good", "Fair", "Poor"),
        ("Ausgezeichnet", "Gut", "Mittelmäßig", "Schlecht", "Sehr schlecht"),
        ("Отлично", "Хорошо", "Нормально", "Плохо", "Ужасно"),
        ("Strongly agree", "Agree", "Neither agree nor disagree", "Disagree", "Strongly disagree"),
        ("Stimme voll und ganz zu", "Stimme zu", "Weder noch", "Stimme nicht zu", "Stimme überhaupt nicht zu"),
        ("Tout à fait d'accord", "D’accord", "Neutre", "Pas d'accord", "Pas du tout d'accord"),
        ("Totalmente de acuerdo", "De acuerdo", "Neutral", "En desacuerdo", "Totalmente en desacuerdo"),
        ("Полностью согласен", "Согласен", "Нейтрально", "Не согласен", "Совершенно не согласен"),
        ("Very easy", "Easy", "Neutral", "Difficult", "Very difficult"),
        ("Extremely happy", "Happy", "Neutral", "Unhappy", "Extremely unhappy"),
        ("😍", "🙂", "😐", "🙁", "😡"),
    ],
)  # fmt: skip
def test_the_words_of_a_scale_of_five_are_its_levels(words: tuple[str, ...]) -> None:
    assert list(read("csat", *words).values()) == ["5/5", "4/5", "3/5", "2/5", "1/5"]
    spelled = [word.upper().replace(" ", "  ") for word in words]
    assert list(read("csat", *spelled).values()) == ["5/5", "4/5", "3/5", "2/5", "1/5"]


@pytest.mark.parametrize(
    ("words", "scores"),
    [
        (("Good", "Bad"), ("1/1", "0/1")),
        (("good", "bad", "excellent"), ("4/5", "2/5", "5/5")),
        (("Great", "Okay", "Not good"), ("3/3", "2/3", "1/3")),
        (("Positive", "Neutral", "Negative"), ("3/3", "2/3", "1/3")),
        (("Strongly agree", "Agree", "Somewhat agree"), ("7/7", "6/7", "5/7")),
        (("👍", "👎"), ("1/1", "0/1")),
        (("да", "нет"), ("1/1", "0/1")),
    ],
)
def test_a_word_is_read_beside_the_others_of_its_column(words: tuple[str, ...], scores: tuple[str, ...]) -> None:
    assert tuple(read("csat", *words).values()) == scores


def test_the_ends_of_a_recommendation_may_stand_without_their_number() -> None:
    assert read("nps", "Extremely likely", "Not at all likely", "7/10") == {
        "Extremely likely": "10/10", "Not at all likely": "0/10", "7/10": "7/10",
    }  # fmt: skip
    assert read("csat", "Extremely likely") == {"Extremely likely": "5/5"}
    # of what is asked on 0-10 no other word says where it is
    assert read("nps", "Very satisfied", "good") == {"Very satisfied": None, "good": None}


@pytest.mark.parametrize(
    "text",
    ["don't know", "Don’t know", "weiß nicht", "Ne sais pas", "No sé", "затрудняюсь ответить", "prefer not to say"],
)
def test_who_does_not_know_has_given_no_answer(text: str) -> None:
    assert read("csat", text) == {text: "no answer"}


def test_numbers_that_run_against_their_words_say_nothing_for_sure() -> None:
    # school marks: 1 is the best; of an effort both ways are usual, and --direction says which it is
    assert set(read("csat", "1 - Very satisfied", "2 - Satisfied", "5 - Very dissatisfied").values()) == {None}
    assert set(read("csat", "5 - Very satisfied", "1 - Very dissatisfied").values()) == {"5", "1"}
    assert set(read("ces", "1 - Very easy", "7 - Very difficult").values()) == {"1", "7"}


def test_the_load_stores_scores_with_their_scale_and_the_word_beside(tmp_path: Path) -> None:
    text = HEAD + rows("csat", "Very satisfied", "4/5", "★★★", "2 - meh", "5")
    store, done = loaded(tmp_path, text)
    assert stored(store) == [
        (5, 1, 5, "Very satisfied"), (4, 1, 5, "4/5"), (3, 1, 5, "★★★"), (2, None, None, "2 - meh"),
        (5, None, None, None),
    ]  # fmt: skip
    assert known_words(done.words) == [
        "kind: csat (5)",
        "score: 2 = 2 - meh (1); 5/5 = Very satisfied (1); 3/5 = ★★★ (1)"
    ]  # fmt: skip
    assert not unknown_words(done.words)


def test_a_scale_that_the_file_declares_holds_where_the_answer_says_none(tmp_path: Path) -> None:
    head = HEAD.replace("\n", ",scale_min,scale_max\n")
    store, _ = loaded(tmp_path, head + rows("csat", "10 - great", "4/5", more=",1,10"))
    assert stored(store) == [(10, 1, 10, "10 - great"), (4, 1, 5, "4/5")]


def test_labelled_ends_count(shop: Shop) -> None:
    # 20 of 10 and 5 of 9 are promoters, 5 of 5 and 5 of 0 detractors, of 40: 37.5
    scores = [*["10 - Extremely likely"] * 20, *["9"] * 5, *["8"] * 5, *["5"] * 5, *["0 - Not at all likely"] * 5]
    found = nps(shop(surveys=HEAD + rows("nps", *scores)))
    assert fact(found, "nps", "answers", "promoters", "detractors") == (37.5, 40, 25, 10)


def test_what_nobody_can_read_is_rejected_under_its_column_and_told_under_its_figure(
    tmp_path: Path, supportkit: Call
) -> None:
    file, db = tmp_path / "answers.csv", tmp_path / "t.db"
    answers = HEAD + rows("nps", *["9"] * 6, "purple", "purple", "ask lena@example.com") + rows("csat", "5", "green")
    file.write_text(answers, encoding="utf-8")
    code, _, err = supportkit("load", file, "--db", db)
    assert code == 0
    assert "unknown score purple (2) is rejected: --value score:purple=SCORE" in err
    assert "unknown score ask [EMAIL] (1)" in err
    _, out, _ = supportkit("rejects", "--db", db, "--format", "json")
    found = json.loads(out)["rows"]
    assert {(row["column_name"], row["reason"]) for row in found} == {("score", "score cannot be read")}
    assert [row["line"] for row in found] == [8, 9, 10, 12]
    _, out, _ = supportkit("nps", "--db", db)
    # 3 of the 9 answers to this question
    assert "3 of 9 nps answers of unknown score: purple (2), ask [EMAIL] (1); each is rejected" in out
    _, out, _ = supportkit("csat", "--db", db)
    assert "1 of 2 csat answers of unknown score: green (1)" in out
    _, out, _ = supportkit("tables", "--db", db)
    assert "4 of 11 answers of unknown score: purple (2)" in out
    _, out, _ = supportkit("nps", "--data", file)
    assert "3 of 9 nps answers of unknown score" in out
    _, out, _ = supportkit("load", file, "--dry-run")
    assert "unknown score purple (2) is rejected" in out


def test_a_load_that_is_refused_for_its_scores_names_their_words(tmp_path: Path, supportkit: Call) -> None:
    file = tmp_path / "answers.csv"
    file.write_text(HEAD + rows("nps", "Promoter", "Promoter", "Detractor", "9"), encoding="utf-8")
    code, _, err = supportkit("load", file, "--db", tmp_path / "t.db")
    assert code == 3
    assert "3 of 4 rows cannot be read as surveys" in err
    assert "unknown score Promoter (2) is rejected: --value score:Promoter=SCORE" in err


def test_a_file_of_invitations_alone_is_looked_at_and_one_without_scores_is_refused(
    tmp_path: Path, supportkit: Call
) -> None:
    asked, file = tmp_path / "asked.csv", tmp_path / "file.csv"
    asked.write_text("kind,invited_at,customer_id\nnps,2026-05-01T10:00:00Z,a\n", encoding="utf-8")
    assert supportkit("load", asked, "--dry-run", "--as", "surveys")[0] == 0
    file.write_text("kind,responded_at,customer_id\nnps,2026-05-01T10:00:00Z,a\n", encoding="utf-8")
    code, _, err = supportkit("load", file, "--as", "surveys", "--db", tmp_path / "t.db")
    assert code == 3
    assert "no column for score" in err


def test_lost_answers_are_told_of_their_period_and_not_cut_to_conditions(tmp_path: Path, supportkit: Call) -> None:
    file = tmp_path / "answers.csv"
    text = HEAD + rows("nps", *["9"] * 5, "purple").replace("05-01", "04-30") + rows("nps", "9", "9")
    file.write_text(text, encoding="utf-8")
    _, out, _ = supportkit("nps", "--data", file, "--period", "2026-04")
    assert "1 of 6 nps answers of unknown score" in out
    _, out, _ = supportkit("nps", "--data", file, "--period", "2026-05")
    assert "unknown score" not in out
    _, out, _ = supportkit("nps", "--data", file, "--where", "customer_id=c1")
    assert "1 of 3 nps answers of unknown score: purple (1)" in out
    assert "they are not cut to customer_id=c1" in out


def test_an_answer_that_two_exports_have_is_lost_once(tmp_path: Path, supportkit: Call) -> None:
    first, second, db = tmp_path / "first.csv", tmp_path / "second.csv", tmp_path / "t.db"
    text = HEAD + rows("nps", "9", "9", "9", "purple", "purple")
    first.write_text(text, encoding="utf-8")
    # the export of the next week has them again, and one more
    second.write_text(text + rows("nps", "purple", "8").replace("05-01", "05-08"), encoding="utf-8")
    supportkit("load", first, "--db", db)
    supportkit("load", second, "--db", db)
    assert "3 of 7 nps answers of unknown score: purple (3)" in supportkit("nps", "--db", db)[1]
    assert "1 of 2 nps answers" in supportkit("nps", "--db", db, "--period", "2026-W19")[1]


def test_a_check_gives_no_verdict_where_more_than_5_per_cent_of_the_answers_are_lost(
    tmp_path: Path, supportkit: Call
) -> None:
    few, many = tmp_path / "few.csv", tmp_path / "many.csv"
    head = HEAD.replace("\n", ",channel\n")
    few.write_text(head + rows("nps", *["9"] * 95, *["purple"] * 5, more=",chat"), encoding="utf-8")
    many.write_text(head + rows("nps", *["9"] * 95, *["purple"] * 6, more=",chat"), encoding="utf-8")
    assert supportkit("check", "--data", few, "--period", "all", "--expect", "nps > 0")[0] == 0  # 5 of 100
    for rule in ("nps > 0", "nps > 0 by channel"):
        code, out, _ = supportkit("check", "--data", many, "--period", "all", "--expect", rule)  # 6 of 101
        assert code == 3, rule
        assert "words that nobody knows" in out


def test_the_users_words_go_before_all_others_and_numbers_can_be_mapped_too(tmp_path: Path) -> None:
    text = HEAD + rows("csat", "1", "2", "Satisfied", "Top!", "N.N.", "6")
    values = {"surveys.score": {"1": "6/6", "satisfied": "5/6", "top!": "6/6", "N.N.": "no answer"}}
    store, done = loaded(tmp_path, text, values=values)
    assert stored(store) == [
        (6, 1, 6, "1"), (2, None, None, None), (5, 1, 6, "Satisfied"), (6, 1, 6, "Top!"), (6, None, None, None),
    ]  # fmt: skip
    assert known_words(done.words)[-1] == "score: 6/6 = 1 (1), Top! (1); 5/6 = Satisfied (1)"


def test_a_word_that_is_mapped_later_is_read_in_the_rows_of_both_loads(tmp_path: Path, supportkit: Call) -> None:
    file, db = tmp_path / "answers.csv", tmp_path / "t.db"
    file.write_text(HEAD + rows("csat", "Good", "Good", "purple", "5"), encoding="utf-8")
    supportkit("load", file, "--db", db)
    values = ("--value", "score:purple=2/5", "--value", "score:Good=4/5")
    code, _, err = supportkit("load", file, "--db", db, *values)
    assert code == 0
    assert "read 4 = loaded 1 + updated 0 + unchanged 3 + older 0 + rejected 0" in err
    assert "2 rows loaded before: score Good is 4/5 from now on" in err
    query = "select score, scale_max from surveys order by customer_id"
    _, out, _ = supportkit("sql", query, "--db", db, "--format", "csv")
    assert out.split() == ["score,scale_max", "4,5", "4,5", "2,5", "5,"]
    _, out, _ = supportkit("csat", "--db", db)
    assert "unknown" not in out
    # what says nothing is lost no more
    supportkit("undo", "--db", db)
    assert "1 of 4 csat answers of unknown score" in supportkit("csat", "--db", db)[1]
    supportkit("load", file, "--db", db, "--value", "score:purple=no answer")
    assert "unknown" not in supportkit("csat", "--db", db)[1]


@pytest.mark.parametrize("value", ["score:purple=violet", "score:purple=6/5", "surveys.score:purple="])
def test_a_map_of_a_score_that_cannot_hold_is_refused(value: str, tmp_path: Path, supportkit: Call) -> None:
    file = tmp_path / "answers.csv"
    file.write_text(HEAD + rows("nps", "9"), encoding="utf-8")
    assert supportkit("load", file, "--db", tmp_path / "t.db", "--value", value)[0] == 2


def test_a_rare_word_far_down_a_large_file_is_read(tmp_path: Path) -> None:
    many = rows("csat", *["5"] * 6_000, "Very dissatisfied", "purple")
    store, done = loaded(tmp_path, HEAD + many)
    assert store.connection.execute("select count(*), min(score) from surveys").fetchall() == [(6_001, 1)]
    assert [word.text for word in done.words if word.column.column == "score"] == ["Very dissatisfied", "purple"]


def test_the_same_answers_in_words_and_loaded_twice_are_the_same_rows(shop: Shop, tmp_path: Path) -> None:
    text = HEAD + rows("csat", "Very satisfied", "4/5", "Bad")
    store = in_files(shop(surveys=text), tmp_path, again=text)
    assert fact(csat(store), "answers") == (3,)


def test_the_kind_of_a_survey_is_known_by_its_usual_names_and_others_are_told(shop: Shop) -> None:
    kinds = ("NPS", "Net Promoter Score", "Kundenzufriedenheit", "C-SAT", "Индекс потребительской лояльности", "eNPS")
    text = HEAD + "".join(rows(kind, "9") for kind in kinds) + rows("aroma", "1")
    store = shop(surveys=text)
    counts = store.connection.execute("select kind, count(*) from surveys group by 1 order by 1").fetchall()
    assert counts == [("csat", 2), ("nps", 3), ("other", 1), ("unknown", 1)]
    assert said(nps(store), "1 of 7 surveys of unknown kind: aroma (1); each is in no figure")


def test_each_word_for_a_score_stands_once_in_a_scale() -> None:
    for scale in score_words().scales:
        for language, words in scale.words.items():
            assert set(words.values()) <= set(range(scale.levels)), language
            assert not set(words) & score_words().no_answer, language
