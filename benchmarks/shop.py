"""Write the sample shop's files, or millions of rows in the same shape.

python benchmarks/shop.py data/samples                    the bundled samples, byte for byte
python benchmarks/shop.py --tickets 1000000 --out DIR     DIR/tickets.csv with a million rows; any tables together
python benchmarks/shop.py --scale 100 --out DIR           tickets, orders, surveys, events, a hundred times the samples
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path


def main(argv: list[str] | None = None) -> int:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", nargs="?", type=Path, help="where the sample files go")
    for table in ("tickets", "orders", "surveys", "events"):
        parser.add_argument(f"--{table}", type=int, metavar="N", help=f"write N {table}")
    parser.add_argument("--scale", type=int, metavar="N", help="write N times the rows of the samples")
    parser.add_argument("--out", type=Path, metavar="DIR", help="where the big files go")
    parser.add_argument(
        "--answered", type=float, default=0.4, metavar="SHARE", help="share of surveys that are answered"
    )
    parser.add_argument("--seed", help="other rows, with the same troubles in the samples")
    options = parser.parse_args(argv)

    from benchmarks.shop_data.bulk import SAMPLE_ROWS, write_big
    from benchmarks.shop_data.files import make_samples
    from benchmarks.shop_data.plan import SEED

    seed = options.seed or SEED
    rows = {name: count * options.scale for name, count in SAMPLE_ROWS.items()} if options.scale else {}
    rows |= {name: getattr(options, name) for name in SAMPLE_ROWS if getattr(options, name)}
    if bool(rows) == bool(options.folder) or bool(rows) != bool(options.out):
        parser.error("say where the samples go, or how many rows of what and --out DIR")
    if options.folder:
        make_samples(seed).write(options.folder)
    else:
        for table, count, seconds, size in write_big(options.out, rows, seed, answered=options.answered):
            print(
                f"{table}: {count:,} rows, {size / count:.0f} bytes a row, {count / seconds:,.0f} rows/s",
                file=sys.stderr,
            )
    return 0


if __name__ == "__main__":
    sys.path[0] = str(Path(__file__).resolve().parent.parent)
    sys.exit(main())
