"""The commands that report: report, demo, schedule."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer

from supportkit.commands.completion import complete_audience
from supportkit.commands.messages import reader
from supportkit.commands.metric_options import EVENTS
from supportkit.commands.output import formatted_report, say, to_stdout, write_output
from supportkit.commands.report_output import ReportSource, build_report, repeated_options, tables_read
from supportkit.commands.shared_options import SharedOptions, load_config, open_selected, period_of
from supportkit.errors import BusyError, ExitCode, UsageError
from supportkit.period import Period
from supportkit.render.document import Document
from supportkit.reports.audiences import AudiencePlan, plan_of
from supportkit.reports.report_request import ReportRequest
from supportkit.system.frozen import dataclass


def report_command(
    shared: SharedOptions,
    audience: Annotated[
        str,
        typer.Option(
            "--audience",
            help="manager (a day), head (a week), director (a month), or an own one.",
            autocompletion=complete_audience,
        ),
    ] = "head",
    catch_up: Annotated[
        int | None, typer.Option("--catch-up", min=1, help="Write what is missing of the last N periods.")
    ] = None,
    mail: Annotated[
        list[str] | None,
        typer.Option("--mail", help="ADDRESS=FILE.eml writes the message; ADDRESS sends it by SUPPORTKIT_SMTP."),
    ] = None,
    notify: Annotated[
        list[str] | None, typer.Option("--notify", help="Send the text to an apprise address; repeatable.")
    ] = None,
    section: Annotated[
        str | None, typer.Option("--section", metavar="NAME", help="One section alone: svg and png have its picture.")
    ] = None,
    skip_code: Annotated[
        int | None, typer.Option("--skip-code", min=0, max=255, help="The exit code when there is nothing to report.")
    ] = None,
    events: Annotated[Path | None, typer.Option("--events", help=EVENTS, readable=False)] = None,
) -> None:
    """What stands out in a period, then the figures, for an audience."""
    config = load_config(shared)
    plan = plan_of(audience, config.report if config else {})
    asked = ReportRequest(audience, Period("", None, None), repeated_options(shared), reader(), section=section)
    post = Post(tuple(mail or ()), tuple(notify or ()))
    try:
        with _alone(shared), _pictures(shared), open_selected(shared, config, tables_read(plan, config)) as store:
            source = ReportSource(store, config, events)
            period, told = period_of(_with_period(shared, plan), store.zone)
            now = store.as_of or datetime.now(UTC)
            if told and not shared.quiet:
                say(told)
            made = [
                _publish(source, plan, replace(asked, period=one, running=_runs(one, now, store.zone)), each, post)
                for one, each in _targets(shared, period, catch_up)
            ]
    except BusyError:
        if skip_code is not None:
            raise typer.Exit(skip_code) from None
        raise
    if not any(one.filled for one in made):
        if not shared.quiet:
            say(_without_data(made[-1]) if made else "nothing to write: every report is there")
        code = ExitCode.NO_DATA if made else ExitCode.DONE
        raise typer.Exit(code if skip_code is None else skip_code)


def _without_data(made: Document) -> str:
    """That no section has a row, and the last period with data."""
    told, language = "no data: no section has a row in scope", made.language
    if not made.last:
        return told
    return f"{language.text(told)}; {language.say('the last period with data is {period}', period=made.last)}"


def _publish(
    source: ReportSource, plan: AudiencePlan, asked: ReportRequest, shared: SharedOptions, post: Post
) -> Document:
    """Make a report, write it and send it; where no section has a row, nothing is sent."""
    made = build_report(source, plan, asked)
    if asked.section is not None:
        made = made.only(asked.section)
    if made.filled:
        _send(made, post, asked.period.name)
    if not post.given or shared.output is not None or shared.format is not None:
        write_output(formatted_report(made, shared), shared)
    return made


def _send(made: Document, post: Post, period: str) -> None:
    """Mail and notify as asked."""
    from supportkit.reports.delivery.mail import SENDER, mail
    from supportkit.reports.delivery.notify import notify
    from supportkit.reports.delivery.smtp import send
    from supportkit.system.atomic_files import write_bytes

    for target in post.mail:
        address, _, path = target.partition("=")
        message = mail(made, address, os.environ.get("SUPPORTKIT_MAIL_FROM", SENDER))
        if path:
            write_bytes(Path(path.replace("{period}", period)), message.as_bytes())
            continue
        server = os.environ.get("SUPPORTKIT_SMTP")
        if not server:
            raise UsageError(
                f"--mail {address}: no mail server is named",
                hint=f"SUPPORTKIT_SMTP=smtps://user@host:465, or --mail {address}=report.eml to write the message",
            )
        send(message, server)
    for address in post.notify:
        notify(made, address)


@dataclass(frozen=True)
class Post:
    """Whom a report is sent to."""

    mail: tuple[str, ...] = ()
    notify: tuple[str, ...] = ()

    @property
    def given(self) -> bool:
        """Whether anybody is."""
        return bool(self.mail or self.notify)


def _runs(period: Period, now: datetime, zone: str) -> bool:
    """Whether a period is not over at an instant."""
    from supportkit.period import midnight

    last = timedelta(microseconds=1)  # --as-of a day is the last instant of it
    return period.end is not None and now + last < midnight(period.end, zone)


def _with_period(shared: SharedOptions, plan: AudiencePlan) -> SharedOptions:
    given = shared.period or shared.since or shared.until
    return shared if given else replace(shared, period=f"last-{plan.grain}")


def _targets(shared: SharedOptions, period: Period, catch_up: int | None) -> list[tuple[Period, SharedOptions]]:
    """The periods to report and where each goes; with --catch-up those of the last N whose file is missing."""
    named = shared.output is not None and "{period}" in str(shared.output)
    periods = [period]
    if catch_up is not None:
        if not named:
            raise UsageError(
                "--catch-up writes several reports", hint="name the file by its period: --output 'report-{period}.html'"
            )
        try:
            while len(periods) < catch_up:
                periods.insert(0, periods[0].previous())
        except ValueError as error:
            raise UsageError(f"--catch-up: {error}", hint="for example --period last-week") from error
    if not named:
        return [(period, shared)]
    places = [(one, Path(str(shared.output).replace("{period}", one.name))) for one in periods]
    return [(one, replace(shared, output=path)) for one, path in places if catch_up is None or not path.exists()]


def _pictures(shared: SharedOptions) -> AbstractContextManager[None]:
    """A page's pictures are drawn beside, by a process that starts while queries run."""
    if shared.form() != "html":
        return nullcontext()
    from supportkit.render.drawing_process import drawing_beside

    return drawing_beside()


