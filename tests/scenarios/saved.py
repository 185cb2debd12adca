"""Pages as somebody kept them, day after day: in a folder, or in a WARC file."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import httpx

from tests.archive_server import WarcCapture, write_warc


@dataclass(frozen=True, slots=True)
class Saved:
    """The page of one profile as it was at a time."""

    at: datetime
    url: str
    body: bytes = field(repr=False)

    @property
    def name(self) -> str:
        return f"{self.url.rpartition('/')[2]}_{self.at:%Y%m%dT%H%M%SZ}.html"


def save(url: str, at: datetime) -> list[Saved]:
    """The page as it is shown now; none where there is none."""
    try:
        # No certificate is looked at here, and reading those that are believed takes longer than the page.
        answer = httpx.get(url, verify=False)
    except httpx.TransportError:
        return []
    return [Saved(at, url, answer.content)] if answer.status_code == 200 else []


def into_folder(folder: Path, pages: Iterable[Saved]) -> Path:
    """One file for each page, named by key and time."""
    folder.mkdir()
    for page in pages:
        (folder / page.name).write_bytes(page.body)
    return folder


def manifest(path: Path, pages: Iterable[Saved]) -> Path:
    """The table that says whose the files of a folder are."""
    rows = [f"{page.name},{page.at.isoformat()},{page.url}" for page in pages]
    path.write_text("\n".join(["file,observed_at,profile", *rows]), "utf-8")
    return path


def into_warc(path: Path, pages: Iterable[Saved]) -> Path:
    """What a crawler would have kept: bytes that it had met before are not written again."""
    first: dict[tuple[str, bytes], WarcCapture] = {}
    captures = []
    for page in pages:
        known = first.get((page.url, page.body))
        capture = known.again(page.at) if known else WarcCapture(at=page.at, url=page.url, body=page.body)
        first.setdefault((page.url, page.body), capture)
        captures.append(capture)
    return write_warc(path, captures)
