"""Texts that strangers make as dense as can be take time in proportion to their length, and stay masked."""

from __future__ import annotations

import math
import re
import sys
import time
from collections.abc import Callable

import pytest

from supportkit.exports.masking import mask_text
from supportkit.exports.masking import numbers as numbers_in_texts
from supportkit.exports.masking.digits import Number
from tests.dense_texts import numbers, words


def calls_of(text: str) -> int:
    """How many functions are called to mask a text: the same on every machine."""
    counted = 0

    def count(frame: object, event: str, arg: object) -> None:
        nonlocal counted
        counted += event in ("call", "c_call")

    sys.setprofile(count)
    try:
        mask_text(text)
    finally:
        sys.setprofile(None)
    return counted


@pytest.mark.parametrize("dense", [numbers, words])
def test_the_densest_text_takes_a_few_steps_for_each_sign(dense: Callable[[int, int], str]) -> None:
    for seed in range(40):
        for signs in (4096, 8192):
            mask_text(dense(seed, signs))  # what is compiled or loaded when it is first needed
            assert calls_of(dense(seed, signs)) < 5 * signs, seed  # a run of two dozen single digits took 170


@pytest.mark.parametrize("single", ["(1)", "+1", "1) (", "1 ", "(1) ", "1-"])
def test_single_digits_are_read_as_a_list_whatever_stands_between_them(single: str) -> None:
    text = single * (4096 // len(single))
    mask_text(text)
    assert calls_of(text) < 2 * len(text)  # read one by one those in brackets took five for each sign


@pytest.mark.parametrize("dense", [numbers, words])
def test_no_pattern_takes_more_than_linear_time(dense: Callable[[int, int], str]) -> None:
    def seconds(seed: int, signs: int) -> float:
        text, best = dense(seed, signs), math.inf
        for _ in range(3):
            started = time.process_time()
            mask_text(text)
            best = min(best, time.process_time() - started)
        return best

    for seed in range(12):
        few, many = seconds(seed, 4096), seconds(seed, 16 * 4096)
        assert many < 48 * few, seed  # 16 times the signs; a quadratic pattern would take 256 times as long


@pytest.mark.parametrize("dense", [numbers, words])
def test_a_dense_text_that_is_masked_stays_as_it_is(dense: Callable[[int, int], str]) -> None:
    for seed in range(60):
        once = mask_text(dense(seed, 2000))[0]
        assert mask_text(once)[0] == once, seed


def test_what_was_looked_at_with_more_patience_is_not_taken_from_memory() -> None:
    for seed in (315, 1444, 2528):
        once = mask_text(words(seed, 1000))[0]
        assert mask_text(once) == (once, {}), seed


def test_of_more_numbers_than_people_write_the_rest_is_masked_but_for_days() -> None:
    lines = "".join(f"ref {number:07} on 2024-05-01\n" for number in range(1_000_000, 1_000_200))
    masked = mask_text(lines)[0]
    assert masked.startswith("ref 1000000 on 2024-05-01\nref 1000001")
    assert masked.endswith("ref [PHONE] on 2024-05-01\n")
    assert masked.count("2024-05-01") == 200


def test_a_text_in_which_one_find_sets_free_the_next_ends_soon() -> None:
    once = mask_text("cvv 123" * 300)[0]
    assert not re.search("[0-9]", once)
    assert mask_text(once) == (once, {})


def test_of_more_secrets_than_people_write_all_that_follows_is_masked() -> None:
    lines = "".join(f"password: Xy{number}!a\n" for number in range(100, 200))
    masked = mask_text(lines)[0]
    assert masked == "password: [SECRET]\n" * 24 + "password: [SECRET]"
    few = "".join(f"password: Xy{number}!a, thanks\n" for number in range(100, 124))
    assert mask_text(few)[0] == "password: [SECRET], thanks\n" * 24


@pytest.mark.parametrize(("groups", "looks"), [(3, 48), (8, 24), (20, 12)])
def test_a_look_into_a_long_chain_takes_as_long_as_several(
    groups: int, looks: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Number] = []
    read = numbers_in_texts._read

    def counted(number: Number) -> tuple[int, str]:
        asked.append(number)
        return read(number)

    monkeypatch.setattr(numbers_in_texts, "_read", counted)
    chain = " - ".join(["70123"] * groups) + "; "  # a third of a text of 4 KB and more is figures
    list(numbers_in_texts.numbers(chain * (4000 // len(chain))))
    assert 0 < len(asked) <= looks + 1
