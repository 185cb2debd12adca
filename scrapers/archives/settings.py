"""Where a web archive is, and how politely it is asked."""

from dataclasses import dataclass

#: A minute as counted here: the second more makes up for what networks do to the distance of two requests.
_MINUTE_SECONDS = 61.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchiveSettings:
    """Raises ValueError for a user agent that no header can hold, and for a pace or number of attempts of nothing."""

    #: Who asks, and how to reach them.
    user_agent: str
    #: Of the CDX server, which lists captures.
    cdx_url: str
    #: What stands before the time and the URL of a capture: ``https://web.archive.org/web/``.
    memento_url: str
    #: Stored with every snapshot that came from here.
    name: str = "memento"
    #: The fields of a CDX line that are asked for; none means those that the server gives of its own accord.
    fields: tuple[str, ...] = ()
    #: Requests to the CDX server in any minute, at most. 24 is what the library `wayback` (0.5.1) keeps to since the
    #: Wayback Machine bears 30; who goes on past its 429s is locked out for an hour.
    cdx_per_minute: float = 24.0
    #: Between the starts of two reads of captures; 0 means no gap.
    read_interval_seconds: float = 4.0
    #: How often a request is made that is refused for a time or whose connection fails, the first one included.
    attempts: int = 4
    #: Before the second attempt, where the archive does not say how long to wait; doubled for each further one.
    retry_wait_seconds: float = 30.0
    #: An archive that asks to be left alone for longer is not waited for.
    longest_wait_seconds: float = 600.0
    #: Captures asked for at once.
    page_size: int = 5_000
    #: For one request, from connecting to the last byte of its answer.
    timeout_seconds: float = 120.0
    #: For connecting, and between two pieces of an answer: archives think before they speak.
    idle_timeout_seconds: float = 60.0
    #: Of the decoded body of an answer.
    max_bytes: int = 20_000_000

    def __post_init__(self) -> None:
        if not self.user_agent.strip() or not self.user_agent.isprintable():
            raise ValueError(f"not a user agent: {self.user_agent!r}")
        if self.cdx_per_minute <= 0 or self.attempts < 1 or self.page_size < 1:
            raise ValueError(f"nothing could be asked for: {self!r}")

    @property
    def cdx_interval_seconds(self) -> float:
        """Between the starts of two requests to the CDX server."""
        return _MINUTE_SECONDS / self.cdx_per_minute


def wayback_machine(user_agent: str) -> ArchiveSettings:
    """The Internet Archive's Wayback Machine."""
    return ArchiveSettings(
        user_agent=user_agent,
        cdx_url="https://web.archive.org/cdx/search/cdx",
        memento_url="https://web.archive.org/web/",
        name="wayback",
        fields=("urlkey", "timestamp", "original", "mimetype", "statuscode", "digest"),
    )


def for_archive(base_url: str, user_agent: str) -> ArchiveSettings:
    """A collection of pywb, or of what is built like it: ``http://127.0.0.1:8080/coll``."""
    base = base_url.rstrip("/")
    return ArchiveSettings(user_agent=user_agent, cdx_url=f"{base}/cdx", memento_url=f"{base}/")
