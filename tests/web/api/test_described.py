"""The API does what it says of itself: schemathesis makes requests of the description, and looks at every answer."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from fastapi import FastAPI
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.scenarios.story import Story
from web.app import create

if TYPE_CHECKING:
    from schemathesis import Case


@pytest.fixture
def application(story: Story) -> Iterator[FastAPI]:
    app = create(story.settings, lambda: story.now)
    yield app
    app.state.desk.store.close()


@pytest.mark.usefixtures("lived")
def test_every_operation_does_what_the_description_says(application: FastAPI) -> None:
    ask(application, examples=2)


@pytest.mark.slow
@pytest.mark.usefixtures("lived")
def test_every_operation_does_what_the_description_says_for_long(application: FastAPI) -> None:
    ask(application, examples=150)


def ask(application: FastAPI, examples: int) -> None:
    """So many good and so many bad requests of each operation."""
    # Whoever only looks for tests need not wait for it.
    import schemathesis
    from schemathesis import GenerationMode

    schema = schemathesis.openapi.from_asgi("/api/v1/openapi.json", application)
    operations = [found.ok() for found in schema.get_all_operations()]
    assert len(operations) > 30
    for operation in operations:
        raw = operation.definition.raw
        # Where nothing is asked for, nothing wrong can be said.
        modes = list(GenerationMode) if "parameters" in raw or "requestBody" in raw else [GenerationMode.POSITIVE]
        for mode in modes:
            requests = operation.as_strategy(generation_mode=mode)
            looked_at(requests, examples)()


def looked_at(requests: "st.SearchStrategy[Case]", examples: int):  # type: ignore[no-untyped-def]
    from schemathesis.checks import not_a_server_error
    from schemathesis.specs.openapi.checks import (
        content_type_conformance,
        negative_data_rejection,
        response_schema_conformance,
        status_code_conformance,
    )

    #: That what fits the description is accepted cannot be asked for: many a name is nobody's.
    checks = [
        not_a_server_error,
        status_code_conformance,
        content_type_conformance,
        response_schema_conformance,
        negative_data_rejection,
    ]

    @settings(max_examples=examples, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(case=requests)
    def look(case: "Case") -> None:
        case.call_and_validate(checks=checks)

    return look
