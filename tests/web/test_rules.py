"""Rules in the browser: checked, tried over what was lived, saved into the file; and explained per person."""

from datetime import timedelta
from pathlib import Path

import pytest

from flows.rehearsal_stage import Wanted
from flows.settings import load
from storage.store import Store
from tests.scenarios.story import Story
from tests.web.visitor import Visitor, words
from tracking.event import EventKind
from web.rehearsals import Rehearsals

OWN = 'rules:  # mine\n  - name: papers\n    on: [paper.new]\n    notify: [me]\n  # - name: "later"\n'
NOISY = "rules:\n  - {name: '<b>all</b>', on: [paper.new, metric.changed, metric.milestone, profile.baseline]}\n"


def typed(visitor: Visitor, text: str, path: str = "/rules") -> dict[str, str]:
    """The form as the page gives it, with this text."""
    form = visitor.page(path).select_one("#rules-form")
    assert form is not None
    return {str(field["name"]): str(field["value"]) for field in form("input")} | {"text": text}


def shown(visitor: Visitor) -> str:
    [area] = visitor.page("/rules")("textarea")
    return str(area.string)


@pytest.fixture
def file(lived: Story) -> Path:
    """With a section of rules between others, and remarks around it."""
    lived.config.write_text(f"# My lab.\n{OWN}\n# The rest.\n{lived.config.read_text('utf-8')}", "utf-8")
    return lived.config


def test_without_rules_the_built_in_ones_are_shown_and_can_be_taken_over(visitor: Visitor, lived: Story) -> None:
    assert "The file has no rules" in visitor.text("/rules")
    text = shown(visitor)
    assert text.startswith("rules:\n- name: new papers\n")
    assert visitor.post("/rules", typed(visitor, text)).headers["location"] == "/rules?saved=yes"
    assert lived.config.read_text("utf-8").endswith(text)
    assert "Saved. The next run goes by it." in visitor.text("/rules?saved=yes")
    assert "The file has no rules" not in visitor.text("/rules")


def test_rules_are_saved_where_they_stood(visitor: Visitor, file: Path) -> None:
    before = file.read_text("utf-8")
    assert shown(visitor) == OWN
    changed = OWN.replace("[paper.new]", "[metric.changed]").replace("\n", "\r\n")
    assert visitor.post("/rules", typed(visitor, changed)).status_code == 303
    assert file.read_text("utf-8") == before.replace("[paper.new]", "[metric.changed]")
    assert [(rule.name, rule.on) for rule in load(file).rules if not rule.leftover] == [
        ("papers", {EventKind.METRIC_CHANGED})
    ]


@pytest.mark.parametrize(
    ("text", "row", "said"),
    [
        ("rules:\n  - name: papers\n    on: paper.knew\n", 3, "scholarwatch.yaml:4: rules[0].on: "),
        ("rules:\n  - {name: papers, on: paper.new, notify: [mee]}\n", 2, "no receiver is called “mee”"),
        ("rules:\n  - [\n", None, "not YAML"),
        ("rules: []\nwatch: {}\n", 1, "is all that is edited here"),
    ],
)
def test_what_is_not_sound_is_said_by_its_line_and_not_written(
    visitor: Visitor, file: Path, text: str, row: int | None, said: str
) -> None:
    before = file.read_bytes()
    form = typed(visitor, text)
    quick = visitor.post("/rules/check.json", form).json()
    assert (quick["ok"], quick["line"]) == (False, row)
    assert said in quick["said"]
    for path in ("/rules", "/rules/check", "/rules/preview"):
        answer = visitor.post(path, form)
        assert answer.status_code == 400
        assert said in answer.text.replace("&#34;", '"')
        assert "papers" not in text or "papers" in answer.text
    assert file.read_bytes() == before


def test_what_is_sound_is_said_and_not_written(visitor: Visitor, file: Path) -> None:
    before = file.read_bytes()
    form = typed(visitor, NOISY)
    said = "Sound: 1 rule for everybody. Nothing is saved yet."
    assert visitor.post("/rules/check.json", form).json() == {"ok": True, "said": said, "line": None}
    assert said in visitor.post("/rules/check", form).text
    assert file.read_bytes() == before


