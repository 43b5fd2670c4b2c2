"""What files of no vendor that we know may be: the guess as a Result, and the whole command to paste."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Final

from supportkit.errors import DataError
from supportkit.exports import LoadOptions
from supportkit.exports.masking import mask_text
from supportkit.exports.recognising.expressions import listed
from supportkit.result import Result, Scope, count, detail, key
from supportkit.system.named import NamedTuple

if TYPE_CHECKING:
    from supportkit.exports.recognising.guessing.date_orders import DateOrders
    from supportkit.exports.recognising.guessing.guess import Guess
    from supportkit.exports.recognising.guessing.settled import File, Question

FROM: Final = replace(detail("from", "text"), dimension="choices")
COLUMNS: Final = (key("column"), FROM, detail("sure", "text"), detail("why", "text"))
LOOKS: Final = (key("header"), detail("values_look_like", "text"))
FACTS: Final = (detail("table", "text", n="columns"), detail("sure", "text", n="columns"), count("columns"))
_MOST_COMMANDS: Final = 6


class Guessed(NamedTuple):
    """What is told about one file: a Result, and in words what is asked and what to paste."""

    path: Path
    result: Result
    hint: str
    found: Guess | None


def guesses(files: Sequence[Path], options: LoadOptions, said: Sequence[str], command: Sequence[str]) -> list[Guessed]:
    """What those of the files may be that nobody knows; `said` are the options of the command, to be said again."""
    from supportkit.exports.reading.cells import other_header
    from supportkit.exports.reading.files import open_export
    from supportkit.exports.reading.found_files import find_files
    from supportkit.exports.recognising.guessing.date_orders import DateOrders, either_order
    from supportkit.exports.recognising.guessing.nearest_table import nearest
    from supportkit.exports.recognising.guessing.of_file import (
        file_of,
        guess_of,
        header_below,
        is_known,
        nearest_vendor,
    )
    from supportkit.exports.recognising.recognised_file import layout_of
    from supportkit.exports.recognising.stepped import in_steps

    made: list[Guessed] = []
    untold = replace(options, table=None)
    for path in find_files(files):
        try:
            with (
                open_export(path, name=path.name, sheet=options.sheet, usual_sheet=options.usual_sheet) as export,
                ExitStack() as stepped,
            ):
                encoding, layout = layout_of(export, options)
                if layout is not None:
                    export, encoding, layout = stepped.enter_context(in_steps(export, encoding, layout, options))
                if layout is None or any(is_known(export, layout, one) for one in (options, untold)):
                    continue
                file = file_of(export, encoding, layout, options)
                found = guess_of(file, options)
                vendor = nearest_vendor(export, layout, options) if found else ""
                below = None
                if not found and options.writing.header is None:
                    below = header_below(file, layout, options) or other_header(export, layout, encoding)
        except DataError:  # which a load tells of
            continue
        if found is None:
            words = ["supportkit", *command, str(path), *said]
            again = pasted([*words, "--header", str(below)]) if below else ""
            made.append(_of_no_table(path, file, again, _as_each(file, words, options), nearest(file, options)))
        else:
            orders = DateOrders() if options.dates else either_order(found, file)
            words = ["supportkit", *command, str(path), *said]
            if command[0] == "load":
                words += [word for one in found.no_sales for word in ("--keep", one.keep)]
            commands = _commands(found, file, words, options)
            if orders.choices and commands:
                commands.append(f"with: {' or '.join(orders.choices)}")
            short = _short(found, words, orders.choices) if command[0] == "load" else ""
            made.append(_as_result(path, found, file, commands, short, vendor, orders, options))
    return made


def _commands(found: Guess, file: File, words: Sequence[str], options: LoadOptions) -> list[str]:
    """The whole commands that load a file: as what it is guessed to be, or as each of the tables that it may be."""
    from supportkit.exports.recognising.guessing.of_file import guess_of

    if not found.rivals:
        return commands_of(found, words, options)
    lines: list[str] = []
    for table in (found.table, *found.rivals):
        one = guess_of(file, replace(options, table=table))
        if one is not None and not one.settled:
            lines += commands_of(one, words, options)
        else:
            lines.append(pasted([*words, *_taking(words), "--as", table]))
    return lines


def _as_each(file: File, words: Sequence[str], options: LoadOptions) -> list[str]:
    """Short commands that load a file in which nothing says its table: as each that has a time in it, with what is to
    be said of its other columns."""
    from supportkit.exports.recognising.guessing.date_orders import either_order
    from supportkit.exports.recognising.guessing.instants import INSTANTS
    from supportkit.exports.recognising.guessing.making import A_DAY
    from supportkit.exports.recognising.guessing.of_file import guess_of

    lines: list[str] = []
    choices: dict[str, None] = {}
    for table, instant in INSTANTS.items():
        one = guess_of(file, replace(options, table=table)) if options.table is None else None
        asked = {question.ours: question.readings for question in one.questions} if one else {}
        if one is not None and all(asked.values()) and asked.get(instant) != (A_DAY,):
            lines.append(_short(one, [*words, "--as", table], ()))
            several = [_answers(question) for question in one.questions if not question.stands_in]
            lines += [f"with: {' or '.join(pasted(_maps(answer)) for answer in many)}" for many in several]
            choices.update(dict.fromkeys(() if options.dates else either_order(one, file).choices))
    return [*lines, *([f"and with: {' or '.join(choices)}"] if choices else [])]


def commands_of(found: Guess, words: Sequence[str], options: LoadOptions) -> list[str]:
    """The whole commands that load a file as it is guessed to be: one for each answer to what is asked; where these are
    many, one with the answers that may be added to it, a question a line."""
    stated = [] if options.table else ["--as", found.table]
    maps = [word for ours, text in found.whole_map.items() for word in ("--map", f"{ours}={text}")]
    maps += [word for one, meaning in found.values for word in ("--value", f"status:{one}={meaning}")]
    answers = [_answers(one) for one in found.questions]
    if not all(answers):
        return []
    if _many(answers) > _MOST_COMMANDS:
        options_of = [" or ".join(pasted(_maps(one)) for one in many) for many in answers]
        return [pasted([*words, *stated, *maps]), *(f"with: {choices}" for choices in options_of)]
    mapped = [[word for one in answer for word in _maps(one)] for answer in product(*answers)]
    return [pasted([*words, *stated, *answer, *maps]) for answer in mapped]


def _taking(words: Sequence[str]) -> list[str]:
    """The option that takes what is guessed, which `init` does without one."""
    return ["--guess"] if words[1] == "load" else []


def _short(found: Guess, words: Sequence[str], orders: Sequence[str]) -> str:
    """The command that takes the guess; where something is asked, with the first answer to each that is named so, and
    the first of the `orders` of day and month. Empty where a question has no answer, or it is asked which table it is:
    those commands are short."""
    answers = [_answers(one) for one in found.questions]
    if found.rivals or not all(answers):
        return ""
    firsts = [
        (f"{one.ours}=HEADER",) if one.stands_in else many[0]
        for one, many in zip(found.questions, answers, strict=True)
    ]
    order = orders[0].split() if orders else []
    return pasted([*words, *_taking(words), *(word for one in firsts for word in _maps(one)), *order])


def _answers(one: Question) -> list[tuple[str, ...]]:
    """The answers to a question, each as maps."""
    also, and_also = (texts or ("",) * len(one.readings) for texts in (one.also, one.and_also))
    answers = zip(one.readings, also, and_also, strict=True)
    return [(f"{one.ours}={text}", *filter(None, more)) for text, *more in answers]


def _maps(maps: Iterable[str]) -> list[str]:
    return [word for one in maps for word in ("--map", one)]


def pasted(words: Iterable[str]) -> str:
    """Words as they are typed: a constant, which is in single quotes, stands in double ones."""
    plain = re.compile(r"[^\"$`\\\\!]*'[^\"$`\\\\!]*")
    return " ".join(f'"{word}"' if plain.fullmatch(word) else shlex.quote(word) for word in words)


def _many(answers: Iterable[Sequence[object]]) -> int:
    number = 1
    for one in answers:
        number *= len(one)
    return number


def _as_result(
    path: Path,
    found: Guess,
    file: File,
    commands: Sequence[str],
    short: str,
    vendor: str,
    orders: DateOrders,
    options: LoadOptions,
) -> Guessed:
    from supportkit.exports.recognising.guessing.inner_lists import lists_told
    from supportkit.exports.recognising.guessing.of_file import asked, customers_told
    from supportkit.exports.recognising.guessing.unknown_states import unknown_states

    rows: list[tuple[str, str | None, str, str]] = [
        (one.ours, _shown(one.text), one.sure, one.why) for one in found.columns
    ]
    rows += [
        (one.ours, " or ".join(map(_shown, dict.fromkeys(one.readings))) or None, "asked", one.why)
        for one in found.questions
    ]
    notes = [asked(one) for one in found.questions]
    if found.rivals:
        notes.insert(0, f"it may be {' or '.join((found.table, *found.rivals))}")
    notes += [*orders.told, *(f"in doubt and left out: {asked(one)}" for one in found.doubtful)]
    if "customer_id" not in options.map:
        notes += customers_told(file, found)
    notes += [*lists_told(file), *map(str, found.no_sales), *unknown_states(file, found, options)]
    named = _named(found.left_over, options)
    if left := [header for header in found.left_over if header not in named]:
        notes.append(f"left over, kept as properties: {listed(left)}")
    if named:
        notes.append(f"left out as names and addresses: {listed(named)} ([data] keep holds them)")
    if vendor:
        notes.append(f"most of its columns are those of {vendor}: if it is a part of such an export, --source {vendor}")
    if any("record" in one.readings for one in found.questions):
        notes.append(
            "record is the number of the row: rows without an id are known by it, so give each such file a --source "
            "of its own"
        )
    paste = "to load it so" if len(commands) == 1 else "to load it, say which"
    notes += [f"{paste}: {command}" for command in commands]
    clear = found.settled and not orders.choices
    if short:
        notes.append(f"{'in short' if clear else 'an answer is enough beside --guess, as'}: {short}")
    sure = "nothing that a row needs is in doubt" if clear else "asks"
    result = Result(
        "load",
        f"{_told(path, options.sheet)}: {' or '.join((found.table, *found.rivals))}, guessed",
        "What a file of no vendor that we know may be, by the names and values of its columns; nothing was loaded.",
        COLUMNS,
        tuple(rows),
        {"table": found.table, "sure": sure, "columns": len(file.headers)},
        tuple(notes),
        Scope(rows=len(rows)),
        fact_columns=FACTS,
    )
    asks = "say which it is:" if len(commands) > 1 else "say so, if it is:"
    if not commands:
        asks = f"say where it stands: {pasted(_maps(f'{one.ours}=HEADER' for one in found.questions))}"
    if clear:
        lines = [short, f"or in full: {commands[0]}"] if short else [*commands]
    else:
        lines = [asks, *commands, *([f"an answer is enough beside --guess, as {short}"] if short else [])]
    return Guessed(path, result, "\n  ".join(lines), found)


def _named(headers: Sequence[str], options: LoadOptions) -> list[str]:
    """The headers of names and addresses, which a load leaves out."""
    from supportkit.exports.masking.names_of_people import is_of_people
    from supportkit.exports.recognising.header_names import normal_header

    if options.privacy != "mask":
        return []
    kept = {normal_header(header) for header in options.kept}
    return [header for header in headers if normal_header(header) not in kept and is_of_people(header)]


def _of_no_table(path: Path, file: File, again: str, each: Sequence[str], near: Guess | None) -> Guessed:
    """A file in which nothing says which table it is, with what its columns look like; `again` is a command in which a
    row further down is its header, `each` are commands that load it as one table or another, `near` is the guess about
    it as the table that it is nearest to."""
    from supportkit.exports.recognising.guessing.inner_lists import lists_told
    from supportkit.exports.recognising.guessing.nearest_table import nearest_told

    rows = tuple(
        (_shown(header), shape.looks if shape else None)
        for header, shape in zip(file.headers, file.shapes, strict=True)
    )
    result = Result(
        "load",
        f"{_told(path)}: no table that can be guessed",
        "What the columns look like; nothing was loaded.",
        LOOKS,
        rows,
        {"table": None, "sure": None, "columns": len(file.headers)},
        (
            *lists_told(file),
            *(nearest_told(near) if near and not again else ()),
            f"a row further down may be the header: {again}"
            if again
            else "say which table it is, and where its columns are: --as orders --map order_id=HEADER",
        ),
        Scope(rows=len(rows)),
        fact_columns=FACTS,
    )
    hint = "say --as tickets (or messages, orders, surveys, events): the guess then says what is missing"
    if each:
        hint = "\n  ".join(("say which table it is, with its own header in the place of each HEADER:", *each))
    return Guessed(path, result, again or hint, None)


def _shown(text: str) -> str:
    """A header as it may be shown: what looks like one may be a row of people."""
    return mask_text(text)[0]


def _told(path: Path, sheet: str | None = None) -> str:
    """The name of a file as it may be shown; the commands to paste have it as it is."""
    from supportkit.exports.rows.personal_data import file_name

    return file_name(path.name, "mask") + (f", {_shown(sheet)}" if sheet else "")


def words_said(options: Mapping[str, object]) -> list[str]:
    """The options of a command as words, to be said again."""
    words: list[str] = []
    for name, value in options.items():
        for one in value if isinstance(value, list) else [value]:
            if one is True:
                words.append(name)
            elif one:
                words += [name, str(one)]
    return words
