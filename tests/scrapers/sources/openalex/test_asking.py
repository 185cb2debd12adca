"""OpenAlex: which URLs are authors, and what is asked for until the profile is whole."""

import json

import pytest

from scrapers.source import Asked, SourceOptions
from scrapers.sources.openalex import OPENALEX
from scrapers.sources.openalex.asking import next_request, profile_key
from tests.imitations.openalex import OpenAlexSite, author_object
from tests.scrapers.sources.openalex.examples import ADA, READ, WITH_KEY, many
from tests.scrapers.sources.whole_way import ask, read_through
from tracking.check import Failure, Outcome, Page


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("https://openalex.org/A5023888391", "A5023888391"),
        ("https://openalex.org/authors/a5023888391", "A5023888391"),
        ("https://openalex.org/authors/A5023888391?view=list,report#top", "A5023888391"),
        ("https://explore.openalex.org/authors/A5023888391/", "A5023888391"),
        ("https://api.openalex.org/authors/A5023888391?mailto=me@example.org", "A5023888391"),
        ("https://api.openalex.org/people/A5023888391", "A5023888391"),
        ("https://api.openalex.org/authors/orcid:0000-0001-6187-6610", "orcid:0000-0001-6187-6610"),
        ("https://api.openalex.org/authors/https://orcid.org/0000-0002-1825-009x", "orcid:0000-0002-1825-009X"),
        ("https://api.openalex.org/authors/https%3A%2F%2Forcid.org%2F0000-0001-6187-6610", "orcid:0000-0001-6187-6610"),
        ("http://127.0.0.1:8099/authors/A1", "A1"),
    ],
    ids=["human", "small", "query", "explore", "api", "people", "orcid", "orcid-url", "escaped", "imitation"],
)
def test_an_author_has_one_key_whatever_the_url(url: str, key: str) -> None:
    assert profile_key(url) == key


@pytest.mark.parametrize(
    "url",
    [
        "https://openalex.org/",
        "https://openalex.org/W2741809807",
        "https://openalex.org/works?filter=authorships.author.id:a5023888391",
        "https://api.openalex.org/authors?search=ada",
        "https://api.openalex.org/authors/orcid:0000",
        "https://openalex.org/I97018004",
    ],
    ids=["start", "work", "list of works", "search", "no iD", "institution"],
)
def test_what_is_no_author_is_refused_with_an_example(url: str) -> None:
    with pytest.raises(ValueError, match=r"an author's URL is like https://openalex\.org/A5023888391"):
        profile_key(url)


@pytest.mark.parametrize("options", [SourceOptions(), WITH_KEY], ids=["without a key", "with a key"])
def test_an_author_reads_as_shown(options: SourceOptions) -> None:
    with OpenAlexSite([ADA]) as site:
        assert read_through(OPENALEX, f"{site.url}/authors/A1", options) == READ


def test_who_asks_says_so_and_a_key_stands_in_a_header_only() -> None:
    options = SourceOptions(api_key="s3cret", contact="mailto:lab@example.org")
    with OpenAlexSite([ADA]) as site:
        page = ask(OPENALEX, f"{site.url}/A1", options)
        assert isinstance(page, Page)
        assert b"s3cret" not in page.body
        asked = [(question.path, question.query, question.headers["authorization"]) for question in site.requests]
    assert [(path, query["mailto"], key) for path, query, key in asked] == [
        ("/authors/A1", "lab@example.org", "Bearer s3cret"),
        ("/works", "lab@example.org", "Bearer s3cret"),
    ]
    assert {**asked[1][1], "select": ""} == {
        "filter": "author.id:A1",
        "sort": "publication_date:desc",
        "per-page": "100",
        "cursor": "*",
        "mailto": "lab@example.org",
        "select": "",
    }


