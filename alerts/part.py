"""One thing that a condition asks of an event: whether it holds for a case, and what is to be said of it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from alerts.case import Case
from alerts.figures import joined
from alerts.subject import folded

_MOST_NAMED = 5

#: True, False, or None: it is not known.
Truth = bool | None
Words = Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    holds: Callable[[Case], Truth]
    #: What is there, said where it holds: ``category LG``.
    found: Callable[[Case], str]
    #: What is there, said where it does not hold, and what was looked for: ``the category is CV``, ``LG or CL``. The
    #: second is empty where the first says it all.
    lacks: Callable[[Case], tuple[str, str]]
    #: Said where it is not known.
    unknown: str
    of_paper: bool = False

    def words(self, case: Case, *, wanted: bool = True) -> str:
        """What makes it hold, or not; not ``wanted``: it stands under a ``not``."""
        truth = self.holds(case)
        if truth is None:
            return "it is about no paper" if self.of_paper and case.event.paper is None else self.unknown
        if truth:
            return self.found(case) if wanted else f"{self.found(case)}, which is kept out"
        there, asked = self.lacks(case)
        if not asked:
            return there
        return f"{there}, {asked} was asked" if wanted else f"{there}, not {asked}"


def one_of(
    name: str,
    asked: Words,
    held: Callable[[Case], Words | None],
    *,
    shown: Callable[[str], str] = str,
    unknown: str | None = None,
    of_paper: bool = False,
) -> Part:
    """A name that must be one of several; ``held`` None: it is not known."""
    wanted = frozenset(map(folded, asked))

    def holds(case: Case) -> Truth:
        words = held(case)
        return None if words is None else not wanted.isdisjoint(map(folded, words))

    def found(case: Case) -> str:
        return f"{name} {joined([shown(word) for word in held(case) or () if folded(word) in wanted])}"

    def lacks(case: Case) -> tuple[str, str]:
        return there(name, [shown(word) for word in held(case) or ()]), either([shown(word) for word in asked])

    return Part(holds=holds, found=found, lacks=lacks, unknown=unknown or f"the {name} is not known", of_paper=of_paper)


def there(name: str, words: Words) -> str:
    """``the tag is rl``, ``the tags are rl and nlp``, ``there is no tag``."""
    if not words:
        return f"there is no {name}"
    return f"the {name} is {words[0]}" if len(words) == 1 else f"the {name}s are {joined(_few(words))}"


def either(words: Words) -> str:
    """``LG``, ``LG or CL``."""
    return joined(_few(words), "or")


def _few(words: Words) -> Words:
    return words if len(words) <= _MOST_NAMED else [*words[:_MOST_NAMED], f"{len(words) - _MOST_NAMED} more"]
