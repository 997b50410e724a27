"""Pages of the newsroom about what a text was: its saves, two of them compared, one restored."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.contrib import messages
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path
from django.utils.decorators import method_decorator
from django.utils.formats import localize
from django.utils.timezone import localtime
from django.views.decorators.http import require_POST, require_safe

from core.audit import record
from core.comparison import Content, Difference, differences
from core.newsroom import PublicationAdmin, row_number
from core.people import name_of
from core.publishing import Publishable
from core.snapshots import Snapshot
from core.workflow import Action

PER_PAGE = 30
# Versions of one subject that its history offers.
MOST_VERSIONS = 50


@dataclass(frozen=True)
class Side:
    """One side of a comparison: a version as it stands (“b12”) or one of its saves (“l345”)."""

    key: str
    name: str
    content: Content
    save: Snapshot | None = None


class VersionPages(PublicationAdmin):
    """An admin whose history page leads to every save, and from there to comparison."""

    def all_versions(self, subject: Any) -> "QuerySet[Any]":
        """Return every version of `subject`, newest first."""
        raise NotImplementedError

    def current(self, subject: Any) -> Publishable:
        """Return the version that the form of `subject` shows."""
        raise NotImplementedError

    def take_over(self, subject: Any, content: Content, *, what: str, seen: str, by: Any) -> str:
        """Write `content` into the open version, made if need be; Refused when that may not be."""
        raise NotImplementedError

    def version_name(self, version: Any) -> str:
        """Return how people call a version."""
        raise NotImplementedError

    def compare(self, subject: Any, old: Content, new: Content) -> list[Difference]:
        """Return what differs between two contents of `subject`."""
        return differences(type(self.current(subject)), old, new)

    def get_urls(self) -> list[URLPattern]:
        """Put the pages of comparison before the usual ones."""
        name = f"{self.opts.app_label}_{self.opts.model_name}"
        view: Callable[..., Any] = self.admin_site.admin_view
        return [
            path("<int:pk>/so-sanh/", view(self.compare_view), name=f"{name}_compare"),
            path("<int:pk>/lay-lai/<slug:key>/", view(self.restore_view), name=f"{name}_restore"),
            *super().get_urls(),
        ]

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Add the versions and the saves, to be compared."""
        number = row_number(object_id)
        subject = number and self.get_queryset(request).filter(pk=number).first()
        context: dict[str, Any] = {}
        if subject:
            versions = self.all_versions(subject)
            saves = saves_of(versions).defer("content")
            page = Paginator(saves, PER_PAGE).get_page(request.GET.get("trang"))
            context = {
                "versions": [(self.version_name(one), one) for one in versions[:MOST_VERSIONS]],
                "saves": page,
                "compare_url": self.address("compare", subject),
            }
        return super().history_view(request, object_id, context | (extra_context or {}))

    @method_decorator(require_safe)
    def compare_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show what differs between the sides `cu` and `moi`; the version at hand by default."""
        subject = self._visible(request, pk)
        current = self.current(subject)
        old = self._side(subject, request.GET.get("cu") or f"b{current.pk}")
        new = self._side(subject, request.GET.get("moi") or f"b{current.pk}")
        overtaken = new.save if new.save and new.save.aside else None
        return self.page(
            request,
            "admin/publication/compare.html",
            subject,
            title="So sánh",
            old=old,
            new=new,
            differences=self.compare(subject, old.content, new.content),
            overtaken=overtaken,
            stamp=current.stamp(),
            may_restore=self.has_change_permission(request, subject),
            history_url=self.address("history", subject),
            old_restore=self.address("restore", subject, old.key),
            new_restore=self.address("restore", subject, new.key),
        )

    @method_decorator(require_POST)
    def restore_view(self, request: HttpRequest, pk: int, key: str) -> HttpResponse:
        """Write that side into the open version; what stands there now stays in its history."""
        subject = self._visible(request, pk)
        if not self.has_change_permission(request, subject):
            raise PermissionDenied
        side = self._side(subject, key)
        seen = request.POST.get("stamp", "")[:200] or "?"
        deed = partial(self._take_over, subject, side, seen=seen)
        done = self.attempt(request, deed)
        back = self.address("compare", subject) + f"?moi={side.key}"
        return redirect(self.address("change", subject) if done else back)

    @transaction.atomic
    def _take_over(self, subject: Any, side: Side, *, seen: str, by: Any) -> str:
        """Take the side over; whoever wrote it has now a part in the text, too."""
        said = self.take_over(subject, side.content, what=f"lấy {side.name}", seen=seen, by=by)
        if side.save and side.save.by and side.save.by != by:
            version = self.current(subject)
            record(version, Action.REUSE, by=side.save.by, reason=f"{name_of(by)} lấy {side.name}")
        return said

    def laid_aside(self, request: HttpRequest, subject: Any, save: Snapshot) -> HttpResponse:
        """Lead to the comparison of what stands with what was typed over it."""
        self.message_user(
            request,
            f"Chưa ghi đè: {self.noun} này đã được người khác sửa hoặc chuyển bước sau khi bạn "
            "mở. Nội dung bạn vừa nhập đã được giữ riêng; dưới đây là chỗ khác nhau.",
            messages.WARNING,
        )
        return redirect(self.address("compare", subject) + f"?moi=l{save.pk}")

    def _visible(self, request: HttpRequest, pk: int) -> Any:
        subject = get_object_or_404(self.get_queryset(request), pk=pk)
        if not self.has_view_permission(request, subject):
            raise PermissionDenied
        return subject

    def _side(self, subject: Any, key: str) -> Side:
        """Return the side named `key`; 404 for what is none of this subject's."""
        kind, number, versions = key[:1], row_number(key[1:]), self.all_versions(subject)
        if kind == "b" and number is not None:
            version = get_object_or_404(versions, pk=number)
            return Side(key, self.version_name(version), version.content())
        if kind == "l" and number is not None:
            save = get_object_or_404(saves_of(versions), pk=number)
            return Side(key, save_name(save), save.content, save)
        raise Http404("No such version or save.")


def saves_of(versions: QuerySet[Any]) -> QuerySet[Snapshot]:
    """Return the saves of `versions`, newest first, with who saved."""
    kind = ContentType.objects.get_for_model(versions.model)
    found = Snapshot.objects.filter(
        content_type=kind, version_id__in=versions.order_by().values("pk")
    )
    return found.select_related("by")


def save_name(save: Snapshot) -> str:
    """Return how people call a save."""
    who = name_of(save.by) if save.by else "Tự động"
    kind = "bản để riêng" if save.aside else "lần lưu"
    return f"{kind} của {who} lúc {localize(localtime(save.at))}"
