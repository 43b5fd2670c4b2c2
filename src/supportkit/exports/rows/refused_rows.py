"""Which rows are refused and why, and which cells could not be read: the last layer of the query of a file's rows."""

from __future__ import annotations

from supportkit.exports.rows.settings import ROUNDED
from supportkit.exports.rows.shifted_rows import SHIFTED, shifted_sql
from supportkit.exports.rows.staging import Staging
from supportkit.exports.value_formats.values import in_range_sql, keeps_text
from supportkit.store.deciding import deciding
from supportkit.store.rejected import NOT_KEPT
from supportkit.store.schema import MONEY as STORED_MONEY
from supportkit.store.schema import Field


def judged_rows(staging: Staging, inner: str) -> str:
    """The last layer: instants in range, the bad cells, and the reason a row is refused."""
    fields = staging.fields()
    ranged = ", ".join(f"{in_range_sql(f, f'v_{f.name}')} as w_{f.name}" for f in fields if f.type == "timestamptz")
    inner = f"select *, {ranged} from ({inner})" if ranged else inner
    flagged = flags(staging).values()
    lost = {f.name: _unread(staging, f) for f in fields if not keeps_text(f) and f.name not in flagged}
    lost |= {f"{f.name}{ROUNDED}": _is_rounded(f.name) for f in fields if f.type == STORED_MONEY}
    bad = "cast(null as varchar[])"
    if lost:
        names = ", ".join(f"case when {sql} then '{name}' end" for name, sql in lost.items())
        bad = f"case when {' or '.join(lost.values())} then [b for b in [{names}] if b is not null] end"
    cases = _refusals(staging)
    column = " ".join(f"when {when} then {place}" for when, place, _ in cases)
    reason = " ".join(f"when {when} then {why}" for when, _, why in cases)
    return f"select *, {bad} as bad, case {column} end as refused_column, case {reason} end as refused from ({inner})"


def flags(staging: Staging) -> dict[str, str]:
    """For the columns that hold the words of what is true or false as written, the columns that they are for."""
    return {one.written: one.column for one in deciding(staging.known.table.name) if one.kind == "flag"}


def _refusals(staging: Staging) -> list[tuple[str, str, str]]:
    """The conditions under which a row is refused: condition, column and reason, as SQL."""
    cases = []
    for number, (text, _) in enumerate(staging.known.keep):
        cases.append((f"not keep_{number}", "cast(null as varchar)", f"'{NOT_KEPT}' || {staging.bind(text)}"))
    if shifted := shifted_sql(staging):
        cases.append((shifted, "cast(null as varchar)", f"'{SHIFTED}'"))
    for column in staging.known.table.fields:
        if not column.required or (staging.known.export.lines == "first" and column.name != staging.known.table.key):
            continue
        given = "true"
        if column.name == "amount" and not staging.known.export.recognise:  # another line of the order may state it
            given = "g_amount is not null"
        else:
            cases.append((f"g_{column.name} is null", f"'{column.name}'", f"'{column.name} is empty'"))
        if not keeps_text(column):
            unread = f"{given} and {value_sql(staging, column)} is null"
            cases.append((unread, f"'{column.name}'", f"'{column.name} cannot be read'"))
    if staging.known.table.name == "surveys":
        cases += _refused_answers(staging)
    return cases or [("false", "cast(null as varchar)", "''")]


def _refused_answers(staging: Staging) -> list[tuple[str, str, str]]:
    """An answer of which the score cannot be read, and what is neither an answer nor an invitation."""
    given = {name: staging.field(name) for name in ("score", "responded_at") if name in staging.known.columns}
    invited = "invited_at" in staging.known.columns
    uninvited = f"{value_sql(staging, staging.field('invited_at'))} is null" if invited else "true"
    cases = []
    if "score" in given:
        cases.append((_unread(staging, given["score"]), "'score'", "'score cannot be read'"))
    if "responded_at" in given:
        unread = f"{_unread(staging, given['responded_at'])} and {uninvited}"
        cases.append((unread, "'responded_at'", "'responded_at cannot be read'"))
    for name in ("score", "responded_at"):
        empty = f"{value_sql(staging, given[name])} is null" if name in given else "true"
        why = f"'{name} is empty: neither answered (score and responded_at) nor invited_at'"
        cases.append((f"{empty} and {uninvited}", f"'{name}'", why))
    return cases


def _unread(staging: Staging, field: Field) -> str:
    """The SQL for whether a column has a text that is no value of it."""
    unread = f"g_{field.name} is not null and {value_sql(staging, field)} is null"
    if field.name == "score" and staging.reading.scores:
        unread += f" and not {staging.reading.scores.silent_sql(staging.bind)}"
    return f"({unread})"


def value_sql(staging: Staging, field: Field) -> str:
    """The value of one of our columns, in the layers above the values."""
    return f"{'w' if field.type == 'timestamptz' else 'v'}_{field.name}"


def _is_rounded(name: str) -> str:
    """The SQL for whether a figure has more than the four decimals that are stored; a short text is none."""
    return f"(length(g_{name}) > 5 and regexp_matches(g_{name}, '[.,]\\d{{4}}\\d*[1-9]'))"
