import json
import subprocess
import sys

from tests.world.reader import get
from world.serve import world_from

OPTIONS = ("--seed", "3", "--researchers", "4", "--papers", "20", "--pages-kb", "120", "--no-trouble")


def test_a_world_takes_orders_over_the_wire() -> None:
    with world_from(OPTIONS) as world:
        orders = f"{world.site.root}/_world"
        urls: dict[str, str] = json.loads(get(f"{orders}/urls").text)
        pages = {key: get(url) for key, url in urls.items()}
        assert len(pages) == 4
        assert all(len(page.body) >= 120_000 for page in pages.values())

        assert json.loads(get(f"{orders}/cite", method="POST").text) == {"cited": 4}
        for key, url in urls.items():
            cited = get(url, {"If-None-Match": pages[key].headers["etag"]})
            assert cited.status == 200
            assert abs(len(cited.body) - len(pages[key].body)) < 10
        changes = json.loads(get(f"{orders}/truth").text)["metric_changes"]
        assert [(change["metric"], change["after"] - change["before"]) for change in changes] == [("citations", 1)] * 4

        assert json.loads(get(f"{orders}/advance", method="POST").text) == {"day": "2026-11-23"}
        assert set(json.loads(get(f"{orders}/truth").text)) == {"new_papers", "late_papers", "metric_changes"}


def test_a_world_without_validators_counts_what_it_is_asked() -> None:
    with world_from(OPTIONS) as world:
        orders = f"{world.site.root}/_world"
        url, *_ = json.loads(get(f"{orders}/urls").text).values()
        etag = get(url).headers["etag"]
        assert get(url, {"If-None-Match": etag}).status == 304
        assert json.loads(get(f"{orders}/asked").text) == {"200": 1, "304": 1}

        get(f"{orders}/no_validators", method="POST")
        answer = get(url, {"If-None-Match": etag})
        assert answer.status == 200
        assert "etag" not in answer.headers
        assert json.loads(get(f"{orders}/asked").text) == {"200": 2, "304": 1}


def test_the_command_prints_its_address_first_and_serves_there() -> None:
    command = [sys.executable, "-m", "world.site", "--researchers", "2"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        root = process.stdout.readline().strip()
        urls: dict[str, str] = json.loads(get(f"{root}/_world/urls").text)
        statuses = [get(url).status for url in urls.values()]
        process.terminate()
        assert process.stderr.read() == ""
    assert statuses == [200, 200]
