"""Where Prefect shows its own pages, from the address of its API."""

from urllib.parse import urlsplit

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
