"""Adding a person to the file: one entry more, and nothing else changed."""

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.config.document import parse_document
from flows.config.insert import NewPerson, insert_person
from flows.config.replace import replace_text
from flows.settings import ConfigError, add_people, add_person, load

ADA = NewPerson(urls=("https://www.scholarfeed.org/author/1",))
BO = NewPerson(
    urls=("https://www.scholarfeed.org/author/2", "http://127.0.0.1:8099/author/3"),
    source="scholarfeed",
    name="Bo: the #2",
    tags=("rl", "a, b"),
)


@pytest.fixture
def file(tmp_path, monkeypatch) -> Path:
    monkeypatch.delenv("SCHOLARWATCH_DATABASE", raising=False)
    return tmp_path / "scholarwatch.yaml"


def root(text: str) -> dict[str, object]:
    found = parse_document(text, "file.yaml", {}).root
    assert found is None or isinstance(found, dict)
    return found or {}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param("", "people:\n  - URL\n", id="an empty file"),
        pytest.param("# mine", "# mine\npeople:\n  - URL\n", id="only a remark"),
        pytest.param("fetch: {}\n# end\n", "fetch: {}\n# end\npeople:\n  - URL\n", id="no people"),
        pytest.param(
            "people:  # nobody yet\n# soon\n", "people:  # nobody yet\n  - URL\n# soon\n", id="people without a value"
        ),
        pytest.param("people:", "people:\n  - URL\n", id="people without a line end"),
        pytest.param("people: ~ # none\nfetch: {}\n", "people:  # none\n  - URL\nfetch: {}\n", id="people is null"),
        pytest.param("people: []  # none\n", "people: [{profiles: [URL]}]  # none\n", id="an empty list"),
        pytest.param(
            "people: [a, # first\n  b, # last\n]\n",
            "people: [a, # first\n  b, {profiles: [URL]}, # last\n]\n",
            id="a list in brackets",
        ),
        pytest.param(
            "people:\n- a  # one\n# after\nfetch: {}\n",
            "people:\n- a  # one\n- URL\n# after\nfetch: {}\n",
            id="a list that is not indented",
        ),
        pytest.param(
            "people:\n    -   name: x\n        profiles: [ {url: a} ]   # p\n\n    # after\n\nrules: []\n",
            "people:\n    -   name: x\n        profiles: [ {url: a} ]   # p\n    - URL\n\n    # after\n\nrules: []\n",
            id="a list with deep indentation",
        ),
        pytest.param("people:\n  - a", "people:\n  - a\n  - URL\n", id="no line end at the end"),
        pytest.param(
            "people:\n  - >-\n    a\n\n\n# x\n", "people:\n  - >-\n    a\n\n\n  - URL\n# x\n", id="a folded text"
        ),
        pytest.param("people:\r\n  - a\r\n# x\r\n", "people:\r\n  - a\r\n  - URL\r\n# x\r\n", id="Windows line ends"),
        pytest.param("  people:\n    - a\n", "  people:\n    - a\n    - URL\n", id="an indented file"),
        pytest.param("{fetch: {}}", "{people: [{profiles: [URL]}], fetch: {}}", id="the file in braces"),
        pytest.param('{"people": ["a"]}', '{"people": ["a", {profiles: [URL]}]}', id="JSON"),
        pytest.param("{people: }", "{people:  [{profiles: [URL]}]}", id="nobody in braces"),
    ],
)
def test_where_the_entry_goes(before, after):
    new = insert_person(before, ADA)

    assert new == after.replace("URL", ADA.urls[0])
    people = root(before).get("people") or []
    assert isinstance(people, list)
    assert len(root(new)["people"]) == len(people) + 1


