"""Topics in two levels: is each trouble one topic, and do clusters agree with labels?

    python -m benchmarks troubles                                  the samples and a second shop
    CLINC150=… SUPPORTKIT_REAL=… python -m benchmarks troubles     and CLINC150 and BANKING77 beside TF-IDF, LSA, KMeans

A trouble is one topic when at least 85 of 100 of its tickets are in one topic, and 85 of 100 of that topic's are of it.
CLINC150 names the folder of that set's data_full.json and domains.json (150 intents of 10 domains).
"""

from __future__ import annotations

import csv
import os
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import numpy as np
from sklearn.cluster import AgglomerativeClustering
from sklearn.metrics import normalized_mutual_info_score

from benchmarks.labelled import banking, clinc, clinc_domains, real
from benchmarks.peers_text import latent_kmeans
from benchmarks.provider import provider_tickets
from supportkit.stats.clusters import catalogue, usual_count
from supportkit.stats.text_language import language
from supportkit.stats.text_space import fit_space
from supportkit.stats.ticket_words import clauses, stems, ticket_text
from supportkit.stats.topic_course import profile_of
from supportkit.stats.topic_records import Assignment, Registry, TicketDocument
from supportkit.stats.topic_registry import update
from supportkit.stats.wording_likeness import joined, weighted_profiles
from supportkit.store.ticket_topics import GROUPS

SAMPLES = Path(__file__).parent.parent / "data/samples/tickets.csv"
SHARE = 0.85


def main() -> None:
    """Print all of them."""
    print("\ntwo levels                     troubles  one topic  topics  wordings  assigned  right  CPU s")
    documents, truth = sample_documents()
    troubles_row("samples", documents, truth)
    troubles_row("samples, without categories", bare(documents), truth)
    troubles_row("samples, three categories", coarse(documents, truth, 3), truth)
    for seed in (1, 2):
        documents, truth = provider_documents(seed)
        troubles_row(f"second shop, seed {seed}", documents, truth)
        troubles_row("  without categories", bare(documents), truth)
        troubles_row("  three categories", coarse(documents, truth, 3), truth)
    folder = os.environ.get("CLINC150")
    if folder is None:
        print("CLINC150 left out: the variable names no folder")
    else:
        data = clinc(Path(folder))
        print("\nCLINC150, NMI                           groups   here   TF-IDF, LSA, KMeans")
        levels(data.texts, data.labels, clinc_domains(Path(folder)))
    if real() is not None:
        data = banking()
        print("\nBANKING77, NMI                          groups   here   TF-IDF, LSA, KMeans")
        levels(data.texts, data.labels, None)


def sample_documents() -> tuple[list[TicketDocument], dict[str, str]]:
    """The samples' tickets, and the category that each was written for."""
    found, truth = [], {}
    with SAMPLES.open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            try:
                day = datetime.fromisoformat(row["created_at"].replace("Z", "+00:00")).date()
            except ValueError:
                continue
            text = ticket_text(row["subject"], row["body"])
            found.append(document(row["ticket_id"], day, row["customer_id"], text, row["category"], row["product"]))
            truth[row["ticket_id"]] = row["category"]
    return found, truth


def provider_documents(seed: int) -> tuple[list[TicketDocument], dict[str, str]]:
    """The second shop's tickets, and the trouble of each."""
    found, truth = [], {}
    for number, one in enumerate(provider_tickets(seed)):
        key = f"{number:05d}"
        found.append(document(key, one.day, one.customer, ticket_text(one.subject, one.body), one.trouble, None))
        truth[key] = one.trouble
    return found, truth


def document(
    key: str, day: date, customer: str, text: str, category: str | None, product: str | None
) -> TicketDocument:
    """A ticket as the registry wants it."""
    spoken = language(text)
    words = tuple(map(tuple, clauses(text, spoken)))
    return TicketDocument(
        key, day, GROUPS.get(spoken, spoken), words, customer, text, category or None, product or None
    )


def bare(documents: Sequence[TicketDocument]) -> list[TicketDocument]:
    """The same tickets of an export without categories and products."""
    return [TicketDocument(one.key, one.day, one.group, one.clauses, one.customer, one.text) for one in documents]


