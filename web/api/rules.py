"""Rules, as they are written and as they hold for somebody."""

from typing import Any

from pydantic import Field

from flows.as_json.rules import explained_json, written_rule_json
from flows.explaining import written_rules
from web.api.problem import problems
from web.api.route import AtDesk, resource
from web.api.values import Id, Json, Shown

router = resource("rules")


class SaidKey(Shown):
    """A key of a rule, and where it is written; without a line it is built in."""

    key: str
    value: Json
    section: str
    line: int | None


class Rule(Shown):
    name: str
    disabled: bool
    keys: list[SaidKey]


class WrittenRule(Rule):
    """``for``: everybody, a tag, a person."""

    whom: str = Field(alias="for")
    file: str


class RulesOfPerson(Shown):
    person: str
    tags: list[str]
    file: str
    rules: list[Rule]


@router.get("/rules", response_model=list[WrittenRule], responses=problems(422))
def rules(desk: AtDesk) -> list[dict[str, Any]]:
    """Every rule as it is written, in the order of the file; where it has none, those that are built in."""
    settings = desk.configuration.now()
    return [written_rule_json(settings, whom, rule) for whom, rule in written_rules(settings)]


@router.get("/people/{person_id}/rules", response_model=RulesOfPerson, responses=problems(404, 422))
def of_person(desk: AtDesk, person_id: Id) -> dict[str, Any]:
    """The rules that hold for a person, and where each key of them comes from."""
    person = desk.store.person_of_id(person_id).person
    return explained_json(desk.configuration.now(), person.name, person.tags)
