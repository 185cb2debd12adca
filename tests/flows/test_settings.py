"""What a sound configuration means."""

from pathlib import Path

import pytest

from alerts.rules import DEFAULT_RULES
from flows.config.whole import Settings
from flows.settings import ConfigError, config_path, database_of, load
from tracking.cadence import Cadences
from tracking.view import FollowedPerson, FollowedProfile

CONTACT = 'fetch: {user_agent: "Lab (mailto:lab@example.org)"}\n'


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("SCHOLARWATCH_CONFIG", raising=False)
    monkeypatch.delenv("SCHOLARWATCH_DATABASE", raising=False)


def configured(text: str, **arguments: str) -> Settings:
    Path("scholarwatch.yaml").write_text(text, "utf-8")
    return load(None, **arguments)


def profile(key: str, url: str) -> FollowedProfile:
    return FollowedProfile(source="scholarfeed", key=key, url=url)


def test_an_empty_file_follows_nobody_and_has_all_defaults(tmp_path):
    settings = configured("")

    assert settings.config_path == Path("scholarwatch.yaml")
    assert settings.database == str(tmp_path / "scholarwatch.db")
    assert settings.people == ()
    assert settings.rules == DEFAULT_RULES
    assert [receiver.name for receiver in settings.receivers] == ["terminal"]
    assert "www.scholarfeed.org" in settings.source_hosts["scholarfeed"]
    assert settings.cadences == Cadences()


def test_sections_that_are_empty_are_as_if_they_were_not_there():
    empty = configured("people:\nrules:\nreceivers:\nsources:\nfetch:\ncadence:\ndatabase:\n")

    assert empty == configured("")


def test_people_in_every_form():
    settings = configured(
        CONTACT
        + """
people:
  - https://www.scholarfeed.org/author/1
  - name: Ada Example
    tags: [rl, lab, rl]
    profiles:
      - https://www.scholarfeed.org/author/2
      - {url: "https://mirror.example.org:8443/author/3", source: scholarfeed}
      - {url: " https://www.scholarfeed.org/author/4 "}
  - {profiles: "https://www.scholarfeed.org/author/5", tags: }
"""
    )

    assert settings.people == (
        FollowedPerson(profiles=(profile("1", "https://www.scholarfeed.org/author/1"),)),
        FollowedPerson(
            name="Ada Example",
            tags=("rl", "lab"),
            profiles=(
                profile("2", "https://www.scholarfeed.org/author/2"),
                profile("3", "https://mirror.example.org:8443/author/3"),
                profile("4", "https://www.scholarfeed.org/author/4"),
            ),
        ),
        FollowedPerson(profiles=(profile("5", "https://www.scholarfeed.org/author/5"),)),
    )


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("http://127.0.0.1:8099/author/1", "127.0.0.1:8099"),
        ("http://LocalHost./author/1", "localhost"),
        ("http://localhost:80/author/1", "localhost"),
        ("http://[::1]:8099/author/1", "[::1]:8099"),
    ],
)
def test_the_host_of_a_profile_whose_source_is_named_is_a_host_of_that_source(url, host):
    plain = configured("")
    settings = configured(f'people: [{{profiles: [{{url: "{url}", source: scholarfeed}}]}}]')

    assert settings.source_hosts["scholarfeed"] == plain.source_hosts["scholarfeed"] | {host}


def test_a_host_outside_ascii_is_kept_as_it_goes_over_the_wire():
    settings = configured(
        CONTACT + "people: [{profiles: [{url: https://bücher.example/author/1, source: scholarfeed}]}]"
    )

    assert "xn--bcher-kva.example" in settings.source_hosts["scholarfeed"]


def test_hosts_of_the_file_take_the_place_of_the_sources_own():
    settings = configured(
        "sources: {scholarfeed: {hosts: [127.0.0.1, Local.localhost:8080]}}\n"
        "people: ['http://127.0.0.1:5000/author/1', 'http://local.localhost:8080/author/2']"
    )

    assert settings.source_hosts["scholarfeed"] == {"127.0.0.1", "local.localhost:8080"}
    assert [person.profiles[0].key for person in settings.people] == ["1", "2"]


def test_rules_and_receivers_are_read():
    settings = configured(
        """
rules:
  - {name: new, on: [paper.new], notify: [log]}
  - {name: all, on: [metric.changed]}
receivers:
  log: {file: told.jsonl}
"""
    )

    assert [rule.name for rule in settings.rules] == ["new", "all", "operations"]
    assert [receiver.name for receiver in settings.receivers] == ["log"]


def test_an_empty_list_of_rules_means_silence():
    assert configured("rules: []").rules == ()


