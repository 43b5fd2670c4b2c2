"""New problems in the customers' words: terms, neighbourhoods, and a threshold from the shop's own weeks."""

from __future__ import annotations

import random
from collections.abc import Sequence
from functools import cache

import pytest
from benchmarks.labelled import banking, real
from benchmarks.letters import Letter, letter, letters

from supportkit.stats.emerging_groups import (
    HISTORY_WEEKS,
    USUAL_THRESHOLD,
    backtested_threshold,
    emerging_groups,
    exceeded,
    groups_before_threshold,
    surprise,
)
from supportkit.stats.text_nearness import PastTexts, background_of
from supportkit.stats.ticket_words import all_stems, stems
from supportkit.stats.week_texts import Text, Week


def week(written: Sequence[Letter], *, name: str, customers: Sequence[str] | None = None) -> Week:
    """A week of letters, each of its own customer unless told."""
    who = customers or [f"{name}-{number}" for number in range(len(written))]
    return Week.of(
        Text(f"{name}{i:04d}", who[i], tuple(stems(one.text)), tuple(all_stems(one.text)))
        for i, one in enumerate(written)
    )


@cache
def past(weeks: int, size: int = 60, seed: int = 1) -> tuple[Week, ...]:
    return tuple(week(letters(random.Random(seed * 100 + n), size), name=f"w{n}") for n in range(weeks))


@cache
def background(weeks: int, seed: int = 1) -> PastTexts:
    """What `groups_before_threshold` makes of the last weeks of a past, made once."""
    made = background_of([text for one in past(weeks, seed=seed)[-HISTORY_WEEKS:] for text in one.texts])
    assert made is not None
    return made


@cache
def threshold_after(weeks: int, seed: int = 1) -> tuple[float, int]:
    """The threshold that a past teaches, and the weeks tried."""
    return backtested_threshold(past(weeks, seed=seed))


def news(count: int, language: str = "en", seed: int = 5) -> list[Letter]:
    rng = random.Random(seed)
    return [letter(rng, "new", language) for _ in range(count)]


def test_the_tail_is_the_negative_binomials() -> None:
    # h = 0 of 1,000: shape .5/1.3, p = (1000/1.3)/(1000/1.3 + 100) = .884956; P(X >= 1) = 1 - p^shape = .045914
    tail, lift = surprise([1], [0], 100, 1000)
    assert tail[0] == pytest.approx(1 - (1000 / 1.3 / (1000 / 1.3 + 100)) ** (0.5 / 1.3))
    assert lift[0] == pytest.approx((1 / 100) / (0.5 / 1000))


def test_a_threshold_lies_between_the_scores_that_were_passed_too_often_and_too_seldom() -> None:
    # 2.4 times in 12 weeks: .4 of the way from the second largest to the third
    assert exceeded([10, 8, 6, 4], 2.4) == pytest.approx(8 - 0.4 * (8 - 6))
    assert exceeded([10, 8, 6, 4], 1) == 10
    assert exceeded([10], 2.4) == 0
    assert exceeded([10, 8], 0.8) == 10


def test_a_new_problem_is_found_in_the_customers_words() -> None:
    history = past(16)
    now = week(letters(random.Random(999), 60) + news(12), name="now")
    threshold, tried = threshold_after(16)
    found = emerging_groups(now, history, threshold=threshold)
    assert tried == 12
    assert found
    planted = {f"now{i:04d}" for i in range(60, 72)}
    assert sum(key in planted for key in found[0].keys[:5]) >= 4
    assert {"sms", "confirm", "sms code", "code", "confirm code"} & set(found[0].terms)
    assert found[0].lift > 2


def test_quiet_weeks_stay_quiet() -> None:
    history, known = past(20, seed=3), background(20, seed=3)
    threshold, _ = threshold_after(20, seed=3)
    quiet = [week(letters(random.Random(5000 + n), 60), name="now") for n in range(15)]
    scores = [group.score for now in quiet for group in groups_before_threshold(now, history, known)]
    assert scores
    assert sum(score > threshold for score in scores) <= 6


def test_one_customer_writing_fifty_times_is_no_new_problem() -> None:
    history = past(16)
    calm = letters(random.Random(999), 60)
    now = week(calm + news(50), name="now", customers=[f"c{i}" for i in range(60)] + ["the same"] * 50)
    assert len(now.texts) == 61
    assert not any(
        "sms" in term for group in groups_before_threshold(now, history, background(16)) for term in group.terms
    )


def test_emoji_and_empty_texts_count_for_nothing() -> None:
    history = past(16)
    calm = letters(random.Random(999), 60)
    nothing = [Letter(text, "", "en") for text in ("", "😀", "Hello!", "???")] * 10
    noisy = week(calm + nothing, name="now")
    assert len(noisy.texts) == 60
    found = groups_before_threshold(week(calm, name="now"), history, background(16))
    assert [g.terms for g in groups_before_threshold(noisy, history, background(16))] == [g.terms for g in found]


def test_too_little_history_finds_nothing_and_uses_the_usual_threshold() -> None:
    assert groups_before_threshold(week(news(20), name="now"), past(3)) == []
    assert groups_before_threshold(week([], name="now"), past(16)) == []
    assert backtested_threshold(past(6)) == (USUAL_THRESHOLD, 2)


def test_the_order_of_the_texts_changes_nothing() -> None:
    history = past(8)
    written = [
        Text(f"n{i:03d}", f"c{i}", tuple(stems(one.text)))
        for i, one in enumerate(letters(random.Random(7), 50) + news(10))
    ]
    shuffled = list(written)
    random.Random(1).shuffle(shuffled)
    assert groups_before_threshold(Week.of(written), history) == groups_before_threshold(Week.of(shuffled), history)


def test_a_flood_of_all_problems_is_no_new_one() -> None:
    # five times the letters, each customer writing twice: every term is commoner, none more than the others
    history = past(16)
    flood = letters(random.Random(999), 300)
    now = week(flood, name="now", customers=[f"c{i % 150}" for i in range(300)])
    threshold, _ = threshold_after(16)
    assert len(emerging_groups(now, history, threshold=threshold)) <= 1


@pytest.mark.parametrize("intent", ["card_swallowed", "lost_or_stolen_phone", "verify_source_of_funds"])
def test_an_intent_of_a_bank_that_nobody_has_seen_is_found(intent: str) -> None:
    if real() is None:
        pytest.skip("SUPPORTKIT_REAL names no folder")
    data = banking()
    rng = random.Random(11)
    new = [i for i, label in enumerate(data.labels) if label == intent]
    old = [i for i, label in enumerate(data.labels) if label != intent]
    rng.shuffle(new)
    rng.shuffle(old)

    def asked(numbers: Sequence[int]) -> Week:
        said = ((f"{i:05d}", data.texts[i]) for i in numbers)
        return Week.of(Text(key, key, tuple(stems(one)), tuple(all_stems(one))) for key, one in said)

    history = [asked(old[start : start + 200]) for start in range(0, 1600, 200)]
    planted = {f"{i:05d}" for i in new[:20]}
    found = emerging_groups(asked(old[1600:1780] + new[:20]), history, threshold=USUAL_THRESHOLD)
    assert found
    assert sum(key in planted for key in found[0].keys[:5]) >= 4
    assert emerging_groups(asked(old[1600:1800]), history, threshold=USUAL_THRESHOLD) == []
