"""``history``: the series of a metric, as far back as pages are known."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from cli.options import AsJson, Config, Database, end_of_moment, moment
from cli.output import minute, print_json, say
from cli.reading import open_store

if TYPE_CHECKING:
    from tracking.view import MetricSeries, Spell


def history(
    person: Annotated[str, typer.Argument(metavar="PERSON", help="A name or a part of it, a profile's URL or key.")],
    metric: Annotated[
        str | None, typer.Argument(metavar="METRIC", help="Such as citations or h_index; without it, all are listed.")
    ] = None,
    since: Annotated[
        datetime | None, typer.Option(parser=moment, metavar="TIME", help="From the value that held at this time on.")
    ] = None,
    until: Annotated[
        datetime | None,
        typer.Option(parser=end_of_moment, metavar="TIME", help="Up to this time (a date: to its end)."),
    ] = None,
    source: Annotated[
        str | None, typer.Option(metavar="NAME", help="As this source shows it; sources count differently.")
    ] = None,
    config: Config = None,
    database: Database = None,
    as_json: AsJson = False,
) -> None:
    """Show how a metric of one person moved.

    There is one line for each change, and for each gap in which it was not shown. Each source has lines of its own:
    what one shows is never compared with what another does.

    Without a metric, list those that there are with their first and their last value.
    """
    from flows.as_json.views import spell_json
    from storage.errors import UnknownMetric

    with open_store(config, database) as store:
        try:
            found = store.series(person, metric, since=since, until=until)
        except UnknownMetric as error:
            raise typer.BadParameter(str(error), param_hint="'METRIC'") from None
    if source is not None:
        found = _of_source(found, source)
    if as_json:
        for one in found:
            for spell in one.spells:
                print_json(spell_json(one, spell))
    if not found:
        say("No metric was shown then." if since or until else "No metric was shown yet.", as_json=as_json)
    elif not as_json:
        _print(found, one_metric=metric is not None)


def _of_source(found: "Sequence[MetricSeries]", source: str) -> "list[MetricSeries]":
    known = sorted({one.source for one in found})
    if found and source not in known:
        raise typer.BadParameter(f"{source!r} shows none of it; {', '.join(known)} does", param_hint="'--source'")
    return [one for one in found if one.source == source]


def _print(found: "Sequence[MetricSeries]", *, one_metric: bool) -> None:
    from cli.table import print_table

    # Whose a value is goes without saying where there is one profile.
    skip = 1 if len({(one.source, one.profile) for one in found}) == 1 else 0
    if one_metric:
        say(f"{found[0].person}: {_name(found[0])}")
        print_table(("profile", "since", "value", "change")[skip:], (line[skip:] for line in _spells(found)))
    else:
        say(found[0].person)
        columns = ("profile", "metric", "first", "since", "last", "since", "changes")
        print_table(columns[skip:], (line[skip:] for line in _ends(found)))


def _spells(found: "Sequence[MetricSeries]") -> Iterator[Sequence[str]]:
    for one in found:
        for spell in one.spells:
            yield _profile(one), minute(spell.since), _value(one, spell), _change(one, spell)


def _ends(found: "Sequence[MetricSeries]") -> Iterator[Sequence[str]]:
    for one in found:
        first, last = one.spells[0], one.spells[-1]
        times = (minute(first.since), minute(last.since))
        changes = f"{len(one.spells) - 1:,}"
        yield _profile(one), _name(one), _value(one, first), times[0], _value(one, last), times[1], changes


def _profile(series: "MetricSeries") -> str:
    return f"{series.source}/{series.profile}"


def _name(series: "MetricSeries") -> str:
    from alerts.figures import metric_name

    return metric_name(series.metric)


def _value(series: "MetricSeries", spell: "Spell") -> str:
    from alerts.figures import metric_value

    return "not shown" if spell.value is None else metric_value(series.metric, spell.value)


def _change(series: "MetricSeries", spell: "Spell") -> str:
    from alerts.figures import metric_step

    if spell.delta is None:
        return ""
    if not spell.delta:
        return "as before"
    return f"{'-' if spell.delta < 0 else '+'}{metric_step(series.metric, spell.delta)}"
