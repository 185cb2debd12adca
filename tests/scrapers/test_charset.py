"""Bytes of a page as the characters that a browser would show."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrapers.charset import decode_as_browsers
from scrapers.page_source import decode
from scrapers.page_text import read_page_text
from scrapers.parse_error import ParseError
from tests.effort import seconds_of
from tracking.check import Page

UTF_8 = "text/html; charset=utf-8"
#: What browsers show for bytes that stand for nothing.
BOX = "\ufffd"


@pytest.mark.parametrize(
    ("body", "content_type", "shown"),
    [
        pytest.param(b"Schr\xc3\xb6dinger\x92s", UTF_8, f"Schrödinger{BOX}s", id="a stray 0x92 in a UTF-8 page"),
        pytest.param(
            b"Schr\xc3\xb6dinger\x92s", "text/html", f"Schrödinger{BOX}s", id="a stray 0x92, and nothing declared"
        ),
        pytest.param(
            b"\x93Schr\xf6dinger\x92s\x94",
            UTF_8,
            f"{BOX}Schr{BOX}dinger{BOX}s{BOX}",
            id="UTF-8 declared, windows-1252 throughout",
        ),
        pytest.param(b"\x93Schr\xf6dinger\x92s\x94", "", "“Schrödinger’s”", id="windows-1252, and nothing declared"),
        pytest.param(
            b"Schr\xc3\xb6dinger",
            "text/html; charset=iso-8859-1",
            "SchrÃ¶dinger",
            id="latin1 declared, UTF-8 throughout",
        ),
        pytest.param(b"Mar\xc3\xada and Jos\xe9", UTF_8, f"María and Jos{BOX}", id="two encodings on one page"),
        pytest.param(b"x\xe2\x80", UTF_8, f"x{BOX}", id="a character cut by the end"),
        pytest.param(b"\xed\xa0\x80", UTF_8, BOX * 3, id="half a surrogate pair"),
        pytest.param(b"\xc0\xaf", UTF_8, BOX * 2, id="a slash in two bytes"),
        pytest.param(b"abc", "text/html; charset=klingon", "abc", id="a charset that nobody knows"),
        pytest.param("é".encode(), "text/html; charset=klingon", "é", id="a charset that nobody knows, and UTF-8"),
        pytest.param(b"\xef\xbb\xbf\xc3\xa9", "text/html; charset=latin1", "é", id="the byte order mark goes first"),
        pytest.param(
            "\ufeffé".encode("utf-16-be"), "text/html; charset=utf-8", "é", id="the byte order mark of UTF-16"
        ),
        pytest.param("é".encode("utf-16-le"), "text/html; charset=utf-16", "é", id="UTF-16 by the header"),
        pytest.param(b"\x81\x9d\x80", "text/html; charset=ascii", "\x81\x9d€", id="where windows-1252 is empty"),
        pytest.param(b"\xaa\x81", "text/html; charset=windows-1253", f"{BOX}\x81", id="where windows-1253 is empty"),
        pytest.param(b"\x87\x40\xfb\xfc", "text/html; charset=Shift_JIS", "①髙", id="what Windows added to shift_jis"),
        pytest.param("镕".encode("gbk"), "text/html; charset=gb2312", "镕", id="gb2312 is gbk"),
        pytest.param("㐂𠮷".encode("gb18030"), "text/html; charset=gbk", "㐂𠮷", id="gbk is gb18030"),
        pytest.param("똠".encode("cp949"), "text/html; charset=ks_c_5601-1987", "똠", id="ks_c is cp949"),
        pytest.param(b"\xa4", "text/html; charset=iso-8859-9", "¤", id="latin5 is windows-1254"),
        pytest.param(b"\x80", "text/html; charset=iso-8859-9", "€", id="latin5 is windows-1254, also where it differs"),
        pytest.param(b"\xc4\xc1", 'text/html; charset="KOI8-R"', "да", id="a label in quotes"),
        pytest.param(b"\xc4\xc1", "text/html;charset= koi8-r ;q=1", "да", id="a label among parameters"),
    ],
)
def test_bytes_by_header(body: bytes, content_type: str, shown: str) -> None:
    assert decode_as_browsers(body, content_type) == shown


@pytest.mark.parametrize(
    ("head", "shown"),
    [
        pytest.param('<meta charset="koi8-r">', "да", id="charset"),
        pytest.param("<META CHARSET=KOI8-R>", "да", id="in capitals, without quotes"),
        pytest.param('<meta name="x" charset="koi8-r"/>', "да", id="beside other attributes"),
        pytest.param('<meta http-equiv="Content-Type" content="text/html; charset=koi8-r">', "да", id="http-equiv"),
        pytest.param(
            "<meta content='text/html; charset=koi8-r' http-equiv='content-type'>", "да", id="the other way round"
        ),
        pytest.param('<meta name="description" content="charset=koi8-r">', "ÄÁ", id="words about a charset"),
        pytest.param('<!-- <meta charset="koi8-r"> -->', "ÄÁ", id="in a comment"),
        pytest.param('<title><meta charset="koi8-r"></title>', "ÄÁ", id="in the title"),
        pytest.param('<script>"<meta charset=koi8-r>"</script>', "ÄÁ", id="in a script"),
        pytest.param('<body><meta charset="koi8-r">', "ÄÁ", id="in the body"),
        pytest.param('<metadata charset="koi8-r">', "ÄÁ", id="another element"),
        pytest.param('<meta charset="klingon"><meta charset="koi8-r">', "да", id="after one that nobody knows"),
        pytest.param('<meta charset="koi8-r"><meta charset="windows-1252">', "да", id="the first counts"),
        pytest.param(f"<script>{' ' * 20_000}</script><meta charset='koi8-r'>", "да", id="after a long script"),
        pytest.param('<meta charset="utf-16">', BOX * 2, id="UTF-16 cannot be said in ASCII, so it is UTF-8"),
        pytest.param('<?xml version="1.0" encoding="koi8-r"?>', "да", id="XML declaration"),
        pytest.param(
            '<?xml version="1.0" encoding="latin1"?><meta charset="koi8-r">', "да", id="the document goes first"
        ),
    ],
)
def test_bytes_by_document(head: str, shown: str) -> None:
    text = decode_as_browsers(head.encode() + b"\xc4\xc1", "text/html")
    assert text.removeprefix(head) == shown


def test_the_header_goes_before_the_document() -> None:
    assert decode_as_browsers(b"<meta charset=koi8-r>\xc3\xa9", UTF_8).endswith("é")


@given(
    body=st.binary(max_size=300),
    head=st.sampled_from(["", "<meta charset=", "<!--", "<meta http-equiv=content-type content='charset=", "<?xml encoding='"]),
    label=st.sampled_from(["", "utf-8", "utf-16", "gbk", "big5", "euc-jp", "iso-2022-jp", "windows-1255", "x-user-defined", "é"]),
    in_header=st.booleans(),
)  # fmt: skip
def test_any_bytes_are_some_text(body: bytes, head: str, label: str, in_header: bool) -> None:
    content_type = f"text/html; charset={label}" if in_header else ""
    text = decode_as_browsers(f"{head}{label}".encode() + body, content_type)
    text.encode("utf-8")  # no half surrogates: it can be stored


@given(text=st.text(alphabet=st.characters(exclude_categories=["Cs"])))
def test_what_was_written_as_utf_8_is_read_as_such(text: str) -> None:
    assert decode_as_browsers(text.encode(), UTF_8) == text.removeprefix("\ufeff")


def test_what_is_no_text_is_told_by_a_null() -> None:
    with pytest.raises(ParseError, match="the body is not text"):
        decode(Page(url="", status=200, headers={"content-type": UTF_8}, body=b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"))


def test_a_null_in_the_middle_of_a_page_is_not_seen() -> None:
    body = b"<p>" + b"word " * 400 + b"</p><p>A\0da</p>"
    page = Page(url="", status=200, headers={"content-type": UTF_8}, body=body)
    assert read_page_text(page).blocks[-1].text == "Ada"


@pytest.mark.parametrize(
    "piece", [b"<!--", b"<script>", b"<meta ", b"<meta charset=", b"<title", b"<?xml a", b"<meta a=>"]
)
def test_a_head_made_to_be_slow_is_not(piece: bytes) -> None:
    assert seconds_of(lambda: decode_as_browsers(piece * 20_000, ""), enough=0.5) < 0.5
