"""The command line: the list of its commands, and which exit code an outcome has."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from importlib import import_module
from typing import Annotated, Any, Final

import typer

from supportkit import __version__
from supportkit.commands.command_help import GroupedHelp, HelpWithExamples, as_help
from supportkit.commands.messages import say, speak_as_asked, stop_waiting
from supportkit.commands.output import to_stdout
from supportkit.errors import ExitCode, SupportkitError, UsageError
from supportkit.metrics import LISTINGS, METRICS
from supportkit.system.atomic_files import remember_umask
from supportkit.system.ending import ends_soon
from supportkit.system.machine import is_limited
from supportkit.system.named import NamedTuple
from supportkit.system.signals import remember_interrupts, was_interrupted


class Command(NamedTuple):
    """A command: `place` is module:function, imported when it is asked for; one that reads has the shared options.

    One that is `filtered` obeys conditions and periods too; the others refuse them, and do not list them in their help.
    """

    name: str
    place: str
    help: str
    group: str
    reads: bool = True
    filtered: bool = False


EXPLAIN, REPORTS, DATA = "Explain", "Reports and checks", "Data"
COMMANDS: Final = (
    Command("brief", "brief:brief_command", "The problems, by what is at risk with them.", EXPLAIN, filtered=True),
    Command("why", "explain:why_command", "Why a share changed, and the slices behind it.", EXPLAIN, filtered=True),
    Command("evidence", "explain:evidence_command", "What else happened then and there.", EXPLAIN, filtered=True),
    Command("affected", "explain:affected_command", "Who dropped out and has not written.", EXPLAIN, filtered=True),
    Command("customer", "customer:customer_command", "One person's way, over all tables.", EXPLAIN, filtered=True),
    Command("issues", "topics:issues_command", "Known problems: list, add, close.", EXPLAIN, filtered=True),
    Command("report", "report:report_command", "What stands out, then the figures.", REPORTS, filtered=True),
    Command("check", "check:check_command", "Judge figures by thresholds.", REPORTS, filtered=True),
    Command("schedule", "report:schedule_command", "What to paste for cron, systemd or CI.", REPORTS, reads=False),
    Command("demo", "demo:demo_command", "What is wrong in a sample shop.", REPORTS, reads=False),
    Command("init", "data:init_command", "Write a commented supportkit.toml.", DATA, reads=False),
    Command("load", "data:load_command", "Load exported files into the store.", DATA, reads=False),
    Command("tables", "data:tables_command", "What is loaded, from which file, until when.", DATA),
    Command("rejects", "data:rejects_command", "What was refused, where and why.", DATA),
    Command("history", "data:history_command", "What was loaded when, and what it replaced.", DATA),
    Command("undo", "undo_forget:undo_command", "Go back to the file before the last load.", DATA),
    Command("forget", "undo_forget:forget_command", "Erase a person from the store, for good.", DATA),
    Command("sources", "data:sources_command", "The vendors whose exports are recognised.", DATA),
    Command("tickets", "listings:tickets_command", "Tickets one by one, the latest first.", DATA, filtered=True),
    Command("orders", "listings:orders_command", "Orders one by one, the latest first.", DATA, filtered=True),
    Command("answers", "listings:answers_command", "Answers one by one, the latest first.", DATA, filtered=True),
    Command("users", "listings:users_command", "Users of the funnel, the latest first.", DATA, filtered=True),
    Command("sql", "data:sql_command", "Query the store, read-only.", DATA),
    Command("mcp", "serving.command:mcp_command", "Serve the metrics to language models.", DATA),
    Command("export", "data:export_command", "Write tables as Parquet, or all figures.", DATA, filtered=True),
    Command("metrics", "metric:metrics_command", "The catalogue: definitions, columns, sources.", DATA, filtered=True),
)


def main() -> None:
    """Run the command line and exit with the code of the outcome.

    Most runs are short: collecting garbage while modules load (see `__main__`), and freeing every object at the end
    before the system does it at once, would take an eighth of one. Nothing here waits for the interpreter's end: what a
    command opens, it closes. SUPPORTKIT_DEBUG leaves both as Python has them, for debuggers, profilers and coverage.
    """
    debugged = bool(os.environ.get("SUPPORTKIT_DEBUG"))
    _fill_closed_streams()
    remember_interrupts()
    remember_umask(os.umask(0o077))  # what DuckDB spills is for this user alone; output obeys the caller's
    limited = not debugged and is_limited()
    if limited:
        from supportkit.system.scarce_memory import leave, speak_for_libraries, watched

        watched()
        speak_for_libraries()
    if not debugged:
        ends_soon()
    code = run(sys.argv[1:])
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError):
            stream.flush()
    if limited:
        leave(code)
    if debugged or threading.active_count() > 1:  # somebody else's thread may still be writing
        sys.exit(code)
    os._exit(code)


def _fill_closed_streams() -> None:
    """A stream that the caller has closed is one that cannot be written; no file of ours may get its number."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, os.fdopen(os.open(os.devnull, os.O_RDONLY), mode))


