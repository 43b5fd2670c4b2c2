"""How well texts are told apart: B3, B3ru, B4, B5 and the text part of B6.

    SUPPORTKIT_REAL=… python -m benchmarks.texts            all of them, some ten minutes of one core
    SUPPORTKIT_REAL=… python -m benchmarks.texts b4 b5      some of them
    SUPPORTKIT_REAL=… python -m benchmarks.texts b3 --step 3    every third intent of B3 only

B3    a problem nobody has seen, 5 to 20 tickets of 300 in a week, on BANKING77's 77 intents; each method's threshold
      is set on quiet weeks to .2 false groups a week
B3ru  the same on our own letters, half of the new ones Russian and half English
B4    clustering against the labels of BANKING77 and SIB-200
B5    a topic's identity over 26 weekly runs, 12 intents appearing late
B6    50,000 new tickets: their text, topics and emerging groups

With CLINC150=… naming a folder with that set's data_full.json, B3 runs over the 227 intents of both.
B3, B4 and B5 read real texts from the folder that SUPPORTKIT_REAL names, and are left out without it.
"""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Callable, Sequence
from datetime import date, timedelta

import numpy as np
from sklearn.cluster import KMeans
from sklearn.decomposition import TruncatedSVD
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.metrics import adjusted_rand_score, normalized_mutual_info_score
from threadpoolctl import threadpool_limits

from benchmarks.labelled import banking, real, sib
from benchmarks.letters import letters
from benchmarks.unseen import b3, b3ru
from supportkit.stats.clusters import catalogue, usual_count
from supportkit.stats.emerging_groups import emerging_groups
from supportkit.stats.text_language import language
from supportkit.stats.text_space import fit_space
from supportkit.stats.ticket_words import clauses, stems
from supportkit.stats.topic_course import nearest
from supportkit.stats.topic_records import Registry, TicketDocument
from supportkit.stats.topic_registry import update
from supportkit.stats.week_texts import Text, Week

SEED = 20261122
START = date(2026, 1, 5)


def b4() -> None:
    """Normalised mutual information and adjusted Rand index against the labels, the true number of clusters given."""
    print("\nB4                                     clusters   NMI   ARI  CPU s")
    data = banking()
    documents = [stems(text) for text in data.texts]
    start = time.process_time()
    vectors = fit_space(documents).vectors(documents)
    fitted = time.process_time() - start
    _b4_row("BANKING77", data.labels, lambda: catalogue(vectors, 77, duplicates=1.0), fitted)
    _b4_row("BANKING77, our own number", data.labels, lambda: catalogue(vectors, usual_count(len(documents))), fitted)
    _b4_row("  TF-IDF, LSA, KMeans (scikit-learn)", data.labels, lambda: _plain(data.texts, 77))
    for code in ("rus_Cyrl", "eng_Latn"):
        spoken = sib(code)
        own = [stems(text) for text in spoken.texts]
        space = fit_space(own).vectors(own)
        _b4_row(f"SIB-200 {code}", spoken.labels, lambda v=space: catalogue(v, 7, duplicates=1.0))  # type: ignore[misc]


def _b4_row(name: str, truth: Sequence[str], cluster: Callable[[], object], before: float = 0.0) -> None:
    start = time.process_time()
    found = np.asarray(cluster())
    cpu = before + time.process_time() - start
    nmi, ari = normalized_mutual_info_score(truth, found), adjusted_rand_score(truth, found)
    print(f"{name:38}{len(set(found.tolist()) - {-1}):9}{nmi:7.3f}{ari:6.3f}{cpu:7.1f}", flush=True)


def _plain(texts: Sequence[str], count: int) -> object:
    """What one would write with scikit-learn alone."""
    with threadpool_limits(limits=1):
        matrix = TfidfVectorizer(stop_words="english", min_df=2, sublinear_tf=True).fit_transform(texts)
        reduced = TruncatedSVD(100, random_state=SEED).fit_transform(matrix)
        return KMeans(count, n_init=1, random_state=SEED).fit_predict(reduced)


