"""A page as a browser sees it: what it says, where its links lead, and what its forms would send."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Final

_VOID: Final = frozenset({"br", "hr", "img", "input", "link", "meta", "source", "wbr", "col", "area", "base"})


@dataclass(slots=True)
class Element:
    """One element of a page."""

    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    parts: list[Element | str] = field(default_factory=list)

    def all(self, *tags: str) -> Iterator[Element]:
        """Every element of these tags below this one, in the order they are read."""
        for part in self.parts:
            if isinstance(part, Element):
                if part.tag in tags:
                    yield part
                yield from part.all(*tags)

    @property
    def raw_text(self) -> str:
        """All its text, as written."""
        return "".join(part if isinstance(part, str) else part.raw_text for part in self.parts)

    @property
    def text(self) -> str:
        """Its text on one line."""
        return " ".join(self.raw_text.split())

    def has_class(self, name: str) -> bool:
        """Whether it carries a style class."""
        return name in self.attributes.get("class", "").split()


@dataclass(frozen=True, slots=True)
class Button:
    """What can be pressed in a form."""

    label: str
    name: str
    value: str
    is_primary: bool


class Form:
    """A form: where it goes, what it would send untouched, and its buttons."""

    def __init__(self, element: Element) -> None:
        self.action = element.attributes.get("action", "")
        self.is_multipart = element.attributes.get("enctype") == "multipart/form-data"
        self.sent: list[tuple[str, str]] = []
        self.names: set[str] = set()
        self.files: set[str] = set()
        self.buttons = [_button(one) for one in element.all("button")]
        for control in element.all("input", "textarea", "select"):
            self._add(control)

    def _add(self, control: Element) -> None:
        name, kind = control.attributes.get("name", ""), control.attributes.get("type", "text")
        if not name or "disabled" in control.attributes:
            return
        self.names.add(name)
        if kind == "file":
            self.files.add(name)
        elif control.tag == "textarea":
            self.sent.append((name, control.raw_text.removeprefix("\n")))
        elif control.tag == "select":
            self.sent += [(name, value) for value in _selected(control)]
        elif kind not in {"checkbox", "radio"} or "checked" in control.attributes:
            self.sent.append((name, control.attributes.get("value", "")))

    def button(self, label: str = "") -> Button | None:
        """The button with this label, or the one the page puts first."""
        wanted = [one for one in self.buttons if (label in one.label if label else one.is_primary)]
        return wanted[0] if wanted else None

    def filled(self, said: dict[str, str | list[str]]) -> list[tuple[str, str]]:
        """What it sends once these fields are filled in.

        Raises:
            KeyError: It has no such field.
        """
        unknown = set(said) - self.names
        if unknown:
            raise KeyError(f"{', '.join(sorted(unknown))}; it has {', '.join(sorted(self.names))}")
        kept = [(name, value) for name, value in self.sent if name not in said]
        typed = [(name, one) for name, value in said.items() for one in ([value] if isinstance(value, str) else value)]
        return kept + typed


@dataclass(frozen=True, slots=True)
class Page:
    """An answer of a node that is a page."""

    url: str
    status: int
    root: Element

    @classmethod
    def read(cls, url: str, status: int, html: str) -> Page:
        """Read the markup of an answer."""
        reader = _Reader()
        reader.feed(html)
        reader.close()
        return cls(url, status, reader.root)

    @property
    def path(self) -> str:
        """Its address below the node's."""
        return "/" + self.url.split("/", 3)[-1]

    @property
    def title(self) -> str:
        """Its heading."""
        return next((one.text for one in self.root.all("h1")), "")

    @property
    def links(self) -> list[tuple[str, str]]:
        """Label and target of every link."""
        return [(one.text, one.attributes.get("href", "")) for one in self.root.all("a")]

    @property
    def forms(self) -> list[Form]:
        """Every form that is not in the page's own head or foot."""
        return [Form(one) for one in self.root.all("form")]

    @property
    def said(self) -> str:
        """What the page tells its reader about the last step: messages and errors."""
        shown = [one.text for one in self.root.all("ul", "p", "div", "section", "li") if _is_notice(one)]
        return "; ".join(dict.fromkeys(filter(None, shown)))

    def lists(self, style: str) -> list[list[str]]:
        """The items of every list of a style class."""
        found = [one for one in self.root.all("ol", "ul") if one.has_class(style)]
        return [[item.text for item in one.all("li")] for one in found]


def _is_notice(element: Element) -> bool:
    return any(element.has_class(name) for name in ("messages", "errorlist", "error", "problem", "summary", "field-error"))


def _selected(select: Element) -> list[str]:
    options = list(select.all("option"))
    chosen = [one for one in options if "selected" in one.attributes] or options[:1]
    return [one.attributes.get("value", one.text) for one in chosen]


def _button(element: Element) -> Button:
    said = element.attributes
    return Button(element.text, said.get("name", ""), said.get("value", ""), said.get("data-weight") == "primary")


class _Reader(HTMLParser):
    """Builds the tree, as forgiving as a browser where an end tag is missing."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Element("html")
        self._open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs})
        self._open[-1].parts.append(element)
        if tag not in _VOID:
            self._open.append(element)

    def handle_endtag(self, tag: str) -> None:
        if any(one.tag == tag for one in self._open[1:]):
            while self._open.pop().tag != tag:
                pass

    def handle_data(self, data: str) -> None:
        self._open[-1].parts.append(data)
