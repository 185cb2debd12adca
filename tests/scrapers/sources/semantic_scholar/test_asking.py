"""Semantic Scholar: which URLs are authors, and what is asked for until the profile is whole."""

import json

import pytest

from scrapers.parse import parse_page
from scrapers.source import Asked, SourceOptions
from scrapers.sources.semantic_scholar import SEMANTIC_SCHOLAR, next_request, profile_key
from tests.imitations.scholars import Scholar
from tests.imitations.semantic_scholar import SemanticScholarSite, author_object
from tests.scrapers.sources.semantic_scholar.examples import BEN, READ, document, many
from tests.scrapers.sources.whole_way import OBSERVED_ON, ask, read_through
from tracking.check import Failure, Outcome, Page

_FIELDS = "title,abstract,authors,year,publicationDate,externalIds,citationCount,url,s2FieldsOfStudy"


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("https://www.semanticscholar.org/author/A.-Turing/2262347", "2262347"),
        ("https://www.semanticscholar.org/author/A.-Turing/2262347/?sort=pub-date&page=2#papers", "2262347"),
        ("https://www.semanticscholar.org/author/%E5%BC%A0-%E4%BC%9F/2262347", "2262347"),
        ("https://semanticscholar.org/author/2262347", "2262347"),
        ("https://api.semanticscholar.org/graph/v1/author/2262347?fields=name", "2262347"),
        ("https://api.semanticscholar.org/graph/v1/author/2262347/papers", "2262347"),
        ("https://api.semanticscholar.org/v1/author/2262347", "2262347"),
        ("http://127.0.0.1:8099/author/Ben/42", "42"),
    ],
    ids=["human", "query", "chinese", "bare", "api", "papers", "old api", "imitation"],
)
def test_an_author_has_one_key_whatever_the_url(url: str, key: str) -> None:
    assert profile_key(url) == key


@pytest.mark.parametrize(
    "url",
    [
        "https://www.semanticscholar.org/",
        "https://www.semanticscholar.org/paper/Attention-is-All-you-Need/204e3073870fae3d05bcbc2f6a8e263d9b72e776",
        "https://www.semanticscholar.org/search?q=turing",
        "https://www.semanticscholar.org/author/A.-Turing",
        "https://api.semanticscholar.org/graph/v1/author/search?query=turing",
    ],
    ids=["start", "paper", "search", "no number", "search for authors"],
)
def test_what_is_no_author_is_refused_with_an_example(url: str) -> None:
    with pytest.raises(ValueError, match=r"an author's URL is like https://www\.semanticscholar\.org/author/"):
        profile_key(url)


def test_an_author_reads_as_shown() -> None:
    with SemanticScholarSite([BEN]) as site:
        assert read_through(SEMANTIC_SCHOLAR, f"{site.url}/author/B.-Example/42") == READ
        assert [(question.path, dict(question.query)) for question in site.requests] == [
            ("/graph/v1/author/42", {"fields": "name,paperCount,citationCount,hIndex"}),
            ("/graph/v1/author/42/papers", {"fields": _FIELDS, "offset": "0", "limit": "500"}),
        ]


def test_a_key_stands_in_a_header_only() -> None:
    with SemanticScholarSite([BEN], api_key="s3cret") as site:
        page = ask(SEMANTIC_SCHOLAR, f"{site.url}/author/42", SourceOptions(api_key="s3cret"))
        assert isinstance(page, Page)
        assert b"s3cret" not in page.body
        assert [question.headers["x-api-key"] for question in site.requests] == ["s3cret", "s3cret"]


def test_a_wrong_key_is_forbidden() -> None:
    with SemanticScholarSite([BEN], api_key="s3cret") as site:
        failure = ask(SEMANTIC_SCHOLAR, f"{site.url}/author/42", SourceOptions(api_key="other"))
    assert isinstance(failure, Failure)
    assert (failure.outcome, failure.status) == (Outcome.BLOCKED, 403)


@pytest.mark.parametrize(("count", "asked"), [(0, 2), (1, 2), (500, 2), (501, 3), (1001, 4)])
def test_all_pages_of_the_list_are_asked_for(count: int, asked: int) -> None:
    with SemanticScholarSite([many(count)]) as site:
        reading = read_through(SEMANTIC_SCHOLAR, f"{site.url}/author/43")
        assert len(site.requests) == asked
    assert len({paper.source_id for paper in reading.papers}) == count
    assert reading.complete
    assert reading.warnings == ()


