"""The glossary defines each word once, in order, and refers to no word that it does not have."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

PAGE = Path(__file__).parent.parent / "docs" / "glossary.md"
SECTIONS = {
    part.partition("\n")[0]: re.findall(r"^- \*\*(.+?)\*\*: (.+?)(?=^- |\Z)", part, re.MULTILINE | re.DOTALL)
    for part in PAGE.read_text(encoding="utf-8").split("\n## ")[1:]
}
WORDS = [word for section in SECTIONS.values() for word, _ in section]


def test_every_word_is_defined_once() -> None:
    folded = [word.casefold() for word in WORDS]
    assert len(folded) >= 40
    assert len(set(folded)) == len(folded)


@pytest.mark.parametrize("section", SECTIONS)
def test_the_words_of_a_section_stand_in_alphabetical_order(section: str) -> None:
    words = [word.casefold() for word, _ in SECTIONS[section]]
    assert words == sorted(words)


@pytest.mark.parametrize(
    ("word", "said"), [pair for section in SECTIONS.values() for pair in section], ids=lambda text: text[:20]
)
def test_a_definition_refers_to_words_that_are_there(word: str, said: str) -> None:
    known = {name for entry in WORDS for name in (entry, f"{entry}s")}
    assert [name for name in re.findall(r"(?<!\*)\*([^*]+)\*(?!\*)", said) if " ".join(name.split()) not in known] == []
