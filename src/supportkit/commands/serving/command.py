"""The command `mcp`."""

from __future__ import annotations

from typing import Annotated

import typer

from supportkit.commands.shared_options import SharedOptions, load_config, refuse_filters
from supportkit.errors import UsageError
from supportkit.store.query_limits import QueryLimits


def mcp_command(
    shared: SharedOptions,
    texts: Annotated[
        bool, typer.Option("--texts", help="Give what customers wrote too, marked as data: subjects, comments.")
    ] = False,
    timeout: Annotated[str, typer.Option("--timeout", help="How long one call may take.")] = "60s",
    memory: Annotated[int, typer.Option("--memory", min=100, help="How many megabytes one call may take.")] = 2_000,
) -> None:
    """Serve the metrics to a language model's client, read-only, over stdin and stdout."""
    from supportkit.commands.serving.server import serve
    from supportkit.commands.serving.tools import Served
    from supportkit.period import parse_duration
    from supportkit.system.ending import ends_soon

    ends_soon(after_this=False)
    refuse_filters(shared, but=("--where",), hint="a call says it")
    if shared.format or shared.output:
        raise UsageError(
            "mcp speaks its protocol on stdout: --format and --output are for others", hint="leave them out"
        )
    try:
        seconds = parse_duration(timeout).total_seconds()
    except ValueError as error:
        raise UsageError(f"--timeout: {error}") from error
    serve(Served(shared, load_config(shared), QueryLimits(seconds, memory), texts))
