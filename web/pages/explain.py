"""``/rules/explain``: the rules that hold for one person, and where each key of them is said; muted with one button."""

from fastapi import APIRouter
from starlette.responses import Response

from flows.config.error import ConfigError
from flows.explaining import ExplainedRule, as_written, explain, find_followed
from storage.errors import UnknownPerson
from web.view import Page, View

router = APIRouter()


@router.get("/rules/explain")
def explained(page: Page, person: str = "") -> Response:
    asked = person.strip()[:200]
    name, wrong = "", ""
    tags: tuple[str, ...] = ()
    rules: list[ExplainedRule] = []
    if asked:
        try:
            name, tags, rules = _found(page, asked)
        except (UnknownPerson, ConfigError) as error:
            wrong = f"{str(error)[:1].upper()}{str(error)[1:]}."
    return page.show(
        "explain.html.j2",
        status=404 if wrong else 200,
        tab="explain",
        asked=asked,
        name=name,
        tags=tags,
        rules=rules,
        wrong=wrong,
        as_written=as_written,
        file=page.desk.configuration.now().config_path.name,
        muted=_muted(page, name),
    )


def _found(page: View, asked: str) -> tuple[str, tuple[str, ...], list[ExplainedRule]]:
    """Raises UnknownPerson, and ConfigError where the file is not sound: its lines would not be those of the rules."""
    settings = page.desk.configuration.now()
    if page.complaint:
        raise ConfigError("the configuration is not sound; mend it first")
    name, tags = find_followed(settings, asked)
    return name, tags, explain(settings, name, tags)


def _muted(page: View, name: str) -> set[str]:
    """The rules of which nobody hears what they find about somebody."""
    holding = page.desk.store.silences(page.now)
    return {one.rule for one in holding if one.rule and one.person == name and not (one.kinds or one.metric)}
