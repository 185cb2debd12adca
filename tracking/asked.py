"""What somebody calls a paper who asks for it: by a key, by an identifier, or by a part of its title."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Self

from tracking.titles import plain


@dataclass(frozen=True, slots=True)
class AskedPaper:
    """``names`` are the keys and aliases that the text may be, in lower case; ``words`` is how it reads as a title."""

    text: str
    names: frozenset[str]
    words: str

    @classmethod
    def of(cls, text: str, identifiers: Collection[str] = ()) -> Self:
        """``identifiers`` are the aliases that the text holds, such as ``arxiv:2401.01234`` for the URL of arXiv."""
        bare = " ".join(text.split())
        names = {bare, *identifiers}
        return cls(bare, frozenset(name.lower() for name in names), plain(bare))

    def is_called(self, names: Iterable[str]) -> bool:
        """True when one of these keys and aliases is meant."""
        return any(name.lower() in self.names for name in names)

    def is_in_title(self, title: str) -> bool:
        """True when the title holds what was asked for, whatever the case, the accents and the punctuation."""
        if not self.words:
            return self.text.casefold() in title.casefold()
        return self.words in plain(title)

    def is_title(self, title: str) -> bool:
        """True when it is the whole title."""
        return self.is_in_title(title) and len(plain(title)) == len(self.words)
