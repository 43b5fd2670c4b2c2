"""Which column of the file is which of ours: found, asked about, or not there. It never chooses between two."""

from __future__ import annotations

from typing import Final

from supportkit.exports.masking.names_of_people import is_of_people
from supportkit.exports.meanings.words import tokens
from supportkit.exports.recognising.guessing.column_shapes import Shape
from supportkit.exports.recognising.guessing.known_names import (
    Named,
    Tier,
    mail_of_customer,
    named,
    names_of,
    of_a_paper,
    parts,
    says_direction,
    speaks_of_a_score,
    survey_kind,
    verdict_named,
)
from supportkit.exports.recognising.guessing.score_scales import scale_asked
from supportkit.exports.recognising.guessing.settled import File, Found, Question, Settled, Sure, required
from supportkit.exports.recognising.guessing.votes import are_of_urgency, vote
from supportkit.result import percent
from supportkit.store.schema import Field, Table
from supportkit.system.named import NamedTuple

_SEVERAL: Final = 3
_WHO_ANSWERS: Final = (("user",), ("email",), ("e",))
"""Of calls that a telephone system has written down, a user is who takes them, and an e-mail is theirs."""
_TEN: Final = 10
_FULL: Final = 0.9
_FAR: Final = 8
"""How far from a name a header is that only ends in one, or is spelled nearly so."""


class Candidate(NamedTuple):
    """A column of the file that may be one of ours."""

    place: int
    tier: Tier
    distance: int
    why: str
    kind: str = ""
    """The kind of survey whose score it is."""


def settle(table: Table, file: File, given: dict[str, tuple[int, ...]]) -> Settled:
    """The columns of a file as those of a table; `given` are ours that somebody has stated, with the columns read."""
    settled = Settled(table)
    stated = {place for places in given.values() for place in places}
    left = {ours: many for ours, many in _candidates(table, file, stated).items() if ours not in given}
    for ours, many in left.items():
        _settle(settled, file, ours, many)
    return settled


def _candidates(table: Table, file: File, stated: set[int]) -> dict[str, list[Candidate]]:
    """For each of our columns those of the file that may be it; each column of the file for the one it fits best."""
    every: dict[int, list[tuple[tuple[int, int, int], str, Candidate]]] = {}
    calls = table.name == "tickets" and any(map(says_direction, file.headers))
    for place, header in enumerate(file.headers):
        if place in stated or (is_of_people(header) and not _is_email(file.shapes[place])):
            continue
        for rank, one in enumerate(sorted(table.readable, key=lambda one: not one.required)):
            if calls and one.name == "customer_id" and tokens(header)[:1] in _WHO_ANSWERS:
                continue
            if candidate := _candidate(table, one, file, place):
                fit = (max(candidate.tier, 1), candidate.distance, rank)
                every.setdefault(place, []).append((fit, one.name, candidate))
    found: dict[str, list[Candidate]] = {}
    for fits in every.values():
        _, ours, candidate = min(fits)
        found.setdefault(ours, []).append(candidate)
    return found


def _candidate(table: Table, ours: Field, file: File, place: int) -> Candidate | None:
    header, shape = file.headers[place], file.shapes[place]
    kind, name = "", named(header, table.name, ours.name)
    if table.name == "surveys" and ours.name == "score" and (told := survey_kind(header)):
        kind, name = told
    if table.name == "surveys" and ours.name == "score" and name is None and scale_asked(header, shape) is not None:
        name = Named(2, 8, "it says its scale")
    if name is None and ours.name in ("score", "satisfaction") and _is_rated(header, shape):
        name = Named(2, 8, "numbers up to ten, behind a word for a score")
    if name is None and ours.name == "priority" and named(header, table.name, "status") and are_of_urgency(shape):
        name = Named(2, 8, "its words say how urgent it is")
    if name is None and ours.name in ("customer_id", "user_id") and _is_email(shape):
        name = mail_of_customer(header)
    if name is None and ours.name in ("sla_resolution", "sla_first_reply"):
        name = verdict_named(header, ours.name)
    if name is None:
        return None
    voted = vote(table.name, ours, shape, name.tier)
    return Candidate(place, name.tier, name.distance, _why(name, voted), kind) if voted else None


def _is_rated(header: str, shape: Shape | None) -> bool:
    """Whether a column has a word for scores and holds some: "Оценка работы оператора"."""
    if shape is None or shape.low is None or shape.high is None or not speaks_of_a_score(header):
        return False
    return shape.low >= 0 and shape.high <= _TEN and shape.distinct > 1 and shape.whole >= _FULL


def _why(name: Named, voted: str) -> str:
    return f"{name.why}; {voted}"


def _is_email(shape: Shape | None) -> bool:
    return shape is not None and shape.emails >= 0.8


