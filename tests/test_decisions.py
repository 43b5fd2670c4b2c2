"""The notes on decisions are short, of one shape, listed in order, and name files that are there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / "docs" / "decisions"
NOTES = sorted(FOLDER.glob("[0-9]*.md"))


@pytest.mark.parametrize("note", NOTES, ids=lambda note: note.stem)
def test_a_note_has_its_four_parts_on_one_screen(note: Path) -> None:
    text = note.read_text(encoding="utf-8")
    assert re.findall(r"^## (.+)$", text, re.MULTILINE) == ["Context", "Decision", "Consequence", "Think again"]
    assert len(text.splitlines()) < 40


def test_the_list_has_every_note_under_its_title_and_number() -> None:
    listed = re.findall(r"^(\d+\. )\[(.+)\]\((.+)\)$", (FOLDER / "README.md").read_text(encoding="utf-8"), re.MULTILINE)
    titles = [note.read_text(encoding="utf-8").splitlines()[0] for note in NOTES]
    assert [(f"# {number}{title}", name) for number, title, name in listed] == [
        (title, note.name) for title, note in zip(titles, NOTES, strict=True)
    ]
    assert [int(number.rstrip(". ")) for number, _, _ in listed] == list(range(1, len(NOTES) + 1))


@pytest.mark.parametrize("note", NOTES, ids=lambda note: note.stem)
def test_the_files_that_a_note_names_are_there(note: Path) -> None:
    named = re.findall(r"`((?:src|tests|docs|benchmarks)/[\w/.]+)`", note.read_text(encoding="utf-8"))
    assert [name for name in named if not (ROOT / name).exists()] == []
