"""The fetcher that a configuration asks for."""

from flows.config.whole import Settings
from scrapers.fetch import Fetcher, FetchSettings
from scrapers.gate import Gate


def fetcher_for(settings: Settings, gate: Gate) -> Fetcher:
    """Asks as the configuration says, at the turns that ``gate`` gives."""
    fetch = settings.fetch
    asked = FetchSettings(
        user_agent=fetch.user_agent,
        timeout_seconds=fetch.timeout_seconds,
        max_bytes=fetch.max_bytes,
        connections_per_host=fetch.connections_per_host,
        private_hosts=fetch.allow_private_hosts,
    )
    return Fetcher(asked, gate=gate)