@pytest.mark.parametrize(
    ("person", "entry"),
    [
        (ADA, "  - https://www.scholarfeed.org/author/1\n"),
        (
            BO,
            '  - name: "Bo: the #2"\n'
            '    tags: [rl, "a, b"]\n'
            "    profiles:\n"
            "      - {url: https://www.scholarfeed.org/author/2, source: scholarfeed}\n"
            "      - {url: http://127.0.0.1:8099/author/3, source: scholarfeed}\n",
        ),
        (
            NewPerson(urls=("https://x.org/a?b={c}#d",), name="null"),
            '  - name: "null"\n    profiles:\n      - "https://x.org/a?b={c}#d"\n',
        ),
    ],
)
def test_how_the_entry_is_written(person, entry):
    assert insert_person("", person) == "people:\n" + entry


def test_the_file_loads_again_with_one_person_more(file):
    file.write_text('fetch: {user_agent: "me@example.org"}\npeople:\n  - https://www.scholarfeed.org/author/9\n')
    before = load(file).people

    added = add_person(file, BO)

    assert (added.name, added.tags) == (BO.name, BO.tags)
    assert [profile.url for profile in added.profiles] == list(BO.urls)
    assert load(file).people == (*before, added)


def test_several_at_once_or_none(file):
    file.write_text(CONTACT)
    cy = NewPerson(urls=("https://www.example.org/author/1",))

    assert [person.name for person in add_people(file, [ADA, BO])] == [None, BO.name]
    text = file.read_text()
    with pytest.raises(ConfigError):
        add_people(file, [NewPerson(urls=("https://www.scholarfeed.org/author/5",)), cy])
    assert file.read_text() == text


def test_a_file_that_nothing_can_be_put_in_the_place_of(tmp_path):
    # The draft beside it needs a longer name than a file can have.
    file = tmp_path / ("x" * 250 + ".yaml")
    file.write_text(CONTACT)

    with pytest.raises(ConfigError, match="cannot be written: File name too long"):
        add_person(file, ADA)
    assert file.read_text() == CONTACT


def test_a_draft_that_cannot_take_its_place_is_not_left_behind(tmp_path):
    (tmp_path / "folder").mkdir()

    with pytest.raises(IsADirectoryError):
        replace_text(tmp_path / "folder", "text")
    assert os.listdir(tmp_path) == ["folder"]


def test_mode_and_link_stay_and_nothing_is_left_beside(file, tmp_path):
    target = tmp_path / "real.yaml"
    target.write_text('fetch: {user_agent: "me@example.org"}\n')
    target.chmod(0o640)
    file.symlink_to(target)

    add_person(file, ADA)

    assert file.is_symlink()
    assert target.stat().st_mode & 0o777 == 0o640
    assert sorted(os.listdir(tmp_path)) == ["real.yaml", "scholarwatch.yaml"]


CONTACT = 'fetch: {user_agent: "me@example.org"}\n'


@pytest.mark.parametrize(
    ("text", "person", "message"),
    [
        pytest.param(
            CONTACT + "people:\n  - name: Ada\n    profiles: [https://www.scholarfeed.org/author/1]\n",
            ADA,
            ": people[1]: scholarfeed 1 is followed already, in line 4",
            id="followed already",
        ),
        pytest.param(
            CONTACT,
            NewPerson(urls=("https://www.example.org/author/1",)),
            ": people[0]: www.example.org is a host of no known source",
            id="an unknown host",
        ),
        pytest.param(
            "people:\n", ADA, ": fetch.user_agent: is not set, and www.scholarfeed.org must be able", id="no user agent"
        ),
        pytest.param("peopl: []\n", ADA, ":1: peopl: unknown key", id="not sound before"),
        pytest.param(
            f"{CONTACT}people: &all\n  - https://www.scholarfeed.org/author/9\n",
            ADA,
            ": “people” is no list of its own; write the entry by hand",
            id="an anchored list",
        ),
        pytest.param(
            f"rules: &none []\n{CONTACT}people: *none\n",
            ADA,
            ": “people” is no list of its own; write the entry by hand",
            id="a list from elsewhere",
        ),
        pytest.param("~\n", ADA, ": the file is no mapping; write the entry by hand", id="nothing at all, in words"),
    ],
)
def test_what_cannot_be_added_leaves_the_file_as_it_was(text, person, message, file):
    file.write_text(text)

    with pytest.raises(ConfigError) as raised:
        add_person(file, person)

    assert str(raised.value).startswith(f"{file}{message}")
    assert file.read_text() == text
    assert os.listdir(file.parent) == [file.name]


