"""Style sheets are one file in production, whose fonts are still found."""

import re

from django.core.files.storage import FileSystemStorage

from core.staticfiles import BundledManifestStorage

FILES = {
    "css/site.css": '@layer base, print;\n@import url("base.css") layer(base);\n'
    '@import url("parts/card.css") layer(base);\n',
    "css/base.css": '@font-face { src: url("../fonts/a.woff2") }\n',
    "css/parts/card.css": ".card { color: red }\n",
    "fonts/a.woff2": "font",
}


def test_imports_are_put_in_their_place_and_the_result_is_what_gets_hashed(tmp_path):
    paths = {}
    storage = BundledManifestStorage(location=tmp_path, base_url="/static/")
    for name, content in FILES.items():
        path = tmp_path / "source" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
        source = FileSystemStorage(tmp_path / "source")
        paths[name] = (source, name)
        with source.open(name) as file:
            storage.save(name, file)
    list(storage.post_process(paths))
    published = (tmp_path / storage.stored_name("css/site.css")).read_text()
    assert "@import" not in published
    assert published.startswith("@layer base, print;")
    assert published.index("font-face") < published.index(".card")
    assert re.search(r'url\("\.\./fonts/a\.[0-9a-f]{12}\.woff2"\)', published)
