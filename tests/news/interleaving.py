"""Two people at one article at the same moments, each in a session and a connection of their own.

At every step both act at once, at random: open, store what they typed, submit, recall, approve,
return, take over what was laid aside. `Story.check()` says whether anything went wrong.
"""

import random
import re
import threading

from django.db import connections
from django.test import Client
from django.urls import reverse

from core.audit import AuditEntry
from core.snapshots import Snapshot
from core.workflow import CONTRIBUTING, Action, State
from news.models import Article, Edition
from tests.factories import make_category, make_draft, make_person, make_unit

_STAMP = re.compile(r'name="stamp" value="([^"]*)"')
_ASIDE = re.compile(r"/lay-lai/(l\d+)/")
DEEDS = {
    State.SUBMITTED: (Action.APPROVE, Action.APPROVE, Action.RETURN, Action.RECALL),
    State.APPROVED: (Action.RETURN,),
}
# The first writes most of the time, the second decides.
HABITS = ("open save save save deed take", "open save deed deed deed take")


class Session:
    """One person before one browser."""

    def __init__(self, name, person, article, habits):
        self.name, self.article, self.habits = name, article, habits.split()
        self.chance = random.Random(name)
        self.client = Client()
        self.client.force_login(person)
        self.stamp, self.aside, self.typed = "", "", []

    def page(self, name, *args):
        return reverse(f"admin:news_article_{name}", args=[self.article.pk, *args])

    def act(self):
        """Do one thing out of habit."""
        getattr(self, self.chance.choice(self.habits))()

    def open(self):
        self._read(self.client.get(self.page("change")))

    def _read(self, answer):
        found = _STAMP.search(answer.content.decode())
        self.stamp = found[1] if found else self.stamp
        return found

    def save(self):
        """Store a text that was never typed before, over whatever was opened last."""
        if not self.stamp:
            return self.open()
        title = f"Bài {self.name} {len(self.typed)} {self.chance.getrandbits(40):x}"
        button = self.chance.choice(["_save", "_save", "_submit"])
        answer = self.client.post(self.page("change"), self._form(title, button), follow=True)
        # A form that was opened without the right to write is refused before it is read.
        if answer.status_code == 200:
            self.typed.append(title)
            self._read(answer)
            aside = _ASIDE.search(answer.content.decode())
            self.aside = aside[1] if aside else ""

    def _form(self, title, button):
        return {
            "title": title,
            "summary": "Sáng 15/7, Đảng ủy Khối họp.",
            "body": f"<p>{title}.</p>",
            "category": self.article.category_id,
            "unit": self.article.unit,
            "lead_photo": "",
            **dict.fromkeys(("pen_name", "source_name", "source_url", "correction_note"), ""),
            **{f"{hour}_at_{part}": "" for hour in ("publish", "expire") for part in (0, 1)},
            "change": "minor",
            "stamp": self.stamp,
            button: "",
        }

    def deed(self):
        """Ask for the page of a step, and take the step that it offers."""
        edition = self.article.open_edition()
        fitting = DEEDS.get(edition.state if edition else "", (Action.SUBMIT,))
        page = self.page("deed", self.chance.choice(fitting))
        answer = self.client.get(page)
        found = _STAMP.search(answer.content.decode())
        if found:
            self.client.post(page, {"stamp": found[1], "reason": "Sửa lại."})

    def take(self):
        if self.aside:
            self.client.post(self.page("restore", self.aside), {"stamp": self.stamp})


class Story:
    """One article, two sessions, `steps` moments at which both act."""

    def __init__(self, seed):
        self.chance = random.Random(seed)
        category, unit = make_category(), make_unit()
        author = make_person("Cộng tác viên", unit)
        people = [make_person("Biên tập viên", category) for _ in range(2)]
        if self.chance.random() < 0.5:
            people[0] = author
        draft = make_draft("Bản đầu", category=category, unit=unit, by=author)
        self.article = draft.article
        self.article.unit = unit.pk
        self.sessions = [
            Session(f"{seed}-{number}", person, self.article, HABITS[number])
            for number, person in enumerate(people)
        ]
        self.failures = []
        self.has_been_live = False

    def run(self, steps):
        """Let both act at each step; raise what either has raised."""
        together = threading.Barrier(len(self.sessions), action=self._look)
        threads = [
            threading.Thread(target=self._live_through, args=(session, together, steps))
            for session in self.sessions
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        told = [one for one in self.failures if not isinstance(one, threading.BrokenBarrierError)]
        for failure in told or self.failures:
            raise failure

    def _live_through(self, session, together, steps):
        try:
            for _ in range(steps):
                session.act()
                together.wait(60)
        except Exception as failure:
            self.failures.append(failure)
            together.abort()
        finally:
            connections.close_all()

    def _look(self):
        """Between two steps: what is live was approved as it is, and what was live still is."""
        article = Article.objects.get(pk=self.article.pk)
        live = list(article.editions.filter(state=State.LIVE))
        assert len(live) == self.has_been_live or len(live) == 1
        self.has_been_live = bool(live)
        assert [article.live] == (live or [None])
        for edition in article.editions.exclude(went_live_at=None):
            assert edition.digest() == edition.approved_digest
            assert approved_by_another(edition)

    def check(self):
        """Assert that every text that was typed lies in a save; return how many there were."""
        editions = Edition.objects.filter(article=self.article.pk).values("pk")
        saves = Snapshot.objects.filter(version_id__in=editions)
        kept = set(saves.values_list("content__title", flat=True))
        typed = {title for session in self.sessions for title in session.typed}
        assert typed <= kept, typed - kept
        self._look()
        return len(typed)


def approved_by_another(edition):
    """Whether the last approver of `edition` had no part in it since the approval before."""
    trail = AuditEntry.objects.filter(object_id=edition.article_id).order_by("pk")
    given = trail.filter(action=Action.APPROVE, version_id=edition.pk).last()
    before = trail.filter(action=Action.APPROVE, pk__lt=given.pk).last()
    parts = trail.filter(
        action__in=CONTRIBUTING, pk__lt=given.pk, pk__gt=before.pk if before else 0
    )
    return given.actor_id not in parts.values_list("actor_id", flat=True)
