"""What a Prometheus server is told."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from prometheus_client.parser import text_string_to_metric_families

from flows.health import health_of
from flows.metrics import HOSTS_MAX, METRICS, OTHER_HOSTS, Measured, rendered
from tracking.check import Outcome
from tracking.event import EventKind
from tracking.host import HostLedger, HostState
from tracking.receiver import ReceiverState
from tracking.view import RunState, RunView
from tracking.vitals import Backlog, Vitals
from tracking.watchfulness import USUAL_PATIENCE, RunsSoFar

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
SECONDS = NOW.timestamp()
PAGE = Path(__file__).parents[2] / "docs" / "monitoring.md"
TRACK = RunView(
    run_id="7",
    kind="track",
    now=NOW - timedelta(hours=3),
    started_at=NOW - timedelta(hours=3),
    finished_at=NOW - timedelta(hours=3) + timedelta(seconds=12.5),
    manifest={
        "state": "degraded", "outcomes": {"ok": 2, "blocked": 1}, "hosts": {"a.example": 2, "b.example": 1}, "bytes": 143_000,
    },
)  # fmt: skip
WHOLE = Vitals(
    people=3,
    profiles={("scholarfeed", Outcome.OK): 2, ("scholarfeed", Outcome.BLOCKED): 1, ("arxiv", None): 1},
    parsers={"scholarfeed/3": 2},
    held=1,
    runs=RunsSoFar(good=TRACK, first_at=TRACK.now),
    last_runs={"track": TRACK},
    recent_runs={("track", RunState.DEGRADED): 1},
    recent_events={EventKind.PAPER_NEW: 4},
    backlog=Backlog(events=5, oldest_at=NOW - timedelta(hours=1), retrying=1, dead=2),
    off=(ReceiverState(name='Zoë\'s "hook"', off_at=NOW, off_reason="410"),),
    down_hosts=frozenset({"b.example"}),
    size_bytes=1_250_000,
    free_bytes=9_000_000_000,
)


def asked(host: str, requests: int, **counts: int) -> HostLedger:
    return HostLedger(state=HostState(host=host), day=date(2026, 11, 22), requests=requests, **counts)


def of(vitals: Vitals, *ledger: HostLedger, due: int | None = 1, is_sound: bool | None = True) -> Measured:
    return Measured(
        vitals=vitals,
        health=health_of(vitals, USUAL_PATIENCE, NOW),
        ledger=ledger,
        due=due,
        stale=due,
        is_sound=is_sound,
    )


def told(measured: Measured) -> dict[str, dict[tuple[str, ...], float]]:
    """By metric, the values by their labels, as Prometheus's own parser reads them."""
    return {
        family.name: {
            tuple(sample.labels[label] for label in METRICS[family.name.removeprefix("scholarwatch_")][1]): sample.value
            for sample in family.samples
        }
        for family in text_string_to_metric_families(rendered(measured).decode())
    }


def test_everything_is_told() -> None:
    found = told(of(WHOLE, asked("b.example", 3, blocked=1, failed=2), asked("a.example", 9), asked("quiet", 0)))
    ((build, one),) = found.pop("scholarwatch_build_info").items()
    assert (build[0].count("."), build[2], one) == (2, "sqlite", 1)
    assert found == {
        "scholarwatch_configuration_sound": {(): 1},
        "scholarwatch_troubles": {("unread",): 1, ("held",): 1, ("dead_messages",): 2, ("receiver_off",): 1},
        "scholarwatch_people": {(): 3},
        "scholarwatch_profiles": {
            ("scholarfeed", "ok"): 2, ("scholarfeed", "blocked"): 1, ("arxiv", "never_checked"): 1,
        },
        "scholarwatch_profiles_due": {(): 1},
        "scholarwatch_profiles_stale": {(): 1},
        "scholarwatch_profiles_held": {(): 1},
        "scholarwatch_profiles_by_parser": {("scholarfeed/3",): 2},
        "scholarwatch_last_good_run_timestamp_seconds": {(): SECONDS - 3 * 3600},
        "scholarwatch_last_run_timestamp_seconds": {("track",): SECONDS - 3 * 3600},
        "scholarwatch_last_run_duration_seconds": {("track",): 12.5},
        "scholarwatch_last_run_state": {("track", "degraded"): 1},
        "scholarwatch_last_track_checks": {("ok",): 2, ("blocked",): 1},
        "scholarwatch_last_track_host_checks": {("a.example",): 2, ("b.example",): 1},
        "scholarwatch_last_track_size_bytes": {(): 143_000},
        "scholarwatch_recent_runs": {("track", "degraded"): 1},
        "scholarwatch_recent_events": {("paper.new",): 4},
        "scholarwatch_host_requests": {("a.example",): 9, ("b.example",): 3},
        "scholarwatch_host_failures": {("b.example", "blocked"): 1, ("b.example", "failed"): 2},
        "scholarwatch_host_down": {("b.example",): 1},
        "scholarwatch_outbox_events": {(): 5},
        "scholarwatch_outbox_oldest_timestamp_seconds": {(): SECONDS - 3600},
        "scholarwatch_outbox_messages": {("retrying",): 1, ("dead",): 2},
        "scholarwatch_receiver_off": {('Zoë\'s "hook"',): 1},
        "scholarwatch_database_size_bytes": {(): 1_250_000},
        "scholarwatch_disk_free_bytes": {(): 9_000_000_000},
    }  # fmt: skip


