"""B3 and B3ru: is a problem found that nobody has seen before, and how often is one found where there is none?"""

from __future__ import annotations

import os
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.labelled import banking, clinc
from benchmarks.letters import Letter, letter, letters
from benchmarks.peers_text import Detector, centroid_novelty, fixed_topics, terms_alone
from supportkit.stats.emerging_groups import (
    EmergingGroup,
    backtested_threshold,
    emerging_groups,
    groups_before_threshold,
)
from supportkit.stats.semantic import is_installed, linked
from supportkit.stats.text_nearness import background_of
from supportkit.stats.ticket_words import all_stems, stems, tokens
from supportkit.stats.week_texts import Text, Week

SEED = 20261122
WEEK, HISTORY = 300, 16
SIZES = (5, 8, 12, 20)
Prepare = Callable[[Sequence[Week]], Detector]


def b3(step: int = 1) -> None:
    """An unseen intent in a week of 300, every `step`-th intent in turn."""
    data = banking()
    if (folder := os.environ.get("CLINC150")) is not None:
        data = data.beside(clinc(Path(folder)))
    texts = [Text(f"{i:05d}", str(i), tuple(stems(text)), tuple(all_stems(text))) for i, text in enumerate(data.texts)]
    rng = np.random.default_rng(SEED)
    quiet = [_quiet(texts, rng) for _ in range(5)]
    planted = [_planted(texts, data.labels, intent, rng) for intent in sorted(set(data.labels))[::step]]
    print(f"\nB3  {len(set(data.labels))} intents, {WEEK} tickets a week, {HISTORY} weeks of history")
    print(f"{sum(len(one.weeks) for one in quiet)} quiet weeks, {len(planted)} unseen intents")
    print("method                       raw groups/week   n=5   n=8  n=12  n=20  purity recall  CPU ms/week")
    for name, prepare in (
        ("emerging", emerging_detector),
        ("terms alone", terms_alone),
        ("counts of 100 fixed topics", fixed_topics),
        ("centroid novelty", centroid_novelty),
    ):
        _b3_row(name, prepare, quiet, planted)
    _b3_self(texts, rng, max(2, 6 // step))


def emerging_detector(history: Sequence[Week]) -> Detector:
    """The product's, its background made once for all weeks that come after the same history."""
    background = background_of([text for week in history for text in week.texts])
    return lambda week: groups_before_threshold(week, history, background)


def _b3_row(name: str, prepare: Prepare, quiet: list[_Past], planted: list[_Past]) -> None:
    cpu = [0.0, 0.0]
    scores: list[float] = []
    found: list[tuple[frozenset[str], list[EmergingGroup]]] = []
    for past in (*quiet, *planted):
        start = time.process_time()
        detect = prepare(past.history)
        ready = time.process_time()
        groups = [detect(week) for week, _ in past.weeks]
        cpu = [cpu[0] + ready - start, cpu[1] + (time.process_time() - ready) / len(past.weeks)]
        for (_, keys), one in zip(past.weeks, groups, strict=True):
            if keys:
                found.append((keys, one))
            else:
                scores += [group.score for group in one]
    weeks = sum(len(past.weeks) for past in quiet)
    allowed = int(0.2 * weeks)
    bar = sorted(scores, reverse=True)[allowed] if len(scores) > allowed else 0.0
    hits: dict[int, list[bool]] = {n: [] for n in SIZES}
    purity, recall = [], []
    for keys, one in found:
        good = [g for g in one if g.score > bar and np.mean([key in keys for key in g.keys[:5]]) >= 0.6]
        hits[len(keys)].append(bool(good))
        if good and len(keys) == 20:
            purity.append(np.mean([key in keys for key in good[0].keys]))
            recall.append(len(keys & set(good[0].keys)) / 20)
    power, half = ("".join(f"{np.mean(hits[n][start :: start + 1]):6.2f}" for n in SIZES) for start in (0, 1))
    ends = f"{np.mean(purity):8.2f}{np.mean(recall):7.2f}" if purity else "       -      -"
    each = 1000 * sum(cpu) / (len(quiet) + len(planted))
    print(f"{name:28}{len(scores) / weeks:16.1f}{power}{ends}{each:12.0f}", flush=True)
    if name == "emerging":
        print(f"{'  on the half not tuned on':44}{half}")


def _b3_self(texts: list[Text], rng: np.random.Generator, runs: int) -> None:
    """False groups a week when the threshold comes from the shop's own 28 weeks, as in use."""
    false = weeks = 0
    for _ in range(runs):
        order = rng.permutation(len(texts))
        all_weeks = [Week.of(texts[i] for i in order[s : s + WEEK]) for s in range(0, len(order) - WEEK, WEEK)]
        threshold, _ = backtested_threshold(all_weeks[:28])
        detect = emerging_detector(all_weeks[12:28])
        for now in all_weeks[28:43]:
            false += sum(group.score > threshold for group in detect(now))
            weeks += 1
    print(f"threshold from the shop's own past: {false / weeks:.2f} false groups a week ({weeks} quiet weeks)")


@dataclass(frozen=True)
class _Past:
    """A history, and weeks that may come after it with the keys of what is new in them."""

    history: list[Week]
    weeks: list[tuple[Week, frozenset[str]]]


def _quiet(texts: list[Text], rng: np.random.Generator) -> _Past:
    order = rng.permutation(len(texts))
    weeks = [Week.of(texts[i] for i in order[s : s + WEEK]) for s in range(0, len(order) - WEEK, WEEK)]
    return _Past(weeks[:HISTORY], [(week, frozenset()) for week in weeks[HISTORY : HISTORY + 27]])


def _planted(texts: list[Text], labels: Sequence[str], intent: str, rng: np.random.Generator) -> _Past:
    label = np.array(labels)
    mine, other = np.flatnonzero(label == intent), rng.permutation(np.flatnonzero(label != intent))
    history = [Week.of(texts[i] for i in other[s : s + WEEK]) for s in range(0, HISTORY * WEEK, WEEK)]
    weeks = []
    for n in SIZES:
        new = rng.permutation(mine)[:n]
        now = [*new, *rng.permutation(other[HISTORY * WEEK :])[: WEEK - n]]
        weeks.append((Week.of(texts[i] for i in now), frozenset(texts[i].key for i in new)))
    return _Past(history, weeks)


def b3ru(runs: int = 10) -> None:
    """A new problem written in Russian and English, half each: is it found, and as one group?"""
    print(f"\nB3ru  our letters, 200 a week in Russian and English, {runs} new problems of each size, half and half")
    print(f"the extra semantic is {'used' if is_installed() else 'not installed'}")
    print("n     found in Russian  found in English  found as one group")
    for n in (12, 20, 40):
        found = {"ru": 0, "en": 0, "both": 0}
        for run in range(runs):
            rng = random.Random(SEED + run)
            history = [_letter_week(letters(rng, 200, ("ru", "en")), f"h{w}") for w in range(24)]
            new = [letter(rng, "new", ("ru", "en")[i % 2]) for i in range(n)]
            written = [*letters(rng, 200 - n, ("ru", "en")), *new]
            week = _letter_week(written, "now")
            words = {f"now{i:04d}": " ".join(form for _, form in tokens(one.text)) for i, one in enumerate(written)}
            spoken = {f"now{200 - n + i:04d}": one.language for i, one in enumerate(new)}
            threshold, _ = backtested_threshold(history)
            groups = emerging_groups(week, history, threshold=threshold)
            if is_installed():
                groups = linked(groups, {text.key: words[text.key] for text in week.texts})
            good = [
                [spoken.get(key, "") for key in group.keys]
                for group in groups
                if np.mean([key in spoken for key in group.keys[:5]]) >= 0.6
            ]
            found["ru"] += any("ru" in keys for keys in good)
            found["en"] += any("en" in keys for keys in good)
            found["both"] += any(min(keys.count("ru"), keys.count("en")) >= n / 8 for keys in good)
        print(f"{n:<6}{found['ru'] / runs:16.2f}{found['en'] / runs:18.2f}{found['both'] / runs:20.2f}", flush=True)


def _letter_week(written: Sequence[Letter], name: str) -> Week:
    return Week.of(
        Text(f"{name}{i:04d}", f"{name}{i}", tuple(stems(one.text)), tuple(all_stems(one.text)))
        for i, one in enumerate(written)
    )
