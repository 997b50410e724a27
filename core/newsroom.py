"""What the admin pages of every app share: search without diacritics, slugs, kept drafts."""

import re
from typing import TYPE_CHECKING, Any, ClassVar, cast

from django import forms
from django.contrib import admin
from django.core.paginator import Paginator
from django.db import models
from django.db.models import Q
from django.forms import Script
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import cached_property

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
        )

    def response_add(
        self, request: HttpRequest, obj: models.Model, post_url_continue: str | None = None
    ) -> HttpResponse:
        """Answer as usual and tell the browser that its copy is no longer needed."""
        return confirmed(super().response_add(request, obj, post_url_continue), request)

    def response_change(self, request: HttpRequest, obj: models.Model) -> HttpResponse:
        """Answer as usual and tell the browser that its copy is no longer needed."""
        return confirmed(super().response_change(request, obj), request)


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
