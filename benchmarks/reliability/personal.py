"""Personal data: what is found of a labelled set, and whether any of it lies on the disk after a load."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from tests.labelled import Labelled, labelled, score

from benchmarks.reliability.part import Line

FOREIGN = {
    "PHONE_NUMBER": "PHONE", "EMAIL_ADDRESS": "EMAIL", "CREDIT_CARD": "CARD", "IBAN_CODE": "IBAN", "US_SSN": "TAX",
}  # fmt: skip


def detection() -> list[Line]:
    """Recall and precision on the generated set, and on a set of others where SUPPORTKIT_PII names its file."""
    from supportkit.exports.masking import mask_text

    texts = list(labelled(6000, seed=41))
    mask_text("call +49 30 1234567")
    started = time.process_time()
    for text in texts:
        mask_text(text.text)
    speed = len(texts) / (time.process_time() - started)
    lines = [_line("generated set, ru de en, 6,000 texts", texts, 0.98, 0.97)]
    for language in ("ru", "de", "en"):
        lines.append(_line(f"  {language}", [text for text in texts if text.language == language], 0.98, 0.97))
    lines.append(Line("  texts masked per second of one core (each a candidate)", f"{speed:,.0f}", "", None))
    if path := os.environ.get("SUPPORTKIT_PII"):
        rows = json.loads(Path(path).read_text(encoding="utf-8"))
        foreign = [
            Labelled(
                row["full_text"],
                tuple(
                    (span["start_position"], span["end_position"], FOREIGN[span["entity_type"]])
                    for span in row["spans"]
                    if span["entity_type"] in FOREIGN
                ),
                "en",
            )
            for row in rows
        ]
        lines.append(_line(f"set of others, {len(rows):,} texts ({Path(path).name})", foreign, 0.95, 0.95))
    return lines


def _line(what: str, texts: list[Labelled], recall: float, precision: float) -> Line:
    from supportkit.exports.masking import mask_text

    found = score(texts, mask_text)
    return Line(
        what,
        f"recall {found.recall:.4f} ({found.masked:,} of {found.spans:,}), "
        f"precision {found.precision:.4f} ({found.right:,} of {found.tokens:,})",
        f">= {recall}, {precision}",
        found.recall >= recall and found.precision >= precision,
    )


def on_disk(texts: int = 3000) -> list[Line]:
    """Load labelled texts as tickets, some of them in rows that are refused, and look for every value of them."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "store").mkdir()
        (folder / "temporary").mkdir()
        values = _write(folder / "tickets.csv", list(labelled(texts, seed=99)))
        environment = {
            **os.environ,
            "SUPPORTKIT_KEY": "the key of the scorecard",
            "TMPDIR": str(folder / "temporary"),
            "PYTHONPATH": os.pathsep.join(sys.path),
        }
        db = folder / "store" / "shop.duckdb"
        said = b""
        for _ in range(2):  # the second time for `.prev`
            done = subprocess.run(
                [sys.executable, "-m", "supportkit", "load", str(folder / "tickets.csv"), "--db", str(db)],
                capture_output=True,
                env=environment,
                check=False,
            )
            said += done.stdout + done.stderr
            (folder / "tickets.csv").write_text(
                (folder / "tickets.csv").read_text(encoding="utf-8") + "T9,2026-01-01T10:00:00Z,a@b.ru,again,,\n"
            )
        files = [path for part in ("store", "temporary") for path in (folder / part).rglob("*") if path.is_file()]
        raw = b"\n".join(path.read_bytes() for path in files) + said
        tables = _everything(db)
    left = Counter(kind for kind, value in values if value.encode() in raw or value in tables)
    rejects = tables.count("\x1erejects\x1f")
    return [
        Line(
            f"raw values (of {len(values):,}) in store, .prev, temporary files, messages",
            ", ".join(f"{count} {kind}" for kind, count in left.items()) or "0",
            "0",
            not left,
        ),
        Line("  of the texts, in rows that were refused", f"{rejects:,} rejects", "> 0", rejects > 0),
    ]


def _write(path: Path, texts: list[Labelled]) -> list[tuple[str, str]]:
    """Tickets with the texts as bodies; every tenth row has a date that cannot be read, or a field too many."""
    values = []
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["ticket_id", "created_at", "customer_id", "subject", "body", "Billing phone"])
        for number, item in enumerate(texts):
            mail, phone = f"customer{number}@example.org", f"+7 916 {number % 900 + 100} {number % 90 + 10} 11"
            created = "not a day" if number % 20 == 0 else "2026-01-02T10:00:00Z"
            more = ["one too many"] if number % 20 == 10 else []
            writer.writerow([f"T{number}", created, mail, item.text[:40], item.text, phone, *more])
            values += [(kind, item.text[start:end]) for start, end, kind in item.spans]
            values += [("EMAIL", mail), ("PHONE", phone)]
    return values


def _everything(db: Path) -> str:
    from supportkit.store import open_store

    with open_store(db) as store:
        names = [row[0] for row in store.connection.execute("from (show tables) select name").fetchall()]
        return "".join(
            f"\x1e{name}\x1f{row!r}"
            for name in names
            for row in store.connection.execute(f"from main.{name}").fetchall()
        )
