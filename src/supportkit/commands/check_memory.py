"""Where the history of checks lies, what becomes of one that cannot be used, and how a trouble is acknowledged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from supportkit.checks.history import HISTORY, Acknowledgement, History, names_of, read_history, record, spaced
from supportkit.checks.rule import Rule, read_rule
from supportkit.checks.verdict import Verdict
from supportkit.commands.messages import say
from supportkit.commands.shared_options import SharedOptions, read_day, refuse_filters, store_named
from supportkit.errors import BusyError, DataError, UsageError, unknown
from supportkit.system.frozen import dataclass

if TYPE_CHECKING:
    from supportkit.config import Config


@dataclass(frozen=True)
class CheckMemory:
    """The history of checks: its file, None where nothing is kept; `named` by the user; `failed` where it is of no use.

    A history that nobody has named is a help: what is wrong with it is told, and changes nothing else.
    """

    path: Path | None
    named: bool = False
    history: History | None = None
    failed: bool = False

    def keep(self, verdicts: Sequence[Verdict]) -> CheckMemory:
        """Remember these verdicts too."""
        if self.path is None or self.failed:
            return self
        try:
            return replace(self, history=record(self.path, verdicts))
        except (DataError, BusyError, UsageError) as error:
            return self.without(error)

    def without(self, error: DataError | BusyError | UsageError) -> CheckMemory:
        """The same, of no use for a reason that is told."""
        say(f"{'error' if self.named else 'history'}: {error.message}; these verdicts are not remembered")
        return replace(self, failed=True)


def open_memory(shared: SharedOptions, config: Config | None, named: Path | None) -> CheckMemory:
    """The history that is named, else the one beside the store; with --data there is none unless it is named."""
    path = _place(shared, config, named)
    if path is None:
        return CheckMemory(None)
    memory = CheckMemory(path, named is not None)
    try:
        return replace(memory, history=read_history(path))
    except DataError as error:
        return memory.without(error)


def _place(shared: SharedOptions, config: Config | None, named: Path | None) -> Path | None:
    """The history's file; None where none is named and there is no store to keep it beside."""
    if named is not None:
        return named
    from supportkit.store.address import address_of

    path = store_named(shared, config)
    address = address_of(path)
    store = address.folder if address else path
    return None if shared.data or not store.exists() else beside(store)


def beside(store: Path) -> Path:
    """The history's place where none is named."""
    return store.with_name(store.name + HISTORY)


def acknowledge(
    shared: SharedOptions,
    config: Config | None,
    words: Sequence[str],
    rules: Sequence[Rule],
    named: Path | None,
    *,
    why: str | None,
    slice_name: str | None,
    today: date,
) -> None:
    """Write down that somebody knows of a rule's trouble, until a day; a day that is over ends it."""
    refuse_filters(shared, but=("--until", "--as-of"), hint="check ack RULE --until 2026-12-31 --why 'what is known'")
    if words[0] != "ack":
        raise unknown("action of check", words[0], ("ack",))
    if len(words) != 2 or not shared.until or not (why or "").strip():
        raise UsageError(
            "check ack: a rule, a day and a reason are needed",
            hint="check ack 'nps >= 30' --until 2026-12-31 --why 'the form was broken'",
        )
    until = read_day(shared.until, "--until")
    if until.isoformat() != shared.until:
        raise UsageError(f"--until {shared.until}: not a day as it is written", hint=f"write {until}, if it is meant")
    path = _place(shared, config, named)
    if path is None:
        raise UsageError("check ack: there is no store to keep it beside", hint="--history FILE, or --db STORE")
    one = Acknowledgement(_rule_named(words[1], rules), until, spaced(why or ""), slice_name)
    meant = [rule for rule in rules if one.rule in names_of(rule)] or [read_rule(one.rule)]
    judged = read_history(path).slices_of(meant)
    if slice_name is not None and judged and slice_name not in judged:
        raise unknown(f"slice of {one.rule}", slice_name, filter(None, judged))
    record(path, acknowledgement=one)
    if not shared.quiet:
        whose = f"{one.rule} [{slice_name}]" if slice_name is not None else one.rule
        told = f"acknowledged until {until}" if until >= today else f"its acknowledgement ended on {until}"
        say(f"{whose}: {told}")


def _rule_named(text: str, rules: Sequence[Rule]) -> str:
    """The name of a rule, or its text in its normal form; one that is not configured has to be a rule.

    Raises UsageError.
    """
    word = spaced(text)
    known = [name for rule in rules for name in names_of(rule)]
    if word in known:
        form = next(rule.form for rule in rules if word in names_of(rule))
        return word if not form or any(word == rule.name for rule in rules) else form
    try:
        return read_rule(text).form
    except UsageError as error:
        if known and not any(mark in word for mark in "<>="):
            raise unknown("rule", word, known) from error
        raise
