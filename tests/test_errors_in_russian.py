"""What is told in Russian without being asked for: every error of the code with its hint, and what an option does."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from supportkit.cli import COMMANDS
from supportkit.metrics import METRICS
from supportkit.render.language import language_of
from tests.conftest import Call, Words

SOURCE = Path(__file__).parent.parent / "src" / "supportkit"
ERRORS = {"UsageError", "DataError", "UnsetError", "BusyError"}
PLACE = "7"
"""What stands where an error has a place of its own."""
TYPED = re.compile(
    r"supportkit .*|--[\w-]+( (?!or\b|and\b)[\w:.@=,-]+)?|'[^']*'|\"[^\"]*\"|\[[^\]]*\]|\{[^}]*\}"
    r"|\w+_\w+|\b[A-Z]{3,}\b|\w+="
    r"|pip install|\b(check|topics|issues|spark|sql|period|condition|column)\b|(\w+,)+\w+|(metric|value) = "
)
"""Options, conditions, lines of the configuration, commands and what stands before another message."""


WORDS = re.compile(r"[a-z]{2,}")
MADE = {"exports/into_store.py", "request.py", "exports/meanings/users_words.py", "system/browser.py"}
"""Here errors are put together from texts that are translated one by one, or hold no word but `is not`."""


def template(node: ast.expr) -> str | None:
    """A text of the code with 7 in its places; None for what is made elsewhere."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(str(one.value) if isinstance(one, ast.Constant) else PLACE for one in node.values)
    return None


def told() -> Iterator[tuple[str, str]]:
    """The messages and hints of the errors that the code raises, each with its place."""
    for path in sorted(SOURCE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ERRORS:
                for part in (*node.args[:1], *(one.value for one in node.keywords if one.arg == "hint")):
                    text = template(part) if path.relative_to(SOURCE).as_posix() not in MADE else None
                    if text is not None and len(WORDS.findall(TYPED.sub("", text))) > 1:
                        yield f"{path.relative_to(SOURCE)}:{node.lineno}", text


def test_every_error_and_its_hint_are_told_in_russian() -> None:
    russian = language_of("ru")
    found = list(told())
    assert len(found) > 400
    left = [f"{place}: {text}" for place, text in found if not re.search("[а-яё]", russian.text(text))]
    assert left == []


@pytest.mark.parametrize(
    ("said", "russian"),
    [
        ("--gap 0: at least one day", "--gap 0: не меньше одного дня"),
        ("period 2026-W60 is not understood", "период 2026-W60 непонятен"),
        ("a funnel has 1 to 10 steps, not 12", "в воронке от 1 до 10 шагов, а не 12"),
        ("rates.csv: no column rate", "rates.csv: нет столбца rate"),
        ("big.csv: the disk is full", "big.csv: диск заполнен"),
    ],
)
def test_an_error_has_what_was_wrong_in_its_place(said: str, russian: str) -> None:
    assert language_of("ru").text(said) == russian


@pytest.mark.parametrize(
    ("period", "said"),
    [
        ("2026-13", "такого дня, недели, месяца или квартала нет"),
        ("2026-02-30", "такого дня, недели, месяца или квартала нет"),
        ("2026-W60", "такого дня, недели, месяца или квартала нет"),
        ("last-900-weeks", "число от 1 до 520, пожалуйста"),
        ("2026-11-05..2026-11-01", "первый день не раньше последнего"),
    ],
)
def test_a_period_that_is_none_is_refused_in_words_of_ours(
    period: str, said: str, supportkit: Call, stored: Words
) -> None:
    _, _, told = supportkit("nps", *stored, "--period", period, "--lang", "ru", "-q")
    assert told.splitlines()[0] == f"ошибка: период «{period}»: {said}"


@pytest.mark.parametrize("name", [*(command.name for command in COMMANDS), *METRICS])
def test_what_an_option_does_is_told_in_russian(name: str, supportkit: Call) -> None:
    code, out, _ = supportkit(name, "--help", "--lang", "ru")
    assert code == 0
    said = re.sub(r"\s+", " ", out.partition("Параметры:")[2]).replace("amount>=10 and note is empty", "")
    assert re.findall(r"[a-z]{2,}(?: [a-z]{2,}){3,}", TYPED.sub("", said)) == []
