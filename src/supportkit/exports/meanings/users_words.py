"""The user's own words for what counts: `[values.orders.status]` in the configuration, and `--value`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from supportkit.errors import UsageError, unknown
from supportkit.exports.meanings import vocabulary
from supportkit.exports.meanings.deciding_words import Given, iso_code
from supportkit.exports.meanings.scores import NO_ANSWER, given_score
from supportkit.store.deciding import DECIDING, Deciding


def configured(values: Mapping[str, Mapping[str, Mapping[str, str]]], where: str) -> Given:
    """The words of `[values.<table>.<column>]`, by `table.column`. Raises UsageError that names what there is not."""
    found: dict[str, dict[str, str]] = {}
    for table, columns in values.items():
        for name, words in columns.items():
            place = f"{table}.{name}"
            column = next((one for one in DECIDING if one.place == place), None)
            if column is None:
                known = (one.place for one in DECIDING)
                raise unknown(f"deciding column in {where}, [values.{place}]:", place, known)
            found[place] = {
                word: _meaning(column, meaning, f"{where}, [values.{place}]") for word, meaning in words.items()
            }
    return found


def given(texts: Iterable[str]) -> Given:
    """The words of `--value column:word=meaning`; a column without its table is that of every table that has it.

    Raises UsageError for another form, and for a column or a meaning that there is not.
    """
    found: dict[str, dict[str, str]] = {}
    for text in texts:
        name, colon, rest = text.partition(":")
        word, equals, meaning = rest.rpartition("=")
        if not (colon and equals and name.strip() and word.strip() and meaning.strip()):
            raise UsageError(
                f"--value {text}: write column:word=meaning", hint="for example --value 'status:storniert=cancelled'"
            )
        columns = [one for one in DECIDING if name.strip() in (one.column, one.place)]
        if not columns:
            known = {one.place for one in DECIDING} | {one.column for one in DECIDING}
            raise unknown(f"deciding column in --value {text}:", name.strip(), known)
        for column in _that_have(columns, meaning.strip(), f"--value {text}"):
            found.setdefault(column.place, {})[word.strip()] = _meaning(column, meaning.strip(), f"--value {text}")
    return found


def both(first: Given, second: Given) -> Given:
    """Two sets of words; of one that both have the second counts."""
    return {name: {**first.get(name, {}), **second.get(name, {})} for name in {*first, *second}}


def _that_have(columns: list[Deciding], meaning: str, where: str) -> list[Deciding]:
    """Of several columns of one name those to which the meaning belongs, of one it alone."""
    having = [one for one in columns if one.kind in ("name", "score") or meaning in vocabulary(one.vocabulary).meanings]
    if not having:
        _meaning(columns[0], meaning, where)
    return having


def _meaning(column: Deciding, meaning: str, where: str) -> str:
    if column.kind == "score":
        if meaning != NO_ANSWER and given_score(meaning) is None:
            raise UsageError(
                f"{where}: {meaning!r} is no score", hint=f"write 4, or 4/5 where there is a scale, or {NO_ANSWER!r}"
            )
        return meaning
    if column.kind == "name":
        code = iso_code(column.vocabulary, meaning, None)
        if code is None:
            raise UsageError(f"{where}: {meaning!r} is no {column.vocabulary}", hint="write its ISO code, as DE or EUR")
        return code
    known = vocabulary(column.vocabulary).meanings
    if vocabulary(column.vocabulary).numbers and given_score(meaning) is not None:
        return meaning
    if meaning not in known:
        raise unknown(f"meaning in {where}:", meaning, known)
    return meaning
