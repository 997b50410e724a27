"""What the admin pages of every app share: search without diacritics, slugs, kept drafts."""

import re
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar, cast

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.models import LogEntry
from django.contrib.admin.widgets import AutocompleteSelect
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import models
from django.db.models import Q
from django.forms import Script
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.formats import localize
from django.utils.functional import cached_property
from django.utils.html import format_html

from core.publishing import AuditEntry, Refused
from core.text import fold, slugify

if TYPE_CHECKING:
    from django.contrib.auth.models import User

# Names of form copies that the server has stored; static/js/admin/autosave.js removes them.
SAVED_COOKIE = "portal_saved"
_TOKEN = re.compile(r"[0-9a-f-]{36}")


def all_words(field: str, query: str) -> Q:
    """Return the condition that the folded text in `field` holds every word of `query`."""
    words = fold(query.replace("\x00", " ")).split()
    return Q(*((f"{field}__contains", word) for word in words))


def writer(request: HttpRequest) -> "User":
    """Return who is signed in; the admin lets nobody else through."""
    return cast("User", request.user)


def name_of(user: "User") -> str:
    """Return a person's full name, else the account's."""
    return user.get_full_name() or user.get_username()


def module(path: str) -> Script:
    """Return an ES module for the media of a form or an admin page."""
    return Script(path, type="module")


class BoundedPaginator(Paginator):
    """Pages over at most LIMIT rows: counting more costs time and nobody turns that far."""

    LIMIT = 5000

    @cached_property
    def count(self) -> int:
        """Return the number of rows, LIMIT standing for "as many or more"."""
        rows: models.QuerySet[Any] = self.object_list  # type: ignore[assignment]
        return rows.order_by()[: self.LIMIT].count()


class SlugForm(forms.ModelForm):
    """A form whose field `slug`, left empty, follows from the field named `slug_source`."""

    slug_source = "title"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if slug := self.fields.get("slug"):
            slug.required = False
            slug.help_text = "Để trống: tự đặt theo tên, không dấu. Chỉ gồm chữ a–z, số và dấu -."

    def clean(self) -> dict[str, Any]:
        """Make the slug; uniqueness is checked after this."""
        cleaned = super().clean() or self.cleaned_data
        source = cleaned.get(self.slug_source)
        if source and "slug" in cleaned and not cleaned["slug"]:
            cleaned["slug"] = slugify(source)
            if not cleaned["slug"]:
                self.add_error("slug", "Tên không có chữ nào để làm địa chỉ. Hãy tự ghi địa chỉ.")
        return cleaned


class ChoiceBox(AutocompleteSelect):
    """Django's box that finds rows as people type, safe against what no row can be."""

    def optgroups(self, name: str, value: Any, attr: Any = None) -> Any:
        """Show what is chosen; Django fails on anything but a number that fits."""
        chosen = [one for one in map(str, value) if row_number(one) is not None]
        return super().optgroups(name, chosen, attr)


class PlainAdmin(admin.ModelAdmin):
    """An admin without bulk actions and without the icons that open related objects."""

    actions = None
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    formfield_overrides: ClassVar = {models.URLField: {"assume_scheme": "https"}}

    def formfield_for_dbfield(
        self, db_field: Any, request: HttpRequest, **kwargs: Any
    ) -> forms.Field | None:
        """Return the usual field with its bare widget."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field and hasattr(field.widget, "can_add_related"):
            field.widget = field.widget.widget
        return field

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Choose long lists through a ChoiceBox."""
        if "widget" not in kwargs and db_field.name in self.get_autocomplete_fields(request):
            kwargs["widget"] = ChoiceBox(db_field, self.admin_site)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def get_changelist_formset(self, request: HttpRequest, **kwargs: Any) -> Any:
        """Return the usual formset; its boxes are named, as a list has no labels."""
        formset = super().get_changelist_formset(request, **kwargs)
        for field in formset.form.base_fields.values():
            field.widget.attrs["aria-label"] = field.label
        return formset


class FoldedSearchAdmin(PlainAdmin):
    """An admin that finds every word, with or without diacritics, in the field `folded`."""

    search_fields = ("folded",)

    def get_search_results(
        self, request: HttpRequest, queryset: models.QuerySet[Any], search_term: str
    ) -> tuple[models.QuerySet[Any], bool]:
        """Search the folded text."""
        return queryset.filter(all_words("folded", search_term)), False


class KeptFormAdmin(PlainAdmin):
    """An admin for texts: kept in the browser until stored, with the photo library at hand."""

    class Media:
        js = (
            module("js/admin/autosave.js"),
            module("js/admin/session.js"),
            module("js/admin/photo-picker.js"),
            module("js/admin/deeds.js"),
        )

    def response_add(
        self, request: HttpRequest, obj: models.Model, post_url_continue: str | None = None
    ) -> HttpResponse:
        """Answer as usual and tell the browser that its copy is no longer needed."""
        return confirmed(super().response_add(request, obj, post_url_continue), request)

    def response_change(self, request: HttpRequest, obj: models.Model) -> HttpResponse:
        """Answer as usual and tell the browser that its copy is no longer needed."""
        return confirmed(super().response_change(request, obj), request)