def b5() -> None:
    """26 weekly runs over a rolling window of 8 weeks; 12 intents appear late, one by one."""
    data = banking()
    rng = np.random.default_rng(SEED)
    late = {str(name): 8 + int(i * 1.5) for i, name in enumerate(rng.permutation(sorted(set(data.labels)))[:12])}
    weeks: list[list[TicketDocument]] = [[] for _ in range(33)]
    truth = {}
    for i, (text, label) in enumerate(zip(data.texts, data.labels, strict=True)):
        week = int(rng.integers(late.get(label, 0), 33))
        day = START + timedelta(weeks=week, days=int(rng.integers(7)))
        weeks[week].append(TicketDocument(f"{i:05d}", day, "en", tuple(map(tuple, clauses(text))), text=text))
        truth[f"{i:05d}"] = label
    start = time.process_time()
    registry, assigned = update(Registry(), [text for week in weeks[:8] for text in week])
    kept = {one.key: one.wording_id for one in assigned}
    names = {topic.wording_id: topic.name for topic in registry.wordings}
    before: dict[str, int] = {}
    same, agreement, quality, changed = [], [], [], 0
    for run in range(8, 33):
        waiting = [text for week in weeks[run - 7 : run] for text in week if kept[text.key] is None]
        registry, assigned = update(registry, waiting + weeks[run])
        kept.update((one.key, one.wording_id) for one in assigned)
        window = [text for week in weeks[run - 7 : run + 1] for text in week]
        vectors = registry.spaces["en"].vectors([text.stems for text in window])
        now = dict(
            zip([text.key for text in window], nearest(registry.wordings, "en", vectors)[0].tolist(), strict=True)
        )
        shared = [key for key in now if key in before]
        if shared:
            same.append(np.mean([now[key] == before[key] for key in shared]))
            agreement.append(adjusted_rand_score([before[k] for k in shared], [now[k] for k in shared]))
        quality.append(normalized_mutual_info_score([truth[key] for key in now], list(now.values())))
        changed += sum(names.get(topic.wording_id, topic.name) != topic.name for topic in registry.wordings)
        names.update((topic.wording_id, topic.name) for topic in registry.wordings)
        before = now
    print("\nB5  BANKING77, 26 weekly runs, 8 weeks each, 12 late intents")
    print(f"tickets that would get the same topic again   {np.mean(same):.3f}   (in the store they keep it: 1.000)")
    print(f"agreement of neighbouring weeks (ARI)         {np.mean(agreement):.3f}")
    print(f"names changed                                 {changed}")
    print(f"NMI with the labels                           {np.mean(quality):.3f}")
    print(f"topics ever                                   {len(registry.wordings)}")
    owners = [kept[key] for key in truth if truth[key] in late]
    born = {topic.wording_id for topic in registry.wordings if topic.born >= START + timedelta(weeks=8)}
    print(f"late tickets in topics born late              {np.mean([owner in born for owner in owners]):.3f}")
    print(f"CPU seconds                                   {time.process_time() - start:.1f}")


def b6(tickets: int = 50_000) -> None:
    """A store that has topics meets many new tickets at once."""
    rng = random.Random(SEED)
    old = letters(rng, 20_000)
    new = letters(rng, tickets)
    documents = [
        TicketDocument(
            f"{i:06d}", START + timedelta(days=i * 7 // 600), spoken, tuple(map(tuple, clauses(one.text, spoken)))
        )
        for i, one in enumerate(old)
        for spoken in (language(one.text),)
    ]
    registry, _ = update(Registry(), documents)
    wall, cpu = time.perf_counter(), time.process_time()
    fresh = []
    for i, one in enumerate(new):
        day, spoken = START + timedelta(days=300 + i * 56 // tickets), language(one.text)
        fresh.append(TicketDocument(f"n{i:06d}", day, spoken, tuple(map(tuple, clauses(one.text, spoken)))))
    made = time.process_time() - cpu
    registry, _ = update(registry, fresh)
    placed = time.process_time() - cpu - made
    past = [Week.of(Text(d.key, d.key, tuple(d.stems)) for d in documents[w::8]) for w in range(8)]
    emerging_groups(Week.of(Text(d.key, d.key, tuple(d.stems)) for d in fresh), past, threshold=4.0)
    found = time.process_time() - cpu - made - placed
    print(f"\nB6  {tickets} new tickets of three languages, {len(registry.wordings)} topics")
    print(
        f"words {made:.1f} s, topics {placed:.1f} s, emerging {found:.1f} s of CPU; "
        f"{time.perf_counter() - wall:.1f} s in all"
    )


BENCHMARKS: dict[str, Callable[[], None]] = {"b3": b3, "b3ru": b3ru, "b4": b4, "b5": b5, "b6": b6}
NEED_REAL = {"b3", "b4", "b5"}


def main() -> None:
    """Run those that are named after the module, else all."""
    asked = [word for word in sys.argv[1:] if word in BENCHMARKS] or list(BENCHMARKS)
    for name in asked:
        if name in NEED_REAL and real() is None:
            print(f"\n{name.upper()}  left out: SUPPORTKIT_REAL names no folder")
            continue
        if name == "b3" and "--step" in sys.argv:
            b3(int(sys.argv[sys.argv.index("--step") + 1]))
        else:
            BENCHMARKS[name]()


if __name__ == "__main__":
    main()
