"""What makes a page suspect, in a form that can be remembered: the owner is asked about each thing once.

>>> asked = Suspicion(Doubt.NEW_PAPERS, ("arxiv:1", "arxiv:2"))
>>> Suspicion(Doubt.NEW_PAPERS, ("arxiv:0", "arxiv:1", "arxiv:2", "arxiv:3")).is_of(asked)
True
"""

from dataclasses import dataclass, field, replace
from enum import StrEnum

#: So many papers stand for all that a question is about: pages grow and shrink while nobody answers.
_SAMPLE = 8


class Doubt(StrEnum):
    """What is suspicious about a page."""

    NEW_PAPERS = "new_papers"
    GONE_PAPERS = "gone_papers"
    NAME = "name"


@dataclass(frozen=True, slots=True)
class Suspicion:
    doubt: Doubt
    #: The keys of the papers, or the name in its plain form.
    about: tuple[str, ...]
    #: The owner has said that such a page is not to be believed.
    rejected: bool = field(default=False, compare=False)

    def to_remember(self) -> "Suspicion":
        """The same, about a few papers in the place of all."""
        return replace(self, about=tuple(sorted(self.about)[:_SAMPLE]))

    def is_of(self, asked: "Suspicion | None") -> bool:
        """True when this was asked about, for all that matters: at least half of what is remembered of it is here."""
        if asked is None or asked.doubt is not self.doubt:
            return False
        return 2 * len(set(asked.about).intersection(self.about)) >= len(asked.about)
