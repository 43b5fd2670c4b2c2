"""What became of the files of a load, for people: a line a file, with what is to be known of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, Final

from supportkit.commands.messages import reader, say
from supportkit.errors import DataError
from supportkit.exports.loaded import RefusedLoadError
from supportkit.result import Result, Scope, count, detail, key, numbered

if TYPE_CHECKING:
    from supportkit.exports import Loaded
    from supportkit.exports.meanings.deciding_words import Given


PARTS: Final = ("read", "loaded", "updated", "unchanged", "older", "rejected")
KEYS: Final = (key("file"), key("table"), key("source"))
BOOKS: Final = (
    *KEYS,
    *(count(name) for name in PARTS),
    count("unwanted", aside=True),
    detail("left_out", "text", aside=True),
)


def books(outcome: Sequence[Loaded]) -> Result:
    """The books of a load, a row a file; `unwanted` are the rejected rows that are no faults, `left_out` says why a
    file of a folder was not loaded."""
    from supportkit.exports.telling_words import known_words, unknown_words

    rows = []
    notes: list[str] = []
    for one in outcome:
        numbers = (getattr(one, name) for name in PARTS)
        rows.append((one.file, one.table or None, one.source or None, *numbers, one.unwanted, one.left_out or None))
        told = (*one.notes, *known_words(one.words), *unknown_words(one.words))
        notes += [f"{one.file}: {note}" for note in told]
    return _result(outcome, "Loaded", "read = loaded + updated + unchanged + older + rejected", rows, notes)


def books_of_refused(paths: Iterable[str], error: DataError) -> Result:
    """The books of a load that was refused, a row a file, or a path where none was read: nothing is loaded, `left_out`
    is why. How much of a file was read and rejected is there where it was read whole."""
    outcome = error.outcome if isinstance(error, RefusedLoadError) else ()
    why, *more = [line.strip() for line in error.message.splitlines()]
    rows: list[tuple[Any, ...]] = [
        (one.file, one.table or None, one.source or None, one.read, 0, 0, 0, 0, one.rejected, one.unwanted,
         one.left_out or why)
        for one in outcome
    ]  # fmt: skip
    rows = rows or [(path, None, None, 0, 0, 0, 0, 0, 0, 0, why) for path in paths]
    nothing = [one._replace(loaded=0, updated=0, unchanged=0, older=0) for one in outcome]
    notes = [why, *more, *error.hint.splitlines()]
    return _result(nothing, "Refused", "nothing was loaded; read and rejected are what the files have", rows, notes)


def _result(
    outcome: Sequence[Loaded], title: str, definition: str, rows: Sequence[tuple[Any, ...]], notes: Sequence[str]
) -> Result:
    return Result(
        metric="load",
        title=title,
        definition=definition,
        columns=BOOKS,
        rows=tuple(rows),
        facts={name: sum(getattr(one, name) for one in outcome) for name in PARTS},
        fact_columns=tuple(count(name) for name in PARTS),
        notes=tuple(notes),
        scope=Scope(rows=sum(one.read for one in outcome)),
    )


def tell_outcome(outcome: Sequence[Loaded], said: Given, *, quiet: bool, where: str = "") -> None:
    """Tell the books of each file and its notes; `said` are words that the command gave a meaning, `where` is the
    option that names the store."""
    from supportkit.exports.telling_words import known_words, read_again_words, unknown_words, unused_words

    for one in outcome:
        if one.left_out:
            say(f"left out: {one.left_out}")
        elif not quiet or one.rejected:
            say(
                f"{one.file}: {one.table or 'nothing'}, read {one.read} = loaded {one.loaded} + "
                f"updated {one.updated} + unchanged {one.unchanged} + older {one.older} + rejected {one.rejected}, "
                f"{one.seconds:.1f} s"
            )
        known = () if quiet else [reader().figures(line) for line in known_words(one.words)]
        again = () if quiet else read_again_words(one.read_again)
        for note in (*(() if quiet else one.notes), *known, *again, *unknown_words(one.words)):
            say(f"  {note}")
    if not quiet and any(one.faults for one in outcome):
        say(f"what was rejected, where and why: supportkit rejects{where}")
    for note in unused_words(said, [word for one in outcome for word in (*one.words, *one.read_again)]):
        say(note)
    if late := sum(one.late for one in outcome):
        single = "row of an earlier load is of somebody who was erased, and is erased too"
        many = "rows of earlier loads are of somebody who was erased, and are erased too"
        say(f"{numbered(late, single, many)}; nothing can be undone")


def refuse_nothing_loaded(outcome: Sequence[Loaded]) -> None:
    """Raise DataError where there was not even a header, or every row was rejected."""
    read, rejected = sum(one.read for one in outcome), sum(one.rejected for one in outcome)
    if not any(one.table for one in outcome):
        raise DataError("there is no row to load", hint="the files are empty; export them again")
    if read and rejected == read:
        raise DataError(f"rejected {rejected:,}: every row", hint="supportkit rejects says where and why")
