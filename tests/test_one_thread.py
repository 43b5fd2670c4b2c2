"""Sums in one order: the pools of threads are held to one thread, and looked for once."""

from __future__ import annotations

import numpy
import pytest
import threadpoolctl

from supportkit.stats.text_space import one_thread


def threads() -> set[int]:
    numpy.ones((2, 2)) @ numpy.ones((2, 2))
    return {int(pool["num_threads"]) for pool in threadpoolctl.threadpool_info()}


def test_inside_it_every_pool_has_one_thread_and_outside_as_many_as_before() -> None:
    before = threads()
    with one_thread():
        assert threads() == {1}
        with one_thread():
            assert threads() == {1}
        assert threads() == {1}
    assert threads() == before


def test_the_pools_are_looked_for_once_while_nothing_more_is_loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    with one_thread():
        pass
    monkeypatch.setattr(threadpoolctl, "ThreadpoolController", lambda: pytest.fail("looked for again"))
    monkeypatch.setattr(threadpoolctl, "threadpool_limits", lambda limits: pytest.fail("looked for again"))
    with one_thread():
        pass
