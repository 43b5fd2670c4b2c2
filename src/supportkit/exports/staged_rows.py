"""From the written rows of a file to those of its table: the erased refused, lines grouped, words read, merged."""

from __future__ import annotations

from supportkit.exports.meanings.deciding_words import Word, spread_currency
from supportkit.exports.meanings.reading_words import read_words
from supportkit.exports.merging.merge_plan import Merged, WithLines
from supportkit.exports.merging.merging import keep_best_rows, merge
from supportkit.exports.merging.order_lines import (
    group_lines,
    is_our_own,
    is_repeated,
    takes_lines,
    tell_apart,
    to_stage,
    with_lines,
)
from supportkit.exports.merging.reversed_lines import put_reversals, put_reversals_there
from supportkit.exports.rows.day_columns import instants_of
from supportkit.exports.rows.refund_rows import WHOSE, PutTo, put_refunds
from supportkit.exports.rows.score_column import words_of_scores
from supportkit.exports.rows.staging import STAGE, Staging
from supportkit.exports.shared_load import Load
from supportkit.exports.telling_versions import repeated_notes
from supportkit.result import numbered
from supportkit.store.schema import MESSAGES, ORDERS, SURVEYS
from supportkit.system.named import NamedTuple


class FileMerge(NamedTuple):
    """What became of the rows of a file, and what there is to say of them: its words, how many `orders` its lines are,
    the refunds put to orders, the rows of earlier loads that it shows to be of somebody erased (`late`)."""

    lined: WithLines
    words: tuple[Word, ...]
    orders: int | None
    refunds: PutTo | None
    late: int
    instants: dict[str, str]
    warnings: tuple[str, ...]

    @property
    def merged(self) -> Merged:
        """The rows by what became of them."""
        return self.lined.merged


def merge_written(
    load: Load,
    staging: Staging,
    place: str,
    file: str,
    *,
    load_id: int,
    file_id: int,
    before: bool,
    reading: str,
    since: int | None,
) -> FileMerge:
    """Merge the rows of a file, which lie in the stage or straight in their table, into that table; `before` says that
    the file was loaded in another way, `reading` how it is read now."""
    connection, options, known = load.connection, load.options, staging.known
    warnings: list[str] = []
    late = 0
    if not options.for_one_metric:  # which says nothing of its files
        from supportkit.exports.rows.odd_instants import odd_instants
        from supportkit.exports.rows.rounded_ids import rounded_ids

        if load.erased is not None:
            from supportkit.exports.people.refusing import refuse_erased
            from supportkit.exports.rows.rejects import reject_erased

            refused, late = refuse_erased(connection, known.table, place, load.erased)
            reject_erased(connection, refused)
        warnings = rounded_ids(connection, known.table, place)
    orders: int | None = None
    repeated = True
    reversals: PutTo | None = None
    if takes_lines(known):
        tell_apart(connection, place, options.order_key)
        repeated = is_repeated(connection, known, place)
        grouped = with_lines(connection, known, place, repeated=repeated)
        if grouped:
            to_stage(connection, place, STAGE)
            place = STAGE
        if place == STAGE:
            reversals = put_reversals(connection, known, staging.readers, place, options.zone)
            if there := put_reversals_there(connection, known, place, options.zone):
                one = "row of another file is a refund of an order of this one, and no order"
                many = "rows of other files are refunds of orders of this one, and no orders"
                warnings.append(f"{numbered(there.rows, one, many)}: {there.amount:,.2f}")
        if grouped:
            orders = group_lines(connection, known, place, options.zone)
    refunds = put_refunds(connection, STAGE) if WHOSE in staging.passing else None
    words = _words(load, staging, place, load_id)
    if before and not options.move_ids:
        from supportkit.exports.merging.replacing import refuse_moved_ids

        refuse_moved_ids(connection, known.table, place, file)
    instants = instants_of(connection, staging, place)
    if not options.for_one_metric:
        warnings += odd_instants(connection, staging, place, instants, load.when)
    again = file_id < load_id
    if place != STAGE:
        lined = WithLines(keep_best_rows(connection, known.table, repeated=repeated), lines=False)
    elif known.table is ORDERS and refunds is None and takes_lines(known):
        from supportkit.exports.merging.line_merging import merge_orders

        lined = merge_orders(
            connection,
            STAGE,
            grouped=orders is not None,
            numbered=not is_our_own(known),
            again=again,
            before=before,
            reading=reading,
            zone=options.zone,
            since=since,
        )
    else:
        counted = refunds is not None
        passing = options.for_one_metric
        merged = merge(connection, known.table, STAGE, again=again, lines=counted, since=since, passing=passing)
        lined = WithLines(merged, lines=False)
    if not options.for_one_metric:
        warnings += repeated_notes(connection, known.table, file_id)
    return FileMerge(lined, words, orders, refunds or reversals, late, instants, tuple(warnings))


def _words(load: Load, staging: Staging, place: str, load_id: int) -> tuple[Word, ...]:
    """The words of the deciding columns; of each row they mean what is stored beside them from here on."""
    connection, known = load.connection, staging.known
    words = read_words(connection, known.table.name, staging.given, place, staging.readers, staging.hide)
    if known.table is MESSAGES:
        from supportkit.exports.meanings.log_entries import tell_notes_and_writers

        tell_notes_and_writers(connection, place, staging.given)
    if known.table is SURVEYS:
        without_erased = str if load.erased is None else load.erased.text
        words += words_of_scores(connection, staging, place, load_id, without_erased)
    if staging.signed is not None:
        spread_currency(connection, place, words)
    return words
