"""The capacity model against runs that are played through, turn by turn."""

from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks.capacity import Bottleneck, Costs, Load, estimate, shards_needed, table
from benchmarks.capacity_simulation import play

#: Round figures: the model is to be right for any machine.
QUICK = Costs(
    check_seconds=0.002,
    change_seconds=0.007,
    parse_seconds=0.02,
    turn_seconds=0.0015,
    write_seconds=0.0005,
    write_change_seconds=0.005,
)
#: And of a machine on which PostgreSQL is far away.
FAR = replace(QUICK, turn_seconds=0.02, write_seconds=0.005, write_change_seconds=0.02)

#: What the model says and how a run goes on may differ by this share, both ways: that is what docs/scale.md promises.
BOUND = 0.15

LOADS = {
    "one polite host": Load(profiles=500, hosts=1),
    "a thousand profiles at a hundred hosts": Load(profiles=1_000, hosts=100),
    "no gap, one host": Load(profiles=2_000, hosts=1, gap_seconds=0, answer_seconds=0.2),
    "no gap, much has changed, one parser": Load(
        profiles=3_000, hosts=50, gap_seconds=0, changed=1.0, parsers=1, answer_seconds=0.1
    ),
    "no gap, much has changed, four parsers": Load(
        profiles=3_000, hosts=50, gap_seconds=0, changed=1.0, parsers=4, answer_seconds=0.1
    ),
    "no gap, four shards": Load(profiles=8_000, hosts=200, gap_seconds=0, shards=4, answer_seconds=0.1),
    "a short gap and very many hosts": Load(profiles=8_000, hosts=2_000, gap_seconds=1, shards=8, parsers=4),
}


@pytest.mark.parametrize("costs", [QUICK, FAR, Costs()], ids=["quick", "far", "measured"])
@pytest.mark.parametrize("name", LOADS)
def test_a_run_takes_as_long_as_the_model_says(name: str, costs: Costs) -> None:
    said, played = estimate(LOADS[name], costs), play(LOADS[name], costs, seed=7)
    assert played.seconds == pytest.approx(said.seconds, rel=BOUND)


@pytest.mark.parametrize("name", LOADS)
def test_every_part_is_as_busy_as_the_model_says(name: str) -> None:
    said, played = estimate(LOADS[name], QUICK), play(LOADS[name], QUICK, seed=8)
    for part in (Bottleneck.RUN, Bottleneck.PARSING, Bottleneck.DATABASE):
        assert played.busy[part] == pytest.approx(said.busy[part], rel=BOUND)


def test_the_first_bottleneck_is_politeness_and_then_the_one_writer() -> None:
    """What docs/scale.md tells: more hosts take the first away, more shards the next, nothing the last."""
    few = Load(profiles=100_000, hosts=100)
    many = Load(profiles=1_000_000, hosts=100_000, gap_seconds=1)
    assert estimate(few, QUICK).bottleneck is Bottleneck.HOST
    one, eight = (estimate(Load(**_fields(many) | {"shards": shards}), QUICK) for shards in (1, 8))
    assert one.bottleneck is Bottleneck.RUN
    assert eight.bottleneck is Bottleneck.DATABASE


def _fields(load: Load) -> dict[str, object]:
    return {name: getattr(load, name) for name in Load.__dataclass_fields__}


def test_shards_are_of_no_use_where_a_host_has_too_many_profiles() -> None:
    assert shards_needed(Load(profiles=100_000, hosts=1), QUICK) is None
    assert shards_needed(Load(profiles=1_000, hosts=1), QUICK) == 1


def test_twice_the_profiles_cost_twice_as_much() -> None:
    one, two = (estimate(Load(profiles=n, hosts=n // 10), QUICK) for n in (10_000, 20_000))
    assert two.rows == pytest.approx(2 * one.rows)
    assert two.cpu_seconds == pytest.approx(2 * one.cpu_seconds)
    assert two.busy[Bottleneck.HOST] == one.busy[Bottleneck.HOST]


def test_the_page_about_scale_has_the_table_of_the_model() -> None:
    page = (Path(__file__).parents[2] / "docs" / "scale.md").read_text("utf-8")
    assert "\n".join(table(Costs(), 0.1)) in page
