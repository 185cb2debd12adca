"""A profile asked for at an imitation without a network in between: for laws that try many."""

from dataclasses import replace
from urllib.parse import parse_qsl, urlsplit

from scrapers.bundle import bundle
from scrapers.source import MAX_ANSWERS, Asked, Source, SourceOptions
from tests.imitations.scholars import Imitation, Question
from tracking.check import Page

BASE = "http://imitation.test"


def asked_in_process(source: Source, site: Imitation, path: str) -> Page:
    """What a profile comes to; each answer must be good."""
    asked = Asked(profile_url=BASE + path, base=BASE, options=SourceOptions())
    while len(asked.answers) < MAX_ANSWERS and (request := source.next_request(asked)) is not None:
        parts = urlsplit(request.url)
        headers = {name.lower(): value for name, value in request.headers.items()}
        reply = site.reply(Question(parts.path, dict(parse_qsl(parts.query)), headers))
        assert reply.status == 200, reply.body
        types = {name.lower(): value for name, value in reply.headers.items()}
        asked = replace(
            asked, answers=(*asked.answers, Page(url=request.url, status=200, headers=types, body=reply.body))
        )
    return bundle(asked.answers)
