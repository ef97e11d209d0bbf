"""Templates and pages fit each other, and nothing inline slips past the content policy."""

from __future__ import annotations

import importlib
import pkgutil
import re
from dataclasses import fields
from pathlib import Path

import pytest
from flask import Flask
from jinja2 import meta, nodes

import matchmaker.web
from matchmaker.bootstrap import bootstrap
from matchmaker.settings import Settings
from matchmaker.web.app import create_app
from matchmaker.web.pages import Page

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = ROOT / "templates"
NAMES = sorted(str(path.relative_to(TEMPLATES)) for path in TEMPLATES.rglob("*.html"))
# Given to every template by the application, besides Flask's own globals.
GLOBALS = {"shell", "csrf_token"}
INLINE = re.compile(
    r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=|javascript:", re.IGNORECASE
)


def _page_classes() -> list[type[Page]]:
    for module in pkgutil.walk_packages(matchmaker.web.__path__, "matchmaker.web."):
        if module.name.endswith(".pages"):
            importlib.import_module(module.name)
    found, todo = [], [Page]
    while todo:
        for page in todo.pop().__subclasses__():
            todo.append(page)
            if "template" in vars(page):
                found.append(page)
    return sorted(found, key=lambda page: page.__qualname__)


PAGES = _page_classes()


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    return create_app(bootstrap(Settings(var_dir=tmp_path_factory.mktemp("templates"))))


def _variables(app: Flask, name: str, seen: set[str] | None = None) -> set[str]:
    """The variables of a template and of what it extends or includes with its context."""
    seen = seen if seen is not None else set()
    seen.add(name)
    tree = app.jinja_env.parse((TEMPLATES / name).read_text(encoding="utf-8"))
    found = meta.find_undeclared_variables(tree) - _defined(tree)
    for node in tree.find_all((nodes.Extends, nodes.Include)):
        target = getattr(node.template, "value", None)
        for other in [target] if isinstance(target, str) else target or []:
            if other not in seen:
                local = {child.name for child in tree.find_all(nodes.Name) if child.ctx == "store"}
                found |= _variables(app, other, seen) - local
    return found - GLOBALS - app.jinja_env.globals.keys()


def _defined(tree: nodes.Template) -> set[str]:
    """The macros and values that the top of a template makes for its blocks."""
    found = {macro.name for macro in tree.find_all(nodes.Macro)}
    for node in tree.find_all(nodes.FromImport):
        found |= {name if isinstance(name, str) else name[1] for name in node.names}
    for assignment in (node for node in tree.body if isinstance(node, nodes.Assign)):
        found |= {child.name for child in assignment.find_all(nodes.Name) if child.ctx == "store"}
    return found


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.__qualname__)
def test_a_page_gives_its_template_exactly_what_it_uses(app: Flask, page: type[Page]) -> None:
    with app.test_request_context():
        context: dict[str, object] = {}
        app.update_template_context(context)
    wanted = _variables(app, page.template) - context.keys() - {"g", "request", "session"}
    assert wanted == {field.name for field in fields(page)}


@pytest.mark.parametrize("name", NAMES)
def test_a_template_has_nothing_inline(name: str) -> None:
    source = (TEMPLATES / name).read_text(encoding="utf-8")
    assert not INLINE.search(source), INLINE.search(source)


@pytest.mark.parametrize("name", NAMES)
def test_a_template_compiles(app: Flask, name: str) -> None:
    app.jinja_env.get_template(name)


@pytest.mark.parametrize("name", NAMES)
def test_a_whole_page_has_a_title(name: str) -> None:
    source = (TEMPLATES / name).read_text(encoding="utf-8")
    if "{% extends" in source and not name.startswith("layouts/"):
        assert "{% block title %}" in source


def test_every_template_is_used() -> None:
    used = {page.template for page in PAGES}
    sources = [path.read_text(encoding="utf-8") for path in TEMPLATES.rglob("*.html")]
    sources += [
        path.read_text(encoding="utf-8") for path in (ROOT / "matchmaker" / "web").rglob("*.py")
    ]
    unused = [
        name
        for name in NAMES
        if name not in used
        and not name.startswith("errors/")
        and not any(f'"{name}"' in source for source in sources)
    ]
    assert unused == []
