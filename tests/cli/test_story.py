"""The first days of somebody who has just installed the program: every command a process, every line as printed."""

import re
from pathlib import Path

from tests.cli.days import MONDAY, TUESDAY, a_day_goes_by
from tests.scenarios.command import scholarwatch
from world.site import Site


def lines(*words: str, cwd: Path) -> list[str]:
    """What a command prints on standard output; it says nothing on standard error."""
    ended = scholarwatch(*words, cwd=cwd)
    assert ended.stderr == ""
    return ended.stdout.splitlines()


def test_the_first_two_days_in_words(site: Site, tmp_path: Path) -> None:
    url = site.url("1001")
    assert lines("init", "--contact", "me@example.org", cwd=tmp_path) == [
        "scholarwatch.yaml is written.",
        "Next: scholarwatch follow URL",
    ]
    assert lines("follow", url, "--source", "scholarfeed", "--tag", "lab", cwd=tmp_path) == [
        f"Following {url} (scholarfeed 1001).",
        "Next: scholarwatch run",
    ]
    first = lines("run", "--now", MONDAY, cwd=tmp_path)
    assert re.fullmatch(r"1 profile checked in \d+\.\d s: 1 ok\.", first[0])
    assert first[1] == "Recorded: 1 profile.baseline."
    assert "  2 papers are known; what comes from now on is told" in first
    assert first[-1] == "1 of 1 message delivered."
    assert lines("run", "--now", MONDAY, cwd=tmp_path) == [
        "Nothing to check: every profile was checked at this time or later."
    ]
    a_day_goes_by(site)
    second = lines("run", "--now", TUESDAY, cwd=tmp_path)
    assert second[1] == "Recorded: 2 metric.changed, 1 paper.new."
    assert "New paper by Zoë Example" in second
    assert "  A New Thing" in second
    assert lines("deliver", "--now", TUESDAY, cwd=tmp_path) == ["Nothing waits to be delivered."]
    assert lines("people", cwd=tmp_path) == [
        f"person       tags  last check            outcome  {'profile':<{len(url)}}".rstrip(),
        f"Zoë Example  lab   2026-11-24 09:00 UTC  ok       {url}",
    ]
    assert lines("show", "zoë", cwd=tmp_path) == [
        "Zoë Example (lab)",
        "",
        f"{url} (scholarfeed 1001)",
        "  last check 2026-11-24 09:00 UTC: ok",
        "  Zoë Example · LG, as observed 2026-11-24 09:00 UTC",
        "  citations         1,311   since 2026-11-24",
        "  h-index               2   since 2026-11-23",
        "  novelty            55 %   since 2026-11-23",
        "  papers                3   since 2026-11-24",
        "",
        "  2026-11-23  A New Thing",
        "  2026-07-14  Sheaves on a Torus",
        "  2024-03-05  An Older Thing",
    ]
    [baseline, *changes] = lines("events", cwd=tmp_path)
    assert baseline == "2026-11-23 09:00 UTC  profile.baseline  Zoë Example: followed from now on, with 2 papers"
    assert sorted(changes) == [
        "2026-11-24 09:00 UTC  metric.changed    Zoë Example: citations 1,204 → 1,311 (+107, +8.9 %)",
        "2026-11-24 09:00 UTC  metric.changed    Zoë Example: papers 2 → 3 (+1, +50.0 %)",
        "2026-11-24 09:00 UTC  paper.new         Zoë Example: A New Thing",
    ]
    status = lines("status", "--now", TUESDAY, cwd=tmp_path)
    assert status[:2] == ["Following 1 person on 1 profile.", "Last check of each profile: 1 ok."]
    assert re.fullmatch(r"Recorded: 3 papers and 4 events, in \d\.\d MB\.", status[2])
