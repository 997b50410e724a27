"""The page “Nhập từ Word”: many files at once, a category and a unit chosen once for all."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse

from core.newsroom import writer
from documents import extraction
from news import rights
from news.models import Category, Unit
from news.word.drafts import Outcome, Result, receive

if TYPE_CHECKING:
    from django.contrib.admin import ModelAdmin as _Admin
    from django.contrib.auth.models import User
else:
    _Admin = object

FILES_PER_REQUEST = 10
ACCEPTED = ".docx"
ACCEPTED_WITH_LIBREOFFICE = ".docx,.doc,.odt,.rtf"


class WordForm(forms.Form):
    """What all drafts of one round have in common."""

    category = forms.ModelChoiceField(
        Category.objects.select_related("parent").order_by("order", "name"),
        label="Chuyên mục",
        empty_label="Hãy chọn chuyên mục",
        error_messages={"required": "Chưa chọn chuyên mục."},
    )
    unit = forms.ModelChoiceField(
        Unit.objects.none(), label="Đơn vị", required=False, empty_label="Không ghi đơn vị"
    )

    def __init__(self, *args: Any, user: "User", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        unit = self.fields["unit"]
        assert isinstance(unit, forms.ModelChoiceField)
        unit.queryset = Unit.objects.filter(active=True)
        if not rights.may_name_any(user):
            # A contributor writes for his own units, most often for the only one.
            unit.queryset = unit.queryset.filter(pk__in=rights.units_of(user))
            unit.initial = unit.queryset.first()


class WordPages(_Admin):
    """The pages of ArticleAdmin about files of word processors."""

    def get_urls(self) -> list[URLPattern]:
        """Put the page before the usual ones."""
        view = self.admin_site.admin_view(self.word_view)
        return [path("nhap-tu-word/", view, name="news_article_word"), *super().get_urls()]

    def word_view(self, request: HttpRequest) -> HttpResponse:
        """Make a draft of each file; answer the script, which sends them one by one, in JSON."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = WordForm(request.POST if request.method == "POST" else None, user=writer(request))
        files = request.FILES.getlist("files") if request.method == "POST" else []
        outcomes = [_described(one) for one in _received(form, files, writer(request))]
        if request.method == "POST" and request.headers.get("Accept") == "application/json":
            return JsonResponse({"outcomes": outcomes})
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": "Nhập từ Word",
            "form": form,
            "outcomes": outcomes,
            "nothing_sent": request.method == "POST" and not files,
            "can_convert": extraction.can_convert(),
            "accepted": ACCEPTED_WITH_LIBREOFFICE if extraction.can_convert() else ACCEPTED,
            "limit": FILES_PER_REQUEST,
        }
        return TemplateResponse(request, "admin/news/article/word.html", context)


def _received(form: WordForm, files: list[Any], by: "User") -> list[Outcome]:
    """What became of each file; none is looked at before category and unit are in order."""
    if problem := _problem(form, files):
        return [Outcome(str(file.name), Result.REFUSED, problem) for file in files]
    return [receive(file, by=by, **form.cleaned_data) for file in files]


def _problem(form: WordForm, files: list[Any]) -> str:
    """Why none of the files is looked at, or ""."""
    if len(files) > FILES_PER_REQUEST:
        return f"Mỗi lần gửi tối đa {FILES_PER_REQUEST} tệp. Hãy gửi làm nhiều lần."
    if not files or form.is_valid():
        return ""
    return " ".join(str(error) for errors in form.errors.values() for error in errors)


def _described(outcome: Outcome) -> dict[str, Any]:
    edition = outcome.edition
    return {
        "name": outcome.name,
        "result": outcome.result,
        "words": outcome.words,
        "remarks": outcome.remarks,
        "document": edition.title if edition else "",
        "url": reverse("admin:news_article_change", args=[edition.article_id]) if edition else "",
    }
