"""What has to be written into the configuration, so that a rule says one key otherwise."""

from typing import Any

import yaml

from alerts.restating import Restated, entry_of, restated, written
from flows.config.document import read_text
from flows.config.error import key_text
from flows.config.lines import line_of
from flows.config.whole import Settings


def place_of(settings: Settings, change: Restated) -> str:
    """Where the key stands, or else its rule: ``scholarwatch.yaml:14: rules[0]``. Raises ConfigError."""
    entry = entry_of(settings.layers, change.rule)
    if not entry.path:
        return f"{settings.config_path}: rules"
    path = (*entry.path, *change.key.split("."))
    return f"{settings.config_path}:{line_of(read_text(settings.config_path), path)}: {key_text(entry.path)}"


def lines_to_write(settings: Settings, change: Restated) -> list[str]:
    """The lines of YAML: the rule's name and the key; where the rule is built in, all rules, this one changed."""
    entry = entry_of(settings.layers, change.rule)
    if entry.path:
        values: Any = [change.as_written()]
    else:
        broad = restated(settings.layers, change).broad
        values = {"rules": [written(one) for one in broad if not one.said.get("leftover")]}
    text = yaml.safe_dump(values, sort_keys=False, allow_unicode=True, width=120)
    return text.splitlines()
