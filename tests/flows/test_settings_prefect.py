"""Which Prefect server is configured, by the files and variables that Prefect itself reads."""

import pytest

from flows.config.prefect_profile import api_url
from flows.settings import ConfigError, prefect_api_url

PROFILES = """
active = "lab"

[profiles.lab]
PREFECT_API_URL = "http://lab.example.org:4200/api"

[profiles.bare]
PREFECT_LOGGING_LEVEL = "DEBUG"
"""
LAB = "http://lab.example.org:4200/api"
LOCAL = "http://127.0.0.1:4200/api"


@pytest.mark.parametrize(
    ("profiles", "environment", "url"),
    [
        pytest.param(None, {}, None, id="nothing"),
        pytest.param(None, {"PREFECT_API_URL": LAB}, LAB, id="the variable"),
        pytest.param(
            PROFILES, {"PREFECT_API_URL": "http://other/api"}, "http://other/api", id="the variable goes first"
        ),
        pytest.param(PROFILES, {"PREFECT_API_URL": ""}, LAB, id="an empty variable says nothing"),
        pytest.param(PROFILES, {}, LAB, id="the active profile"),
        pytest.param(PROFILES, {"PREFECT_PROFILE": "bare"}, None, id="a profile without a server"),
        pytest.param(PROFILES, {"PREFECT_PROFILE": "gone"}, None, id="a profile that is not there"),
        pytest.param(PROFILES, {"PREFECT_PROFILE": "local"}, LOCAL, id="a profile that Prefect ships"),
        pytest.param('active = "local"\n', {}, LOCAL, id="a shipped profile is active"),
        pytest.param('active = "ephemeral"\n', {}, None, id="the profile without a server"),
        pytest.param("[profiles.lab]\nPREFECT_API_URL = 'x'\n", {}, None, id="no active profile"),
    ],
)
def test_the_server(profiles, environment, url, tmp_path):
    if profiles is not None:
        (tmp_path / "profiles.toml").write_text(profiles)

    assert api_url({"PREFECT_HOME": str(tmp_path)} | environment) == url


def test_a_file_of_profiles_elsewhere(tmp_path):
    (tmp_path / "mine.toml").write_text(PROFILES)

    assert api_url({"PREFECT_PROFILES_PATH": str(tmp_path / "mine.toml")}) == LAB


def test_broken_profiles_are_named(tmp_path):
    (tmp_path / "profiles.toml").write_text("active = \n")

    with pytest.raises(ConfigError, match=r"profiles\.toml: Prefect's profiles cannot be read: Invalid value"):
        api_url({"PREFECT_HOME": str(tmp_path)})


def test_the_settings_ask_the_environment(monkeypatch):
    monkeypatch.setenv("PREFECT_API_URL", LAB)

    assert prefect_api_url() == LAB
