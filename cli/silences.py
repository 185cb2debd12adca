"""``silence`` and ``mute``: what is not told for a time, and to whom."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from cli.options import AsJson, Config, Database, Now, clock, duration, end_of_moment
from cli.output import minute, people_stream, print_json, say
from cli.reading import event_kind, open_store

if TYPE_CHECKING:
    from flows.config.whole import Settings
    from flows.silencing import Matcher
    from storage.store import Store
    from tracking.silence import Silence

silence = typer.Typer(help="What is not told for a time.", no_args_is_help=True)

For = Annotated[
    timedelta | None, typer.Option("--for", parser=duration, metavar="TIME", help="So long, such as 36h, 14d or 2w.")
]
Until = Annotated[
    datetime | None,
    typer.Option("--until", parser=end_of_moment, metavar="TIME", help="Until this time (a date: to its end)."),
]


@silence.command("add")
def add(
    reason: Annotated[str, typer.Option(metavar="TEXT", help="Why, for whoever wonders later.")],
    person: Annotated[
        str | None, typer.Option(metavar="PERSON", help="About this person: a name or a part of it, a URL or a key.")
    ] = None,
    tag: Annotated[str | None, typer.Option(metavar="TAG", help="About people with this tag.")] = None,
    source: Annotated[str | None, typer.Option(metavar="NAME", help="From pages of this source.")] = None,
    rule: Annotated[str | None, typer.Option(metavar="RULE", help="What this rule asks for.")] = None,
    receiver: Annotated[str | None, typer.Option(metavar="RECEIVER", help="For this receiver.")] = None,
    metric: Annotated[str | None, typer.Option(metavar="METRIC", help="About this metric.")] = None,
    kind: Annotated[
        list[str] | None,
        typer.Option(metavar="KIND", help="Of this kind, such as metric.changed; may be given more than once."),
    ] = None,
    everything: Annotated[bool, typer.Option("--everything", help="Everything, for everybody.")] = False,
    lasting: For = None,
    until: Until = None,
    config: Config = None,
    database: Database = None,
    now: Now = None,
    as_json: AsJson = False,
) -> None:
    """Silence what all of the options given are about, for a time. It is recorded, and not told afterwards.

    The verdict of what is silenced says so: why EVENT and why-not tell it.
    """
    from flows.settings import load
    from flows.silencing import Matcher

    chosen = (person, tag, source, rule, receiver, metric, kind)
    if everything == any(chosen):
        raise typer.BadParameter(
            "say what to silence, or --everything alone", param_hint="'--person', '--rule', … or '--everything'"
        )
    at = clock(now)
    ends_at = _end(at, lasting, until)
    if ends_at is None:
        raise typer.BadParameter("a silence has an end", param_hint="'--for' or '--until'")
    settings = load(config, database=database, stream=people_stream(as_json=as_json))
    with open_store(config, database) as store:
        kinds = tuple(event_kind(word) for word in kind or ())
        matcher = Matcher(
            person=person, tag=tag, source=source, rule=rule, receiver=receiver, metric=metric, kinds=kinds
        )
        added = _add(store, settings, matcher, at, ends_at, reason)
    _say_added(added, at, as_json=as_json)


def mute(
    rule: Annotated[str, typer.Argument(metavar="RULE", help="The name of a rule.")],
    person: Annotated[str, typer.Argument(metavar="PERSON", help="A name or a part of it, a profile's URL or key.")],
    lasting: For = None,
    until: Until = None,
    reason: Annotated[str, typer.Option(metavar="TEXT", help="Why, for whoever wonders later.")] = "muted",
    config: Config = None,
    database: Database = None,
    now: Now = None,
    as_json: AsJson = False,
) -> None:
    """Tell nobody any more what a rule finds about a person.

    It is a silence like any other: silence list has it, and silence end ends it.
    """
    from flows.settings import load
    from flows.silencing import Matcher

    at = clock(now)
    ends_at = _end(at, lasting, until)
    settings = load(config, database=database, stream=people_stream(as_json=as_json))
    with open_store(config, database) as store:
        added = _add(store, settings, Matcher(rule=rule, person=person), at, ends_at, reason, option="{}")
    _say_added(added, at, as_json=as_json)


@silence.command("list")
def list_(
    everything: Annotated[bool, typer.Option("--all", help="Also those that have ended.")] = False,
    config: Config = None,
    database: Database = None,
    now: Now = None,
    as_json: AsJson = False,
) -> None:
    """List the silences that hold, and when each of them ends."""
    from alerts.inert import inert
    from alerts.silence_words import end_words, silenced_words
    from cli.table import print_table
    from flows.as_json.silences import silence_json

    at = clock(now)
    with open_store(config, database) as store:
        found = store.all_silences() if everything else store.silences(at)
    if as_json:
        for one in found:
            print_json(silence_json(one, at))
        return
    if not found:
        say("There was no silence yet." if everything else "Nothing is silenced.")
        return
    rows = [
        (one.silence_id, inert(silenced_words(one)), minute(one.begins_at), end_words(one, at), inert(one.reason))
        for one in found
    ]
    print_table(("id", "what", "since", "end", "reason"), rows)
    if any(one.holds_at(at) for one in found):
        say("\nTo end one: scholarwatch silence end ID")


@silence.command("end")
def end(
    identifier: Annotated[str, typer.Argument(metavar="ID", help="The id of a silence, see silence list.")],
    config: Config = None,
    database: Database = None,
    now: Now = None,
    as_json: AsJson = False,
) -> None:
    """End a silence or a mute now: what happens from now on is told. What was silenced stays so."""
    from alerts.silence_words import silenced_words
    from flows.as_json.silences import silence_json
    from storage.errors import UnknownSilence

    at = clock(now)
    with open_store(config, database) as store:
        before = {one.silence_id for one in store.silences(at)}
        try:
            ended = store.end_silence(identifier, at)
        except UnknownSilence as error:
            raise typer.BadParameter(str(error), param_hint="'ID'") from None
    if as_json:
        print_json(silence_json(ended, at))
    what = f"Silence {ended.silence_id} ({silenced_words(ended)})"
    when = "ends now" if ended.silence_id in before else f"had ended on {minute(ended.ends_at)}"
    say(f"{what} {when}.".replace("\n", " "), as_json=as_json)


def _end(now: datetime, lasting: timedelta | None, until: datetime | None) -> datetime | None:
    if lasting is not None and until is not None:
        raise typer.BadParameter("give one of the two", param_hint="'--for' or '--until'")
    if until is not None and until <= now:
        raise typer.BadParameter(f"{minute(until)} is over", param_hint="'--until'")
    return until if lasting is None else now + lasting


def _add(
    store: "Store",
    settings: "Settings",
    matcher: "Matcher",
    now: datetime,
    ends_at: datetime | None,
    reason: str,
    *,
    option: str = "--{}",
) -> "Silence":
    """``option`` is how its parts were named."""
    from flows.silencing import UnknownName, silence

    try:
        return silence(store, settings, matcher, now=now, ends_at=ends_at, reason=reason)
    except UnknownName as error:
        named = option.format(error.part if option != "{}" else error.part.upper())
        raise typer.BadParameter(str(error), param_hint=f"'{named}'") from None


def _say_added(added: "Silence", now: datetime, *, as_json: bool) -> None:
    from alerts.silence_words import end_words, silenced_words
    from flows.as_json.silences import silence_json

    if as_json:
        print_json(silence_json(added, now))
    what = f"Silence {added.silence_id}: {silenced_words(added)}, {end_words(added, now)}."
    say(what.replace("\n", " "), as_json=as_json)
    say(f"To end it: scholarwatch silence end {added.silence_id}", as_json=as_json)
