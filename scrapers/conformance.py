"""What every source promises, tried on a page of it: for the tests of ours, and of sources that other packages bring.

>>> violations(EXAMPLE, page, observed_on=date(2026, 11, 22), url="https://people.example.edu/ada")
[]
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from random import Random
from time import process_time

from scrapers.bundle import answers_of, bundle
from scrapers.parse_error import ParseError
from scrapers.source import MAX_ANSWERS, Asked, Source, SourceOptions
from tracking.check import Page
from tracking.reading import ProfileReading

#: Of the processor, for one page, whatever is in it.
SECONDS_MAX = 1.0


def violations(
    source: Source, page: Page, *, observed_on: date, url: str, tries: int = 100, seed: int = 0
) -> list[str]:
    """What a source does that it must not, a sentence each; ``page`` is a good one, of the profile at ``url``.

    Besides the page itself, ``tries`` damaged copies of it are read: each must give a reading or a ParseError, in time.
    """
    return [
        *_of_keys(source, url),
        *_of_requests(source, page, url),
        *_of_readings(source, page, observed_on, tries, seed),
    ]


def _of_keys(source: Source, url: str) -> Iterator[str]:
    try:
        if source.profile_key(url) != source.profile_key(url + "#top"):
            yield "the key of a profile depends on the fragment of its URL"
    except ValueError as error:
        yield f"{url} is refused: {error}"


def _of_requests(source: Source, page: Page, url: str) -> Iterator[str]:
    asked = Asked(profile_url=url, base=source.base_of(url), options=SourceOptions(api_key="s3cret"))
    for answer in answers_of(page):
        request = source.next_request(asked)
        if request is None:
            yield f"nothing more is asked for after {len(asked.answers)} of {len(answers_of(page))} answers"
            return
        if "s3cret" in request.url:
            yield "the owner's key stands in a URL, which is stored and shown"
        asked = replace(asked, answers=(*asked.answers, answer))
    if len(asked.answers) < MAX_ANSWERS and source.next_request(asked) is not None:
        yield "more is asked for than the page was made of"


def _of_readings(source: Source, page: Page, observed_on: date, tries: int, seed: int) -> Iterator[str]:
    try:
        reading = source.parse(page, observed_on)
    except ParseError as error:
        yield f"the good page cannot be read: {error}"
        return
    yield from _of_a_reading(source, reading)
    if source.parse(page, observed_on) != reading:
        yield "read twice, the page says two things"
    draw = Random(seed)
    for number in range(tries):
        spoiled = damaged(page, draw)
        started = process_time()
        if (complaint := _complaint(source, spoiled, observed_on)) is not None:
            yield f"damaged page {number} {complaint}"
        if (seconds := process_time() - started) > SECONDS_MAX:
            yield f"damaged page {number} takes {seconds:.1f} s"


def _complaint(source: Source, page: Page, observed_on: date) -> str | None:
    """What comes of a damaged page that must not."""
    try:
        source.parse(page, observed_on)
    except ParseError:
        return None
    except Exception as error:  # noqa: BLE001  -- whatever else it raises is what is looked for
        return f"raises {type(error).__name__}: {error}"
    return None


def _of_a_reading(source: Source, reading: ProfileReading) -> Iterator[str]:
    if reading.source != source.name:
        yield f"the reading says that it is of {reading.source!r}"
    if not reading.name.strip():
        yield "the reading has no name"
    for position, paper in enumerate(reading.papers):
        if not paper.title.strip():
            yield f"paper {position} has no title"


def damaged(page: Page, draw: Random) -> Page:
    """A copy of the page with one thing spoiled in one of its answers; the same for the same state of ``draw``."""
    answers = list(answers_of(page))
    chosen = draw.randrange(len(answers))
    answers[chosen] = replace(answers[chosen], body=draw.choice(_DAMAGES)(answers[chosen].body, draw))
    return bundle(answers)


def _cut(body: bytes, draw: Random) -> bytes:
    return body[: draw.randrange(len(body) + 1)]


def _hole(body: bytes, draw: Random) -> bytes:
    start = draw.randrange(len(body) + 1)
    return body[:start] + body[start + draw.randint(1, 400) :]


def _noise(body: bytes, draw: Random) -> bytes:
    noisy = bytearray(body)
    for _ in range(draw.randint(1, 20) if noisy else 0):
        noisy[draw.randrange(len(noisy))] = draw.randrange(256)
    return bytes(noisy)


def _twice(body: bytes, draw: Random) -> bytes:
    start = draw.randrange(len(body) + 1)
    end = min(len(body), start + draw.randint(1, 2000))
    return body[:end] + body[start:]


def _moved(body: bytes, draw: Random) -> bytes:
    one, two = sorted((draw.randrange(len(body) + 1), draw.randrange(len(body) + 1)))
    return body[two:] + body[one:two] + body[:one]


def _swapped(body: bytes, draw: Random) -> bytes:
    """Every sign of one kind is another: numbers turn into nothing, quotes into brackets."""
    old, new = draw.choice(
        [(b"1", b""), (b'"', b"["), (b"<", b">"), (b":", b","), (b"null", b"0"), (b"/", b""), (b"}", b"]")]
    )
    return body.replace(old, new)


_DAMAGES: tuple[Callable[[bytes, Random], bytes], ...] = (_cut, _hole, _noise, _twice, _moved, _swapped)
