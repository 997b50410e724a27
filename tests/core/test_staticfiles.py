"""Style sheets are one file in production, whose fonts are still found."""

import re
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage

from core.staticfiles import BundledManifestStorage

FILES = {
    "css/site.css": '@layer base, print;\n@import url("base.css") layer(base);\n'
    '@import url("parts/card.css") layer(base);\n',
    "css/base.css": '@font-face { src: url("../fonts/a.woff2") }\n',
    "css/parts/card.css": "/* Why. */\n.card {\n  color: red;\n}\n",
    "fonts/a.woff2": "font",
}


@pytest.fixture
def storage(tmp_path):
    return BundledManifestStorage(location=tmp_path, base_url="/static/")


@pytest.fixture
def source(tmp_path):
    source = FileSystemStorage(tmp_path / "source")
    for name, content in FILES.items():
        source.save(name, ContentFile(content))
    return source


def publish(storage, source, changed=tuple(FILES)):
    """Publish as collectstatic does: only `changed` files are copied, all are processed."""
    for name in changed:
        storage.delete(name)
        with source.open(name) as file:
            storage.save(name, file)
    list(storage.post_process({name: (source, name) for name in FILES}))
    return Path(storage.path(storage.stored_name("css/site.css"))).read_text()


def test_imports_are_put_in_their_place_and_the_result_is_what_gets_hashed(storage, source):
    published = publish(storage, source)
    assert "@import" not in published
    assert "Why" not in published
    assert "\n " not in published
    assert published.startswith("@layer base, print;")
    assert published.index("font-face") < published.index(".card")
    assert re.search(r'url\("\.\./fonts/a\.[0-9a-f]{12}\.woff2"\)', published)


def test_a_changed_import_is_published_though_the_sheet_that_imports_it_is_the_same(
    storage, source
):
    publish(storage, source)
    Path(source.path("css/parts/card.css")).write_text(".card { color: gold }\n")
    assert "gold" in publish(storage, source, changed=["css/parts/card.css"])
