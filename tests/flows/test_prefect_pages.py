"""From the address of Prefect's API to its pages."""

import pytest

from flows.prefect_pages import flow_run_page, runs_page


@pytest.mark.parametrize(
    ("api", "page"),
    [
        ("http://127.0.0.1:4200/api", "http://127.0.0.1:4200/runs"),
        (" https://prefect.example.org/here/api/ ", "https://prefect.example.org/here/runs"),
        ("https://me:secret@prefect.example.org/api", "https://prefect.example.org/runs"),
        (
            "https://api.prefect.cloud/api/accounts/1a/workspaces/2b",
            "https://app.prefect.cloud/account/1a/workspace/2b/runs",
        ),
        ("javascript:alert(1)", ""),
        ("here", ""),
    ],
)
def test_where_prefect_shows_its_runs(api: str, page: str) -> None:
    assert runs_page(api) == page
    assert flow_run_page(api, "1b-2c") == (f"{page}/flow-run/1b-2c" if page else "")