@contextmanager
def _alone(shared: SharedOptions) -> Iterator[None]:
    """Hold the lock of --output, so that two runs never write one file. Raises BusyError."""
    if shared.output is None:
        yield
        return
    from supportkit.system.atomic_files import output_lock

    with output_lock(shared.output):
        yield


def schedule_command(
    cron: Annotated[bool, typer.Option("--cron", help="Lines for crontab.")] = False,
    systemd: Annotated[bool, typer.Option("--systemd", help="A service and its timer.")] = False,
    github: Annotated[bool, typer.Option("--github", help="A workflow of GitHub Actions.")] = False,
    gitlab: Annotated[bool, typer.Option("--gitlab", help="A job of GitLab CI.")] = False,
    source: Annotated[
        str | None,
        typer.Option("--from", help="What a pipeline installs: a folder, a wheel, git+https://… [default: as here]."),
    ] = None,
    program: Annotated[
        str | None, typer.Option("--program", help="How cron and systemd call it [default: as it runs here].")
    ] = None,
) -> None:
    """Print what to paste so that reports and checks run by themselves."""
    from supportkit.reports.delivery.schedule import BY_INTERPRETER, Kind, in_words, schedule

    given: dict[Kind, bool] = {"cron": cron, "systemd": systemd, "github": github, "gitlab": gitlab}
    asked = [name for name, wanted in given.items() if wanted]
    if len(asked) != 1:
        raise UsageError("schedule prints one file", hint="--cron, --systemd, --github or --gitlab")
    (kind,) = asked
    if source is not None and kind in BY_INTERPRETER:
        raise UsageError(f"--from is for pipelines: {kind} runs what is installed", hint="--program names another")
    if program is not None and kind not in BY_INTERPRETER:
        raise UsageError(f"--program is for cron and systemd: {kind} installs it", hint="--from says what")
    to_stdout(in_words(schedule(kind, program, source), reader()))
