"""`NamedTuple`, whose objects are made by what is compiled for the first of them.

Python's own compiles the text of every annotation and a method for every class while its module is imported: a seventh
of a millisecond a class, of a hundred classes of which a short run makes a few. Here a class gets its fields, by which
`_replace`, `_make`, `_asdict` and `match` work as ever.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from typing import NamedTuple as NamedTuple
else:
    from collections import _tuplegetter as field_at  # the quickest there is, where Python has it

    class _Named(type):
        """Takes the fields of a class from its annotations, and their defaults from its values."""

        def __new__(cls, name: str, bases: tuple[type, ...], body: dict[str, Any]) -> type:
            fields = tuple(body.get("__annotations__", ()))
            if not fields:
                return super().__new__(cls, name, bases, body)
            defaults = {field: body[field] for field in fields if field in body}
            if any(given in defaults for given in fields[: len(fields) - len(defaults)]):
                raise TypeError(f"{name}: a field without a default follows one with it")
            body |= {field: field_at(place, None) for place, field in enumerate(fields)}
            body |= {"__slots__": (), "_fields": fields, "_field_defaults": defaults, "__match_args__": fields}
            made = super().__new__(cls, name, bases, body)

            def first(kind: type, *args: Any, **given: Any) -> Any:
                made.__new__ = staticmethod(_compiled(made))
                return made.__new__(kind, *args, **given)

            made.__new__ = staticmethod(first)
            return made

    def _compiled(made: type) -> Any:
        """The `__new__` of a class: an argument a field, in their order."""
        names = made._fields
        known = {"_new": tuple.__new__} | {f"_of_{name}": value for name, value in made._field_defaults.items()}
        arguments = ", ".join(f"{name}=_of_{name}" if f"_of_{name}" in known else name for name in names)
        exec(f"def __new__(_kind, {arguments}): return _new(_kind, ({', '.join(names)},))", known)
        function = known["__new__"]
        function.__qualname__ = f"{made.__qualname__}.__new__"
        return function

    class NamedTuple(tuple, metaclass=_Named):
        """As `typing.NamedTuple`: a tuple whose places have names."""

        __slots__ = ()

        @classmethod
        def _make(cls, values: Any) -> Any:
            made = tuple.__new__(cls, values)
            if len(made) != len(cls._fields):
                raise TypeError(f"{cls.__name__}: {len(cls._fields)} values are expected, {len(made)} are given")
            return made

        def _replace(self, **given: Any) -> Any:
            made = self._make(map(given.pop, self._fields, self))
            if given:
                raise TypeError(f"{type(self).__name__} has no field {', '.join(given)}")
            return made

        def _asdict(self) -> dict[str, Any]:
            return dict(zip(self._fields, self, strict=True))

        def __repr__(self) -> str:
            shown = ", ".join(f"{name}={value!r}" for name, value in zip(self._fields, self, strict=True))
            return f"{type(self).__name__}({shown})"

        def __getnewargs__(self) -> tuple[Any, ...]:
            return tuple(self)
