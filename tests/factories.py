"""Makers of test data; each takes only what the test is about."""

import io
from datetime import datetime
from itertools import count
from typing import Any

from django.contrib.auth.models import Permission, User
from PIL import Image

from core.media import Photo
from core.publishing import Action, move
from news.models import Article, Category, Edition, Unit
from portal.models import SiteSettings

numbers = count(1)


def make_site(**fields: Any) -> SiteSettings:
    return SiteSettings.objects.create(pk=1, **fields)


def make_category(name: str = "", *, parent: Category | None = None, **fields: Any) -> Category:
    number = next(numbers)
    name = name or f"Chuyên mục {number}"
    fields.setdefault("slug", f"chuyen-muc-{number}")
    return Category.objects.create(name=name, parent=parent, **fields)


def make_unit(name: str = "") -> Unit:
    return Unit.objects.create(name=name or f"Chi bộ số {next(numbers)}")


def make_draft(title: str = "", **fields: Any) -> Edition:
    fields["title"] = title or f"Bài viết số {next(numbers)}"
    fields.setdefault("body", "<p>Nội dung bài viết.</p>")
    if "category" not in fields:
        fields["category"] = make_category()
    return Article.objects.draft(**fields)


def make_article(title: str = "", *, at: datetime | None = None, **fields: Any) -> Article:
    """Publish an article, dated `at` when given."""
    edition = make_draft(title, publish_at=at, **fields)
    move(edition, Action.PUBLISH)
    return Article.objects.get(pk=edition.article_id)


def make_user(*permissions: str, username: str = "", **fields: Any) -> User:
    """Make a member of staff with the named permissions, such as "news.publish_article"."""
    user = User.objects.create_user(
        username or f"nguoi-dung-{next(numbers)}",
        password="mat-khau-de-thu",
        is_staff=True,
        **fields,
    )
    for name in permissions:
        app, _, codename = name.partition(".")
        user.user_permissions.add(
            Permission.objects.get(content_type__app_label=app, codename=codename)
        )
    return user


def picture_file(
    size: tuple[int, int] = (60, 40), format: str = "JPEG", colour: Any = None
) -> io.BytesIO:
    """Return an uploaded picture of one colour, another one in each of 512 calls."""
    buffer = io.BytesIO()
    number = next(numbers)
    # JPEG would blur smaller steps into the same bytes.
    colour = colour or (number % 8 * 32, number // 8 % 8 * 32, number // 64 % 8 * 32)
    Image.new("RGB", size, colour).save(buffer, format)
    buffer.seek(0)
    buffer.name = f"anh.{format.lower()}"
    return buffer


def make_photo(*, alt: str = "Hội nghị", **fields: Any) -> Photo:
    size = fields.pop("size", (60, 40))
    return Photo.objects.create_from_upload(picture_file(size), alt=alt, **fields)
