"""YAML text to plain values: what is read, and how a broken text is told."""

import math

import pytest

from flows.config.document import parse_document, read_document
from flows.config.error import ConfigError
from flows.config.lines import line_of, lines_of


def root(text: str, **environment: str) -> object:
    return parse_document(text, "file.yaml", environment).root


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("", None),
        ("# nothing but a remark\n", None),
        ("on: [paper.new]", {"on": ["paper.new"]}),
        ("yes: no\noff: y", {"yes": "no", "off": "y"}),
        ("a: true\nb: False", {"a": True, "b": False}),
        ("true: 1\nnull: 2\n3: x", {"true": 1, "null": 2, "3": "x"}),
        ("quiet: 22:00-07:00\nat: 22:00", {"quiet": "22:00-07:00", "at": "22:00"}),
        ("since: 2026-03-01", {"since": "2026-03-01"}),
        ("[~, null, ]", [None, None]),
        ("- 12\n- -7\n- +3\n- 007\n- 0o17\n- 0xff\n- 1_000", [12, -7, 3, 7, 15, 255, "1_000"]),
        ("- 1.5\n- .5\n- 1e3\n- -.inf\n- .", [1.5, 0.5, 1000.0, -math.inf, "."]),
        ("- '12'\n- \"true\"\n- !!str 12", ["12", "true", "12"]),
        ("a: &x [1]\nb: *x", {"a": [1], "b": [1]}),
        ("a: |\n  two\n  lines\n", {"a": "two\nlines\n"}),
        ("\ufeffa: 1", {"a": 1}),
    ],
)
def test_reads_yaml_as_its_version_1_2(text, value, tmp_path):
    path = tmp_path / "file.yaml"
    path.write_text(text, "utf-8")

    assert read_document(path, {}).root == value


def test_a_number_of_thousands_of_digits_is_no_number_of_this_world():
    assert root("9" * 5000) == math.inf
    assert root("0x" + "f" * 5000) == "0x" + "f" * 5000


def test_not_a_number_is_a_number():
    value = root(".nan")

    assert isinstance(value, float)
    assert math.isnan(value)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("${NAME}", "Ada"),
        ("'mailto://${NAME}:${WORD}@x'", "mailto://Ada:s$cr${t}@x"),
        ("$${NAME} costs $$5", "${NAME} costs $5"),
        ("$NAME ends$", "$NAME ends$"),
        ("${EMPTY}", ""),
    ],
)
def test_variables_of_the_environment(text, value):
    # What a variable holds is not looked at again: a password may have any character.
    assert root(text, NAME="Ada", WORD="s$cr${t}", EMPTY="") == value


def test_a_variable_stays_a_text():
    assert root("${NUMBER}", NUMBER="12") == "12"


def test_only_one_key_is_read():
    text = "people: [ '${MISSING}', {a: [b]}]\ndatabase: x.db\nrules: {people: '${MISSING}'}\n"

    assert parse_document(text, "file.yaml", {}, only="database").root == {"database": "x.db"}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a:\n\t- b\n", "file.yaml:2:1: not YAML: a tab indents this line, YAML takes spaces: '- b'"),
        (
            "a: [1,\nb: 2",
            """file.yaml:1:4: not YAML: did not find expected ',' or ']': 'a: [1,'""",
        ),
        (
            "a: [1\nb: 2\n",
            "file.yaml:2:2: not YAML: did not find expected ',' or ']' while parsing a flow sequence, which begins in line 1: 'b: 2'",
        ),
        (
            "me: [${NAME}]\n",
            """file.yaml:1:7: not YAML: did not find expected ',' or ']' (inside brackets "${NAME}" needs its quotes): 'me: [${NAME}]'""",
        ),
        (
            "x: 1\na: 'open\nb: 2\n",
            """file.yaml:2:4: not YAML: found unexpected end of stream: "a: 'open\"""",
        ),
        ("a: b: c\n", "file.yaml:1:5: not YAML: mapping values are not allowed in this context: 'a: b: c'"),
        ("a: @b\r\n", "file.yaml:1:4: not YAML: found character that cannot start any token: 'a: @b'"),
        ("a: 1\nb: \x01\n", r"file.yaml:2:4: not YAML: the character '\x01' stands here"),
        ("a: 1\nb: 2\na: 3\n", "file.yaml:3: a: written twice; line 1 has it already"),
        ("x:\n  - k: 1\n    l: 2\n    k: [\n", "file.yaml:4: x[0].k: written twice; line 2 has it already"),
        ("a: &x [*x]\n", "file.yaml:1: a[0]: no value that ends before this line is anchored as &x"),
        ("a: 1\n---\nb: 2\n", "file.yaml:2: a second document begins here; one file holds one configuration"),
        ("a: !!int '3'\n", "file.yaml:1: a: the tag tag:yaml.org,2002:int is not read here"),
        ("a: !new {}\n", "file.yaml:1: a: the tag !new is not read here"),
        ("a:\n  <<: {b: 1}\n", "file.yaml:2: a: merge keys (<<) are not read here; write the keys out"),
        ("? [a]\n: b\n", "file.yaml:1: a key must be a text"),
        ("a:\n  - ${MISSING}\n", "file.yaml:2: a[0]: the environment has no variable MISSING"),
        ("a: ^x${2}\n", "file.yaml:1: a: ${2} names no variable; write $$ for a dollar sign"),
    ],
)
def test_a_broken_text_names_file_line_and_key(text, message):
    with pytest.raises(ConfigError) as raised:
        root(text)

    assert str(raised.value) == message


def test_a_file_of_nothing_but_brackets_is_refused_in_time():
    with pytest.raises(ConfigError, match="nested deeper than 50 levels"):
        root("[" * 900)


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(ConfigError, match="there is no such file; `scholarwatch init` writes one"):
        read_document(tmp_path / "scholarwatch.yaml", {})


def test_a_file_that_is_a_folder(tmp_path):
    with pytest.raises(ConfigError, match="cannot be read: Is a directory"):
        read_document(tmp_path, {})


def test_a_file_in_another_encoding(tmp_path):
    path = tmp_path / "file.yaml"
    path.write_bytes("a: 1\nname: Zoë\n".encode("latin-1"))

    with pytest.raises(ConfigError, match=r"file\.yaml:2: not UTF-8: the byte 0xeb stands here"):
        read_document(path, {})


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ((), 1),
        (("people",), 2),
        (("people", 0), 3),
        (("people", 0, "tags", 1), 4),
        (("people", 1, "profiles", 0), 7),
        (("people", 1, "profiles", 0, "deeper", 3), 7),
        (("people", 9), 2),
        (("people", "name"), 2),
        (("rules",), 1),
        (("fetch", "user_agent"), 9),
    ],
)
def test_the_line_of_the_deepest_part_that_is_there(path, line):
    text = (
        "# Who is followed\n"
        "people:\n"
        "  - name: Ada\n"
        "    tags: [rl, lab]\n"
        "  - name: Bo\n"
        "    profiles:\n"
        "      - https://one.example\n"
        "\n"
        "fetch: {user_agent: x}\n"
    )

    assert line_of(text, path) == line
    assert lines_of(text, [path, (), path[:1]]) == {path: line, (): 1, path[:1]: line_of(text, path[:1])}


def test_the_lines_of_an_empty_text():
    assert line_of("", ("people",)) == 1