def test_terminal_receivers_write_to_the_stream_that_is_given(tmp_path):
    (tmp_path / "scholarwatch.yaml").touch()
    with open("screen", "w", encoding="utf-8") as stream:
        assert load(None, stream=stream).receivers[0].channel == load(None, stream=stream).receivers[0].channel
        assert load(None, stream=stream).receivers[0].channel != load(None).receivers[0].channel


def test_the_fetch_section():
    fetch = configured(
        """
fetch:
  user_agent: "Lab (https://lab.example.org/bot)"
  min_interval_seconds: 0.5
  daily_budget: 300
  timeout_seconds: 12
  max_bytes: 2000000
  connections_per_host: 3
  allow_private_hosts: [10.0.0.7, "[::1]:8080"]
people: [https://www.scholarfeed.org/author/1]
"""
    ).fetch

    assert fetch.user_agent == "Lab (https://lab.example.org/bot)"
    assert fetch.timeout_seconds == 12.0
    assert fetch.max_bytes == 2_000_000
    assert fetch.connections_per_host == 3
    assert fetch.allow_private_hosts == {"10.0.0.7", "[::1]:8080"}
    assert (fetch.min_interval_seconds, fetch.daily_budget) == (0.5, 300)


def test_a_database_in_the_file_starts_at_its_folder(tmp_path, monkeypatch):
    folder = tmp_path / "lab"
    folder.mkdir()
    (folder / "watch.yaml").write_text("database: state/lab.db\n")

    assert load(Path("lab/watch.yaml")).database == str(folder / "state" / "lab.db")
    monkeypatch.chdir(folder)
    assert load(Path("watch.yaml")).database == str(folder / "state" / "lab.db")


def test_a_database_of_the_command_line_starts_at_the_working_directory(tmp_path, monkeypatch):
    (tmp_path / "lab").mkdir()
    (tmp_path / "lab" / "watch.yaml").write_text("database: lab.db\n")
    monkeypatch.setenv("SCHOLARWATCH_DATABASE", "of_environment.db")

    assert load(Path("lab/watch.yaml"), database="said.db").database == str(tmp_path / "said.db")
    assert load(Path("lab/watch.yaml")).database == str(tmp_path / "of_environment.db")


@pytest.mark.parametrize(
    ("written", "database"),
    [
        ("/var/lib/watch.db", "/var/lib/watch.db"),
        ("sqlite:///state.db?timeout=5", "sqlite:///{here}/state.db?timeout=5"),
        ("sqlite:////var/watch.db", "sqlite:////var/watch.db"),
        ("postgresql+psycopg://me:word@db/watch", "postgresql+psycopg://me:word@db/watch"),
        ("postgresql://me:word@db/watch", "postgresql+psycopg://me:word@db/watch"),
        ("postgres://db/watch", "postgresql+psycopg://db/watch"),
    ],
)
def test_databases_in_every_form(written, database, tmp_path):
    assert configured(f"database: {written}").database == database.format(here=tmp_path)


def test_a_password_of_the_database_is_not_shown():
    assert "word" not in repr(configured("database: postgresql://me:word@db/watch"))


def test_the_database_is_known_although_the_rest_of_the_file_is_wrong(tmp_path):
    Path("scholarwatch.yaml").write_text("rules: {nonsense: '${MISSING}'}\ndatabase: kept.db\npeople: 12\n")

    assert database_of(None) == str(tmp_path / "kept.db")
    assert database_of(None, database="said.db") == str(tmp_path / "said.db")


def test_the_database_of_a_folder_without_a_configuration(tmp_path):
    assert database_of(None) == str(tmp_path / "scholarwatch.db")


def test_a_configuration_that_was_asked_for_must_be_there():
    with pytest.raises(ConfigError, match=r"elsewhere\.yaml: there is no such file"):
        database_of(Path("elsewhere.yaml"))


def test_the_database_in_a_file_that_is_wrong_about_it():
    Path("scholarwatch.yaml").write_text("\ndatabase: mysql://me:word@db/watch\n")

    with pytest.raises(ConfigError) as raised:
        database_of(None)
    assert str(raised.value) == (
        "scholarwatch.yaml:2: database: mysql:// is no database of this program; write a path or postgresql+psycopg://…"
    )


def test_where_the_configuration_is(monkeypatch):
    assert config_path(None) == Path("scholarwatch.yaml")
    monkeypatch.setenv("SCHOLARWATCH_CONFIG", "/etc/watch.yaml")
    assert config_path(None) == Path("/etc/watch.yaml")
    assert config_path(Path("mine.yaml")) == Path("mine.yaml")
