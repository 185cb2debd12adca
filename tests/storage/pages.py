"""Made-up pages of the size and the kind that a real source serves."""

import random
import zlib
from collections.abc import Mapping

from tests.storage.builders import paper
from tracking.check import Page, PaperIdentity

_PADDING = '<div class="card rounded border p-4 dark:bg-zinc-900"><span class="text-xs text-zinc-500">'
#: What a site behind a cache sends with every page.
_HEADERS = {
    "content-type": "text/html; charset=utf-8",
    "cache-control": "s-maxage=3600, stale-while-revalidate",
    "set-cookie": "session=0123456789abcdef0123456789abcdef; Path=/; HttpOnly",
    "content-security-policy": "default-src 'self'; script-src 'self' 'unsafe-inline'; img-src * data:",
    "x-request-id": "7f1d0a52-3c1e-4a6b-9f0e-6d0a5f2b9c11",
    "vary": "RSC, Next-Router-State-Tree, Accept-Encoding",
}


def papers(profile: int, count: int) -> list[PaperIdentity]:
    """Papers that no other profile has, with abstracts of some 900 characters."""
    chosen = random.Random(profile)

    def words(number: int) -> str:
        return " ".join(_WORDS[int(chosen.paretovariate(0.6)) % len(_WORDS)] for _ in range(number))

    def one(number: int) -> PaperIdentity:
        arxiv_id = f"{2001 + number}.{profile:05d}"
        return paper(
            f"arxiv:{arxiv_id}",
            f"fp:{chosen.getrandbits(64):016x}",
            title=words(9),
            authors=tuple(words(2) for _ in range(4)),
            category="LG",
            arxiv_id=arxiv_id,
            url=f"https://example.org/paper/{arxiv_id}",
            abstract=words(130),
        )

    return [one(number) for number in range(count)]


def _vocabulary() -> list[str]:
    chosen = random.Random(0)
    return ["".join(chosen.choices("etaoinshrdlu", k=chosen.randint(2, 11))) for _ in range(4_000)]


_WORDS = _vocabulary()


def large_page(shown: list[PaperIdentity], metrics: Mapping[str, float | None], day: int) -> Page:
    """A page with all of the papers and some markup around each; its ETag and date are the day's."""
    cards = "".join(
        f"{_PADDING * 4}{each.paper.title}</span><p>{', '.join(each.paper.authors)}</p><p>{each.paper.abstract}</p></div>"
        for each in shown
    )
    numbers = "".join(f"<span>{name}</span><b>{value}</b>" for name, value in metrics.items())
    body = f"<html><body><header>{numbers}</header><main>{cards}</main></body></html>"
    headers = _HEADERS | {
        "etag": f'W/"{zlib.crc32(numbers.encode()):x}-{day:x}"',
        "date": f"Mon, {day % 28 + 1:02d} Mar 2026 08:00:00 GMT",
    }
    return Page(url="https://example.org/author/1", status=200, headers=headers, body=body.encode())
