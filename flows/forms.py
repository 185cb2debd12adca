"""How the parameters of the flows read in the forms of Prefect's pages: a title, and a sentence or two."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import Field


def _shown(title: str, description: str) -> Any:
    # Prefect makes a field of its own of each parameter, whose title would be the parameter's name.
    return Field(json_schema_extra={"title": title, "description": description})


# ---- of every flow

ConfigFile = Annotated[
    str | None,
    _shown(
        "Configuration",
        "The file, as the worker sees it. Empty: what its SCHOLARWATCH_CONFIG names, else ./scholarwatch.yaml.",
    ),
]
DatabaseName = Annotated[
    str | None,
    _shown(
        "Database", "Another one than the configuration's. Whoever sees this page sees it: no password belongs here."
    ),
]
Now = Annotated[
    datetime | None, _shown("As of", "The time that the run is to be of, with its offset from UTC. Empty: the present.")
]

# ---- track

OnlyDue = Annotated[
    bool,
    _shown("Only who is due", "Leave out whose next check, by the cadence of the configuration, is still to come."),
]
ScheduledAt = Annotated[
    datetime | None,
    _shown(
        "Planned for",
        "The time for which a timer had planned the run: it leaves early if its work is done. Empty: that of the "
        "schedule that started it.",
    ),
]

Shards = Annotated[
    int, _shown("Shards", "In so many parts at once, each with hosts of its own. More than one needs PostgreSQL.")
]
ShardDeployment = Annotated[
    str | None,
    _shown(
        "Deployment of a shard",
        "What does a part on any worker of its pool, such as shard/shard. Empty: processes beside this flow.",
    ),
]
Dask = Annotated[
    str | None,
    _shown("Dask cluster", "The scheduler whose workers do the parts, such as tcp://10.0.0.5:8786. Empty: none."),
]

# ---- shard

Run = Annotated[str, _shown("Run", "The run that the shard is a part of, by its number.")]
Number = Annotated[int, _shown("Shard", "Which of the run's parts, from 1 on.")]

# ---- digest

Receivers = Annotated[
    list[str],
    _shown("Receivers", "Whose digest is not to wait for its time, by the names of the configuration. Empty: all."),
]

# ---- backfill

Origin = Annotated[
    Literal["wayback", "archive", "pages", "warc", "git"],
    _shown(
        "Where from",
        "wayback: the Wayback Machine. archive: another web archive (CDX and Memento). pages: saved pages. warc: WARC "
        "or ARC files. git: a repository that holds one saved page.",
    ),
]
Where = Annotated[
    list[str],
    _shown(
        "Address or paths",
        "The archive's URL, or files and folders as the worker sees them. Nothing for the Wayback Machine.",
    ),
]
People = Annotated[
    list[str], _shown("People", "Names as “scholarwatch people” shows them. Empty: everybody who is followed.")
]
ProfileUrl = Annotated[str | None, _shown("One profile", "The URL of a followed profile, in the place of people.")]
Since = Annotated[date | None, _shown("From", "Only pages of this day (UTC) or later.")]
Until = Annotated[date | None, _shown("Until", "Only pages of this day (UTC) or earlier.")]
SavedAt = Annotated[
    datetime | None, _shown("Saved at", "When a single saved page was observed, if its name does not say so.")
]
Table = Annotated[
    str | None,
    _shown("Table of saved pages", "A CSV file: file, observed_at and, where pages are of several people, profile."),
]
FileInGit = Annotated[
    str | None, _shown("File in the repository", "The saved page in the git repository, from the repository's root.")
]
Notify = Annotated[
    bool,
    _shown("Tell of it", "Tell what is found in one digest, as far as the rules ask for it. Else nobody hears of it."),
]
DryRun = Annotated[
    bool, _shown("Only look", "Say how many captures there are and how long reading them takes, and record nothing.")
]

# ---- replay

SourceName = Annotated[
    str | None, _shown("Source", "Only pages of this source, such as scholarfeed. Empty: of every one.")
]
PersonName = Annotated[
    str | None,
    _shown("Person", "Only pages of this person, as “scholarwatch people” shows the name. Empty: of everybody."),
]
Apply = Annotated[
    bool,
    _shown(
        "Record it",
        "Record what is read now. Nobody is told of it, but of pages that can be read at last. Else it is only said.",
    ),
]
