"""Which host is in which shard: laws."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracking.sharding import shares

HOSTS = st.dictionaries(st.text("abc.", min_size=1, max_size=6), st.integers(1, 500), max_size=30)
SHARDS = st.integers(1, 12)


@given(HOSTS, SHARDS)
def test_a_host_is_in_one_shard(profiles: dict[str, int], shards: int) -> None:
    found = shares(profiles, shards)
    assert sorted(host for hosts in found for host in hosts) == sorted(profiles)


@given(HOSTS, SHARDS)
def test_as_many_shards_as_there_can_be_and_none_is_empty(profiles: dict[str, int], shards: int) -> None:
    found = shares(profiles, shards)
    assert len(found) == min(shards, len(profiles))
    assert all(found)


@given(HOSTS, SHARDS)
def test_two_shards_differ_by_one_host_at_most(profiles: dict[str, int], shards: int) -> None:
    loads = [sum(profiles[host] for host in hosts) for hosts in shares(profiles, shards)]
    assert max(loads, default=0) - min(loads, default=0) <= max(profiles.values(), default=0)


@given(HOSTS, SHARDS, st.randoms())
def test_the_order_in_which_hosts_are_named_does_not_matter(
    profiles: dict[str, int], shards: int, chance: object
) -> None:
    named = list(profiles)
    chance.shuffle(named)  # type: ignore[attr-defined]
    assert shares({host: profiles[host] for host in named}, shards) == shares(profiles, shards)


def test_one_that_is_large_is_alone() -> None:
    assert shares({"big.org": 10, "a.org": 4, "b.org": 3, "c.org": 3}, 2) == (("big.org",), ("a.org", "b.org", "c.org"))


@pytest.mark.parametrize("shards", [0, -1])
def test_less_than_one_shard_is_refused(shards: int) -> None:
    with pytest.raises(ValueError, match=f"{shards} shards"):
        shares({"a.org": 1}, shards)