def run(words: Sequence[str]) -> int:
    """Run the command line; returns the exit code."""
    try:
        return _run(words)
    finally:
        stop_waiting()


def _run(words: Sequence[str]) -> int:
    try:
        speak_as_asked(words)
        _check_text(words)
        words = as_help(words)
        if "--schema" in words[1:] and not words[0].startswith("-"):
            from supportkit.commands.command_schema import schema_of

            to_stdout(schema_of(words[0], typer.main.get_command(application(words))))
            return ExitCode.DONE
        outcome = application(words)(args=list(words), prog_name="supportkit", standalone_mode=False)
        sys.stdout.flush()
        if outcome == ExitCode.INTERRUPTED:  # Typer turns Ctrl-C inside a command into this code
            say("interrupted")
        return outcome if isinstance(outcome, int) else ExitCode.DONE
    except SupportkitError as error:
        return _told(error)
    except typer.Exit as stop:
        return stop.exit_code
    except SystemExit as stop:  # from completion
        return stop.code if isinstance(stop.code, int) else ExitCode.DONE
    except (KeyboardInterrupt, typer.Abort):
        say("interrupted")
        return ExitCode.INTERRUPTED
    except typer.TyperException as error:
        return _usage(error)
    except Exception as error:
        if was_interrupted():
            say("interrupted")
            return ExitCode.INTERRUPTED
        from supportkit.store.shortage import LESS, is_shortage, short_of_memory

        if is_shortage(error):
            fewer = {
                "load": "load fewer files at once, or without the columns that nobody asks about",
                "sql": "select fewer columns and rows, or group them",
            }
            return _told(short_of_memory(error, instead=fewer.get("".join(words[:1]), LESS)))
        import traceback

        say(traceback.format_exc())
        say("error: this is a bug in supportkit; please report it with the lines above")
        return ExitCode.BUG


def _told(error: SupportkitError) -> int:
    say(f"error: {error.message}")
    if error.hint:
        say(f"hint: {error.hint}")
    return error.exit_code


def _check_text(words: Sequence[str]) -> None:
    """Raise UsageError for a word with bytes that are no characters, unless it names a file."""
    for word in words:
        if any("\udc80" <= char <= "\udcff" for char in word) and not os.path.lexists(word):
            raise UsageError(f"{word}: is not valid UTF-8", hint="type it again, or give the folder of the file")


def _usage(error: typer.TyperException) -> int:
    text = error.format_message() if hasattr(error, "format_message") else str(error)
    if text:
        say(f"error: {text.replace('Value error, ', '')}")
    context = getattr(error, "ctx", None)
    if context is not None:
        say(f"hint: {context.command_path} --help")
    return ExitCode.USAGE


def application(words: Sequence[str]) -> typer.Typer:
    """The Typer application in which the command that is asked for is whole; the others are only named.

    Where the first word is the command, nothing lists the others, and they are left out.
    """
    app = typer.Typer(
        name="supportkit",
        cls=GroupedHelp,
        help="Support analytics: tickets, orders, surveys and funnel events in one DuckDB file.",
        context_settings={"help_option_names": ["-h", "--help"]},
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
    )
    app.callback()(_root)
    asked = next((word for word in words if not word.startswith("-")), None)
    completing = "_SUPPORTKIT_COMPLETE" in os.environ
    listings = {listing.name.replace("_", "-"): listing for listing in LISTINGS}
    known = {*listings, *(command.name for command in COMMANDS)}
    listed = completing or asked not in known or asked not in words[:1]
    for name, listing in listings.items():
        if completing or name == asked or listed:
            add = app.command(name, cls=HelpWithExamples, short_help=listing.summary, rich_help_panel=listing.group)
            add(_metric(name) if completing or name == asked else _named)
    for command in COMMANDS:
        whole = completing or command.name == asked
        if whole or listed:
            panel = command.group
            add = app.command(command.name, cls=HelpWithExamples, short_help=command.help, rich_help_panel=panel)
            add(_whole(command) if whole else _named)
    return app


def _whole(command: Command) -> Callable[..., Any]:
    from supportkit.commands.metric_options import with_language, with_shared_options

    module, _, name = command.place.partition(":")
    function: Callable[..., Any] = getattr(import_module(f"supportkit.commands.{module}"), name)
    return with_shared_options(function, filtered=command.filtered) if command.reads else with_language(function)


def _metric(name: str) -> Callable[..., Any]:
    from supportkit.commands.metric import run_metric
    from supportkit.commands.metric_options import metric_command

    if name != "topics":
        return metric_command(METRICS[name], run_metric)
    from supportkit.commands.topics import change_topics

    return metric_command(METRICS[name], run_metric, change_topics)


def _named() -> None:
    """A command that was not asked for."""


def _version(asked: bool) -> None:
    if asked:
        print(f"supportkit {__version__}")
        raise typer.Exit


def _root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and exit.")
    ] = False,
) -> None:
    """Support analytics: tickets, orders, surveys and funnel events in one DuckDB file."""


if __name__ == "__main__":
    main()
