"""Messages for people: to stderr, in their language, and safe for a terminal whatever they name."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from contextvars import ContextVar
from typing import Final

from supportkit.render.escaping import for_terminal
from supportkit.render.language import ENGLISH, Language, language_of

VARIABLE: Final = "SUPPORTKIT_LANG"
_reader: Final = ContextVar("reader", default=ENGLISH)
_asked: Final = ContextVar("asked", default=False)


def speak_as_asked(words: Sequence[str]) -> None:
    """From here on speak the language of `--lang` in the words of a command line, else of SUPPORTKIT_LANG, else
    English. Raises UsageError for a language that there is not."""
    _reader.set(ENGLISH)
    code = _option(words) or os.environ.get(VARIABLE)
    _asked.set(bool(code))
    if code:
        _reader.set(language_of(code))


def speak_as_configured(code: str | None) -> None:
    """From here on speak the language of the configuration, where none was asked for. Raises UsageError."""
    if code and not _asked.get():
        _reader.set(language_of(code))


def reader() -> Language:
    """The language of who reads what this run says."""
    return _reader.get()


_bars: Final[list[tuple[Callable[[], None], Callable[[], None]]]] = []


def keep_waiting(clear: Callable[[], None], end: Callable[[], None]) -> None:
    """A bar is drawn from here on: messages `clear` it, and `stop_waiting` ends it."""
    stop_waiting()
    _bars.append((clear, end))


def stop_waiting() -> None:
    """What was waited for is there."""
    while _bars:
        _bars.pop()[1]()


def say(text: str) -> None:
    """A message for people: to stderr, made safe for a terminal line by line."""
    for clear, _ in _bars:
        clear()
    for line in _told(text).splitlines():
        sys.stderr.write(for_terminal(line) + "\n")


def _told(text: str) -> str:
    """A message in the language of who reads it, and what it says after "error: " as it is said without it."""
    kind, mark, message = text.partition(": ")
    if not mark or kind not in ("error", "hint", "left out"):
        return _in_lines(text)
    return reader().say(f"{kind}: {{message}}", message=_in_lines(message))


def _in_lines(text: str) -> str:
    """A text told line by line, each behind the blanks that it begins with."""
    lines = ((line, line.lstrip(" ")) for line in text.split("\n"))
    return "\n".join(line[: len(line) - len(words)] + reader().text(words) for line, words in lines)


def _option(words: Sequence[str]) -> str | None:
    """What `--lang` says, wherever it stands; the last one counts."""
    found = None
    for word, following in zip(words, [*words[1:], ""], strict=False):
        if word == "--":
            break
        if word == "--lang":
            found = following
        elif word.startswith("--lang="):
            found = word.removeprefix("--lang=")
    return found
