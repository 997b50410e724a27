"""What the admin pages of every app share: search without diacritics, slugs, kept drafts."""

import re
from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar, cast

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.widgets import AutocompleteSelect
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import models, transaction
from django.db.models import Q
from django.forms import Script
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.functional import cached_property

from core import remarks
from core.audit import AuditEntry, acknowledge, acknowledged, record
from core.conversion_page import ConversionPage
from core.deeds import Deed, Offer, offers, version_for
from core.open_forms import OpenForms, forget
from core.publishing import Publishable, Refused, Unfit
from core.text import fold, slugify
from core.workflow import Action, State

if TYPE_CHECKING:
    from django.contrib.auth.models import User

# Names of form copies that the server has stored; static/js/admin/autosave.js removes them.
SAVED_COOKIE = "portal_saved"
NOT_NOW = (
    "Việc này hiện không làm được, hoặc bạn chưa được giao quyền. Hãy xem tình trạng mới nhất."
)
UNFIT = (
    "Chưa được, vì “Kiểm tra trước khi đăng” dưới đây còn {} điều. Chỗ nào phải sửa thì hãy sửa; "
    "cảnh báo nào giữ nguyên thì hãy đánh dấu chấp nhận, rồi bấm lại."
)
_TOKEN = re.compile(r"[0-9a-f-]{36}")


def all_words(field: str, query: str) -> Q:
    """Return the condition that the folded text in `field` holds every word of `query`."""
    words = fold(query.replace("\x00", " ")).split()
    return Q(*((f"{field}__contains", word) for word in words))


def writer(request: HttpRequest) -> "User":
    """Return who is signed in; the admin lets nobody else through."""
    return cast("User", request.user)


def changed_labels(form: forms.ModelForm) -> str:
    """Name the fields that were changed, for the audit trail."""
    return ", ".join(str(form.fields[name].label).lower() for name in form.changed_data)


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

    # The chosen row, where the form has it at hand.
    known: models.Model | None = None

    def optgroups(self, name: str, value: Any, attr: Any = None) -> Any:
        """Show what is chosen; Django fails on anything but a number that fits."""
        chosen = [one for one in map(str, value) if row_number(one) is not None]
        if self.known is None or chosen != [str(self.known.pk)]:
            return super().optgroups(name, chosen, attr)
        words = self.choices.field.label_from_instance(self.known)
        blank = [] if self.is_required else [self.create_option(name, "", "", False, 0)]
        return [(None, [*blank, self.create_option(name, chosen[0], words, True, len(blank))], 0)]


class PlainAdmin(admin.ModelAdmin):
    """An admin without bulk actions and without the icons that open related objects."""

    actions: Any = None
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


class KeptFormAdmin(OpenForms, PlainAdmin):
    """An admin for texts: kept until stored, with the photo library at hand."""

    class Media:
        js = (
            module("js/admin/autosave.js"),
            module("js/admin/session.js"),
            module("js/admin/presence.js"),
            module("js/admin/photo-picker.js"),
            module("js/admin/video-picker.js"),
            module("js/admin/deeds.js"),
        )

    def response_add(
        self, request: HttpRequest, obj: models.Model, post_url_continue: str | None = None
    ) -> HttpResponse:
        """Answer as usual; no copy is needed any longer."""
        return self.confirmed(super().response_add(request, obj, post_url_continue), request)

    def response_change(self, request: HttpRequest, obj: models.Model) -> HttpResponse:
        """Answer as usual; no copy is needed any longer."""
        return self.confirmed(super().response_change(request, obj), request)

    def confirmed(self, response: HttpResponse, request: HttpRequest) -> HttpResponse:
        """Empty the server's slot of the form that was just stored, and tell the browser."""
        asked = request.resolver_match.kwargs if request.resolver_match else {}
        forget(self.model, row_number(str(asked.get("object_id"))) or 0, writer(request))
        return confirmed(response, request)


