"""`manage.py fill`: the corpus from standard input, one JSON value a line; the first has the rest.

Pages are written in bulk as Wagtail's tree keeps them: a row of Page and a row of its own each.
"""

import json
import sys
from itertools import islice

from django.contrib.contenttypes.models import ContentType
from django.core.files.images import ImageFile
from django.core.management import BaseCommand, call_command
from django.db import connection, transaction
from django.utils.dateparse import parse_datetime
from wagtail.images.models import Image
from wagtail.models import Locale, Page, Site

from journal.models import ArticlePage, CategoryPage, HomePage

BATCH = 1_000


class Command(BaseCommand):
    """Make the site and its articles, then the index of its search."""

    def handle(self, *args, **options):
        begin = json.loads(sys.stdin.readline())
        with transaction.atomic():
            home = _home()
            categories = {c["pk"]: _category(home, c) for c in begin["categories"]}
            photos = {photo["pk"]: _photo(photo) for photo in begin["photos"]}
            rows = map(json.loads, sys.stdin)
            numbers = dict.fromkeys(categories, 0)
            while batch := list(islice(rows, BATCH)):
                _write(batch, categories, photos, numbers)
            for pk, number in numbers.items():
                Page.objects.filter(pk=categories[pk].pk).update(numchild=number)
        call_command("update_index", verbosity=0, chunk_size=BATCH)
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")


def _home():
    root = Page.get_first_root_node()
    home = root.add_child(instance=HomePage(title="Journal", slug="journal"))
    Site.objects.all().delete()
    Site.objects.create(hostname="127.0.0.1", root_page=home, is_default_site=True)
    return home


def _category(home, of):
    page = CategoryPage(title=of["name"], slug=of["slug"], show_in_menus=True)
    return home.add_child(instance=page)


def _photo(of):
    with open(of["file"], "rb") as content:
        image = Image(title=of["alt"] or str(of["pk"]), description=of["alt"])
        image.file.save(f"{of['pk']}.jpg", ImageFile(content), save=False)
        image.save()
    return image.pk


def _write(rows, categories, photos, numbers):
    kind, locale = ContentType.objects.get_for_model(ArticlePage), Locale.get_default()
    pages = []
    for row in rows:
        parent = categories[row["category"]]
        numbers[row["category"]] += 1
        pages.append(
            Page(
                path=Page._get_path(parent.path, parent.depth + 1, numbers[row["category"]]),
                depth=parent.depth + 1,
                title=row["title"],
                draft_title=row["title"],
                slug=f"{row['slug']}-{row['pk']}",
                url_path=f"{parent.url_path}{row['slug']}-{row['pk']}/",
                content_type=kind,
                locale=locale,
                live=True,
                first_published_at=row["date"],
                last_published_at=row["date"],
            )
        )
    Page.objects.bulk_create(pages)
    values = [
        (
            page.pk,
            parse_datetime(row["date"]),
            row["summary"],
            row["body"],
            photos.get(row["photo"]),
        )
        for page, row in zip(pages, rows, strict=True)
    ]
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO journal_articlepage (page_ptr_id, date, summary, body, lead_id)"
            " VALUES (%s, %s, %s, %s, %s)",
            values,
        )
