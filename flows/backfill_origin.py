"""The origin that somebody chose, ready to be asked, with the manners that its place calls for."""

import math
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

from flows.backfill_wanted import OriginChoice, OriginKind
from flows.config.hosts import authority, is_loopback
from flows.config.whole import Settings, say_who_asks
from scrapers.archives.origin import ArchiveOrigin
from scrapers.archives.settings import ArchiveSettings, for_archive, wayback_machine
from scrapers.gate import Gate
from scrapers.origins.git import GitOrigin
from scrapers.origins.pages import PagesOrigin
from scrapers.origins.warc import WarcOrigin
from tracking.capture import Origin
from tracking.host import UNLIMITED, HostPolicy


def origin_for(choice: OriginChoice, settings: Settings, gate: Gate | None = None) -> Origin:
    """The origin that is meant; an archive is asked at its turns of ``gate``.

    Raises ConfigError where an archive could not see who asks.
    """
    match choice.kind:
        case OriginKind.WAYBACK | OriginKind.ARCHIVE:
            return ArchiveOrigin(archive_for(choice, settings), gate=gate)
        case OriginKind.PAGES:
            return PagesOrigin(Path(choice.where[0]), at=choice.at, manifest=choice.manifest)
        case OriginKind.WARC:
            return WarcOrigin([Path(path) for path in choice.where])
        case OriginKind.GIT:
            assert choice.file is not None
            return GitOrigin(Path(choice.where[0]), choice.file)


def archive_policy(choice: OriginChoice, settings: Settings) -> Callable[[str], HostPolicy]:
    """How the hosts of the origin that is meant may be asked, by all programs together.

    Its own pace, which is another one for lists than for pages, each of them keeps for itself.
    """
    if choice.kind not in (OriginKind.WAYBACK, OriginKind.ARCHIVE):
        return settings.policy
    archive = archive_for(choice, settings)
    policy = HostPolicy(
        min_interval_seconds=min(archive.cdx_interval_seconds, archive.read_interval_seconds),
        jitter=0.0,
        daily_budget=settings.fetch.daily_budget or UNLIMITED,
    )
    hosts = {authority(archive.cdx_url), authority(archive.memento_url)}
    return lambda host: policy if host in hosts else settings.policy(host)


def archive_for(choice: OriginChoice, settings: Settings) -> ArchiveSettings:
    """The web archive that is meant. Raises ConfigError where it could not see who asks.

    One on this machine is asked as fast as the file says, all others no faster than archives bear.
    """
    user_agent = settings.fetch.user_agent
    archive = for_archive(choice.where[0], user_agent) if choice.where else wayback_machine(user_agent)
    said = settings.fetch.min_interval_seconds or 0.0
    per_minute = 60 / said if said else math.inf
    if is_loopback(authority(archive.cdx_url)):
        return replace(archive, read_interval_seconds=said, cdx_per_minute=per_minute)
    say_who_asks(settings, urlsplit(archive.cdx_url).hostname or archive.cdx_url)
    return replace(
        archive,
        read_interval_seconds=max(archive.read_interval_seconds, said),
        cdx_per_minute=min(archive.cdx_per_minute, per_minute),
    )
