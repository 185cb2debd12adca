"""Plain YAML values: each knows its key path and says what is wrong with it."""

from collections.abc import Callable
from datetime import date

import pytest

from alerts.setting import Setting, SettingError, suggestion


def setting(value: object) -> Setting:
    return Setting(value, ("rules", 0), SettingError)


@pytest.mark.parametrize(
    ("read", "path", "words"),
    [
        pytest.param(lambda: setting([]).entries(), "rules[0]", "mapping of keys to values, not a list", id="list"),
        pytest.param(lambda: setting(None).sequence(), "rules[0]", "must be a list, not nothing", id="nothing"),
        pytest.param(lambda: setting({True: 1}).entries(), "rules[0]", "the key True must be text", id="yaml-on"),
        pytest.param(lambda: setting({"wher": 1}).mapping(("where",)), "rules[0].wher", "“where”", id="typo"),
        pytest.param(lambda: setting({"x": 1}).mapping(("name", "on")), "rules[0].x", "allowed: name, on", id="far"),
        pytest.param(
            lambda: setting({"c": 1}).mapping((), later=("c",)), "rules[0].c", "not available yet", id="later"
        ),
        pytest.param(lambda: setting(2026).text(), "rules[0]", "text, not a number; put it in quotes", id="number"),
        pytest.param(lambda: setting(True).text(), "rules[0]", "text, not true or false", id="boolean"),
        pytest.param(lambda: setting({}).text(), "rules[0]", "text, not a mapping", id="mapping"),
        pytest.param(lambda: setting(date(2026, 1, 1)).text(), "rules[0]", "text, not a date", id="date"),
        pytest.param(lambda: setting("  ").text(), "rules[0]", "must not be empty", id="blank"),
        pytest.param(lambda: setting([]).texts(), "rules[0]", "at least one", id="no-texts"),
        pytest.param(lambda: setting(["a", 1]).texts(), "rules[0][1]", "must be text", id="second-of-list"),
        pytest.param(lambda: setting("yes").flag(), "rules[0]", "true or false, not text", id="flag"),
        pytest.param(lambda: setting(3).count(4), "rules[0]", "whole number, 4 or more", id="too-few"),
        pytest.param(lambda: setting(4.5).count(4), "rules[0]", "whole number, 4 or more", id="fraction"),
        pytest.param(lambda: setting(True).count(1), "rules[0]", "whole number, 1 or more", id="no-number"),
    ],
)
def test_refusals(read: Callable[[], object], path: str, words: str) -> None:
    with pytest.raises(SettingError) as caught:
        read()
    assert str(caught.value).startswith(f"{path}: ")
    assert words in caught.value.message


def test_reading() -> None:
    assert setting(" a ").text() == "a"
    assert setting("a").texts() == ("a",)
    assert setting(["a", "b"]).texts() == ("a", "b")
    assert setting(False).flag() is False
    assert setting(4).count(4) == 4
    assert setting({"a": 1}).mapping(("a",))["a"] == Setting(1, ("rules", 0, "a"), SettingError)


def test_path_of_the_root() -> None:
    assert str(SettingError((), "empty")) == "(the whole file): empty"


def test_suggestion() -> None:
    assert suggestion("citaitons", ["citations", "papers"]) == "did you mean “citations”?"
    assert suggestion("zzz", ["citations", "papers"]) == "allowed: citations, papers"