def test_a_file_that_changed_since_it_was_shown_is_not_overwritten_at_once(visitor: Visitor, file: Path) -> None:
    form = typed(visitor, NOISY)
    others = file.read_text("utf-8").replace("name: papers", "name: other hand")
    file.write_text(others, "utf-8")
    answer = visitor.post("/rules", form)
    assert answer.status_code == 409
    assert "has changed since" in answer.text
    assert "name: other hand" in answer.text
    assert "all&lt;/b&gt;" in answer.text
    assert file.read_text("utf-8") == others
    assert visitor.post("/rules", typed(visitor, NOISY)).status_code == 303
    assert NOISY in file.read_text("utf-8")


def test_a_preview_says_what_would_have_been_sent_and_that_it_is_noise(
    visitor: Visitor, lived: Story, file: Path
) -> None:
    for step in range(14):
        lived.site.set_metric("1001", "citations", 2000 + 100 * step)
        lived.check(after=timedelta(hours=1))
        lived.deliver()
    before = file.read_bytes()
    answer = visitor.post("/rules/preview", typed(visitor, NOISY))
    if answer.status_code == 303:
        # It takes longer than a page is waited for: the page says how far it is, and asks again.
        path = answer.headers["location"]
        while "refresh" in (answer := visitor.get(path)).headers:
            assert "are gone through" in answer.text
    preview = visitor.soup(answer).select_one("main")
    assert preview is not None
    assert "Noise: “ <b>all</b> ” sends me" in " ".join(preview.get_text(" ").split())
    assert not visitor.soup(answer)("b")
    assert "New paper by Zoë Example: A New Thing" in answer.text
    assert file.read_bytes() == before


def test_without_history_a_preview_says_so(visitor: Visitor, story: Story) -> None:
    answer = visitor.post("/rules/preview", typed(visitor, OWN))
    while answer.status_code == 303 or "refresh" in answer.headers:
        answer = visitor.get(answer.headers.get("location") or str(answer.url.path))
    assert "there is no history yet" in answer.text
    assert story.recorded() == []


def test_a_preview_is_given_up_for_another(story: Story) -> None:
    rehearsals = Rehearsals()
    assert rehearsals.called("nobody") is None
    with Store.open_existing(story.settings.database) as store:
        wanted = Wanted(until=story.now)
        first, second = (rehearsals.begin(store, story.settings, wanted) for _ in range(2))
        assert first.wait(600)
        assert second.wait(600)
    assert first.wrong in ("another one was begun meanwhile", second.wrong)
    assert second.wrong.startswith("there is no history yet")
    assert rehearsals.called(second.name) is second


def test_the_rules_of_a_person_are_explained_and_muted(visitor: Visitor, lived: Story, file: Path) -> None:
    assert "Whose rules?" in visitor.text("/rules/explain")
    assert "nobody is followed as" in visitor.text("/rules/explain?person=Nobody", status=404).lower()
    page = visitor.page("/rules/explain?person=Zo%C3%AB%20Example")
    assert "papers" in words(page)
    assert "scholarwatch.yaml:4, rules[0]" in words(page)
    assert visitor.send(page, "/rules/silences", rule="papers").status_code == 303
    with Store.open_existing(lived.settings.database) as store:
        assert [(one.rule, one.person, one.ends_at) for one in store.all_silences()] == [
            ("papers", "Zoë Example", None)
        ]
    assert "muted" in visitor.text("/rules/explain?person=Zo%C3%AB%20Example")
    assert file.exists()


def test_rules_that_no_page_of_ours_has_sent_are_not_saved(visitor: Visitor, file: Path) -> None:
    before = file.read_bytes()
    form = typed(visitor, NOISY) | {"form_token": "guessed"}
    for path in ("/rules", "/rules/check", "/rules/check.json", "/rules/preview"):
        assert visitor.post(path, form).status_code == 403
    assert file.read_bytes() == before
