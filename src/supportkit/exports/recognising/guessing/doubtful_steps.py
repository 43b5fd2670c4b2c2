"""What speaks against the column of steps that a name speaks for: another one holds the names of events, or what was
done says too little without what it was done to."""

from __future__ import annotations

from typing import Final

from supportkit.exports.meanings.words import key
from supportkit.exports.recognising.guessing.column_shapes import Shape
from supportkit.exports.recognising.guessing.known_names import parts
from supportkit.exports.recognising.guessing.settled import File, Found, Question, Settled, in_sum

_KNOWN: Final = 2
"""Names of events at least, by which a column of them is known."""
_MOST: Final = 60
"""Names of events, of which a program has no more."""
_FULL: Final = 0.9


def doubt_the_step(settled: Settled, file: File) -> None:
    """Ask which column the step is, where more than one may be meant."""
    found = settled.found.get("step")
    if found is None or len(found.places) != 1:
        return
    question = _of_events(file, found) or _of_actions(file, found)
    if question is not None:
        del settled.found["step"]
        settled.questions["step"] = question


def _of_events(file: File, found: Found) -> Question | None:
    """The question whether a page is meant or the event on it, of which the names stand in another column."""
    if found.sure != "likely" or _are_events(file.shapes[found.places[0]]):
        return None
    others = [place for place, shape in enumerate(file.shapes) if place not in found.places and _are_events(shape)]
    if not others:
        return None
    readings = (*(file.headers[place] for place in others), found.text)
    why = f"{file.headers[others[0]]} has names of events"
    return Question("step", readings, why, places=(*others, *found.places))


def _are_events(shape: Shape | None) -> bool:
    """Whether the words of a column are what programs call what happened: pageview, add_to_cart."""
    if shape is None or shape.filled < _FULL or shape.distinct > _MOST:
        return False
    return sum(key(word) in parts()["event_name"] for word in shape.example) >= _KNOWN


def _of_actions(file: File, found: Found) -> Question | None:
    """The question whether an action is a step alone, where several things have it: `show` of carts and of orders."""
    actions = file.cells[found.places[0]]
    for place, (header, cells) in enumerate(zip(file.headers, file.cells, strict=True)):
        if place in found.places or cells is None or actions is None or key(header) not in parts()["acted_on"]:
            continue
        pairs = {(action, thing) for action, thing in zip(actions, cells, strict=True) if action and thing}
        if len({action for action, _ in pairs}) < len(pairs) <= _MOST:
            both = f"{in_sum(header)}+' '+{in_sum(found.text)}"
            places = (place, *found.places)
            return Question("step", (both, found.text), f"several of {header} have one {found.text}", places=places)
    return None


def leave_out_what_several_users_have(settled: Settled, file: File) -> None:
    """Leave out a session that has several users: counters of sessions begin anew on each device."""
    found, user = settled.found.get("session_id"), settled.found.get("user_id")
    sessions, users = file.shape_of(found), file.shape_of(user)
    if found is None or user is None or sessions is None or users is None or sessions.distinct >= users.distinct:
        return
    del settled.found["session_id"]
    why = f"{sessions.distinct:,} values for {users.distinct:,} of {user.text}: several have one"
    settled.doubtful["session_id"] = Question("session_id", (found.text,), why)
