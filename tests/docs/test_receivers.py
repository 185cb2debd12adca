"""Every example of docs/receivers.md is a sound configuration, and what it says of numbers is so."""

import re
from pathlib import Path

import pytest

from alerts.receivers import WAYS
from flows.settings import load

PAGE = (Path(__file__).parents[2] / "docs" / "receivers.md").read_text("utf-8")
EXAMPLES = re.findall(r"^```yaml\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
SECRET = "c2NyZXQtb2YtdGhpcnR5LXR3by1ieXRlcy1sZW5ndGg="


@pytest.mark.parametrize("example", EXAMPLES)
def test_an_example_is_sound(example: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (("MAIL_PASSWORD", "word"), ("HOOK_SECRET", SECRET), ("SLACK_URL", "slack://a/b/c")):
        monkeypatch.setenv(name, value)
    config = tmp_path / "scholarwatch.yaml"
    config.write_text(example, "utf-8")
    assert load(config).receivers


def test_every_way_has_an_example_and_a_heading() -> None:
    for way in WAYS:
        assert any(f"{way}:" in example for example in EXAMPLES), way
        assert re.search(rf"^## `{way}`", PAGE, re.MULTILINE), way


def test_links_within_the_page_lead_somewhere() -> None:
    headings = re.findall(r"^#+ (.*)$", PAGE, re.MULTILINE)
    anchors = {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}
    assert set(re.findall(r"\]\(#([^)]*)\)", PAGE)) <= anchors
