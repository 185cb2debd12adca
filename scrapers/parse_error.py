"""What a parser raises when a page is not what it knows how to read."""

_EXCERPT_LIMIT = 200


class ParseError(Exception):
    """A page could not be read.

    ``stage`` is the part of the reading that failed (``page``, ``name``, ``metrics``, ``papers``, ``byline``, …),
    ``where`` the line, the paper or the selector, ``excerpt`` at most 200 characters of what stands there.
    """

    def __init__(self, reason: str, *, stage: str, where: str = "", excerpt: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.stage = stage
        self.where = where
        self.excerpt = shorten(excerpt)

    def __str__(self) -> str:
        place = f"{self.stage}, {self.where}" if self.where else self.stage
        quoted = f": {self.excerpt!r}" if self.excerpt else ""
        return f"{place}: {self.reason}{quoted}"

    def __reduce__(self) -> tuple[object, ...]:
        return _rebuild, (type(self), self.reason, self.stage, self.where, self.excerpt)


def _rebuild(kind: type[ParseError], reason: str, stage: str, where: str, excerpt: str) -> ParseError:
    return kind(reason, stage=stage, where=where, excerpt=excerpt)


def shorten(text: str, limit: int = _EXCERPT_LIMIT) -> str:
    """The text on one line, cut to ``limit`` characters."""
    line = " ".join(text[: 4 * limit].split())
    return line if len(line) <= limit else line[: limit - 1] + "…"
