"""The spider of `benchmarks.contest.scrapy_peer`; run by Scrapy in an environment of its own."""

import json
import re
from pathlib import Path

import scrapy

_DAY = re.compile(r"[A-Z][a-z]{2} \d{1,2}(?:, \d{4})?")


class ProfileSpider(scrapy.Spider):
    name = "profiles"

    async def start(self):
        for url in json.loads(Path("urls.json").read_text("utf-8")):
            yield scrapy.Request(url)

    def parse(self, response):
        yield {
            "url": response.url,
            "name": response.css("h1::text").get(),
            "field": response.css("main section span.inline-flex::text").get(),
            "metrics": [" ".join(tile.css("::text").getall()) for tile in response.css("main .grid > div.rounded-md")],
            "papers": [self._paper(card) for card in response.css("article")],
        }

    def _paper(self, card):
        badges = card.css("span.inline-flex::text").getall()
        byline, *abstract = card.css("p::text").getall()
        authors, _, institutions = byline.partition(" · ")
        return {
            "title": card.css("h3 a::text").get(),
            "url": card.css("h3 a::attr(href)").get(),
            "authors": authors.removesuffix(" et al.").split(", "),
            "authors_complete": not authors.endswith(" et al."),
            "institutions": institutions.split(", ") if institutions else [],
            "category": next((badge for badge in badges if badge.isupper()), None),
            "published": next((badge for badge in badges if _DAY.fullmatch(badge)), None),
            "has_code": "Code" in badges,
            "score": next((badge for badge in badges if badge[:1].isdigit()), None),
            "abstract": abstract[0] if abstract else None,
        }
