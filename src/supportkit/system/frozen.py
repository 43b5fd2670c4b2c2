"""`@dataclass(frozen=True)`, whose methods are made when they are first asked.

Python's own compiles six methods for every class while its module is imported: half a millisecond a class, for classes
of which a short run makes few and compares none. Here a class gets its fields, by which `replace`, `fields` and `match`
work as ever; the way to make one is compiled for the first one, and the rest needs no compiling.
"""

from __future__ import annotations

import dataclasses
from functools import cache
from operator import attrgetter
from reprlib import recursive_repr
from typing import TYPE_CHECKING, Any, Final, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from dataclasses import dataclass as dataclass

T = TypeVar("T")
_GIVEN: Final = object()


def _frozen(cls: type[T]) -> type[T]:
    """A class of fields whose objects do not change."""
    types = cls.__annotations__
    cls.__annotations__ = dict.fromkeys(types, object)  # texts would be searched for ClassVar, which none of ours is
    made: Any = dataclasses.dataclass(init=False, repr=False, eq=False)(cls)
    cls.__annotations__ = types
    for one in dataclasses.fields(made):
        one.type = types.get(one.name, one.type)  # an inherited one has its own already

    def init(self: Any, *args: Any, **given: Any) -> None:
        made.__init__ = _compiled(made)
        made.__init__(self, *args, **given)

    made.__init__ = init
    made.__repr__ = _shown
    made.__eq__ = _equal
    made.__hash__ = _hashed
    made.__setattr__ = _refused
    made.__delattr__ = _refused
    return cls


if not TYPE_CHECKING:

    def dataclass(*, frozen: bool) -> Callable[[type[T]], type[T]]:
        """As `dataclasses.dataclass`; for objects that change there is that."""
        assert frozen
        return _frozen


def _compiled(cls: Any) -> Callable[..., None]:
    """The `__init__` of a class: an argument a field, in their order."""
    known: dict[str, Any] = {"_set": object.__setattr__, "_given": _GIVEN}
    arguments, lines = ["self"], []
    for field in dataclasses.fields(cls):
        name, value = field.name, field.name
        if field.default_factory is not dataclasses.MISSING:
            known[f"_new_{name}"], known[f"_default_{name}"] = field.default_factory, _GIVEN
            value = f"_new_{name}() if {name} is _given else {name}"
        elif field.default is not dataclasses.MISSING:
            known[f"_default_{name}"] = field.default
        arguments.append(f"{name}=_default_{name}" if f"_default_{name}" in known else name)
        lines.append(f"    _set(self, {name!r}, {value})")
    if hasattr(cls, "__post_init__"):
        lines.append("    self.__post_init__()")
    exec("\n".join([f"def __init__({', '.join(arguments)}):", *lines, "    return None"]), known)
    made: Callable[..., None] = known["__init__"]
    made.__qualname__ = f"{cls.__qualname__}.__init__"
    return made


@cache
def _compared(cls: type[Any]) -> Callable[[Any], Any]:
    """What of an object of a class counts when it is compared."""
    return _values(field.name for field in dataclasses.fields(cls) if field.compare)


@cache
def _counted(cls: type[Any]) -> Callable[[Any], Any]:
    """What of an object of a class its hash is of."""
    fields = dataclasses.fields(cls)
    return _values(field.name for field in fields if (field.compare if field.hash is None else field.hash))


def _values(names: Iterable[str]) -> Callable[[Any], Any]:
    listed = tuple(names)
    return attrgetter(*listed) if listed else lambda one: ()


def _equal(self: Any, other: Any) -> Any:
    if other.__class__ is not self.__class__:
        return NotImplemented
    values = _compared(self.__class__)
    return values(self) == values(other)


def _hashed(self: Any) -> int:
    return hash(_counted(self.__class__)(self))


@recursive_repr()
def _shown(self: Any) -> str:
    shown = ", ".join(f"{one.name}={getattr(self, one.name)!r}" for one in dataclasses.fields(self) if one.repr)
    return f"{self.__class__.__qualname__}({shown})"


def _refused(self: Any, name: str, value: object = None) -> None:
    raise dataclasses.FrozenInstanceError(f"cannot assign to field {name!r}")
