"""Lines of an index, as values and in the two forms that tests write."""

import json
from datetime import UTC, datetime

from scrapers.archives.cdx import CdxRow

URL = "http://www.scholarfeed.org/author/7"
KEY = "org,scholarfeed)/author/7"


def row(
    day: int = 1, *, url: str = URL, mime: str = "text/html", status: str = "200", digest: str | None = "AAAA"
) -> CdxRow:
    return CdxRow(captured_at=datetime(2024, 1, day, tzinfo=UTC), url=url, mime=mime, status=status, digest=digest)


def plain(row: CdxRow) -> str:
    return f"{KEY} {row.captured_at:%Y%m%d%H%M%S} {row.url} {row.mime} {row.status} {row.digest or '-'} 100"


def cdxj(row: CdxRow) -> str:
    described = {"url": row.url, "mime": row.mime, "status": row.status, "digest": row.digest, "length": "100"}
    shown = {name: text for name, text in described.items() if text not in ("-", None)}
    return f"{KEY} {row.captured_at:%Y%m%d%H%M%S} {json.dumps(shown)}"
