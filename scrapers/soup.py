"""HTML as BeautifulSoup's tree, filled by lxml without BeautifulSoup's detours.

>>> make_soup("<p class='a b'>Ada</p>").p["class"]
'a b'

The tree is the one that ``BeautifulSoup(text, "lxml", multi_valued_attributes=None)`` makes, node by node and link by
link, in a quarter of the time. BeautifulSoup copies the attributes of every element three times in search of
namespaces, which lxml never finds in HTML; asks its builder anew for what is the same for all elements; and repairs
the links between nodes as if they could come in any order. From lxml they come in the order of the page.
"""

from collections.abc import Collection, Mapping

from bs4 import BeautifulSoup
from bs4.builder._lxml import LXMLTreeBuilder
from bs4.element import Comment, Doctype, NavigableString, PageElement, Tag
from bs4.exceptions import ParserRejectedMarkup
from lxml import etree

from scrapers.parse_error import ParseError

#: What BeautifulSoup takes for blank.
_BLANKS = " \n\t\f\r"


class _HtmlBuilder(LXMLTreeBuilder):
    """BeautifulSoup's builder on lxml, whose parser tells a filler of ours what it meets."""

    def parser_for(self, encoding: str | None) -> etree.HTMLParser:
        assert self.soup is not None
        return etree.HTMLParser(target=_Filler(self.soup, self), recover=True, encoding=encoding)


class _Filler:
    """Called by lxml for all that it meets on a page, in order; whatever begins also ends, the innermost first.

    It knows BeautifulSoup's insides: what `Tag.__init__`, `NavigableString.__new__`, `PageElement.setup` and
    `BeautifulSoup.endData` set is set here. The version of BeautifulSoup is pinned, and `tests/scrapers/test_soup.py`
    compares every attribute of every node with those that it sets itself.
    """

    def __init__(self, soup: BeautifulSoup, builder: LXMLTreeBuilder) -> None:
        self._builder = builder
        self._soup_class = type(soup)
        self._namespaces = builder.active_namespace_prefixes[-1]
        self._attribute_dict_class = builder.attribute_dict_class
        self._attribute_list_class = builder.attribute_value_list_class
        self._empty_names: Collection[str] = builder.empty_element_tags or ()
        self._keeping_names = builder.preserve_whitespace_tags
        self._kinds_by_name = builder.string_containers
        self._special_names = frozenset({"meta", *self._keeping_names, *self._kinds_by_name})

        self._around: Tag = soup
        self._before: PageElement | None = None
        self._texts: list[str] = []
        #: How many elements around keep blanks as they are.
        self._keeping = 0
        #: What text is, for each element around that makes it something of its own.
        self._kinds: list[type[NavigableString]] = [NavigableString]

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        if self._texts:
            self._end_text(self._kinds[-1])
        tag = Tag.__new__(Tag)
        # Set one by one, since Python has room for these names in the element itself, and a dictionary takes three
        # times as long.
        tag.parser_class = self._soup_class
        tag.name = name
        tag.namespace = None
        tag._namespaces = self._namespaces
        tag.prefix = None
        tag.sourceline = None
        tag.sourcepos = None
        tag.attribute_value_list_class = self._attribute_list_class
        tag.attrs = self._attribute_dict_class(attributes)
        tag.known_xml = False
        tag.contents = []
        tag.can_be_empty_element = name in self._empty_names
        tag.cdata_list_attributes = None
        tag.preserve_whitespace_tags = self._keeping_names
        tag.interesting_string_types = Tag.MAIN_CONTENT_STRING_TYPES
        self._append(tag)
        self._around = tag
        if name in self._special_names:
            self._start_special(tag)

    def _start_special(self, tag: Tag) -> None:
        if tag.name == "meta":
            self._builder.set_up_substitutions(tag)
        if tag.name in self._keeping_names:
            self._keeping += 1
        kind = self._kinds_by_name.get(tag.name)
        if kind is not None:
            self._kinds.append(kind)
            tag.interesting_string_types = {kind}

    def end(self, name: str) -> None:
        if self._texts:
            self._end_text(self._kinds[-1])
        around = self._around.parent
        assert around is not None
        self._around = around
        if name in self._special_names:
            self._end_special(name)

    def _end_special(self, name: str) -> None:
        if name in self._keeping_names:
            self._keeping -= 1
        if name in self._kinds_by_name:
            self._kinds.pop()

    def data(self, text: str) -> None:
        self._texts.append(text)

    def comment(self, text: str) -> None:
        self._write(text, Comment)

    def doctype(self, name: str | None, public_id: str | None, system_id: str | None) -> None:
        self._write(Doctype.for_name_and_ids(name or "", public_id, system_id), Doctype)

    def close(self) -> None:
        if self._texts:
            self._end_text(self._kinds[-1])
        # The parser may stay, the page must not.
        self._before = None

    def _write(self, text: str, kind: type[NavigableString]) -> None:
        if self._texts:
            self._end_text(self._kinds[-1])
        self._texts.append(text)
        self._end_text(kind)

    def _end_text(self, kind: type[NavigableString]) -> None:
        text = "".join(self._texts)
        self._texts.clear()
        if not self._keeping and not text.strip(_BLANKS):
            text = "\n" if "\n" in text else " "
        self._append(str.__new__(kind, text))

    def _append(self, node: PageElement) -> None:
        """Put a node behind all that are there, as the last child of the element around."""
        node.hidden = False
        node.parent = around = self._around
        node.previous_element = before = self._before
        node.next_element = None
        node.next_sibling = None
        siblings = around.contents
        if siblings:
            node.previous_sibling = sibling = siblings[-1]
            sibling.next_sibling = node
        else:
            node.previous_sibling = None
        if before is not None:
            before.next_element = node
        siblings.append(node)
        self._before = node


def make_soup(text: str) -> BeautifulSoup:
    """The elements of an HTML page; attributes are text. Raises ParseError (stage ``page``)."""
    try:
        return BeautifulSoup(text, builder=_HtmlBuilder(multi_valued_attributes=None))
    except ParserRejectedMarkup as error:
        raise ParseError(f"the markup cannot be parsed: {error}", stage="page") from error


def take_apart(soup: BeautifulSoup) -> None:
    """Part the nodes of a soup that nobody will look at again: they are gone then as soon as it is let go of.

    Nodes that lead to each other both ways are left to the garbage collector, which takes half as long to find them out
    as it took to make them.
    """
    node = soup.contents[0] if soup.contents else None
    while node is not None:
        following = node.next_element
        node.parent = node.previous_element = node.previous_sibling = None
        node = following
    soup.contents.clear()