def test_a_list_beyond_measure_is_incomplete() -> None:
    with SemanticScholarSite([many(40)], most_per_page=1) as site:
        reading = read_through(SEMANTIC_SCHOLAR, f"{site.url}/author/43")
        assert len(site.requests) == 30
    assert (len(reading.papers), reading.complete) == (29, False)
    assert reading.warnings == ("The profile counts 40 papers and lists 29.",)


@pytest.mark.parametrize(("offset", "limit"), [(9_000, "500"), (9_500, "499"), (9_999, None)])
def test_nothing_is_asked_for_that_the_interface_does_not_show(offset: int, limit: str | None) -> None:
    first = document(author_object(BEN))
    before = document({"offset": offset - 1, "next": offset, "data": [{}]})
    asked = Asked(
        profile_url="https://www.semanticscholar.org/author/42",
        base="https://api.semanticscholar.org",
        options=SourceOptions(),
        answers=(first, before),
    )
    request = next_request(asked)
    expected = (
        f"https://api.semanticscholar.org/graph/v1/author/42/papers?fields={_FIELDS}&offset={offset}&limit={limit}"
    )
    assert (request and request.url) == (expected if limit else None)


@pytest.mark.parametrize(
    ("status", "headers", "outcome"),
    [
        (403, {}, Outcome.BLOCKED),
        (404, {}, Outcome.GONE),
        (429, {"Retry-After": "30"}, Outcome.THROTTLED),
        (500, {}, Outcome.UNREACHABLE),
        (503, {}, Outcome.THROTTLED),
        (504, {}, Outcome.UNREACHABLE),
    ],
)
@pytest.mark.parametrize("answered_before", [0, 1], ids=["author", "papers"])
def test_a_refused_request_is_the_end_of_the_check(
    status: int, headers: dict[str, str], outcome: Outcome, answered_before: int
) -> None:
    if answered_before and outcome is Outcome.GONE:
        # A page of the list that is not there says nothing of the author.
        outcome = Outcome.UNREACHABLE
    with SemanticScholarSite([BEN]) as site:
        if answered_before:
            site.fails(200, body=json.dumps(author_object(BEN)))
        site.fails(status, headers=headers, body='{"message": "Endpoint request timed out"}')
        failure = ask(SEMANTIC_SCHOLAR, f"{site.url}/author/42")
        assert isinstance(failure, Failure)
        assert (failure.outcome, failure.status) == (outcome, status)
        assert failure.retry_after_seconds == (30 if headers else None)
        assert len(site.requests) == 1 + answered_before


def test_an_author_who_is_not_there_is_gone() -> None:
    with SemanticScholarSite([Scholar(key="1", name="Somebody Else")]) as site:
        failure = ask(SEMANTIC_SCHOLAR, f"{site.url}/author/42")
    assert isinstance(failure, Failure)
    assert failure.outcome is Outcome.GONE


@pytest.mark.parametrize(
    ("body", "outcome"),
    [
        ('{"error": "Author with id 42 not found"}', Outcome.GONE),
        ('{"message": "Internal Server Error"}', Outcome.UNREACHABLE),
        ('{"message": "Too Many Requests. Please wait and try again.", "code": "429"}', Outcome.THROTTLED),
    ],
    ids=["error", "gateway", "too many"],
)
@pytest.mark.parametrize("answered_before", [0, 1], ids=["author", "papers"])
def test_an_error_that_comes_with_status_200_is_never_a_paper(
    body: str, outcome: Outcome, answered_before: int
) -> None:
    with SemanticScholarSite([BEN]) as site:
        site.fails(200, times=answered_before, body=json.dumps(author_object(BEN)))
        site.fails(200, body=body)
        url = f"{site.url}/author/42"
        failure = ask(SEMANTIC_SCHOLAR, url)
    # The first answer is read before the second is asked for; the last one with the whole profile.
    answer = parse_page("semantic_scholar", failure, OBSERVED_ON) if isinstance(failure, Page) else failure
    assert isinstance(answer, Failure)
    assert answer.outcome is outcome
