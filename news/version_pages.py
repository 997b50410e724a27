"""An article's texts beside the one that counts: compared, laid aside, restored, shared."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_POST

from core.comparison import Content
from core.newsroom import row_number, writer
from core.publishing import Publishable, Refused
from core.version_pages import VersionPages
from core.workflow import OPEN_STATES, Right
from news import rights, sharing, versions
from news.models import Article, Edition


class ArticleVersions(VersionPages):
    """The pages of core/version_pages.py over the editions of an article."""

    def all_versions(self, subject: Article) -> QuerySet[Edition]:
        """Return every edition, newest first."""
        return subject.editions.select_related("created_by", "lead_photo").order_by("-number")

    def current(self, subject: Article) -> Publishable:
        """Return the working edition."""
        edition = subject.working_edition()
        if edition is None:
            raise Http404("An article without an edition.")
        return edition

    def version_name(self, version: Edition) -> str:
        """Return the edition's number and its state."""
        return f"bản số {version.number} ({version.get_state_display().lower()})"

    def take_over(
        self, subject: Article, content: Content, *, what: str, seen: str, by: Any
    ) -> str:
        """Do as news/versions.py says."""
        return versions.take_over(subject, content, what=what, seen=seen, by=by)

    def get_urls(self) -> list[URLPattern]:
        """Put the page that makes links before the usual ones."""
        view = self.admin_site.admin_view(self.share_view)
        return [path("<int:pk>/lien-ket/", view, name="news_article_share"), *super().get_urls()]

    @method_decorator(require_POST)
    def share_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Make a link to what is being written, and show it."""
        article = get_object_or_404(self.get_queryset(request), pk=pk)
        if not self.has_view_permission(request, article):
            raise PermissionDenied
        try:
            link = sharing.share(article, by=writer(request))
        except Refused as refusal:
            self.message_user(request, str(refusal), messages.ERROR)
            return redirect("admin:news_article_preview", pk)
        return self.page(
            request,
            "admin/news/article/share.html",
            article,
            title="Liên kết xem trước",
            link=f"{settings.SITE_URL}{link}",
            ends_at=timezone.now() + sharing.LASTS,
        )

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Take in what was typed before the text passed into other hands: it is laid aside."""
        number = row_number(object_id or "")
        if request.method == "POST" and number is not None:
            vars(request)["writes_beside"] = self._has_lost(request, number)
        return super().changeform_view(request, object_id, form_url, extra_context)

    def writes_beside(self, request: HttpRequest) -> bool:
        """Return whether what is being sent may only be laid aside."""
        return bool(vars(request).get("writes_beside"))

    def _has_lost(self, request: HttpRequest, pk: int) -> bool:
        """Whether the person wrote this text, and it is now with those who approve."""
        found: Article | None = self.get_queryset(request).filter(pk=pk).first()
        edition = found.working_edition() if found else None
        if edition is None or edition.state not in OPEN_STATES:
            return False
        user = writer(request)
        return edition.grants(user, Right.WRITE) and not rights.may_write(edition, user)
