"""Measure what masking costs: wide files, words that nobody knows, and texts of single digits.

python -m benchmarks masking                 the same file with and without masking, in turn, each in its own process

wide      60 columns, eight texts a row, each another, some with an e-mail, a phone, a day, the number of an order
words     orders of which each has another text for its state
digits    texts of 4 KB of single digits, each another, as a function: milliseconds a text (bar 2)
dense     200 generated texts of 4 KB of runs of numbers, and of words that masking knows, of all kinds: the slowest
          (bar 2), the one in the middle, and how many times as long texts of 8 KB take
"""

from __future__ import annotations

import argparse
import csv
import math
import random
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from time import process_time
from typing import Final

from tests import dense_texts

from benchmarks.load import measure

WORDS: Final = (
    "the", "order", "parcel", "arrived", "late", "and", "customer", "asked", "for", "refund", "because", "colour",
    "size", "delivery", "invoice", "voucher", "account", "help", "please", "shop", "Berlin", "damaged", "box",
)  # fmt: skip
CHOICES: Final = ("red box", "Large", "store pickup", "card", "invoice", "north")
ROWS_A_SECOND: Final = 10_000
MILLISECONDS: Final = 2.0


def wide(rows: int, path: Path) -> Path:
    """A file of tickets with 60 columns."""
    rng = random.Random(5)
    names = ["ticket_id", "created_at", "subject", "body", "channel", "status", "priority", "country"]
    for name, many in (("Note", 6), ("Choice", 20), ("Count", 10), ("Day", 6), ("Ref", 4), ("Flag", 6)):
        names += [f"{name} {number}" for number in range(1, many + 1)]
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(names)
        for row in range(rows):
            own = [f"T{row}", f"2024-03-{1 + row % 28:02}T10:00:00Z", _text(rng, 6), _text(rng, 30)]
            writer.writerow([*own, "chat", "closed", "normal", "DE", *_extra(rng)])
    return path


def _extra(rng: random.Random) -> Iterator[str]:
    yield from (_text(rng, rng.randrange(5, 15)) for _ in range(6))
    yield from (rng.choice(CHOICES) for _ in range(20))
    yield from (str(rng.randrange(10_000)) for _ in range(10))
    yield from (f"2024-0{rng.randrange(1, 9)}-1{rng.randrange(10)} 12:0{rng.randrange(10)}:00" for _ in range(6))
    yield from (f"REF-{rng.randrange(10_000_000)}" for _ in range(4))
    yield from (rng.choice(("true", "false", "")) for _ in range(6))


def _text(rng: random.Random, words: int) -> str:
    text = " ".join(rng.choice(WORDS) for _ in range(words))
    share = rng.random()
    if share < 0.15:
        return f"{text} order {rng.randrange(1_000_000, 10_000_000)}"
    if share < 0.3:
        return f"{text} on 2024-0{rng.randrange(1, 9)}-1{rng.randrange(10)}"
    if share < 0.35:
        return f"{text}, call +49 170 {rng.randrange(1_000_000, 10_000_000)}"
    return f"{text}, mail a{rng.randrange(1_000_000)}@example.org" if share < 0.4 else text


def words_of_states(rows: int, path: Path) -> Path:
    """A file of orders with as many states as rows."""
    with path.open("w", newline="") as file:
        file.write("order_id,ordered_at,customer_id,amount,currency,status\n")
        for row in range(rows):
            file.write(f"{row},2024-01-{1 + row % 28:02}T10:00:00Z,c{row % 5000},10.50,EUR,state {row}\n")
    return path


def digits(texts: int = 40) -> float:
    """Milliseconds that a text of 4 KB of single digits takes."""
    from supportkit.exports.masking import mask_text

    hostile = ["17 " + "1 " * 2000 + str(number) for number in range(texts + 1)]
    mask_text(hostile.pop())
    start = process_time()
    for text in hostile:
        mask_text(text)
    return (process_time() - start) / texts * 1000


def dense(make: Callable[[int, int], str], texts: int = 200) -> tuple[float, float, float]:
    """Milliseconds that the slowest of generated texts of 4 KB takes and that the one in the middle does, and how many
    times as long all take where they are of 8 KB."""
    from supportkit.exports.masking import mask_text

    def milliseconds(text: str) -> float:
        best = math.inf
        for _ in range(3):
            start = process_time()
            mask_text(text)
            best = min(best, process_time() - start)
        return best * 1000

    for seed in range(20):
        mask_text(make(seed, 4096))
    taken = sorted(milliseconds(make(seed, 4096)) for seed in range(texts))
    longer = sum(milliseconds(make(seed, 8192)) for seed in range(texts))
    return taken[-1], taken[texts // 2], longer / sum(taken)


def main(words: Sequence[str] | None = None) -> int:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=200_000, help="of the wide file")
    parser.add_argument("--states", type=int, default=200_000)
    options = parser.parse_args(words)
    with tempfile.TemporaryDirectory() as folder:
        for name, source in (
            ("wide", wide(options.rows, Path(folder) / "wide.csv")),
            ("words", words_of_states(options.states, Path(folder) / "words.csv")),
        ):
            kept, masked = measure("kept", source), measure("masked", source)
            rate = masked["rows"] / masked["cpu"]
            bar = f" (bar {ROWS_A_SECOND:,})" if name == "wide" else ""
            print(
                f"masking  {name}: {masked['rows']:,.0f} rows in {masked['cpu']:.2f} s of CPU, {rate:,.0f} a second"
                f"{bar}; kept as they are {kept['cpu']:.2f} s, ratio {masked['cpu'] / kept['cpu']:.2f}"
            )
    print(f"masking  4 KB of single digits: {digits():.2f} ms a text (bar {MILLISECONDS})")
    for what, make in (("runs of numbers", dense_texts.numbers), ("words it knows", dense_texts.words)):
        slowest, middle, twice = dense(make)
        print(
            f"masking  4 KB of {what}: {slowest:.2f} ms the slowest (bar {MILLISECONDS}), {middle:.2f} the one in "
            f"the middle; 8 KB {twice:.2f} times as long"
        )
    return 0
