"""Real texts with labels, from the folders that SUPPORTKIT_REAL and CLINC150 name."""

from __future__ import annotations

import csv
import json
import os
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Labelled:
    """Texts with their labels."""

    texts: tuple[str, ...]
    labels: tuple[str, ...]

    def beside(self, other: Labelled) -> Labelled:
        """Both together."""
        return Labelled(self.texts + other.texts, self.labels + other.labels)


def real() -> Path | None:
    """The folder of real data, where it is there."""
    folder = os.environ.get("SUPPORTKIT_REAL")
    return Path(folder) if folder and Path(folder).is_dir() else None


def banking() -> Labelled:
    """BANKING77: 13,083 short questions to a bank with 77 intents."""
    folder = real()
    assert folder is not None
    rows = []
    for part in ("train", "test"):
        with (folder / f"banking77/{part}.csv").open(encoding="utf-8") as file:
            rows += list(csv.DictReader(file))
    return Labelled(tuple(row["text"] for row in rows), tuple(row["category"] for row in rows))


def clinc(folder: Path) -> Labelled:
    """CLINC150 (Larson et al. 2019, CC BY 3.0): 22,500 short requests with 150 intents, from its data_full.json."""
    parts = json.loads((folder / "data_full.json").read_text(encoding="utf-8"))
    rows = [row for part in ("train", "val", "test") for row in parts[part]]
    return Labelled(tuple(text for text, _ in rows), tuple(f"clinc {label}" for _, label in rows))


def clinc_domains(folder: Path) -> tuple[str, ...]:
    """The domain of each text of `clinc`, from the set's domains.json: 10 domains of 15 intents."""
    domains = json.loads((folder / "domains.json").read_text(encoding="utf-8"))
    of_intent = {f"clinc {intent}": domain for domain, intents in domains.items() for intent in intents}
    return tuple(of_intent[label] for label in clinc(folder).labels)


def sib(code: str) -> Labelled:
    """SIB-200 in one language: 1,004 sentences with 7 topics."""
    folder = real()
    assert folder is not None
    rows = []
    for part in ("train", "dev", "test"):
        with (folder / f"sib200/sib_{code}_{part}.tsv").open(encoding="utf-8") as file:
            rows += list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    return Labelled(tuple(row["text"] for row in rows), tuple(row["category"] for row in rows))
