"""The table that dates saved pages."""

from datetime import UTC
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from scrapers.origins.manifest import read_manifest
from tests.scrapers.origins.asking import OTHER_URL, URL
from tracking.capture import OriginError


def _manifest(folder: Path, text: str, *, encoding: str = "utf-8") -> Path:
    path = folder / "manifest.csv"
    path.write_text(text, encoding=encoding)
    return path


@pytest.mark.parametrize(
    ("written", "time"),
    [
        ("2026-03-01T08:30:00Z", "2026-03-01T08:30:00+00:00"),
        ("2026-03-01T08:30:00-05:00", "2026-03-01T08:30:00-05:00"),
        ("2026-03-01T08:30", "2026-03-01T08:30:00+01:00"),
        ("2026-03-01 08:30", "2026-03-01T08:30:00+01:00"),
        ("2026-03-01", "2026-03-01T12:00:00+01:00"),
    ],
)
def test_times(tmp_path: Path, written: str, time: str) -> None:
    entries = read_manifest(_manifest(tmp_path, f"file,observed_at\na.html, {written} \n"), ZoneInfo("Europe/Zurich"))
    assert entries["a.html"].observed_at.isoformat() == time
    assert entries["a.html"].is_of(URL)
    assert entries["a.html"].is_of(OTHER_URL)


@pytest.mark.parametrize(
    ("profile", "is_of"),
    [
        ("", (True, True)),
        ("https://scholarfeed.org/author/1/", (True, False)),
        ("1", (True, False)),
        ("2", (False, True)),
        ("https://scholarfeed.org/author/3", (False, False)),
    ],
)
def test_profiles(tmp_path: Path, profile: str, is_of: tuple[bool, bool]) -> None:
    text = f"profile,note,file,observed_at\n{profile},mine,a.html,2026-03-01\n"
    entry = read_manifest(_manifest(tmp_path, text, encoding="utf-8-sig"), UTC)["a.html"]
    assert (entry.is_of(URL), entry.is_of(OTHER_URL)) == is_of


def test_a_key_is_that_of_a_page_on_any_host(tmp_path: Path) -> None:
    entry = read_manifest(_manifest(tmp_path, "file,observed_at,profile\na.html,2026-03-01,7\n"), UTC)["a.html"]
    assert entry.is_of("http://127.0.0.1:8099/author/7")
    assert not entry.is_of("http://127.0.0.1:8099/")


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", r"manifest.csv:1: there is no column file and no column observed_at"),
        ("file;observed_at\na.html;2026-03-01\n", r"manifest.csv:1: there is no column file"),
        ("file,date\na.html,2026-03-01\n", r"manifest.csv:1: there is no column observed_at"),
        ("file,observed_at\na.html,2026-03-01\nb.html,soon\n", r"manifest.csv:3: b.html: .*'soon'"),
        ("file,observed_at\na.html,2026-02-30\n", r"manifest.csv:2: a.html: "),
        ("file,observed_at\na.html\n", r"manifest.csv:2: a.html: "),
        ("file,observed_at\n,2026-03-01\n", r"manifest.csv:2: no file is named"),
        ("file,observed_at\na.html,2026-03-01\na.html,2026-03-02\n", r"manifest.csv:3: a.html stands twice"),
        ('file,observed_at\n"a.html"b,2026-03-01\n', r"manifest.csv:2: "),
    ],
)
def test_errors_name_the_line(tmp_path: Path, text: str, complaint: str) -> None:
    with pytest.raises(OriginError, match=complaint):
        read_manifest(_manifest(tmp_path, text), UTC)


def test_what_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(OriginError, match=r"manifest .*absent\.csv cannot be read"):
        read_manifest(tmp_path / "absent.csv", UTC)
    with pytest.raises(OriginError, match=r"manifest\.csv cannot be read"):
        read_manifest(_manifest(tmp_path, "file,observed_at\nZürich.html,2026-03-01\n", encoding="latin-1"), UTC)
