"""The rooms and the way through them (docs/architecture.md), and habits that keep it safe."""

import ast
import re
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


def imported(path):
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module
        elif isinstance(node, ast.Import):
            yield from (name.name for name in node.names)


@pytest.mark.parametrize("path", SOURCES, ids=relative)
def test_imports_go_only_one_way(path):
    app = path.relative_to(ROOT).parts[0]
    others = {name.partition(".")[0] for name in imported(path)} & set(MAY_IMPORT) - {app}
    assert others <= MAY_IMPORT[app]


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
    tests = "".join(path.read_text() for path in (ROOT / "tests").rglob("test_*.py"))
    assert {name for name in named if name not in tests} == set()


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