@pytest.mark.parametrize("contact", [None, "https://lab.example.org/about", "https://user@lab.example.org/"])
def test_only_a_mail_address_is_sent_as_one(contact: str | None) -> None:
    asked = Asked(
        profile_url="https://openalex.org/A1", base="https://api.openalex.org", options=SourceOptions(contact=contact)
    )
    request = next_request(asked)
    assert request is not None
    assert "mailto" not in request.url
    assert request.url.startswith("https://api.openalex.org/authors/A1?select=id,display_name,")
    assert request.headers == {}


@pytest.mark.parametrize("options", [SourceOptions(), WITH_KEY], ids=["by number", "by cursor"])
@pytest.mark.parametrize(("count", "asked"), [(0, 2), (1, 2), (100, 2), (101, 3), (250, 4)])
def test_all_pages_of_the_list_are_asked_for(options: SourceOptions, count: int, asked: int) -> None:
    with OpenAlexSite([many(count)]) as site:
        reading = read_through(OPENALEX, f"{site.url}/A2", options)
        assert len(site.requests) == asked
    assert len({paper.source_id for paper in reading.papers}) == count
    assert reading.complete
    assert reading.warnings == ()


def test_a_list_beyond_measure_is_incomplete() -> None:
    with OpenAlexSite([many(40)], most_per_page=1) as site:
        reading = read_through(OPENALEX, f"{site.url}/A2", WITH_KEY)
        assert len(site.requests) == 30
    assert (len(reading.papers), reading.complete) == (29, False)
    assert reading.warnings == ("29 of 40 works were read.",)


def test_an_author_is_found_by_orcid_id() -> None:
    with OpenAlexSite([ADA], orcids={"0000-0001-6187-6610": "A1"}) as site:
        assert read_through(OPENALEX, f"{site.url}/authors/orcid:0000-0001-6187-6610") == READ


def test_an_author_who_was_merged_into_another_is_read_as_the_other() -> None:
    with OpenAlexSite([ADA], merged={"A9": "A1"}) as site:
        assert read_through(OPENALEX, f"{site.url}/authors/A9") == READ
        assert site.requests[-1].query["filter"] == "author.id:A1"


@pytest.mark.parametrize(
    ("status", "headers", "outcome"),
    [
        (401, {}, Outcome.LOGIN),
        (404, {}, Outcome.GONE),
        (429, {"Retry-After": "3600"}, Outcome.THROTTLED),
        (500, {}, Outcome.UNREACHABLE),
        (503, {}, Outcome.THROTTLED),
    ],
)
@pytest.mark.parametrize("answered_before", [0, 1], ids=["author", "works"])
def test_a_refused_request_is_the_end_of_the_check(
    status: int, headers: dict[str, str], outcome: Outcome, answered_before: int
) -> None:
    if answered_before and outcome is Outcome.GONE:
        # A page of the list that is not there says nothing of the author.
        outcome = Outcome.UNREACHABLE
    with OpenAlexSite([ADA]) as site:
        if answered_before:
            site.show(ADA)
            site.fails(200, body=json.dumps(author_object(ADA)))
        site.fails(status, headers=headers)
        failure = ask(OPENALEX, f"{site.url}/A1")
        assert isinstance(failure, Failure)
        assert (failure.outcome, failure.status) == (outcome, status)
        assert failure.retry_after_seconds == (3600 if headers else None)
        assert len(site.requests) == 1 + answered_before


def test_an_author_who_is_not_there_is_gone() -> None:
    with OpenAlexSite() as site:
        failure = ask(OPENALEX, f"{site.url}/authors/A1")
    assert isinstance(failure, Failure)
    assert failure.outcome is Outcome.GONE


def test_an_error_that_comes_with_status_200_is_never_a_paper() -> None:
    with OpenAlexSite([ADA]) as site:
        site.fails(200, body='{"error": "Pagination error.", "message": "Invalid cursor value"}')
        failure = ask(OPENALEX, f"{site.url}/authors/A1")
    assert isinstance(failure, Failure)
    assert failure.outcome is Outcome.PARSE_FAILED
    assert failure.detail == "author: the answer is an error: 'Invalid cursor value'"
