"""The rooms and the way through them (docs/architecture.md), and habits that keep it safe."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest
from django.apps import apps

ROOT = Path(__file__).resolve().parent.parent
MAY_IMPORT = {
    "core": set(),
    "documents": {"core"},
    "news": {"core", "documents"},
    "stats": {"core"},
    "portal": {"core", "documents", "news", "stats"},
}
SOURCES = sorted(path for app in MAY_IMPORT for path in (ROOT / app).rglob("*.py"))
TEMPLATES = sorted((ROOT / "templates").rglob("*"))
# The reader of the settings, and what completes the environment before they are read.
ENVIRONMENT_READERS = {
    "portal/environment.py",
    "portal/wsgi.py",
    "portal/embedded.py",
    "portal/local.py",
}


def relative(path):
    return path.relative_to(ROOT).as_posix()


@cache
def imports(path):
    nodes = ast.walk(ast.parse(path.read_text()))
    return [node for node in nodes if isinstance(node, ast.Import | ast.ImportFrom)]


def imported(path):
    for node in imports(path):
        if isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module
        elif isinstance(node, ast.Import):
            yield from (name.name for name in node.names)


@pytest.mark.parametrize("path", SOURCES, ids=relative)
def test_imports_go_only_one_way(path):
    app = path.relative_to(ROOT).parts[0]
    others = {name.partition(".")[0] for name in imported(path)} & set(MAY_IMPORT) - {app}
    assert others <= MAY_IMPORT[app]


def importers(name):
    """The files that import the package or module `name`, or something of it."""
    return {
        relative(path)
        for path in SOURCES
        if any(one == name or one.startswith(f"{name}.") for one in named_in(path))
    }


def named_in(path):
    """What `path` imports, `from a import b` as `a.b` too."""
    yield from imported(path)
    for node in imports(path):
        if isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{name.name}" for name in node.names)


def outside(folder, files):
    return {name for name in files if not name.startswith(f"{folder}/")}


def test_readers_pages_know_nothing_of_the_clerks():
    at_the_door = {"documents/admin.py", "portal/admin_site.py"}
    assert outside("documents/clerk", importers("documents.clerk")) == at_the_door


def test_what_strangers_made_is_read_in_a_process_of_its_own_alone():
    own_papers = {"portal/demo/papers.py"}
    for parser in ("pikepdf", "pypdfium2"):
        assert outside("documents/reading", importers(parser)) <= own_papers
    words_of_refusal = importers("documents.reading.refusal")
    assert outside("documents/reading", importers("documents.reading")) <= words_of_refusal


def test_html_is_marked_safe_in_one_place_only():
    marking = re.compile(r"\bmark_safe\b|\bSafeString\b|\|\s*safe\b|autoescape off")
    found = {
        relative(p)
        for p in [*SOURCES, *filter(Path.is_file, TEMPLATES)]
        if marking.search(p.read_text())
    }
    assert found == {"core/templatetags/richtext.py"}


def test_the_environment_is_read_in_one_place():
    reading = re.compile(r"\bos\.environ\b|\bgetenv\b")
    found = {relative(p) for p in SOURCES if reading.search(p.read_text())}
    assert found <= ENVIRONMENT_READERS


def test_every_rule_of_the_database_has_a_test_that_tries_to_break_it():
    named = {
        rule.name
        for app in apps.get_app_configs()
        if app.name in MAY_IMPORT
        for model in app.get_models()
        for rule in model._meta.constraints
    }
    raised = re.compile(r"CONSTRAINT = '(\w+)'")  # by triggers
    migrations = [path.read_text() for path in SOURCES if path.parent.name == "migrations"]
    named |= {name for text in migrations for name in raised.findall(text)}
    tests = "".join(path.read_text() for path in (ROOT / "tests").rglob("test_*.py"))
    assert {name for name in named if not re.search(rf"\b{name}\b", tests)} == set()


def test_every_file_of_the_project_is_in_nfc():
    import unicodedata

    texts = [
        *SOURCES,
        *(p for p in TEMPLATES if p.is_file()),
        *ROOT.glob("*.md"),
        *(ROOT / "docs").rglob("*.md"),
    ]
    wrong = [relative(p) for p in texts if not unicodedata.is_normalized("NFC", p.read_text())]
    assert not wrong


def test_every_variable_of_the_environment_is_in_the_example():
    named = set(re.findall(r'env\.\w+\(\s*"([A-Z_]+)"', (ROOT / "portal/settings.py").read_text()))
    example = set(re.findall(r"^([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.M))
    assert named == example
