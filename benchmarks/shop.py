"""Write the sample shop's files, or millions of rows in the same shape.

python benchmarks/shop.py data/samples                      the bundled samples, byte for byte
python benchmarks/shop.py --tickets 1000000 --out DIR       one big file per table asked for
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path


def main(argv: list[str] | None = None) -> int:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", nargs="?", type=Path, help="where the sample files go")
    parser.add_argument(
        "--seed", default=None, help="another shop with the same troubles (samples) or other rows (big files)"
    )
    options = parser.parse_args(argv)

    from benchmarks.shop_data.files import make_samples
    from benchmarks.shop_data.plan import SEED

    if options.folder is None:
        parser.error("say where: python benchmarks/shop.py data/samples")
    make_samples(options.seed or SEED).write(options.folder)
    return 0


if __name__ == "__main__":
    sys.path[0] = str(Path(__file__).resolve().parent.parent)
    sys.exit(main())
