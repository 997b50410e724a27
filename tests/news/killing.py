"""Kill a process of the portal without warning in the middle of a request, again and again.

`python -m tests.news.killing KILLS` works on the database of the environment. Each time a child
answers one request (a save, an approval that publishes, a Word file brought in) and is killed
after a random part of the time that such a request takes; then everything of it must be stored,
or nothing.
"""

import io
import os
import random
import signal
import sys
import time

import django


def main(kills):
    django.setup()
    from django.conf import settings

    from bench.scratch import in_process

    with in_process(settings):
        victims = [Save(), Publish(), Intake()]
        outcomes = [victims[number % 3].kill() for number in range(kills)]
    print(f"{kills} kills: {outcomes.count(True)} all, {outcomes.count(False)} nothing")


class Victim:
    """One kind of request: `prepare` makes what it works on, `stored` says all or nothing."""

    def __init__(self):
        from django.test import Client

        from tests.factories import make_category, make_person

        self.chance = random.Random()
        self.category = make_category()
        self.author, self.leader = make_person("Lãnh đạo"), make_person("Lãnh đạo")
        self.client = Client()
        self.client.force_login(self.leader)
        self.prepare()
        self.request()
        # Warm now.
        self.prepare()
        began = time.monotonic()
        self.request()
        self.takes = time.monotonic() - began
        assert self.stored() is True

    def kill(self):
        """Kill a child at a random moment; return whether it had stored everything."""
        from django.db import connection, connections, transaction

        self.prepare()
        connections.close_all()
        child = os.fork()
        if not child:
            self.request()
            os._exit(0)
        # The child has to connect first.
        time.sleep(self.chance.uniform(0, 3) * self.takes)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        with transaction.atomic(), connection.cursor() as cursor:
            # PostgreSQL may be about to commit what the child had sent: look at one moment.
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            return self.stored()


class Save(Victim):
    """A text stored over a text."""

    def prepare(self):
        from tests.factories import make_draft

        self.draft = make_draft(by=self.author, category=self.category)

    def request(self):
        from django.urls import reverse

        page = reverse("admin:news_article_change", args=[self.draft.article_id])
        hours = {f"{name}_at_{part}": "" for name in ("publish", "expire") for part in (0, 1)}
        others = dict.fromkeys(("lead_photo", "pen_name", "unit", "source_name", "source_url"), "")
        self.client.post(
            page,
            {
                **{"title": "Bài đã sửa", "body": "<p>Đã sửa.</p>", "summary": "Đã sửa."},
                **{"category": self.category.pk, "stamp": self.draft.stamp(), **hours, **others},
                "_save": "",
            },
        )

    def stored(self):
        from core.snapshots import snapshots_of
        from core.workflow import Action

        self.draft.refresh_from_db()
        changed = self.draft.title == "Bài đã sửa"
        noted = trail(self.draft).filter(action=Action.EDIT).exists()
        assert changed == noted == (snapshots_of(self.draft).count() == 2)
        assert changed == (self.draft.body == "<p>Đã sửa.</p>")
        return changed


class Publish(Victim):
    """An approval that puts the text in the place of the live one."""

    def prepare(self):
        from core.publishing import move
        from core.workflow import Action
        from tests.factories import make_article

        self.article = make_article(category=self.category)
        self.draft = self.article.revise(by=self.author)
        self.draft = move(self.draft, Action.SUBMIT)

    def request(self):
        from django.urls import reverse

        page = reverse("admin:news_article_deed", args=[self.article.pk, "approve"])
        self.client.post(page, {"stamp": self.draft.stamp()})

    def stored(self):
        from core.workflow import Action

        former = self.article.live
        self.article.refresh_from_db()
        states = list(self.article.editions.order_by("number").values_list("state", flat=True))
        published = self.article.live_id == self.draft.pk
        assert states == (["superseded", "live"] if published else ["live", "submitted"]), states
        assert published or self.article.live == former
        done = trail(self.draft).filter(action__in=(Action.APPROVE, Action.PUBLISH))
        assert done.filter(version_id=self.draft.pk).count() == 2 * published
        return published


class Intake(Victim):
    """Word files with pictures brought in, each of which becomes a draft or leaves nothing."""

    def prepare(self):
        mark = f"{self.chance.getrandbits(60):x}"
        self.titles = [f"Tin {number} từ Word {mark}" for number in range(2)]
        self.files = [self.file(title) for title in self.titles]

    def file(self, title):
        from docx import Document

        from tests.factories import picture_file

        document = Document()
        document.add_heading(title, 0)
        document.add_paragraph("Sáng 15/7, Đảng ủy Khối họp.")
        document.add_picture(picture_file())
        file = io.BytesIO()
        document.save(file)
        file.name = "tin.docx"
        return file

    def request(self):
        from django.urls import reverse

        for file in self.files:
            file.seek(0)
        self.client.post(
            reverse("admin:news_article_word"), {"files": self.files, "category": self.category.pk}
        )

    def stored(self):
        from core.snapshots import snapshots_of
        from core.workflow import Action
        from news.models import Edition

        found = Edition.objects.filter(title__in=self.titles)
        for edition in found:
            assert "<img" in edition.body
            assert trail(edition).get().action == Action.CREATE
            assert snapshots_of(edition).count() == 1
        return len(found) == len(self.titles)


def trail(version):
    from core.audit import trail_of

    return trail_of(version)


if __name__ == "__main__":
    main(int(sys.argv[1]))
