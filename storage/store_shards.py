"""One side of `storage.store.Store`: runs in shards."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any

from storage import locks, profiles, recorded_checks, shards
from storage.recorded_checks import RecordedCheck
from storage.store_side import Side
from tracking.check import Watch
from tracking.sharding import Plan, Shard, ShardState, ShardView


class Shards(Side):
    """Runs in shards; see `storage.shards`."""

    # ---- the run's side

    def require_shards(self) -> None:
        """Raise StoreError on SQLite: a file is not written by many processes at once for long."""
        shards.require_postgresql(self._database)

    def plan_shards(self, run_id: str, plans: Sequence[Plan], *, configuration: str) -> None:
        """Store what each shard of a run is to do."""
        shards.plan(self._database, int(run_id), plans, configuration)

    def shards(self, run_id: str) -> list[ShardView]:
        """The shards of a run, by number."""
        with self._database.reading() as connection:
            return shards.views(connection, int(run_id))

    def shard_states(self, run_id: str) -> dict[int, ShardState]:
        """How each shard of a run stands, by number."""
        with self._database.reading() as connection:
            return shards.states(connection, int(run_id))

    def give_up_shard(self, run_id: str, number: int, why: str) -> bool:
        """Let nobody take a shard up any more; False if somebody has."""
        with self._database.writing() as connection:
            return shards.give_up(connection, int(run_id), number, why)

    def shard_tallies(self, run_id: str) -> dict[int, dict[str, Any]]:
        """What the shards that are done have counted, by number."""
        with self._database.reading() as connection:
            return shards.tallies(connection, int(run_id))

    def recorded_checks(self, run_id: str, profile_ids: Sequence[int]) -> list[RecordedCheck]:
        """What a run has recorded about profiles, those not checked left out, see `storage.recorded_checks`."""
        with self._database.reading() as connection:
            return recorded_checks.recorded_checks(connection, int(run_id), profile_ids)

    def watches(self, profile_ids: Sequence[int]) -> dict[int, Watch]:
        """Profiles by id as checks of them would begin; those that there are not are absent."""
        with self._database.reading() as connection:
            return profiles.watches_of(connection, profile_ids)

    def let_go_of_shards(self, run_id: str) -> None:
        """Forget the shards of a run, which has taken in what they did."""
        with self._database.writing() as connection:
            shards.let_go(connection, int(run_id))

    # ---- the worker's side

    def shard_at_work(
        self, run_id: str, number: int, *, configuration: str, worker: str
    ) -> AbstractContextManager[Shard]:
        """Be the worker of a shard as long as the block lasts, see `storage.shards.at_work`. Raises StoreError."""
        return shards.at_work(self._database, int(run_id), number, configuration, worker)

    def left_to_do(self, shard: Shard) -> list[Watch]:
        """The profiles of a shard that may be asked, in the order of its plan."""
        with self._database.reading() as connection:
            return shards.left_to_do(connection, shard)

    def claim_hosts(self, shard: Shard, gaps: Mapping[str, float]) -> set[str]:
        """Make hosts, by the seconds between two requests, the shard's; those that are now."""
        with self._database.writing() as connection:
            return shards.claim_hosts(connection, shard, gaps)

    def finish_shard(self, shard: Shard, tally: Mapping[str, Any]) -> None:
        """Note what a shard has counted: its worker has nothing left to do."""
        with self._database.writing() as connection:
            shards.finish(connection, shard, tally)

    def relating_lock(self) -> AbstractContextManager[None]:
        """Wait until no other process writes of people who are in several shards, then be the one."""
        return locks.waiting_for(self._database, locks.Lock.RELATING)