class PublicationAdmin(KeptFormAdmin):
    """An admin for what goes public: moved by buttons, withdrawn with a reason, its trail shown."""

    publish_permission: ClassVar[str]
    # How people call one of these, and the last part of the address where it is withdrawn.
    noun: ClassVar[str]
    withdraw_path: ClassVar[str]
    object_history_template = "admin/publication/history.html"
    delete_confirmation_template = "admin/publication/delete_confirmation.html"

    def withdraw(self, subject: Any, *, by: "User", reason: str) -> str:
        """Take `subject` down and return what happened; Refused passes to the caller."""
        raise NotImplementedError

    def may_publish(self, request: HttpRequest) -> bool:
        """Return whether the buttons that change what readers see belong on the page."""
        return request.user.has_perm(self.publish_permission)

    def attempt(self, request: HttpRequest, deed: Callable[..., str]) -> bool:
        """Do it in the name of who asks; tell how it went, and return whether it did."""
        try:
            self.message_user(request, deed(by=request.user), messages.SUCCESS)
        except Refused as refusal:
            for sentence in refusal.messages:
                self.message_user(request, sentence, messages.ERROR)
            return False
        return True

    def address(self, page: str, subject: models.Model) -> str:
        """Return the address of a page of the admin about `subject`."""
        return reverse(
            f"admin:{self.opts.app_label}_{self.opts.model_name}_{page}", args=[subject.pk]
        )

    def get_urls(self) -> list[URLPattern]:
        """Put the page that withdraws before the usual ones."""
        view = self.admin_site.admin_view(self.withdraw_view)
        name = f"{self.opts.app_label}_{self.opts.model_name}_withdraw"
        return [path(f"<int:pk>/{self.withdraw_path}/", view, name=name), *super().get_urls()]

    def withdraw_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Ask for the reason that readers will see, then take it down."""
        if not self.may_publish(request):
            raise PermissionDenied
        subject = get_object_or_404(self.model, pk=pk)
        reason = request.POST.get("reason", "").replace("\x00", "")
        if request.method == "POST" and self.attempt(
            request, partial(self.withdraw, subject, reason=reason)
        ):
            return redirect(self.address("change", subject))
        return self.page(
            request,
            "admin/publication/withdraw.html",
            subject,
            title=f"Gỡ {self.noun}",
            reason=reason,
        )

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Add the audit trail to Django's own history of edits."""
        number = row_number(object_id)
        if number is None:
            return super().history_view(request, object_id, extra_context)
        trail = AuditEntry.objects.filter(
            content_type=ContentType.objects.get_for_model(self.model), object_id=number
        )
        context = {"trail": trail.select_related("actor"), "title": f"Nhật ký của {self.noun}"}
        return super().history_view(request, object_id, context | (extra_context or {}))

    def page(
        self, request: HttpRequest, template: str, subject: models.Model, **context: Any
    ) -> HttpResponse:
        """Render a page of the admin about `subject`."""
        context |= {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "noun": self.noun,
            "subject": subject,
            "subject_url": self.address("change", subject),
        }
        return TemplateResponse(request, template, context)


def row_number(text: str) -> int | None:
    """Return the number of a row that `text` writes; None for what no row can have."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def overtaken(subject: models.Model, *, noun: str, by: "User", address: str) -> str:
    """Say who has changed `subject` since the form was opened; `address` shows it as it is."""
    last = LogEntry.objects.filter(
        content_type=ContentType.objects.get_for_model(subject), object_id=subject.pk
    ).first()
    who = name_of(last.user) if last else "Người khác"
    when = f" lúc {localize(timezone.localtime(last.action_time))}" if last else ""
    return format_html(
        "{}{} đã sửa hoặc đăng {} này{}; nội dung bạn vừa nhập vẫn ở đây. "
        '<a href="{}" target="_blank">Xem bản hiện có</a>, rồi bấm Lưu lần nữa để ghi đè.',
        who,
        " (chính bạn, ở thẻ khác)" if last and last.user_id == by.pk else "",
        noun,
        when,
        address,
    )


def confirmed(response: HttpResponse, request: HttpRequest) -> HttpResponse:
    """Name in a cookie the browser's copy of the form that was just stored."""
    token = request.POST.get("autosave", "")
    if _TOKEN.fullmatch(token):
        former = _TOKEN.findall(request.COOKIES.get(SAVED_COOKIE, ""))
        response.set_cookie(
            SAVED_COOKIE,
            ".".join([*former[-4:], token]),
            path=reverse("admin:index"),
            samesite="Lax",
        )
    return response
