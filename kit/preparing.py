"""The commands of what comes before a report: a client's folder, its data, and how files are read."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from kit.command import CLIENT, LOCALE, PERIOD, REPORT, client_of, locales_of, main, parts
from kit.errors import FAILED, INVALID, WRONG_CALL, KitError, problem
from kit.speaker import Speaker


@main.command()
@CLIENT
@REPORT
@PERIOD
@LOCALE
@click.pass_obj
def check(speaker: Speaker, client: str, reports: str, period: str, locale: str) -> None:
    """Read and validate a client's data only: every problem at once, and what is still to be downloaded."""
    from kit import checking, report, store

    found = client_of(speaker, client, locale)
    data = store.inspect(found)
    problems = [*data.problems, *checking.needs(found, speaker.words), *report.misnamed(found)]
    for line in checking.lines(found, data, speaker.words, period, parts(reports)):
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
@click.argument("platform", envvar="KIT_PLATFORM", default="")
@click.option("--locale", envvar="KIT_LOCALE", default="zh", help="zh or en.")
@click.pass_obj
def exports(speaker: Speaker, platform: str, locale: str) -> None:
    """Print which export files are read, column by column, and check the dictionaries for contradictions."""
    from kit.exports import dictionary, review

    speaker.locale = locales_of(locale, "zh")[0]
    found = review.of_platform(platform)
    if not found:
        known = sorted({p for e in dictionary.exports() for p in (e.file, *e.platforms)})
        raise KitError(problem("e.platform.unknown", given=platform, known=", ".join(known)), WRONG_CALL)
    for line in review.shown(found, review.unread_of(platform), speaker.words):
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

    speaker.locale = locales_of(locale, "zh")[0]
    shown = file.name
    found = drafted.drafts(files.sheets(files.content(file, shown), shown, familiar), shown)
    if not found:
        raise KitError(problem("e.map.nothing", file=shown), WRONG_CALL)
    lines = list(drafted.printed(found, speaker.words))
    for line in lines:
        speaker.line(line)
    if save:
        speaker.line(project.relative(mapping.add(file, lines)))


@main.command()
@CLIENT
@LOCALE
@click.pass_obj
def new(speaker: Speaker, client: str, locale: str) -> None:
    """Make a new client's folder, ready to be filled."""
    from kit import scaffold

    speaker.locale = locales_of(locale, "zh")[0]
    for path in scaffold.new(client, speaker.words):
        speaker.line(path)
    speaker.line(speaker.words.label("say.new", client=client))
