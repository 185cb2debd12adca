"""The section ``cadence``, and the key of that name at people and profiles: how often somebody is checked.

cadence: {default: 24h, spread: 24h, tags: {watchlist: 7d}}
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from alerts.duration import parse_duration
from alerts.setting import Setting
from tracking.cadence import DAILY, Cadences, Every
from tracking.view import FollowedPerson

_ADAPTIVE = "adaptive"
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class CadenceConfig:
    """What the file says of everybody."""

    default: Every = DAILY
    spread: timedelta = timedelta(0)
    tags: Mapping[str, Every] = field(default_factory=dict)

    def of_tags(self, tags: Iterable[str]) -> Every | None:
        """The shortest cadence of several tags; None where none of them has one. Adaptive may be a day: it is short."""
        said = [self.tags[tag] for tag in tags if tag in self.tags]
        return min(said, key=lambda every: every.period or _DAY, default=None)


def parse_cadence(section: Setting) -> CadenceConfig:
    """Read the section. Raises SettingError."""
    if section.value is None:
        return CadenceConfig()
    if isinstance(section.value, str):
        return CadenceConfig(default=parse_every(section))
    keys = section.mapping(known=("default", "spread", "tags"))
    return CadenceConfig(
        default=parse_every(keys["default"]) if "default" in keys else DAILY,
        spread=_spread(keys["spread"]) if "spread" in keys else timedelta(0),
        tags={tag: parse_every(one) for tag, one in keys["tags"].entries().items()} if "tags" in keys else {},
    )


def parse_every(setting: Setting) -> Every:
    """``36h``, ``7d``, ``2w`` or ``adaptive``. Raises SettingError."""
    return Every(None) if setting.value == _ADAPTIVE else Every(parse_duration(setting))


def cadences(people: Iterable[FollowedPerson], config: CadenceConfig) -> Cadences:
    """What holds for each profile: its own, its person's, the shortest of the person's tags, or the default."""
    of_profile = {}
    for person in people:
        of_person = person.cadence or config.of_tags(person.tags)
        for profile in person.profiles:
            every = profile.cadence or of_person
            if every is not None and every != config.default:
                of_profile[profile.source, profile.key] = every
    return Cadences(default=config.default, of_profile=of_profile, spread=config.spread)


def _spread(setting: Setting) -> timedelta:
    if setting.value == 0:
        return timedelta(0)
    spread = parse_duration(setting)
    if spread > _DAY:
        setting.refuse("must not be longer than a day: 24h")
    return spread
