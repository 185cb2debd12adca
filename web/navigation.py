"""The pages that are one click away from everywhere."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Entry:
    path: str
    name: str


NAVIGATION = (
    Entry("/", "Today"),
    Entry("/people", "People"),
    Entry("/groups", "Groups"),
    Entry("/follow", "Follow"),
    Entry("/quarantine", "Quarantine"),
    Entry("/rules", "Rules"),
    Entry("/runs", "Runs"),
)
