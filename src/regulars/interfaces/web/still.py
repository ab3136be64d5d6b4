"""What of a template says the same to everybody: drawn once for each language, and not anew for each page.

Two thirds of a page are texts, icons and addresses that hang on nothing but the language. The loader joins what of
them stands side by side into one node, which keeps what it drew; whatever reads a variable is drawn each time. So a
page of sixty texts looks up the ten that stand alone.
"""

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.template.base import Node, NodeList, TextNode
from django.template.context import Context
from django.template.defaulttags import IfNode
from django.template.library import SimpleNode
from django.template.loaders import cached
from django.templatetags.i18n import LanguageNode
from django.urls import get_script_prefix
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from regulars.interfaces.web.templatetags.frame import Said, Way, asset, icon

_GROUND = "what still nodes hang on"
Ground = tuple[str | None, str, str]


class Loader(cached.Loader):
    """Django's loader that keeps what it has read, joining what says the same to everybody."""

    def get_template(self, template_name: str, skip: Any = None) -> Any:
        known = self.cache_key(template_name, skip) in self.get_template_cache
        template = super().get_template(template_name, skip)
        if not known:
            join(template.nodelist)
            template.nodelist = _Read(template.nodelist)
        return template


class _Read(NodeList):
    """The nodes of a whole template, which change no more: what extends it asks for its blocks on each page."""

    def __init__(self, nodes: NodeList) -> None:
        super().__init__(nodes)
        self.contains_nontext = nodes.contains_nontext
        self._kinds: dict[type[Node], list[Node]] = {}

    def get_nodes_by_type(self, nodetype: type[Node]) -> list[Node]:
        if nodetype not in self._kinds:
            self._kinds[nodetype] = super().get_nodes_by_type(nodetype)
        return self._kinds[nodetype]


class Still(Node):
    """Such a stretch: its parts, and what they came to in each language (and under each prefix of addresses)."""

    child_nodelists = ()

    def __init__(self, parts: list[Node]) -> None:
        self.parts, self.drawn = NodeList(parts), dict[Ground, SafeString]()

    def render(self, context: Context) -> SafeString:
        kept: Any = context.render_context
        ground = kept.get(_GROUND)
        if ground is None:
            ground = kept[_GROUND] = get_language(), get_script_prefix(), settings.ROOT_URLCONF
        if ground not in self.drawn:
            self.drawn[ground] = self.parts.render(context)
        return self.drawn[ground]


def join(nodes: NodeList) -> None:
    """Joins, in the list itself and in all below it."""
    joined: list[Node] = []
    for node in nodes:
        if not _is_still(node):
            for below in _below(node):
                join(below)
            joined.append(node)
        elif joined and isinstance(joined[-1], Still):
            joined[-1].parts.append(node)
        else:
            joined.append(Still([node]))
    nodes[:] = [each.parts[0] if isinstance(each, Still) and _is_text(each.parts) else each for each in joined]


def _is_text(parts: NodeList) -> bool:
    return len(parts) == 1 and type(parts[0]) is TextNode


def _is_still(node: Node) -> bool:
    if isinstance(node, SimpleNode):
        given = [*node.args, *node.kwargs.values()]
        fixed = not any(each.is_var or each.filters for each in given)
        return node.func in (icon, asset) and fixed and node.target_var is None
    return isinstance(node, Said) or type(node) is TextNode or (isinstance(node, Way) and not node.name)


def _below(node: Node) -> Iterator[NodeList]:
    """The lists of nodes below one; none of what is said in a language of its own."""
    if isinstance(node, IfNode):
        yield from (nodes for _condition, nodes in node.conditions_nodelists)
    elif not isinstance(node, LanguageNode):
        below = (getattr(node, name, None) for name in node.child_nodelists)
        yield from (nodes for nodes in below if isinstance(nodes, NodeList))
