"""How a person's pages stand, in a word."""

from collections.abc import Collection
from enum import StrEnum

from flows.manifest import is_failure
from tracking.check import Outcome
from tracking.view import PersonView, ProfileView


class Health(StrEnum):
    """Of several pages, that which needs to be looked at first speaks."""

    FAILING = "failing"
    HELD = "held"
    WAITING = "waiting"
    FINE = "fine"


#: What each says, in the order of `Health`.
WORDS = {
    Health.FAILING: "cannot be read",
    Health.HELD: "needs your answer",
    Health.WAITING: "not looked at yet",
    Health.FINE: "fine",
}


def health(person: PersonView) -> Health:
    standings = {_of(profile.outcome) for profile in person.profiles if profile.active}
    return next((one for one in Health if one in standings), Health.WAITING)


def outcomes_of(wanted: Health) -> Collection[Outcome | None]:
    """How a check ends for a profile that stands so."""
    return [outcome for outcome in (None, *Outcome) if _of(outcome) is wanted]


def detail(profile: ProfileView) -> str:
    """How the last check ended."""
    if profile.outcome is None:
        return "not looked at yet"
    return " ".join(filter(None, [profile.outcome.replace("_", " "), profile.detail]))


def _of(outcome: Outcome | None) -> Health:
    if outcome is None or outcome is Outcome.COOLING_DOWN:
        return Health.WAITING
    if outcome is Outcome.QUARANTINED:
        return Health.HELD
    return Health.FAILING if is_failure(outcome) or outcome is Outcome.ROBOTS else Health.FINE