class PublicationAdmin(ConversionPage, KeptFormAdmin):
    """An admin for what goes public: moved by deeds, each with its reason, its trail shown."""

    deeds: ClassVar[tuple[Deed, ...]]
    # How people call one of these.
    noun: ClassVar[str]
    # Shows the text of one of these where a reviewer marks sentences; empty: nowhere.
    text_template: ClassVar[str] = ""
    object_history_template = "admin/publication/history.html"
    delete_confirmation_template = "admin/publication/delete_confirmation.html"

    def versions(self, subject: Any) -> list[Publishable]:
        """Return what deeds may act on: the version being written first, then the live one."""
        raise NotImplementedError

    def attempt(self, request: HttpRequest, deed: Callable[..., str]) -> bool:
        """Do it in the name of who asks; tell how it went, and return whether it did."""
        try:
            self.message_user(request, deed(by=request.user), messages.SUCCESS)
        except Refused as refusal:
            for sentence in said_of(refusal):
                self.message_user(request, sentence, messages.ERROR)
            return False
        return True

    def attempt_pressed(self, request: HttpRequest, subject: Any, *, seen: str) -> bool:
        """Do what the button that was pressed in the form says, if it is a deed; False: refused."""
        for deed in self.deeds:
            if deed.name in request.POST and not deed.asks:
                self.accept_warnings(request, subject)
                return self.attempt(request, partial(deed.do, subject, seen=seen))
        return True

    def accept_warnings(self, request: HttpRequest, subject: Any) -> None:
        """Note the warnings that the person has ticked."""
        if ticked := request.POST.getlist("acknowledge"):
            for version in self.versions(subject)[:1]:
                acknowledge(version, ticked, by=writer(request))

    def address(self, page: str, subject: models.Model, *args: str) -> str:
        """Return the address of a page of the admin about `subject`."""
        return reverse(
            f"admin:{self.opts.app_label}_{self.opts.model_name}_{page}", args=[subject.pk, *args]
        )

    def get_urls(self) -> list[URLPattern]:
        """Put the pages of the deeds before the usual ones."""
        view = self.admin_site.admin_view(self.deed_view)
        name = f"{self.opts.app_label}_{self.opts.model_name}_deed"
        return [path("<int:pk>/buoc/<slug:action>/", view, name=name), *super().get_urls()]

    def offers(self, versions: Sequence[Publishable], user: "User") -> list[Offer]:
        """Return what `user` may do to `versions()`; an obstacle says what to do instead."""
        return list(offers(self.deeds, versions, user))

    def deed_view(self, request: HttpRequest, pk: int, action: str) -> HttpResponse:
        """Ask for what the deed needs, then do it; who may not look learns no number."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        subject = get_object_or_404(self.get_queryset(request), pk=pk)
        versions = self.versions(subject)
        found = self.offers(versions, writer(request))
        offer = next((one for one in found if one.deed.action == action), None)
        if offer is None:
            self.message_user(request, NOT_NOW, messages.WARNING)
            return redirect(self.address("change", subject))
        try:
            if request.method == "POST":
                if self._done(request, subject, offer.deed):
                    return redirect(self.address("change", subject))
                versions = self.versions(subject)
            return self._ask(request, subject, versions, offer)
        except Refused as overtaken:  # somebody else took the step since it was offered
            self.message_user(request, str(overtaken), messages.WARNING)
        return redirect(self.address("change", subject))

    def _done(self, request: HttpRequest, subject: Any, deed: Deed) -> bool:
        given = {"seen": request.POST.get("stamp", "")[:200] or "?"}
        if deed.asks:
            given["reason"] = request.POST.get("reason", "").replace("\x00", "")
        self.accept_warnings(request, subject)
        do = partial(deed.do, subject, **given)
        if self._asks_remarks(deed):
            version = version_for(deed, self.versions(subject), writer(request))
            do = partial(_with_remarks, do, version, remarks.given(request.POST))
        return self.attempt(request, do)

    def _ask(
        self, request: HttpRequest, subject: Any, versions: list[Publishable], offer: Offer
    ) -> HttpResponse:
        version = version_for(offer.deed, versions, writer(request))
        return self.page(
            request,
            "admin/publication/deed.html",
            subject,
            title=f"{offer.deed.label} {self.noun}",
            offer=offer,
            deed=offer.deed,
            stamp=version.stamp(),
            problems=version.problems() if version.is_open else [],
            accepted=acknowledged(version) if version.is_open else set(),
            reason=request.POST.get("reason", ""),
            rows=_rows(request) if self._asks_remarks(offer.deed) else [],
            text_template=self.text_template,
            version=version,
        )

    def _asks_remarks(self, deed: Deed) -> bool:
        return bool(self.text_template) and deed.action == Action.RETURN

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Add the audit trail to Django's own history of edits, for who may look."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        number = row_number(object_id)
        if number is None:
            return super().history_view(request, object_id, extra_context)
        trail = AuditEntry.objects.filter(
            content_type=ContentType.objects.get_for_model(self.model), object_id=number
        )
        steps = [(entry, self.step_words(entry)) for entry in trail.select_related("actor")]
        context = {"trail": steps, "title": f"Nhật ký của {self.noun}"}
        return super().history_view(request, object_id, context | (extra_context or {}))

    def step_words(self, entry: AuditEntry) -> str:
        """Return the state that a step began in and led to."""
        words = self.state_words(entry.to_state)
        if entry.from_state == entry.to_state:
            return words
        return f"{self.state_words(entry.from_state)} → {words}"

    def state_words(self, state: str) -> str:
        """Return what people call a state of one of these."""
        return State(state).label

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


def said_of(refusal: Refused) -> tuple[str, ...]:
    """Return what to tell of a refusal; the checklist of an open version is on the page itself."""
    if isinstance(refusal, Unfit) and refusal.version.is_open:
        return (UNFIT.format(len(refusal.messages)),)
    return refusal.messages


def _with_remarks(
    do: Callable[..., str], version: Publishable, rows: list[tuple[str, str]], *, by: "User"
) -> str:
    """Return a text to its writers together with what the reviewer says about its sentences."""
    for quote, text in rows:
        if not text:
            raise Refused(f"Hãy ghi góp ý cho câu “{quote}”, hoặc xóa câu ấy khỏi ô.")
    with transaction.atomic():
        said = do(by=by)
        for made in remarks.remark(version, rows, by=by):
            said_of_it = f"“{made.quote}”: {made.text}" if made.quote else made.text
            record(version, Action.REMARK, by=by, reason=said_of_it)
    return said


def _rows(request: HttpRequest) -> list[tuple[str, str]]:
    """What stands in the boxes for remarks, and three empty rows."""
    return [*remarks.given(request.POST), *[("", "")] * 3]


def row_number(text: str) -> int | None:
    """Return the number of a row that `text` writes; None for what no row can have."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


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
