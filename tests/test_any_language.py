"""Languages of the command line: every command speaks one, and one is a catalogue, a file of its own."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from supportkit.errors import UsageError
from supportkit.render import language
from supportkit.render.language import ENGLISH, codes, language_of
from supportkit.render.translations import read_catalogue
from tests.conftest import Call, Words

MADE_UP = """
msgid ""
msgstr ""
"Language: qaa\\n"
"Plural-Forms: nplurals=2; plural=(n % 10 == 7 ? 1 : 0);\\n"

msgid "Net promoter score"
msgstr "Zorblax"

msgid "Country"
msgstr "Kraz"

msgid "{n} row"
msgid_plural "{n} rows"
msgstr[0] "{n} lum"
msgstr[1] "{n} lumi"

msgid "What changed"
msgstr "Blup"

msgid "error: {message}"
msgstr "grak: {message}"

msgid "{path}: there is no such file"
msgstr "{path} vu neb"

msgid "not translated yet"
msgstr ""
"""


@pytest.fixture
def made_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A language that nobody speaks: a catalogue of a few words, and nothing else."""
    folder = tmp_path / "languages"
    folder.mkdir()
    (folder / "qaa.po").write_text(MADE_UP, encoding="utf-8")
    monkeypatch.setattr(language, "FOLDER", folder)
    language_of.cache_clear()
    return "qaa"


def test_a_second_translation_is_one_file(made_up: str, stored: Words, supportkit: Call, tmp_path: Path) -> None:
    code, out, _ = supportkit("nps", "--by", "country", *stored, "--lang", made_up)
    assert code == 0
    assert out.splitlines()[0] == "Zorblax"
    assert "Kraz" in out
    assert "2,841 lum " in out
    assert "left out" in out, "what is not translated stays English"
    page = supportkit("report", "--period", "2026-W45", *stored, "--lang", made_up, "--format", "html")[1]
    assert '<html lang="qaa">' in page
    assert "Blup" in page
    assert supportkit("load", tmp_path / "nowhere", "--lang", made_up)[2].splitlines()[0].endswith("nowhere vu neb")
    assert codes() == ("en", "qaa")


def test_a_number_chooses_its_form_by_the_rule_of_the_catalogue(made_up: str) -> None:
    words = language_of(made_up)
    assert words.plural("{n} row", "{n} rows", 7) == words.text("7 rows") == "7 lumi"
    assert words.plural("{n} row", "{n} rows", 1) == words.text("1 row") == "1 lum"
    assert read_catalogue([]).form(1) == 0
    assert [read_catalogue([]).form(n) for n in (0, 2, 21)] == [1, 1, 1]


def test_a_language_without_a_catalogue_is_refused_with_those_that_there_are(supportkit: Call) -> None:
    assert supportkit("nps", "--lang", "tlh") == (2, "", "error: unknown language 'tlh'\nhint: known: en, ru\n")
    with pytest.raises(UsageError):
        language_of("../ru")


@pytest.mark.parametrize("words", [("nps",), ("tables",), ("trends", "--by", "category"), ("service",)])
def test_figures_for_programs_are_the_same_in_every_language(words: Words, stored: Words, supportkit: Call) -> None:
    english = supportkit(*words, *stored, "--format", "json", "-q")
    assert supportkit(*words, *stored, "--format", "json", "-q", "--lang", "ru") == english


def test_the_configuration_chooses_the_language_and_the_command_line_overrules_it(
    stored: Words, supportkit: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = tmp_path / "supportkit.toml"
    written.write_text('[output]\nlanguage = "ru"\n', encoding="utf-8")
    asked = ("nps", "--db", stored[1], "--config", written, "-q")
    assert supportkit(*asked)[1].startswith("Индекс лояльности")
    assert supportkit(*asked, "--lang", "en")[1].startswith("Net promoter score")
    monkeypatch.setenv("SUPPORTKIT_LANG", "en")
    assert supportkit(*asked)[1].startswith("Net promoter score")
    written.write_text('[output]\nlanguage = "tlh"\n', encoding="utf-8")
    assert supportkit(*asked)[0] == 0, "the variable overrules the file"
    monkeypatch.delenv("SUPPORTKIT_LANG")
    assert supportkit(*asked)[0] == 2


def test_what_is_wrong_is_told_in_the_language_that_was_asked_for(supportkit: Call) -> None:
    _, _, err = supportkit("report", "--audience", "nobody", "--lang", "ru", "-q")
    assert err.splitlines()[0].startswith("ошибка: ")
    _, _, err = supportkit("npss", "--lang=ru")
    assert "ошибка: " in err


def test_english_is_spoken_again_by_the_next_call(supportkit: Call, stored: Words) -> None:
    assert supportkit("nps", *stored, "--lang", "ru")[1].startswith("Индекс")
    assert supportkit("nps", *stored)[1].startswith("Net promoter score")
    assert ENGLISH.text("Net promoter score") == "Net promoter score"


def test_a_command_in_russian_names_what_its_options_take_as_codes(supportkit: Call, stored: Words) -> None:
    """English has the codes, which can be typed again; so have JSON and CSV in every language."""
    words = ("trends", "--by", "country", "--period", "2026-W45", "--top", "1", *stored, "-q")
    told = supportkit(*words, "--lang", "ru")[1]
    assert "Германия" in told
    assert "неделя 45, 2–8 ноября 2026 г." in told
    assert "обращения за 2–8 ноября 2026 г.; для сравнения — 26 октября – 1 ноября 2026 г." in told
    assert "показаны первые 1 из 8 строк, как просит --top" in told
    assert not re.search(r"\bDE\b|2026-W", told)
    assert "DE" in supportkit(*words)[1]
    assert "DE" in supportkit(*words, "--lang", "ru", "-f", "csv")[1]
    past = supportkit("nps", "--over", "month", "--chart", *stored, "-q", "--lang", "ru")[1]
    assert "октябрь 2026 г." in past
    assert "2026-10" not in past
    why = ("why", "funnel", "--step", "payment", "--group", "country=DE", "--period", "2026-10", *stored, "-q")
    told = supportkit(*why, "--lang", "ru")[1]
    assert "Германия против остальных" in told
    assert "country=DE" not in "\n".join(line for line in told.splitlines() if "supportkit" not in line)


def test_each_number_of_a_text_has_the_word_that_it_takes() -> None:
    russian = language_of("ru")
    text = "8 of 21 rows are rough at the end: under 22 of their customers were watched up to 1,371 days"
    said = russian.text(text).replace("\u00a0", " ")
    assert said == "8 из 21 строки к концу грубы: до 1 371 дня в них наблюдали меньше 22 клиентов"
    cut = [russian.text(f"the first 20 of {n} rows, as --top asks").partition(", ")[0] for n in (101, 102)]
    assert cut == ["показаны первые 20 из 101 строки", "показаны первые 20 из 102 строк"]
