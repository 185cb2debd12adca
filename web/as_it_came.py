"""A page of somebody else, shown here: it has no origin, runs nothing, and asks nobody for anything."""

from starlette.responses import Response

from tracking.check import Page

#: What such a page may do: be looked at, in a frame of ours.
INERT = (
    "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'; frame-ancestors 'self'"
)


def as_it_came(page: Page) -> Response:
    """The bytes as they came. HTML is shown as such, and does nothing; everything else is text."""
    kind = page.headers.get("content-type", "")
    is_html = kind.partition(";")[0].strip().lower() in ("text/html", "application/xhtml+xml")
    response = Response(page.body)
    response.headers["content-type"] = kind if is_html else "text/plain; charset=utf-8"
    response.headers["content-security-policy"] = INERT
    return response
