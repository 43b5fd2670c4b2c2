"""DuckDB draws no bar of its own into what is printed, as it does where it takes the program for a person's shell."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ASKED = "select value from duckdb_settings() where name = 'enable_progress_bar'"


def test_no_connection_draws_a_bar(sample_store: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from supportkit.store.opening import connect, open_store\n"
        "made, opened = connect(None), open_store(Path(sys.argv[1])).connection\n"
        f"print([one.execute({ASKED!r}).fetchone()[0] for one in (made, opened)])"
    )
    done = subprocess.run([sys.executable, "-c", code, str(sample_store)], capture_output=True, text=True, check=True)
    assert done.stdout == "['false', 'false']\n"
