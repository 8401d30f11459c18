"""The command line. It words problems, shows progress and returns the exit code; the work is elsewhere.

Heavy modules are imported inside the commands, so that ``--help`` answers at once.
"""

from __future__ import annotations

import sys

import click

from kit import delivering, preparing  # their commands are attached to main
from kit.command import (
    CLIENT,
    FORCE,
    LOCALE,
    NO_BROWSER,
    PERIOD,
    PORT,
    REPORT,
    SCHEDULER,
    WORKERS,
    client_of,
    locales_of,
    main,
    parts,
)
from kit.errors import FAILED, WRONG_CALL, KitError, problem
from kit.speaker import Speaker

__all__ = ["delivering", "main", "preparing"]


@main.command()
@CLIENT
@REPORT
@PERIOD
@LOCALE
@FORCE
@WORKERS
@click.option("--explain", is_flag=True, envvar="KIT_EXPLAIN", help="Say why each report is built, or that it is not.")
@click.option("--profile", is_flag=True, help="Say where the time of each report went; also as a file of traces.")
@click.pass_obj
def report(
    speaker: Speaker,
    client: str,
    reports: str,
    period: str,
    locale: str,
    force: bool,
    workers: int,
    explain: bool,
    profile: bool,
) -> None:
    """Build what has changed of a client's reports and print where the files are."""
    from kit import batch, project, reasons, stages

    found = client_of(speaker, client, locale)
    locales = locales_of(locale, found.locale)
    order = batch.Order(found.slug, parts(reports), period, locales, force)
    told: set[str] = set()
    outcomes = []
    with speaker.working():
        for outcome in batch.build([order], workers, lambda client, report, key, args: speaker.say(key, **args)):
            outcomes.append(outcome)
            if outcome.status == "skipped":
                speaker.line(speaker.words.label("say.skipped", report=outcome.report))
            if outcome.built is None:
                continue
            if explain:
                speaker.line(reasons.explained(outcome.report, outcome.built.plan, speaker.words))
            if profile and outcome.built.stages:
                speaker.line(reasons.profiled(outcome.report, outcome.built.stages, outcome.seconds, speaker.words))
            speaker.warn(outcome.built.warnings, told)
            for path in outcome.built.files:
                speaker.line(project.relative(path))
    timed = [stages.Timed(o.report, o.seconds, o.built.stages) for o in outcomes if o.built and o.built.stages]
    if profile and timed:
        traced = project.output() / found.slug / "profile.json"
        traced.write_bytes(stages.trace(timed))
        speaker.line(project.relative(traced))
    failed = [outcome.error for outcome in outcomes if outcome.error]
    for error in failed:
        speaker.problems(error)
    if failed:
        codes = {error.exit_code for error in failed}
        sys.exit(codes.pop() if len(codes) == 1 and len(failed) == len(outcomes) else FAILED)


@main.command()
@click.option("--clients", envvar="KIT_CLIENTS", default="", help="Which, e.g. acme,beta; default: all under data/.")
@REPORT
@PERIOD
@LOCALE
@FORCE
@WORKERS
@SCHEDULER
@click.pass_context
def reports(
    context: click.Context,
    clients: str,
    reports: str,
    period: str,
    locale: str,
    force: bool,
    workers: int,
    scheduler: str,
) -> None:
    """Build what has changed of all clients' reports, several at a time; at the end, what is to be done where."""
    speaker: Speaker = context.obj
    if scheduler and context.get_parameter_source("workers") is click.core.ParameterSource.DEFAULT:
        workers = sys.maxsize  # as many as the cluster has
    from kit import batch, progress
    from kit.client import names

    speaker.locale = locales_of(locale, "zh")[0]
    locales = locales_of(locale, "") if locale else ()
    orders = [batch.Order(c, parts(reports), period, locales, force) for c in parts(clients) or names()]
    with progress.shown(speaker.out, speaker.words) as board:
        outcomes = list(board.watch(batch.build(orders, workers, board.step, scheduler)))
    for line in progress.summary(outcomes, speaker.words):
        speaker.line(line)
    if any(outcome.error for outcome in outcomes):
        sys.exit(FAILED)


@main.command()
@CLIENT
@PERIOD
@LOCALE
@click.pass_obj
def diff(speaker: Speaker, client: str, period: str, locale: str) -> None:
    """Say what each built report says that the one before it did not."""
    from kit import news, stale, store
    from kit.client import Period
    from kit.text import Words

    found = client_of(speaker, client, locale)
    data = store.load(found)
    folder = stale.folder_of(found, Period.choose(period, data.span(), data.months()))
    told = list(news.of_folder(folder, Words(speaker.locale, found.currency)))
    if not told:
        raise KitError(problem("e.diff.none", client=client, period=folder.name), WRONG_CALL)
    for line in told:
        speaker.line(line)


@main.command()
@click.argument("client", envvar="KIT_CLIENT", default="demo")
@PERIOD
@NO_BROWSER
@PORT
@click.pass_obj
def lab(speaker: Speaker, client: str, period: str, no_browser: bool, port: int) -> None:
    """JupyterLab on the notebooks, set to that client."""
    from kit import lab as jupyter
    from kit import project

    found = client_of(speaker, client, "")
    folder, notebooks = project.root(), project.notebooks()
    if not notebooks.is_relative_to(folder):  # a wheel's notebooks; there is no project around them
        folder = notebooks
    jupyter.run(found.slug, speaker.locale, period, folder, notebooks, port, not no_browser)


@main.command()
@CLIENT
@click.option("--report", envvar="KIT_REPORT", default="", help="Which, e.g. swot.")
@PERIOD
@NO_BROWSER
@PORT
@click.pass_obj
def edit(speaker: Speaker, client: str, report: str, period: str, no_browser: bool, port: int) -> None:
    """Give a client a copy of a report's notebook, used from then on, and open JupyterLab on it."""
    from kit import lab as jupyter
    from kit import notebooks, project

    found = client_of(speaker, client, "")
    path, made = notebooks.edit(found, report)
    speaker.line(speaker.words.label("say.copied" if made else "say.copied.there", file=project.relative(path)))
    speaker.problems(KitError(notebooks.moved(found, report)))
    jupyter.run(found.slug, speaker.locale, period, project.root(), path, port, not no_browser)


@main.command()
@click.argument("client", envvar="KIT_CLIENT", default="")
def clean(client: str) -> None:
    """Remove built files, one client's or everyone's; data are never touched."""
    from kit import report as building
    from kit.client import find

    building.clean(find(client).name if client else "")
