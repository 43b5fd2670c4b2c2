"""The scores of a file that are no plain numbers: what its words mean, found once for each, and what was lost.

The texts that are no numbers are few, and are read before the rows are written: the query that types the rows looks
them up. A text of which nobody knows the score rejects its row; which texts these were, of which kind of answer and
when, is kept in `lost_answers`, so that every figure can say how many answers it lacks.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final

from supportkit.exports.meanings import Meaning, key
from supportkit.exports.meanings.deciding_words import Readers, Word
from supportkit.exports.meanings.scores import UNKNOWN as UNKNOWN_SCORE
from supportkit.exports.meanings.scores import given_score, read_scores
from supportkit.exports.meanings.words import LONGEST
from supportkit.exports.rows.row_query import stage_query
from supportkit.exports.rows.score_lookup import ScoreLookup
from supportkit.exports.rows.text_queries import score_query
from supportkit.store.deciding import KIND, SCORE, UNKNOWN

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from supportkit.exports.rows.staging import Staging

MOST: Final = 2_000
"""Texts of one file that are looked at: a column of more is not one of scores."""

UNREAD: Final = f"{SCORE.column} cannot be read"
LOST: Final = "load_lost_answers"
_MORE: Final = "…"
"""What stands for texts beyond those that are looked at."""


def find_scores(connection: DuckDBPyConnection, staging: Staging, limit: int | None) -> ScoreLookup:
    """What the texts of a file's first rows, or of all, that are no numbers mean as scores."""
    readers = staging.readers
    mapped = (*readers.user.get(SCORE.place, {}), *readers.vendor.get(SCORE.column, {}))
    numbers = [word for word in mapped if word.strip().lstrip("-").replace(".", "", 1).isdigit()]
    query = score_query(staging, numbers, MOST, limit)
    texts = connection.execute(query, staging.bound(query)).fetchall()
    kinds = {kind: readers.judge(KIND, kind).value or "" for kind in {kind for kind, _ in texts}}
    user, vendor = readers.user_words.get(SCORE.place, {}), readers.vendor_words.get(SCORE.column, {})
    read = read_scores(((kinds[kind], text) for kind, text in texts), user, vendor)
    return ScoreLookup(
        {(kind, text): read[kinds[kind], text] for kind, text in texts},
        {text: staging.hide(text) for text in {text for _, text in texts}},
        plain_too=any(text in numbers for _, text in texts),
    )


def keep_lost(connection: DuckDBPyConnection, stage: str) -> None:
    """Put the answers of a stage whose score could not be read aside, before their rows go."""
    connection.execute(
        f"create or replace temp table {LOST} as "
        f"select kind, coalesce(left(score_as_written, {LONGEST}), '{_MORE}') as word, responded_at as answered_at, "
        f"count(*) as answers from {stage} "
        f"where refused_column = '{SCORE.column}' and refused = '{UNREAD}' group by all"
    )


def words_of_scores(
    connection: DuckDBPyConnection, staging: Staging, place: str, load_id: int, without_erased: Callable[[str], str]
) -> tuple[Word, ...]:
    """The words for scores of a file with their rows, the known ones first; what was lost by a load is stored, without
    the names of people who were erased."""
    found = staging.reading.scores
    if not found:
        return ()
    counts = connection.execute(
        f"select score_as_written, count(*) from {place} where score_as_written is not null group by all"
    ).fetchall()
    lost = _store_lost(connection, load_id, staging.readers, without_erased) if found.loses else []
    return _words(found, [*counts, *lost])


def scores_to_come(connection: DuckDBPyConnection, staging: Staging) -> tuple[Word, ...]:
    """The same of a file that is not loaded: of its rows but those that are refused for something else."""
    if SCORE.column not in staging.known.columns:
        return ()
    staging.reading.scores = find_scores(connection, staging, None)
    if not staging.reading.scores:
        return ()
    query = (
        f"select coalesce(score_as_written, '{_MORE}'), count(*) from ({stage_query(staging, (SCORE.written,))}) "
        f"where refused = '{UNREAD}' or (refused is null and score_as_written is not null) group by all"
    )
    return _words(staging.reading.scores, connection.execute(query, staging.bound(query)).fetchall())


def _words(found: ScoreLookup, counts: Sequence[tuple[str, int]]) -> tuple[Word, ...]:
    rows: dict[str, int] = {}
    for text, number in counts:
        rows[text] = rows.get(text, 0) + number
    meanings = {text: found.by_shown.get(text, UNKNOWN_SCORE) for text in rows}
    words = [Word(SCORE, text, Meaning(meanings[text].text, meanings[text].how), n) for text, n in rows.items()]
    return tuple(sorted(words, key=lambda word: (word.meaning.value is None, -word.rows, word.text)))


def judge_scores_again(connection: DuckDBPyConnection, source: str, readers: Readers) -> tuple[Word, ...]:
    """Read the stored words of a source again of which the user says what they mean; those whose rows changed."""
    user = readers.user_words.get(SCORE.place, {})
    if not user:
        return ()
    changed = []
    stored = connection.execute(
        "select score_as_written, score, scale_max, count(*) from main.surveys "
        "where source = $source and score_as_written is not null group by all order by all",
        {"source": source},
    ).fetchall()
    for text, value, high, rows in stored:
        score = given_score(user.get(key(text), ""))
        if score is None or (score.value, score.high or high) == (value, high):
            continue
        connection.execute(
            "update main.surveys set score = $value, scale_min = coalesce($low, scale_min), "
            "scale_max = coalesce($high, scale_max) where source = $source and score_as_written = $text",
            {"value": score.value, "low": score.low, "high": score.high, "source": source, "text": text},
        )
        changed.append(Word(SCORE, text, Meaning(score.text, "user"), rows))
    return tuple(changed)


def _store_lost(
    connection: DuckDBPyConnection, load_id: int, readers: Readers, without_erased: Callable[[str], str]
) -> list[tuple[str, int]]:
    """Store the answers that were put aside; returns their words and how many each has."""
    counted = f"select kind, word, cast(sum(answers) as bigint) from {LOST} group by all order by all"
    words = connection.execute(counted).fetchall()
    told = [(kind, word, readers.judge(KIND, kind).value or UNKNOWN, without_erased(word)) for kind, word, _ in words]
    kinds, lost, meanings, shown = zip(*told, strict=True) if told else ((), (), (), ())
    connection.execute(
        "insert into main.lost_answers (load_id, kind, word, answered_at, answers) "
        "select $load, meaning, shown, answered_at, sum(answers) "
        "from (select unnest($kinds) as kind, unnest($words) as word, unnest($meanings) as meaning, "
        f"unnest($shown) as shown) join {LOST} using (kind, word) group by all",
        {"load": load_id, "kinds": kinds, "words": lost, "meanings": meanings, "shown": shown},
    )
    connection.execute(f"drop table {LOST}")
    return [(word, answers) for word, (_, _, answers) in zip(shown, words, strict=True)]
