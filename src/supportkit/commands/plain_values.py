"""A command whose plain values are taken as they are written: texts, paths that nobody checks, words of a list.

Typer makes a validator for each option that there is, given or not, and loads pydantic for it: a tenth of a short run.
Numbers, checked paths and whatever is wrong go its way, so that its errors are the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final, Literal, get_args, get_origin

from typer.core import TyperArgument, TyperCommand, TyperGroup, TyperOption

_NOT_PLAIN: Final = object()


class PlainOption(TyperOption):
    """An option that is read here where that is the same as what Typer does."""

    def process_value(self, ctx: Any, value: Any) -> Any:
        """The value in the option's type."""
        found = _plain(self, value)
        if found is _NOT_PLAIN:
            return super().process_value(ctx, value)
        return self.callback(ctx, self, found) if self.callback else found


class PlainArgument(TyperArgument):
    """The same for an argument."""

    def process_value(self, ctx: Any, value: Any) -> Any:
        """The value in the argument's type."""
        found = _NOT_PLAIN if self.callback else _plain(self, value)
        return super().process_value(ctx, value) if found is _NOT_PLAIN else found


class PlainCommand(TyperCommand):
    """A command of such options and arguments."""

    def get_params(self, ctx: Any) -> list[Any]:
        """The options and arguments."""
        return _plain_ones(super().get_params(ctx))


class PlainGroup(TyperGroup):
    """The same for the commands together; Typer adds the options for completion when the group is made."""

    def get_params(self, ctx: Any) -> list[Any]:
        """The options."""
        return _plain_ones(super().get_params(ctx))


def _plain_ones(params: list[Any]) -> list[Any]:
    for param in params:
        if type(param) is TyperOption:
            param.__class__ = PlainOption
        elif type(param) is TyperArgument:
            param.__class__ = PlainArgument
    return params


def _plain(param: TyperOption | TyperArgument, value: Any) -> Any:
    """A value as the type that is asked for, where nothing has to be checked."""
    kind = getattr(param, "type_descriptor", None)
    if kind is None:
        return _NOT_PLAIN
    several = param.multiple or param.nargs == -1
    if value is None:
        return _NOT_PLAIN if param.required else () if several else None
    if several and get_origin(kind.annotation) is list and isinstance(value, Sequence) and not isinstance(value, str):
        found = [_one(get_args(kind.annotation)[0], kind.parameter_info, one) for one in value]
        return _NOT_PLAIN if _NOT_PLAIN in found or (param.required and not found) else found
    return _NOT_PLAIN if several else _one(kind.annotation, kind.parameter_info, value)


def _one(annotation: Any, info: Any, value: Any) -> Any:
    if annotation in (int, float) and type(value) is annotation:  # as where nothing is given
        low, high = info.min, info.max
        return value if (low is None or value >= low) and (high is None or value <= high) else _NOT_PLAIN
    if not isinstance(value, str):
        return _NOT_PLAIN
    if annotation is str:
        return value
    if annotation is Path and not _is_checked(info):
        return Path(value)
    if get_origin(annotation) is Literal and value in get_args(annotation):
        return value
    return _NOT_PLAIN


def _is_checked(info: Any) -> bool:
    """Whether a path has to be something, or is changed."""
    wanted = info.exists or info.writable or info.readable or info.resolve_path or info.path_type is not None
    return bool(wanted or not info.file_okay or not info.dir_okay)
