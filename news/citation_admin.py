"""The page where a person says which document a text means, or that its end is known."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html

from core.newsroom import BoundedPaginator, PlainAdmin, writer
from documents.models import Document
from news import citations, rights
from news.citations import Citation

if TYPE_CHECKING:
    CitationForm = forms.ModelForm[Citation]
else:
    CitationForm = forms.ModelForm

UNKNOWN = (
    "Thư viện chưa có văn bản công khai nào mang số này. Nếu số đúng, hãy thêm văn bản vào thư "
    "viện: đăng xong là mọi bài dẫn văn bản tự có liên kết. Nếu số sai, hãy sửa bài."
)
SEVERAL = (
    "Chữ trong bài chưa đủ để biết là văn bản nào (nhiều văn bản trùng số, ngày hoặc cơ quan không "
    "khớp, hay thư viện thiếu ngày ban hành). Hãy chọn văn bản được dẫn."
)
ENDED = (
    "Văn bản này đã hết hiệu lực từ ngày {}; bạn đọc thấy điều đó ngay sau tên văn bản. Hãy sửa "
    "bài nếu nội dung không còn đúng; nếu giữ nguyên bài thì bấm Lưu."
)


SETTLED = "Không phải làm gì thêm. Nếu đây không phải văn bản mà bài muốn nói thì hãy chọn lại."


class ChoiceOfDocument(forms.ModelChoiceField):
    """Documents with what tells them from each other."""

    def label_from_instance(self, document: Any) -> str:
        """Return name, date, issuer and abstract."""
        day = f"ngày {document.issued_on:%d/%m/%Y}" if document.issued_on else "chưa rõ ngày"
        return f"{document}, {day}, {document.issuer}: {document.abstract}"


class SettleForm(CitationForm):
    """The public documents with the sign that the text names, or none."""

    document = ChoiceOfDocument(
        Document.objects.none(),
        label="Văn bản được dẫn",
        required=False,
        blank=True,  # or a RadioSelect would not offer the empty choice
        empty_label="Không văn bản nào: để chữ thường, không liên kết",
        widget=forms.RadioSelect,
    )

    class Meta:
        model = Citation
        fields = ("document",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["document"]
        assert isinstance(field, forms.ModelChoiceField)
        bearers = Document.objects.published().filter(sign_key=self.instance.sign_key)
        field.queryset = bearers.select_related("type", "issuer")


class TaskFilter(admin.SimpleListFilter):
    """What a person has to do about a citation."""

    title = "việc"
    parameter_name = "viec"

    def lookups(self, request: HttpRequest, model_admin: Any) -> tuple[tuple[str, str], ...]:
        """Name the tasks."""
        return (("chua-ro", "Chưa rõ văn bản nào"), ("het-hieu-luc", "Văn bản đã hết hiệu lực"))

    def queryset(self, request: HttpRequest, queryset: QuerySet[Citation]) -> QuerySet[Citation]:
        """Keep what the desk shows."""
        tasks = {"chua-ro": citations.unresolved, "het-hieu-luc": citations.overtaken}
        chosen = self.value()
        return tasks[chosen](writer(request)) if chosen in tasks else queryset


@admin.register(Citation)
class CitationAdmin(PlainAdmin):
    """What live texts cite; a person settles what the machine cannot."""

    form = SettleForm
    fields = ("written", "in_article", "advice", "document")
    readonly_fields = ("written", "in_article", "advice")
    list_display = ("written", "in_article", "document")
    list_filter = (TaskFilter,)
    list_per_page = 50
    paginator = BoundedPaginator
    ordering = ("-edition", "pk")
    sortable_by = ()

    def get_queryset(self, request: HttpRequest) -> QuerySet[Citation]:
        """Return what is cited in live texts that the person works with."""
        return citations.in_live_texts(writer(request))

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Let those in who write."""
        return writer(request).has_perm(rights.WRITES)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Let those settle who write."""
        return writer(request).has_perm(rights.WRITES)

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Show the list to those who write."""
        return writer(request).has_perm(rights.WRITES)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Refuse: texts are read by the portal."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Refuse: a citation goes with its text."""
        return False

    def save_model(self, request: HttpRequest, obj: Citation, form: Any, change: bool) -> None:
        """Note the choice, for all places of the article that say the same."""
        citations.settle(obj, form.cleaned_data["document"], by=writer(request))

    @admin.display(description="Bài viết")
    def in_article(self, citation: Citation) -> str:
        """Return the article, with the way to its form."""
        address = reverse("admin:news_article_change", args=[citation.edition.article_id])
        return format_html('<a href="{}">{}</a>', address, citation.edition.title)

    @admin.display(description="Việc cần làm")
    def advice(self, citation: Citation) -> str:
        """Say what is unclear and what to do."""
        if citation.document:
            end = citations.ended(citation.document)
            return ENDED.format(f"{end:%d/%m/%Y}") if end else SETTLED
        if Document.objects.published().filter(sign_key=citation.sign_key).exists():
            return SEVERAL
        address = reverse("admin:documents_document_add", query={"sign": citation.sign})
        return format_html('{} <a href="{}">Thêm văn bản</a>', UNKNOWN, address)
