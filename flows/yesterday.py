"""Yesterday's configuration goes on to hold where the file is broken and nobody is there to mend it.

    load          the file; where it is sound, `take_over` keeps a copy
      | broken    a run that a timer has started takes the copy, and ends degraded; one by hand says file, line and key
      | note      told once, and each week while it lasts

What the copy lacks, because it stands in the file in clear, is not made up: a receiver without its password gets
nothing until the file is mended, and what is for it waits.
"""

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TextIO

from alerts.figures import moment
from alerts.subject import Subject
from flows.config.whole import Settings, Yesterday
from flows.config.withheld import is_withheld
from flows.judging import verdicts_about
from flows.settings import ConfigError, database_somehow, load, settings_of
from storage.errors import StoreError
from storage.store import Store
from tracking.drift import LastCheck
from tracking.event import Event, EventKind
from tracking.note import note
from tracking.view import Following
from tracking.watchfulness import Mention

_CONFIGURATION = "configuration"


def load_or_yesterday(config: Path | None, *, database: str | None = None, stream: TextIO | None = None) -> Settings:
    """`load`, or else what was found sound last. Raises ConfigError where that is not known or not sound either."""
    try:
        return load(config, database=database, stream=stream)
    except ConfigError as error:
        settings = _yesterday(config, error, database=database, stream=stream)
        if settings is None:
            raise
        return settings


def _yesterday(
    config: Path | None, error: ConfigError, *, database: str | None, stream: TextIO | None
) -> Settings | None:
    try:
        address = database_somehow(config, database=database)
        with Store.open_existing(address) as store:
            kept = store.kept_configuration()
        if kept is None:
            return None
        settings = _without_fillers(settings_of(kept.text, config, database=address, stream=stream))
    except (ConfigError, StoreError):
        # What is wrong with the file is what somebody has to know.
        return None
    withheld = frozenset(receiver.name for receiver in settings.receivers if is_withheld(receiver.written))
    return replace(settings, yesterday=Yesterday(error=error.public, good_at=kept.good_at, withheld=withheld))


def _without_fillers(settings: Settings) -> Settings:
    """Ask with no key, rather than with a wrong one; who listens for a heartbeat hears none, and says so."""
    return replace(
        settings,
        sources={
            name: replace(options, api_key=None) if options.api_key and is_withheld(options.api_key) else options
            for name, options in settings.sources.items()
        },
        watch=replace(settings.watch, heartbeat=None)
        if settings.watch.heartbeat and is_withheld(settings.watch.heartbeat)
        else settings.watch,
    )


def take_over(store: Store, settings: Settings, now: datetime) -> Following:
    """Follow whom the configuration names, and keep a copy of it where it is the file's."""
    following = store.follow(settings.people, now)
    if settings.yesterday is None and settings.keepable is not None:
        store.keep_configuration(settings.keepable, now)
    return following


def broken_words(yesterday: Yesterday) -> str:
    """What there is to say of a broken configuration, a sentence without its end."""
    held = f"; nothing goes to {', '.join(sorted(yesterday.withheld))} until then" if yesterday.withheld else ""
    return (
        f"the file is not used ({yesterday.error}): the configuration of {moment(yesterday.good_at)} goes on to hold"
        f"{held}"
    )


def broken_note(yesterday: Yesterday, mention: Mention, profile: LastCheck | None, now: datetime) -> Event | None:
    """The event that tells of it; None where it was told lately, or there is no profile yet that it could be of."""
    if profile is None or not mention.is_to_be_told(now):
        return None
    return note(EventKind.CONFIG_BROKEN, _CONFIGURATION, broken_words(yesterday), profile, now)


def record_broken(store: Store, settings: Settings, run_id: str, now: datetime) -> list[Event]:
    """Store the event that tells of a broken configuration, with its verdicts, unless it was told."""
    if settings.yesterday is None:
        return []
    # `watch` may be about to tell it, too.
    with store.watching_lock():
        mention = store.mention_of(EventKind.CONFIG_BROKEN, settings.yesterday.good_at)
        profile = store.profile_of_notes()
        event = broken_note(settings.yesterday, mention, profile, now)
        if event is None or profile is None:
            return []
        subject = Subject(
            person=profile.person or profile.url, tags=profile.tags, source=profile.source, profile_url=profile.url
        )
        (verdicts,) = verdicts_about(store, settings, [([event], subject)], now)
        store.record_watch([(event, ())], verdicts, run_id=run_id, recorded_at=now)
    return [event]
