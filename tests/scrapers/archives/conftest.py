"""One real archive for the session, over two years of a made-up profile."""

from collections.abc import Iterator

import pytest

from tests.archive_server import start_archive, write_warc
from tests.scrapers.archives.two_years import CRAWLED


@pytest.fixture(scope="session")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of its collection. Two files, as two crawls would have left them."""
    folder = tmp_path_factory.mktemp("archive")
    warcs = [
        write_warc(folder / "old.warc.gz", CRAWLED[: len(CRAWLED) // 2]),
        write_warc(folder / "new.warc", CRAWLED[len(CRAWLED) // 2 :], gzip=False),
    ]
    with start_archive(warcs, folder) as base_url:
        yield base_url
