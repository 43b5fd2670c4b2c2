"""Our tables of words and vendors are what their TOML says, whether they are read from it or from the compiled form.

`python -m tests.test_toml_tables` writes the compiled form anew.
"""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from supportkit.exports import toml_tables

FILES = sorted(toml_tables.FOLDER.rglob("*.toml"))


def test_the_compiled_tables_are_those_of_today() -> None:
    written = toml_tables.COMPILED.read_text(encoding="utf-8")
    assert written == toml_tables.compiled(), "run: python -m tests.test_toml_tables"
    assert len(written.splitlines()) == len(FILES) > 30


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_table_is_what_its_file_says(file: Path) -> None:
    assert toml_tables.toml_table(file) == tomllib.loads(file.read_text(encoding="utf-8"))


def test_a_file_that_was_changed_since_is_parsed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "nobody.toml").write_text('en = ["nobody"]', encoding="utf-8")
    monkeypatch.setattr(toml_tables, "FOLDER", tmp_path)
    monkeypatch.setattr(toml_tables, "COMPILED", tmp_path / "compiled.tsv")
    (tmp_path / "compiled.tsv").write_text(toml_tables.compiled(), encoding="utf-8")
    toml_tables._compiled.cache_clear()
    monkeypatch.setattr(tomllib, "loads", {"a file that was": "parsed"}.__getitem__)
    try:
        assert toml_tables.toml_table(tmp_path / "nobody.toml") == {"en": ["nobody"]}
        monkeypatch.undo()
        monkeypatch.setattr(toml_tables, "FOLDER", tmp_path)
        (tmp_path / "nobody.toml").write_text('en = ["no agent"]', encoding="utf-8")
        assert toml_tables.toml_table(tmp_path / "nobody.toml") == {"en": ["no agent"]}
        (tmp_path / "new.toml").write_text("a = 1", encoding="utf-8")
        assert toml_tables.toml_table(tmp_path / "new.toml") == {"a": 1}
    finally:
        toml_tables._compiled.cache_clear()


if __name__ == "__main__":
    toml_tables.COMPILED.write_text(toml_tables.compiled(), encoding="utf-8")
