"""Both benchmarks of what is behind a number: the troubles that `causes` and `topics` name, and the slices of `why`.

    python -m benchmarks causes            both, each beside its own peers

The first are `python -m benchmarks troubles` (one topic a trouble, agreement with labels; TF-IDF, LSA and k-means), the
second `python -m benchmarks slices` (how often the table shows the true slice; Adtributor and simple rankings).
"""

from __future__ import annotations

from benchmarks import slices, troubles


def main() -> None:
    """Print both."""
    troubles.main()
    print()
    slices.main()


if __name__ == "__main__":
    main()
