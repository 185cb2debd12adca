"""What somebody wants silenced, by the names of the configuration and the store; a name that is none is refused."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime

from alerts.setting import suggestion
from flows.config.whole import Settings
from storage.store import Store
from tracking.event import EventKind
from tracking.silence import Silence


class UnknownName(Exception):  # noqa: N818 - it reads as what it says
    """Nothing of that sort is called so; ``part`` is the part of the silence that names it."""

    def __init__(self, part: str, word: str, names: Collection[str]) -> None:
        self.part = part
        there = suggestion(word, names) if names else "there is none"
        super().__init__(f"nothing is called {word!r}; {there}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Matcher:
    """What a silence is about, as somebody named it. A part that is None or empty holds for all."""

    person: str | None = None
    tag: str | None = None
    source: str | None = None
    rule: str | None = None
    receiver: str | None = None
    metric: str | None = None
    kinds: tuple[EventKind, ...] = ()

    @property
    def is_everything(self) -> bool:
        return self == Matcher()


def silence(
    store: Store, settings: Settings, asked: Matcher, *, now: datetime, ends_at: datetime | None, reason: str
) -> Silence:
    """Add a silence that begins now; ``ends_at`` None: until somebody ends it. Raises UnknownName, UnknownPerson."""
    meant = _meant(store, settings, asked)
    return store.add_silence(
        Silence(
            silence_id="",
            begins_at=now,
            ends_at=ends_at,
            reason=reason,
            receiver=meant.receiver,
            rule=meant.rule,
            person=meant.person,
            tag=meant.tag,
            source=meant.source,
            metric=meant.metric,
            kinds=meant.kinds,
        )
    )


def _meant(store: Store, settings: Settings, asked: Matcher) -> Matcher:
    """The parts as the configuration and the store call them."""
    tags = {tag for followed in settings.people for tag in followed.tags}
    return replace(
        asked,
        tag=_known("tag", asked.tag, sorted(tags)),
        source=_known("source", asked.source, sorted(settings.sources)),
        rule=_known("rule", asked.rule, settings.layers.names),
        receiver=_known("receiver", asked.receiver, [one.name for one in settings.receivers]),
        metric=_known("metric", asked.metric, store.metrics()),
        person=None if asked.person is None else _person(store, settings, asked.person),
    )


def _known(part: str, word: str | None, names: Collection[str]) -> str | None:
    """The name that is meant, whatever its case; another is refused, with one that comes near."""
    if word is None:
        return None
    folded = " ".join(word.split()).casefold()
    for name in names:
        if " ".join(name.split()).casefold() == folded:
            return name
    raise UnknownName(part, word, names)


def _person(store: Store, settings: Settings, asked: str) -> str:
    """As the configuration names the person, also before the first run, or else as the page does."""
    folded = asked.casefold()
    named = [person.name for person in settings.people if person.name and person.name.casefold() == folded]
    return named[0] if named else store.name_of(asked)
