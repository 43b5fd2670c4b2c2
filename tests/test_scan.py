"""Groups of texts by neighbourhoods: the scan over a table of nearness, and what makes texts near."""

from __future__ import annotations

import random

import numpy as np
import pytest
from benchmarks.letters import letter, letters

from supportkit.stats.neighbourhood_scan import groups_of_near_texts
from supportkit.stats.text_nearness import background_of
from supportkit.stats.ticket_words import all_stems, stems
from supportkit.stats.week_texts import Text

PAST = 100


def table(texts: int, near: dict[tuple[int, int], float]) -> np.ndarray:
    """(texts, past + texts): past texts at .2 to .5, texts of this week far from one another unless told."""
    found = np.tile(np.linspace(0.5, 0.2, PAST, dtype=np.float32), (texts, 1))
    found = np.hstack([found, np.full((texts, texts), 0.1, dtype=np.float32)])
    for (one, other), nearness in near.items():
        found[one, PAST + other] = found[other, PAST + one] = nearness
    found[np.arange(texts), PAST + np.arange(texts)] = -1
    return found


def text(key: str, said: str) -> Text:
    return Text(key, key, tuple(stems(said)), tuple(all_stems(said)))


def test_texts_that_are_each_others_nearest_are_a_group() -> None:
    # each of the four left out in turn, the four nearest to the group are its own: of 110 texts 10 are of this week,
    # and -log10((10 / 110)^4) = 4.1656
    four = {(one, other): 0.9 for one in range(4) for other in range(one)}
    (found,) = groups_of_near_texts(table(10, four))
    assert sorted(found.members) == [0, 1, 2, 3]
    assert found.score == pytest.approx(4 * np.log10(11))


def test_texts_that_are_nearer_to_past_ones_are_none() -> None:
    assert groups_of_near_texts(table(10, {(one, other): 0.15 for one in range(4) for other in range(one)})) == []


def test_a_seed_grows_by_what_is_near_to_all_of_it() -> None:
    # 3 is near to 0, 1 and 2 but not as near to any one of them as the past is
    near = {(0, 1): 0.9, (0, 2): 0.9, (1, 2): 0.9, (0, 3): 0.55, (1, 3): 0.55, (2, 3): 0.55}
    (found,) = groups_of_near_texts(table(10, near), seeds=[[0, 1, 2]])
    assert sorted(found.members) == [0, 1, 2, 3]


def test_of_two_groups_that_share_half_of_their_texts_the_better_one_stays() -> None:
    near = {(one, other): 0.9 for one in range(6) for other in range(one)}
    found = groups_of_near_texts(table(20, near), seeds=[[0, 1, 2], [3, 4, 5], [0, 4, 5]])
    assert len(found) == 1
    assert len(found[0].members) == 6


def test_two_texts_or_none_are_no_group() -> None:
    assert groups_of_near_texts(table(10, {(0, 1): 0.9})) == []
    assert groups_of_near_texts(table(0, {})) == []


def test_the_same_words_as_ever_are_nothing_new() -> None:
    rng = random.Random(3)
    past = [text(f"p{i}", one.text) for i, one in enumerate(letters(rng, 200))]
    past += [text(f"o{i}", "the parcel never came, where is it") for i in range(30)]
    now = [text(f"n{i}", one.text) for i, one in enumerate(letters(rng, 40))]
    now += [text(f"s{i}", "the parcel never came, where is it") for i in range(3)]
    background = background_of(past)
    assert background is not None
    nearest = background.nearness(now)[40:].argsort(axis=1, kind="stable")[:, ::-1][:, :30]
    assert (nearest < len(past)).all()  # all thirty past ones before the two others of this week


def test_what_is_new_is_nearer_to_its_like_than_what_is_common() -> None:
    rng = random.Random(4)
    past = [text(f"p{i}", one.text) for i, one in enumerate(letters(rng, 300, ("en",)))]
    now = [text(f"n{i}", letter(rng, "new", "en").text) for i in range(8)]
    now += [text(f"c{i}", one.text) for i, one in enumerate(letters(rng, 40, ("en",)))]
    background = background_of(past)
    assert background is not None
    near = background.nearness(now)
    assert near.shape == (48, 348)
    own = near[:8, 300:308][~np.eye(8, dtype=bool)].mean()
    assert own > near[:8, :300].mean() + 0.1
    assert (near[np.arange(48), 300 + np.arange(48)] == -1).all()


def test_no_words_make_no_background() -> None:
    assert background_of([]) is None
    assert background_of([text("a", "parcel")]) is None