def test_what_is_not_known_is_not_told_as_nought() -> None:
    nothing = Vitals(people=0, profiles={}, runs=RunsSoFar())
    found = told(of(nothing, due=None, is_sound=None))
    empty = {name for name, values in found.items() if not values}
    assert {
        "scholarwatch_configuration_sound", "scholarwatch_profiles_due", "scholarwatch_profiles_stale",
        "scholarwatch_last_good_run_timestamp_seconds", "scholarwatch_last_track_size_bytes",
        "scholarwatch_outbox_oldest_timestamp_seconds", "scholarwatch_disk_free_bytes",
    } <= empty  # fmt: skip
    assert found["scholarwatch_outbox_events"] == {(): 0}
    assert told(of(nothing, is_sound=False))["scholarwatch_configuration_sound"] == {(): 0}


def test_a_run_that_goes_on_has_no_duration() -> None:
    going_on = replace(TRACK, finished_at=None, manifest=None)
    found = told(of(replace(WHOLE, last_runs={"track": going_on})))
    assert found["scholarwatch_last_run_duration_seconds"] == {}
    assert found["scholarwatch_last_run_state"] == {("track", "unfinished"): 1}
    assert found["scholarwatch_last_track_checks"] == {}


def test_the_number_of_series_is_bounded() -> None:
    """Personal pages are at as many hosts as there are people."""
    hosts = [f"h{number:04}.example" for number in range(1000)]
    manifest = {"state": "ok", "hosts": dict.fromkeys(hosts, 1) | {"big.example": 5}}
    many = replace(WHOLE, last_runs={"track": replace(TRACK, manifest=manifest)}, down_hosts=frozenset(hosts))
    found = told(of(many, *(asked(host, 1, failed=1) for host in hosts)))
    checks = found["scholarwatch_last_track_host_checks"]
    assert len(checks) == HOSTS_MAX + 1
    assert checks["big.example",] == 5
    assert checks[OTHER_HOSTS,] == 1000 - (HOSTS_MAX - 1)
    assert found["scholarwatch_host_failures"][OTHER_HOSTS, "failed"] == 1000 - HOSTS_MAX
    assert sum(len(values) for values in found.values()) < 300


def test_names_follow_the_conventions() -> None:
    """https://prometheus.io/docs/practices/naming: base units, no type in the name, no total that is none."""
    for name, (help_text, labels) in METRICS.items():
        assert re.fullmatch(r"[a-z]+(_[a-z]+)*", name)
        assert not name.endswith(("_total", "_count", "_ms", "_minutes", "_kb", "_gauge")), name
        assert help_text.endswith("."), name
        assert not {"profile", "person", "paper"} & set(labels), name


def test_the_page_lists_what_there_is() -> None:
    rows = re.findall(r"^\| `scholarwatch_(\w+)` \| (.*?) \| (.*?) \|$", PAGE.read_text("utf-8"), re.MULTILINE)
    assert {name: (text, tuple(re.findall(r"`(\w+)`", labels))) for name, labels, text in rows} == METRICS


def test_rules_of_the_page_speak_of_what_there_is() -> None:
    rules = PAGE.read_text("utf-8").partition("## Alerts")[2]
    named = set(re.findall(r"scholarwatch_([a-z_]+)", rules))
    assert named
    assert named <= set(METRICS)
