"""Where Prefect shows its own pages, from the address of its API."""

from urllib.parse import quote, urlsplit

_CLOUD_API, _CLOUD_PAGES = "api.prefect.cloud", "https://app.prefect.cloud"


def runs_page(api_url: str) -> str:
    """``http://127.0.0.1:4200/api`` → ``http://127.0.0.1:4200/runs``; empty where it is no web address.

    A user and a password in the address are left out.
    """
    parts = urlsplit(api_url.strip())
    if parts.scheme not in ("http", "https") or not parts.hostname:
        return ""
    path = parts.path.rstrip("/").removesuffix("/api")
    if parts.hostname == _CLOUD_API:
        # /api/accounts/A/workspaces/W is shown at /account/A/workspace/W.
        shown = path.removeprefix("/api").replace("/accounts/", "/account/").replace("/workspaces/", "/workspace/")
        return f"{_CLOUD_PAGES}{shown}/runs"
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{path}/runs"


def flow_run_page(api_url: str, flow_run: str) -> str:
    """The page of one flow run, by its id; empty where `runs_page` is."""
    runs = runs_page(api_url)
    return f"{runs}/flow-run/{quote(flow_run, safe='')}" if runs else ""
