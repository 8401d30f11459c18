"""The commands of delivery: what becomes of built reports, and where every client stands."""

from __future__ import annotations

import sys

import click

from kit.command import CLIENT, LOCALE, PERIOD, REPORT, WORKERS, client_of, locales_of, main, parts
from kit.errors import FAILED
from kit.speaker import Speaker


@main.command()
@click.option("--clients", envvar="KIT_CLIENTS", default="", help="Which, e.g. acme,beta; default: all under data/.")
@PERIOD
@LOCALE
@click.pass_obj
def status(speaker: Speaker, clients: str, period: str, locale: str) -> None:
    """Say where every client stands: data in, checked, built, reviewed, approved, delivered; and what comes next."""
    from kit.client import names
    from kit.deliver import board
    from kit.periods import Period

    speaker.locale = locales_of(locale, "zh")[0]
    if period:
        Period.parse(period)
    words = speaker.words
    made = list(board.lines(parts(clients) or names(), period, words))
    if not made:
        speaker.line(words.label("say.board.none"))
    elif speaker.out.is_terminal:
        speaker.out.print(board.table(made, words), soft_wrap=False)
        for line in board.todo(made, words):
            speaker.line(line)
    else:
        for line in board.told(made, words):
            speaker.line(line)


@main.command()
@CLIENT
@PERIOD
@LOCALE
@click.option("--by", envvar="KIT_BY", default="", help="Who approves; not one of those who edited.")
@WORKERS
@click.pass_obj
def approve(speaker: Speaker, client: str, period: str, locale: str, by: str, workers: int) -> None:
    """Approve what is built of a period, and set its pages again without the draft mark."""
    from kit import batch, graph, project
    from kit.deliver import approving

    found = client_of(speaker, client, locale)
    done = approving.approve(found, period, by)
    stands = done.made or done.stands
    facts = {"client": client, "period": done.period.text, "version": f"V{stands.version}", "at": stands.at}
    key = "say.deliver.approved" if done.made else "say.deliver.approved.already"
    speaker.line(speaker.words.label(key, by=stands.by, **facts))
    order = batch.Order(found.slug, (*done.reports, graph.PACK), done.period.text, done.locales)
    failed = False
    with speaker.working():
        for outcome in batch.build([order], workers, lambda client, report, key, args: speaker.say(key, **args)):
            for path in outcome.built.files if outcome.built and outcome.status != "unchanged" else ():
                speaker.line(project.relative(path))
            if outcome.error:
                speaker.problems(outcome.error)
                failed = True
    if failed:
        sys.exit(FAILED)


@main.command()
@CLIENT
@PERIOD
@LOCALE
@click.pass_obj
def redline(speaker: Speaker, client: str, period: str, locale: str) -> None:
    """Say to whoever approves what moved, what was edited and why, what is missing and what is new."""
    from kit import project
    from kit.deliver import redline as page
    from kit.text import Words

    found = client_of(speaker, client, locale)
    words = Words(speaker.locale, found.currency)
    made, path = page.make(found, period, words)
    speaker.line(words.label("redline.internal"))
    for line in page.lines(made):
        speaker.line(line)
    speaker.line(project.relative(path))


@main.command()
@CLIENT
@PERIOD
@LOCALE
@click.pass_obj
def share(speaker: Speaker, client: str, period: str, locale: str) -> None:
    """Write what travels in a chat: approved PDFs under readable names, a long picture of the summary, a short text."""
    from kit import project
    from kit.deliver import share as sharing

    found = client_of(speaker, client, locale)
    with speaker.working():
        shared = sharing.share(found, period, locales_of(locale, found.locale))
    told: set[str] = set()
    for done in shared:
        speaker.warn(done.told, told)
        if done.before and done is shared[0]:
            speaker.line(speaker.words.label("say.share.again", version=f"V{done.version}", at=done.before))
        for path in done.files:
            speaker.line(project.relative(path))
        speaker.line(speaker.words.label("say.share.done", folder=project.relative(done.files[0].parent)))
        speaker.line(done.message)


@main.command()
@CLIENT
@REPORT
@PERIOD
@LOCALE
@click.pass_obj
def mail(speaker: Speaker, client: str, reports: str, period: str, locale: str) -> None:
    """Write the mail that brings the approved reports, as an unsent draft; REPORT=pack attaches the pack alone."""
    from kit import project
    from kit.deliver import mail as mailing

    found = client_of(speaker, client, locale)
    with speaker.working():
        drafts = mailing.write(found, period, locales_of(locale, found.locale), parts(reports))
    told: set[str] = set()
    for done in drafts:
        speaker.warn(done.told, told)
        if done.before and done is drafts[0]:
            speaker.line(speaker.words.label("say.mail.again", version=f"V{done.version}", at=done.before))
        speaker.line(speaker.words.label("say.mail.done", file=project.relative(done.file)))
