"""Months as words, as people and programs write them in English, Russian, German, French and Spanish.

`12 марта 2026 г. в 14:30`, `3. Mai 2026`, `14 févr. 2026`, `3 de marzo de 2026`, `13/мая/26`, `March 3rd, 2026`: all
are brought to the plain English form, which is then read like any other. No name means two months, in whatever
language.
"""

from __future__ import annotations

from typing import Final

MONTHS: Final = {
    "Jan": "january jan января январь янв januar jänner jän janvier janv enero ene",
    "Feb": "february feb февраля февраль февр фев februar février fevrier févr fév febrero",
    "Mar": "march mar марта март мар märz mär maerz mrz mars marzo",
    "Apr": "april apr апреля апрель апр avril avr abril abr",
    "May": "may мая май mai mayo",
    "Jun": "june jun июня июнь июн juni juin junio",
    "Jul": "july jul июля июль июл juli juillet juil julio",
    "Aug": "august aug августа август авг août aout agosto ago",
    "Sep": "september sept sep сентября сентябрь сент сен septembre septiembre setiembre",
    "Oct": "october oct октября октябрь окт oktober okt octobre octubre",
    "Nov": "november nov ноября ноябрь нояб ноя novembre noviembre",
    "Dec": "december dec декабря декабрь дек dezember dez décembre decembre déc diciembre dic",
}
ENGLISH: Final = (
    "(?i)(january|february|march|april|june|july|august|september|october|november|december|"
    "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)"
)
_DAY: Final = "(?:(?:mon|tue|wed|thu|fri|sat|sun)(?:day|sday|nesday|rsday|urday)?,? )?"
_PLAIN: Final = rf"(?i)^{_DAY}(\d{{1,2}}[-/. ]{ENGLISH}[-/. ]\d|{ENGLISH} +\d{{1,2}},? \d|{ENGLISH}[-/]\d{{1,2}}[-/]\d)"


def _alternatives(names: list[str]) -> str:
    """Names as a pattern, the longest first, so that none is taken for the beginning of another."""
    return "|".join(sorted(names, key=lambda name: (-len(name), name)))


_ANY: Final = _alternatives([name for names in MONTHS.values() for name in names.split()])


def worded_sql(value: str) -> str:
    """The SQL for whether a text has a month as a word in another form than the plain English one."""
    return (
        f"(regexp_matches({value}, '[^ -~]|[A-Za-z]{{3}}') and regexp_matches({value}, '(?i)({_ANY})') "
        f"and not regexp_matches({value}, '{_PLAIN}'))"
    )


def plain_sql(value: str) -> str:
    """The SQL for such a text with its month in English and without the words around it."""
    sql = f"regexp_replace({value}, '[\\x{{a0}}\\x{{202f}}]', ' ', 'g')"
    for ours, names in MONTHS.items():
        pattern = rf"(?i)(^|[^\pL])(?:{_alternatives(names.split())})\.?([-/., ])"
        sql = f"regexp_replace({sql}, '{pattern}', '\\1{ours}\\2')"
    for pattern, plain in (
        (r"(?i)^(\d{1,2})(?:\.|er|º)? (?:de )?([A-Z]{3})[.,]? (?:de |del )?(\d{4})", r"\1 \2 \3"),
        (r"(?i)^([A-Z]{3}) (\d{1,2})(?:st|nd|rd|th)(,?) ", r"\1 \2\3 "),
        (r"(?i)^(\d{1,2} [A-Z]{3} \d{4}) ?(?:г\.?|года)(,?)( |$)", r"\1\2\3"),
        (r"(?i)^([^,]*\d{4}),? (?:à|um|в|a las|at) (\d)", r"\1 \2"),
        (r"(?i) (?:uhr|hs\.?|hrs\.?)$", ""),
        (r"(?i) ([ap])\. ?m\.$", r" \1m"),
    ):
        sql = f"regexp_replace({sql}, '{pattern}', '{plain}')"
    return sql
