"""Checks of links and of the signs of documents: each asks one query for each kind of target."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urljoin, urlsplit

from django.conf import settings
from django.core.files.storage import default_storage
from django.db.models import QuerySet
from django.urls import Resolver404, resolve

from core.problems import Problem
from core.proofreading import Passage
from core.video import Video
from documents import signs
from documents.files import DocumentFile
from documents.models import Document
from news import models
from news.checklist.text import BODY, Link, Text
from news.links import LinkCheck, is_external

_BODY = Passage(BODY, "")
_ADMIN = "admin"

# For the name of a view: which of its arguments tells its pages apart, the field that this
# argument is, and the rows that readers may see. Rooms above this one add their own.
Targets = tuple[str, Callable[[], QuerySet[Any]]]
TARGETS: dict[str, Targets] = {
    "news:article": ("pk", lambda: models.Article.objects.published()),
    "news:category": ("slug", lambda: models.Category.objects.all()),
    "documents:document": ("pk", lambda: Document.objects.published()),
    "documents:file": (
        "pk",
        lambda: DocumentFile.objects.filter(document__in=Document.objects.published()),
    ),
    "media:video": ("key", lambda: Video.objects.all()),
    "media:captions": ("key", lambda: Video.objects.all()),
}


def dead_internal_links(text: Text) -> Iterator[Problem]:
    """Point at links to pages of this portal that readers cannot open."""
    asked: dict[str, dict[Any, list[Link]]] = defaultdict(lambda: defaultdict(list))
    for link in text.links:
        path = _path(link.href, text)
        if path is None:
            continue
        try:
            match = resolve(path)
        except Resolver404:
            yield _dead(link)
            continue
        if match.namespaces[:1] == [_ADMIN] or _is_missing_photo(match.view_name, path):
            yield _dead(link)
        elif match.view_name in TARGETS:
            name, _ = TARGETS[match.view_name]
            asked[match.view_name][match.kwargs[name]].append(link)
    for view_name, links in asked.items():
        name, rows = TARGETS[view_name]
        found = rows().filter(**{f"{name}__in": [*links]}).order_by().values_list(name, flat=True)
        for value in links.keys() - set(found):
            yield from map(_dead, links[value])


def _path(href: str, text: Text) -> str | None:
    """The path of a link within this portal, None for any other and for files of the design."""
    if (
        href.startswith("#")
        or is_external(href)
        or urlsplit(href).scheme not in ("", "http", "https")
    ):
        return None
    base = text.edition.article.get_absolute_url() if text.edition.article_id else "/"
    path = urlsplit(urljoin(base, href)).path or "/"
    return None if path.startswith(settings.STATIC_URL) else path


def _is_missing_photo(view_name: str, path: str) -> bool:
    """Whether `path` is that of a photo whose file is gone; those of former crops are kept."""
    name = path.removeprefix(settings.MEDIA_URL)
    return view_name == "media:photo_rendition" and not default_storage.exists(name)


def _dead(link: Link) -> Problem:
    words = link.words.strip() or link.href
    return _BODY.warning(
        "dead_link",
        f"Liên kết “{words}” dẫn tới {link.href}, nơi bạn đọc không mở được. "
        "Hãy sửa địa chỉ hoặc bỏ liên kết.",
        words,
    )


def dead_external_links(text: Text) -> Iterator[Problem]:
    """Point at links that the last check in the background (news/links.py) found dead."""
    links = {link.href: link for link in text.links if is_external(link.href)}
    source = text.edition.source_url
    wanted = {*links, *([source] if source else [])}
    if not wanted:
        return
    for check in LinkCheck.objects.dead().filter(url__in=wanted).order_by("url"):
        link = links.get(check.url)
        passage = _BODY if link else Passage("source_url", "")
        words = link.words.strip() if link else check.url
        yield passage.warning(
            "dead_external_link",
            f"Liên kết “{words}” tới {check.url} không mở được khi máy thử lần cuối "
            f"({check.told()}). Hãy mở thử, rồi sửa hoặc bỏ liên kết.",
            words,
        )


def unknown_signs(text: Text) -> Iterator[Problem]:
    """Point at signs that no public document of the library bears."""
    found = {
        signs.key(one.sign): (passage, passage.text[one.start : one.end])
        for passage in reversed(text.passages)
        for one in signs.find(passage.text)
    }
    if not found:
        return
    known = Document.objects.published().filter(sign_key__in=[*found]).order_by()
    for key in found.keys() - set(known.values_list("sign_key", flat=True)):
        passage, written = found[key]
        yield passage.warning(
            "unknown_sign",
            f"Thư viện chưa có văn bản công khai nào mang số {written}. Hãy kiểm tra số, ký hiệu; "
            "nếu đúng, nhờ văn thư nhập văn bản.",
            written,
        )