def _settle(settled: Settled, file: File, ours: str, many: list[Candidate]) -> None:
    """One of our columns from those that may be it."""
    many = [one for one in many if _filled(file, one)] or many
    best = min(candidate.tier for candidate in many)
    rivals = [candidate for candidate in many if candidate.tier == best]
    if ours in ("customer_id", "user_id") and best == 0:
        rivals = _with_fuller(rivals, many, file)
    if ours == "customer_id" and len(mails := [one for one in rivals if _is_email(file.shapes[one.place])]) == 1:
        rivals = mails
    if ours == "order_id" and best == 1:
        rivals += _own_numbers(rivals, many, file)
    if len(rivals) > 1 and ours.endswith("_at"):
        rivals = _without_their_days(rivals, file)
    rivals = _without_the_first_of_a_row(rivals, file)
    often_empty = ""
    if ours in required(settled.table) and (filled := _full_ones(rivals, file)) != rivals:
        if len(filled) == 1 and not _are_of_two_surveys(rivals):
            rivals = filled
        often_empty = "; what else is named so is often empty"
    places = [one.place for one in rivals]
    if len(rivals) > 1 and not _is_needed(settled.table, ours) and (one := _fullest_of_equals(rivals, file)):
        rivals, places = [one], [one.place]
    if len(rivals) > 1 and not _is_needed(settled.table, ours) and (one := _best_of_one_thing(rivals, file, ours)):
        rivals, places = [one], [one.place]
    if len(rivals) > 1 and not file.same(places) and not file.same_instants(places):
        texts = tuple(file.headers[one.place] for one in rivals)
        also = tuple(f"kind='{one.kind}'" for one in rivals) if all(one.kind for one in rivals) else ()
        why = f"{len(rivals)} columns may be it"
        emptiest = min(rivals, key=lambda one: _filled(file, one))
        if often_empty:
            share = percent(1 - _filled(file, emptiest))
            why += f"; {share} of the first rows have no {file.headers[emptiest.place]}, and would be rejected"
        question = Question(ours, texts, why, places=tuple(places), also=also)
        needed = _is_needed(settled.table, ours)
        (settled.questions if needed else settled.doubtful)[ours] = question
        return
    one = rivals[0]
    sure: Sure = "sure" if one.tier < 2 else "likely"
    settled.found[ours] = Found(ours, file.headers[one.place], one.why + often_empty, sure, (one.place,))


def _are_of_two_surveys(rivals: list[Candidate]) -> bool:
    """Whether scores are of surveys of several kinds, of which none is the other one's."""
    return all(one.kind for one in rivals) and len({one.kind for one in rivals}) > 1


def _without_the_first_of_a_row(rivals: list[Candidate], file: File) -> list[Candidate]:
    """Columns without those that say whose follower a row is: `original_transaction_id` beside `transaction_id`."""
    names = {tokens(file.headers[one.place]) for one in rivals}
    heads = parts()["original"]

    def follows(name: tuple[str, ...]) -> bool:
        return any(name[:n] + name[n + 1 :] in names for n, word in enumerate(name) if word in heads)

    return [one for one in rivals if not follows(tokens(file.headers[one.place]))] or rivals


def _without_their_days(rivals: list[Candidate], file: File) -> list[Candidate]:
    """Times without those that are only the days of another one."""
    days = {
        day.place
        for day in rivals
        for other in rivals
        if day is not other and file.most_precise((day.place, other.place)) == other.place
    }
    return [one for one in rivals if one.place not in days]


def _fullest_of_equals(rivals: list[Candidate], file: File) -> Candidate | None:
    """The column of several that has a value in all rows, where the others have the same or none."""
    fullest = max(rivals, key=lambda one: _filled(file, one))
    cells = file.cells[fullest.place]
    if cells is None or len(cells) < _TEN or not all(cells):
        return None
    others = [file.cells[one.place] for one in rivals if one is not fullest]
    same = all(other and all(b in ("", a) for a, b in zip(cells, other, strict=True)) for other in others)
    return fullest if same else None


def _best_of_one_thing(rivals: list[Candidate], file: File, ours: str) -> Candidate | None:
    """Of columns that call the same things in several ways, as `assignee_id` and `assignee_name`, that of words; of
    customers that of numbers."""
    columns = [file.cells[one.place] or () for one in rivals]
    kinds = [len(set(column)) for column in columns]
    if not all(columns) or len({*kinds, len(set(zip(*columns, strict=True)))}) > 1 or kinds[0] < _SEVERAL:
        return None
    worded = [one for one in rivals if (shape := file.shapes[one.place]) and shape.low is None and shape.emails < 0.5]
    if ours == "customer_id":
        worded = [one for one in rivals if one not in worded]
    return worded[0] if len(worded) == 1 else None


def _with_fuller(rivals: list[Candidate], many: list[Candidate], file: File) -> list[Candidate]:
    """Beside e-mails or ids of users that are often empty, ids that are there in more rows: then no one says it all."""
    fullest = max(rivals, key=lambda one: _filled(file, one))
    fuller = [one for one in many if one.tier == 1 and _filled(file, one) > _filled(file, fullest) + 0.05]
    return [*rivals, *fuller]


def _own_numbers(rivals: list[Candidate], many: list[Candidate], file: File) -> list[Candidate]:
    """Beside the number of a receipt or an invoice, numbers that name nothing and may be the order's own."""
    if not all(of_a_paper(file.headers[one.place]) and _is_unique(file, one) for one in rivals):
        return []
    return [one for one in many if one.tier == 2 and one.distance < _FAR and _is_unique(file, one)]


def _is_unique(file: File, one: Candidate) -> bool:
    shape = file.shapes[one.place]
    return shape is None or shape.unique


def _full_ones(rivals: list[Candidate], file: File) -> list[Candidate]:
    """Those that are not much emptier than the fullest: a row without what it must have would be rejected."""
    most = max(_filled(file, one) for one in rivals)
    return [one for one in rivals if _filled(file, one) >= 0.9 * most]


def _filled(file: File, one: Candidate) -> float:
    shape = file.shapes[one.place]
    return shape.filled if shape else 1.0


def _is_needed(table: Table, ours: str) -> bool:
    """Whether a column is asked for where it is in doubt."""
    return ours in required(table) or ours in names_of(table.name).asked
