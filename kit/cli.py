"""The command line. It words problems, shows progress and returns the exit code; the work is elsewhere.

Heavy modules are imported inside the commands, so that ``--help`` answers at once.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kit.errors import FAILED, INVALID, WRONG_CALL, KitError, problem
from kit.speaker import Speaker, Told

if TYPE_CHECKING:
    from kit.client import Client

CLIENT = click.argument("client", envvar="KIT_CLIENT", default="")
LOCALE = click.option("--locale", envvar="KIT_LOCALE", default="", help="zh, en or zh,en; default: the client's own.")
PERIOD = click.option(
    "--period", envvar="KIT_PERIOD", default="", help="2024-06, 2024-Q2, 2024, 2024-W45, 2024-11-11, A..B"
)
REPORT = click.option(
    "--report", "reports", envvar="KIT_REPORT", default="", help="Which, e.g. market,review; default: all there are."
)
FORCE = click.option("--force", is_flag=True, envvar="KIT_FORCE", help="Build whether or not anything has changed.")
WORKERS = click.option(
    "--workers",
    type=click.IntRange(1),
    envvar="KIT_WORKERS",
    default=os.cpu_count() or 1,
    help="Reports built at a time; default: one a core.",
)

SCHEDULER = click.option(
    "--scheduler", envvar="KIT_SCHEDULER", default="", help="Let a Dask cluster do it, e.g. tcp://10.0.0.5:8786."
)
NO_BROWSER = click.option("--no-browser", is_flag=True, help="Don't open a browser.")
PORT = click.option("--port", type=int, default=8888, show_default=True)


@click.group(cls=Told, context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Reports for a brand, from its platforms' export files."""


def _client(speaker: Speaker, slug: str, locale: str) -> Client:
    """The client; from here on messages are in the language asked for, else the client's."""
    from kit.client import Client

    _locales(locale, "zh")
    if locale:
        speaker.locale = locale.split(",")[0]
    client = Client.load(slug)
    speaker.locale = _locales(locale, client.locale)[0]
    return client


def _locales(asked: str, default: str) -> tuple[str, ...]:
    locales = tuple(dict.fromkeys(part.strip() for part in asked.split(",") if part.strip())) or (default,)
    for locale in locales:
        if locale not in ("zh", "en"):
            raise KitError(problem("e.locale", given=locale), WRONG_CALL)
    return locales


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

    found = _client(speaker, client, locale)
    locales = _locales(locale, found.locale)
    order = batch.Order(found.slug, _parts(reports), period, locales, force)
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

    speaker.locale = _locales(locale, "zh")[0]
    locales = _locales(locale, "") if locale else ()
    orders = [batch.Order(c, _parts(reports), period, locales, force) for c in _parts(clients) or names()]
    with progress.shown(speaker.out, speaker.words) as board:
        outcomes = list(board.watch(batch.build(orders, workers, board.step, scheduler)))
    for line in progress.summary(outcomes, speaker.words):
        speaker.line(line)
    if any(outcome.error for outcome in outcomes):
        sys.exit(FAILED)


def _parts(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


@main.command()
@CLIENT
@LOCALE
@click.pass_obj
def check(speaker: Speaker, client: str, locale: str) -> None:
    """Read and validate a client's data only: every problem at once."""
    from kit import checking, store

    found = _client(speaker, client, locale)
    data = store.inspect(found)
    problems = [*data.problems, *checking.needs(found, speaker.words)]
    for line in checking.lines(found, data, speaker.words):
        speaker.line(line)
    speaker.problems(KitError(problems))
    if any(not fault.warning for fault in problems):
        sys.exit(INVALID)
    if data.coverage:
        if problems:
            speaker.line(speaker.words.label("say.checked.notes", client=client, n=len(problems)))
        else:
            speaker.line(speaker.words.label("say.checked", client=client))


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

    found = _client(speaker, client, locale)
    data = store.load(found)
    folder = stale.folder_of(found, Period.choose(period, data.span(), data.months()))
    told = list(news.of_folder(folder, Words(speaker.locale, found.currency)))
    if not told:
        raise KitError(problem("e.diff.none", client=client, period=folder.name), WRONG_CALL)
    for line in told:
        speaker.line(line)


@main.command()
@click.argument("platform", envvar="KIT_PLATFORM", default="")
@click.option("--locale", envvar="KIT_LOCALE", default="zh", help="zh or en.")
@click.pass_obj
def exports(speaker: Speaker, platform: str, locale: str) -> None:
    """Print which export files are read, column by column, and check the dictionaries for contradictions."""
    from kit.exports import dictionary, review

    speaker.locale = _locales(locale, "zh")[0]
    found = review.of_platform(platform)
    if not found:
        known = sorted({p for e in dictionary.exports() for p in (e.file, *e.platforms)})
        raise KitError(problem("e.platform.unknown", given=platform, known=", ".join(known)), WRONG_CALL)
    for line in review.shown(found, speaker.locale):
        speaker.line(line)
    faults = review.contradictions(found)
    speaker.problems(KitError(faults))
    if faults:
        sys.exit(FAILED)
    speaker.line(speaker.words.label("say.exports", n=len(found)))


@main.command("map")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--save", is_flag=True, help="Add it to the mapping.yml of the client in whose folder the file lies.")
@click.option("--locale", envvar="KIT_LOCALE", default="zh", help="zh or en.")
@click.pass_obj
def draft(speaker: Speaker, file: Path, save: bool, locale: str) -> None:
    """Draft a mapping.yml for a workbook of the agency's own, and show what it would bring."""
    from kit import project
    from kit.exports import drafted, files, mapping
    from kit.exports.recognise import familiar

    speaker.locale = _locales(locale, "zh")[0]
    shown = file.name
    found = drafted.drafts(files.sheets(files.content(file, shown), shown, familiar), shown)
    if not found:
        raise KitError(problem("e.map.nothing", file=shown), WRONG_CALL)
    lines = list(drafted.printed(found, speaker.words))
    for line in lines:
        speaker.line(line)
    if save:
        if not file.resolve().is_relative_to(project.data()):
            raise KitError(problem("e.map.place", file=shown), WRONG_CALL)
        client = file.resolve().relative_to(project.data()).parts[0]
        path = project.data() / client / mapping.FILE
        with path.open("a", encoding="utf-8") as kept:
            kept.write("".join(f"{line}\n" for line in lines))
        speaker.line(project.relative(path))


@main.command()
@CLIENT
@LOCALE
@click.pass_obj
def new(speaker: Speaker, client: str, locale: str) -> None:
    """Make a new client's folder, ready to be filled."""
    from kit import scaffold

    speaker.locale = _locales(locale, "zh")[0]
    for path in scaffold.new(client, speaker.words):
        speaker.line(path)
    speaker.line(speaker.words.label("say.new", client=client))


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

    found = _client(speaker, client, "")
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

    found = _client(speaker, client, "")
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


import kit.delivering  # noqa: E402, F401  # its commands are attached to main
