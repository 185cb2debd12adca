"""`track` and `deliver`, plain or through Prefect: one choice, made in one place.

Without a configured Prefect API the plain functions run here: a flow would first boot a server of its own, which
takes ten seconds and more. With one, the flows run in this process and report to it. What is recorded is the same.
"""

import asyncio
from datetime import datetime
from typing import Any

from flows.config.whole import Settings
from flows.deliver import deliver
from flows.settings import prefect_api_url
from flows.track import Progress, track
from storage.store import Store


def run_track(
    settings: Settings, now: datetime, *, database: str | None = None, progress: Progress | None = None
) -> dict[str, Any]:
    """Check everybody who is followed and was not checked at ``now`` or later; the manifest as JSON values.

    ``database`` is what the command line said instead of the configuration. A flow gets that and no more: its
    parameters are shown to whoever sees the server, and the configuration's database may hold a password.
    """
    if prefect_api_url() is not None:
        from flows import orchestrated

        config = str(settings.config_path)
        return asyncio.run(orchestrated.track(config=config, database=database, now=now, only_due=False))
    with Store.open(settings.database) as store:
        return asyncio.run(track(store, settings, now, progress=progress)).to_json()


def run_deliver(settings: Settings, now: datetime, *, database: str | None = None) -> dict[str, Any]:
    """Send what is due at ``now``; the manifest as JSON values. ``database`` as in `run_track`."""
    if prefect_api_url() is not None:
        from flows import orchestrated

        config = str(settings.config_path)
        return asyncio.run(orchestrated.deliver(config=config, database=database, now=now))
    with Store.open(settings.database) as store:
        return deliver(store, settings, now).to_json()
