"""Rules as they are written, as JSON."""

from collections.abc import Sequence
from typing import Any

from flows.config.whole import Settings
from flows.explaining import ExplainedRule, explain


def rule_json(rule: ExplainedRule) -> dict[str, Any]:
    return {
        "name": rule.name,
        "disabled": rule.disabled,
        "keys": [
            {"key": said.key, "value": said.value, "section": said.section, "line": said.line} for said in rule.keys
        ],
    }


def written_rule_json(settings: Settings, whom: str, rule: ExplainedRule) -> dict[str, Any]:
    """A rule of a list of rules; ``whom`` it is for."""
    return {"for": whom, "file": str(settings.config_path)} | rule_json(rule)


def explained_json(settings: Settings, person: str, tags: Sequence[str]) -> dict[str, Any]:
    """The rules that hold for somebody."""
    found = explain(settings, person, tags)
    return {
        "person": person,
        "tags": list(tags),
        "file": str(settings.config_path),
        "rules": [rule_json(rule) for rule in found],
    }