def coarse(documents: Sequence[TicketDocument], truth: Mapping[str, str], categories: int) -> list[TicketDocument]:
    """The same tickets of a desk with so many categories, each of several troubles."""
    troubles = sorted(set(truth.values()))
    return [replace(one, category=f"category {troubles.index(truth[one.key]) % categories}") for one in documents]


def topics_of(
    registry: Registry, documents: Sequence[TicketDocument], assigned: Sequence[Assignment]
) -> dict[str, int]:
    """The topic of each ticket that has one: of its wording, else of its category."""
    by_wording = {number: trouble.trouble_id for number, _, trouble in registry.places() if trouble}
    by_category = {category: trouble.trouble_id for category, trouble in registry.by_category().items()}
    category = {one.key: one.category or "" for one in documents}
    found = {one.key: by_wording.get(one.wording_id or 0, by_category.get(category[one.key])) for one in assigned}
    return {key: topic for key, topic in found.items() if topic is not None}


def whole_troubles(topics: Mapping[str, int], truth: Mapping[str, str]) -> set[str]:
    """The troubles that are one topic."""
    pairs = Counter((truth[key], topic) for key, topic in topics.items())
    of_trouble, of_topic = Counter(truth.values()), Counter(topics.values())
    return {
        trouble
        for (trouble, topic), count in pairs.items()
        if count >= SHARE * of_trouble[trouble] and count >= SHARE * of_topic[topic]
    }


def troubles_row(name: str, documents: Sequence[TicketDocument], truth: Mapping[str, str]) -> None:
    """How many of the troubles are one topic, and how many tickets are in a topic that is mostly of their trouble."""
    start = time.process_time()
    registry, assigned = update(Registry(), documents)
    cpu = time.process_time() - start
    topics = topics_of(registry, documents, assigned)
    by_topic: dict[int, Counter[str]] = {}
    for key, topic in topics.items():
        by_topic.setdefault(topic, Counter())[truth[key]] += 1
    right = sum(max(count.values()) for count in by_topic.values()) / max(len(topics), 1)
    wordings = len({one.wording_id for one in assigned if one.wording_id})
    print(
        f"{name:30}{len(set(truth.values())):9}{len(whole_troubles(topics, truth)):11}{len(by_topic):8}{wordings:10}"
        f"{len(topics) / len(assigned):10.3f}{right:7.3f}{cpu:7.1f}",
        flush=True,
    )


def levels(texts: Sequence[str], intents: Sequence[str], domains: Sequence[str] | None) -> None:
    """NMI of wordings with intents and of troubles with domains, at our number of groups and at the true one."""
    words = [stems(text) for text in texts]
    vectors = fit_space(words).vectors(words)
    own = np.asarray(catalogue(vectors, usual_count(len(texts))))
    true = len(set(intents))
    compared("wordings, as many as there are intents", intents, catalogue(vectors, true, duplicates=1.0), texts)
    compared("wordings, our own number", intents, own, texts)
    profiles = []
    for label in range(int(own.max()) + 1):
        mine = [words[place] for place in np.flatnonzero(own == label).tolist()]
        profiles.append(profile_of(Counter(stem for text in mine for stem in set(text)), len(mine)))
    none = [None] * len(profiles)
    trouble = np.array([*joined(profiles, none, none), -1])[own]
    if domains is None:
        compared("troubles, our own number", intents, trouble, texts)
        return
    compared("troubles, our own number", domains, trouble, texts)
    fewer = AgglomerativeClustering(len(set(domains)), linkage="ward").fit_predict(weighted_profiles(profiles))
    compared("wordings joined to as many as domains", domains, np.array([*fewer, -1])[own], texts)


def compared(name: str, truth: Sequence[str], found: object, texts: Sequence[str]) -> None:
    """A line: ours beside the peer with as many groups."""
    labels = np.asarray(found)
    groups = len(set(labels.tolist()) - {-1})
    ours = normalized_mutual_info_score(truth, labels)
    peers = (normalized_mutual_info_score(truth, latent_kmeans(texts, groups, stop)) for stop in (None, "english"))
    told = " ".join(f"{peer:.3f}" for peer in peers)
    print(f"{name:40}{groups:6}{ours:7.3f}   {told} (all words, without stop words)", flush=True)