# Laws ------------------------------------------------------------------------------------------------------------------

_words = st.text(st.characters(categories=("L", "N", "P", "S", "Zs")), max_size=12)
_remarks = st.one_of(st.just(""), _words.map(lambda text: f"  # {text}"))
_remark_lines = st.lists(
    st.one_of(st.just(""), st.tuples(st.integers(0, 6), _words).map(lambda t: " " * t[0] + f"# {t[1]}")), max_size=3
)


@st.composite
def _files(draw: st.DrawFn) -> str:
    """A file with remarks and blank lines wherever YAML allows them, with and without people."""
    lines = list(draw(_remark_lines))

    def section(header: str, entries: list[list[str]]) -> None:
        lines.append(header + draw(_remarks))
        for entry in entries:
            for line in entry:
                lines.extend(draw(_remark_lines))
                lines.append(line + draw(_remarks))
        lines.extend(draw(_remark_lines))

    indent = " " * draw(st.integers(0, 5))
    count = draw(st.integers(0, 3))
    entries = [
        draw(
            st.sampled_from(
                [
                    [f"{indent}- https://www.scholarfeed.org/author/x{i}"],
                    [
                        f"{indent}-   name: 'N {i}'",
                        f"{indent}    profiles: [ https://www.scholarfeed.org/author/y{i} ]",
                    ],
                    [f"{indent}- profiles:", f"{indent}  - https://www.scholarfeed.org/author/z{i}"],
                    [f"{indent}- profiles:", f"{indent}    - {{url: 'https://www.scholarfeed.org/author/q{i}'}}"],
                ]
            )
        )
        for i in range(count)
    ]
    sections = draw(
        st.permutations([("people:", entries), ("rules: []", []), ("fetch:", [["  user_agent: me@example.org"]])])
    )
    for header, its_entries in sections:
        if header != "people:" or draw(st.booleans()):
            section(header, its_entries)
    return draw(st.sampled_from(["\n", "\r\n"])).join(lines) + draw(st.sampled_from(["", "\n"]))


_people = st.builds(
    NewPerson,
    urls=st.lists(st.integers(0, 10**6), min_size=1, max_size=3, unique=True).map(
        lambda keys: tuple(f"https://www.scholarfeed.org/author/{key}" for key in keys)
    ),
    source=st.sampled_from([None, "scholarfeed"]),
    name=st.none() | _words.filter(str.strip),
    tags=st.lists(_words.filter(str.strip), max_size=2, unique_by=str.strip).map(tuple),
)


@given(text=_files(), person=_people)
def test_whatever_the_file_looks_like_only_the_entry_is_added(text, person):
    new = insert_person(text, person)

    assert _is_inserted_into(text, new)
    before, after = root(text), root(new)
    people = after.pop("people")
    assert isinstance(people, list)
    assert people[:-1] == (before.pop("people", None) or [])
    assert after == before
    entry = people[-1] if isinstance(people[-1], dict) else {"profiles": people[-1:]}
    urls = [profile["url"] if isinstance(profile, dict) else profile for profile in entry["profiles"]]
    assert (tuple(urls), entry.get("name"), tuple(entry.get("tags", ()))) == (person.urls, person.name, person.tags)


def _is_inserted_into(old: str, new: str) -> bool:
    """``new`` is ``old`` with one stretch put in, or a line end as well when the old text had none."""
    head = next((place for place, pair in enumerate(zip(old, new, strict=False)) if pair[0] != pair[1]), len(old))
    return head == len(old) or new.endswith(old[head:])


@given(people=st.lists(_people, max_size=4))
def test_one_after_the_other(people):
    text = "# mine\npeople:\n\n# end\n"
    for person in people:
        text = insert_person(text, person)

    assert len(root(text)["people"] or []) == len(people)
    assert text.startswith("# mine\npeople:\n")
    assert text.endswith("\n# end\n")
