"""Invented researchers: who they are, and with whom they write."""

from dataclasses import dataclass
from random import Random

from world.vocabulary import AREAS, FIRST_NAMES, INSTITUTIONS, LAST_NAMES

#: So many people work together; those of one lab appear on one another's papers.
LAB_SIZE = 5
#: How many co-authors beyond the lab one person writes with.
CIRCLE_SIZE = 9

_FIRST_KEY = 10_401
_INITIALS = ("", *(f"{letter}. " for letter in "ABCDEFGHIJKLMNOPRSTVWYZ"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Researcher:
    """Somebody with a profile page. ``key`` is the last part of its address: digits, as a text."""

    key: str
    name: str
    field: str
    institution: str
    #: Keys of the researchers of the same lab, without this one.
    lab: tuple[str, ...]
    #: Names of co-authors who have no profile page here.
    circle: tuple[str, ...]


def population(seed: int, count: int) -> tuple[Researcher, ...]:
    """``count`` researchers with distinct names, in labs that share a field and an institution.

    Raises ValueError for more people than there are names.
    """
    draw = Random(f"people {seed}")
    names = _distinct_names(draw, count)
    keys = [str(_FIRST_KEY + 37 * number) for number in range(count)]
    strangers = [f"{draw.choice(FIRST_NAMES)} {draw.choice(LAST_NAMES)}" for _ in range(20 + 3 * count)]
    outsiders = sorted(set(strangers) - set(names))
    people = []
    for first in range(0, count, LAB_SIZE):
        lab = keys[first : first + LAB_SIZE]
        area = draw.choice(AREAS)
        institution = draw.choice(INSTITUTIONS)
        people += [
            Researcher(
                key=key,
                name=names[first + place],
                field=area.category,
                institution=institution,
                lab=tuple(other for other in lab if other != key),
                circle=tuple(draw.sample(outsiders, min(CIRCLE_SIZE, len(outsiders)))),
            )
            for place, key in enumerate(lab)
        ]
    return tuple(people)


def _distinct_names(draw: Random, count: int) -> list[str]:
    plain = len(FIRST_NAMES) * len(LAST_NAMES)
    initials = _INITIALS[:1] if 2 * count <= plain else _INITIALS
    if count > plain * len(initials):
        raise ValueError(f"there are names for {plain * len(initials)} people, not for {count}")
    chosen = draw.sample(range(plain * len(initials)), count)
    return [_name(number, initials) for number in chosen]


def _name(number: int, initials: tuple[str, ...]) -> str:
    rest, initial = divmod(number, len(initials))
    first, last = divmod(rest, len(LAST_NAMES))
    return f"{FIRST_NAMES[first]} {initials[initial]}{LAST_NAMES[last]}"
