"""Static files: which are published, and how style sheets become one file."""

import re
from collections.abc import Iterator
from typing import Any

from django.contrib.staticfiles.apps import StaticFilesConfig
from django.core.files.base import ContentFile
from django.core.files.storage import Storage
from whitenoise.storage import CompressedManifestStaticFilesStorage

from core.editor import UNPUBLISHED_STATIC

IMPORT = re.compile(r'@import\s+url\("([^":]+\.css)"\)(?:\s+layer\((\w+)\))?;\s*')
COMMENT_OR_INDENT = re.compile(r"/\*.*?\*/\s*|(?<=\n)\s+", re.DOTALL)


class PortalStaticFilesConfig(StaticFilesConfig):
    """Publishes no part of CKEditor that the portal does not use (docs/adr/0001)."""

    ignore_patterns = [*StaticFilesConfig.ignore_patterns, *UNPUBLISHED_STATIC]


class BundledManifestStorage(CompressedManifestStaticFilesStorage):
    """Hashed, compressed static files; `@import`s of our style sheets are put in their place.

    Comments and indents are left out: they would be an eighth of what every reader waits for.

    While developing, browsers follow the imports themselves: there is no build step.
    """

    def post_process(
        self, paths: dict[str, Any], dry_run: bool = False, **options: Any
    ) -> Iterator[tuple[str, str, bool]]:
        """Inline the imports of css/*.css, then hash and compress as usual."""
        if not dry_run:
            for name in [path for path in paths if path.startswith("css/")]:
                self._bundle(name, paths)
        yield from super().post_process(paths, dry_run, **options)

    def _bundle(self, name: str, paths: dict[str, Any]) -> None:
        # From the sources: the copy published before has lost its imports.
        folder = name.rpartition("/")[0]

        def imported(match: re.Match[str]) -> str:
            style = _text(*paths[f"{folder}/{match[1]}"])
            return f"@layer {match[2]} {{\n{style}}}\n" if match[2] else style

        bundled = COMMENT_OR_INDENT.sub("", IMPORT.sub(imported, _text(*paths[name])))
        self.delete(name)
        self.save(name, ContentFile(bundled))
        paths[name] = (self, name)  # hash what was bundled, not its source


def _text(storage: Storage, name: str) -> str:
    with storage.open(name) as file:
        return file.read().decode()
