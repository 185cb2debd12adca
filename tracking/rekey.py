"""A check's intent with other names for its papers."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from tracking.check import CheckIntent


def rekeyed(intent: CheckIntent, moved: Mapping[str, str]) -> CheckIntent:
    """The intent in which every key of ``moved`` is the key that it leads to."""

    def hold(keys: Iterable[str]) -> tuple[str, ...]:
        return tuple(moved.get(key, key) for key in keys)

    snapshot = intent.snapshot
    return replace(
        intent,
        snapshot=replace(snapshot, keys=hold(snapshot.keys)) if snapshot else None,
        papers=tuple(replace(identity, key=moved.get(identity.key, identity.key)) for identity in intent.papers),
        # Two papers of the page may turn out to be one.
        listed=tuple(dict.fromkeys(hold(intent.listed))),
        unlisted={moved.get(key, key): paper for key, paper in intent.unlisted.items()},
        missed=hold(intent.missed),
        removed=hold(intent.removed),
        links=tuple(
            replace(
                link,
                key=moved.get(link.key, link.key),
                # What another profile shows is named as the store knows it.
                other_key=link.other_key if link.elsewhere else moved.get(link.other_key, link.other_key),
            )
            for link in intent.links
        ),
        events=tuple(
            replace(event, paper_key=moved.get(event.paper_key, event.paper_key)) if event.paper_key else event
            for event in intent.events
        ),
    )
