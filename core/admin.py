"""The photo library and the audit trail in the newsroom."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db.models import ProtectedError, QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import URLPattern, path, reverse
from django.utils.decorators import method_decorator
from django.utils.html import format_html
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.http import require_POST, require_safe

from core.audit_admin import AuditEntryAdmin
from core.media import Photo, size_of
from core.newsroom import (
    BoundedPaginator,
    FoldedSearchAdmin,
    all_words,
    changed_labels,
    module,
    writer,
)
from core.photo_pages import UNUSED, PhotoPages, where_used
from core.uploads import decode_picture, read_upload
from core.uses import note_change, obstacle
from core.video_admin import VideoAdmin

__all__ = ["AuditEntryAdmin", "PhotoAdmin", "VideoAdmin"]

PER_PAGE = 24
PAGES = 200
SIGNED_OUT = "Phiên làm việc đã hết. Hãy đăng nhập ở thẻ khác rồi thử lại."
TEXTS = ("alt", "decorative", "caption", "credit", "taken_on")
FRAMING_HELP = (
    "Khung cắt: bỏ bao nhiêu phần trăm ở mỗi cạnh. Điểm chính: chỗ luôn được nhìn thấy khi ảnh bị "
    "thu vào khung tin, tính theo phần ảnh còn lại. Bài đang đăng vẫn giữ ảnh trong bài như cũ; "
    "ảnh chính đổi theo khung cắt mới."
)
FRAMING = (*Photo.CUTS, "focus_x", "focus_y")


class PhotoForm(forms.ModelForm):
    """A new photo needs a file; afterwards only its texts change."""

    file = forms.FileField(
        label="Tệp ảnh",
        help_text="JPEG, PNG hoặc WebP, tối đa 20 MB. Vị trí chụp ghi trong ảnh được xóa đi.",
        widget=forms.FileInput(attrs={"accept": "image/*"}),
    )

    class Meta:
        model = Photo
        fields = (*TEXTS, *FRAMING)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in FRAMING:
            if field := self.fields.get(name):
                field.required = False
        if self.instance.pk:
            del self.fields["file"]

    def clean(self) -> dict[str, Any]:
        """Keep what stands in the row where a number is missing."""
        cleaned = super().clean() or self.cleaned_data
        for name in FRAMING:
            if cleaned.get(name) is None and name not in self.errors:
                cleaned[name] = getattr(self.instance, name)
        return cleaned

    def clean_file(self) -> UploadedFile:
        """Refuse what is no picture, and what the library has already."""
        file: UploadedFile = self.cleaned_data["file"]
        content = read_upload(file)
        existing = Photo.objects.same_as(file)
        if existing:
            address = reverse("admin:core_photo_change", args=[existing.pk])
            raise ValidationError(
                format_html(
                    'Ảnh này đã có trong kho: <a href="{}">{}</a>. Hãy dùng ảnh đó.',
                    address,
                    existing,
                )
            )
        decode_picture(content)
        return file


class NeedsAltFilter(admin.SimpleListFilter):
    """Photos that cannot be published yet, and the others."""

    title = "mô tả ảnh"
    parameter_name = "mo-ta"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Offer both sides."""
        return [("thieu", "Thiếu mô tả"), ("du", "Đã có mô tả")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Photo]) -> QuerySet[Photo]:
        """Keep the chosen side."""
        if self.value() == "thieu":
            return queryset.filter(alt="", decorative=False)
        return queryset.exclude(alt="", decorative=False) if self.value() else queryset


def api(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Answer the photo picker and the editor in JSON, errors included."""

    def answer(self: "PhotoAdmin", request: HttpRequest) -> HttpResponse:
        if not self.admin_site.has_permission(request):
            return refusal(SIGNED_OUT, status=403)
        return view(self, request)

    return answer


def refusal(message: str, *, status: int = 200) -> JsonResponse:
    """Return an error as CKEditor's uploadimage and the picker expect it."""
    return JsonResponse({"uploaded": 0, "error": {"message": message}}, status=status)


def described(photo: Photo) -> dict[str, Any]:
    """Return what the picker and the editor need to know of `photo`."""
    width, height = size_of(photo.url) or (photo.width, photo.height)
    return {
        "id": photo.pk,
        "url": photo.url,
        "thumb": photo.src(400),
        "width": width,
        "height": height,
        "alt": photo.alt,
        "caption": photo.caption,
        "credit": photo.credit,
        "needs_alt": photo.needs_alt,
    }


def found_photos(query: str) -> QuerySet[Photo]:
    """Return the photos whose texts hold every word of `query`, newest first."""
    return Photo.objects.filter(all_words("folded", query))


@admin.register(Photo)
class PhotoAdmin(PhotoPages, FoldedSearchAdmin):
    """The photo library: originals never change; texts, cut and focal point may."""

    class Media:
        js = (module("js/admin/framing.js"),)

    form = PhotoForm
    list_display = ("thumbnail", "name", "credit", "described_state", "size", "created_at")
    list_display_links = ("thumbnail", "name")
    list_filter = (NeedsAltFilter, "created_at")
    list_per_page = 50
    paginator = BoundedPaginator
    change_list_template = "admin/core/photo/change_list.html"
    change_form_template = "admin/core/photo/change_form.html"
    search_help_text = "Tìm trong mô tả, chú thích và nguồn ảnh, có dấu hoặc không dấu."
    sortable_by = ()

    def get_urls(self) -> list[URLPattern]:
        """Put the two addresses of the picker before the usual ones."""
        own = [
            path("chon/", self.choose_view, name="core_photo_choose"),
            path("tai-len/", self.upload_view, name="core_photo_upload"),
        ]
        return [*own, *super().get_urls()]

    def get_fieldsets(self, request: HttpRequest, obj: Photo | None = None) -> Any:
        """Show the file first: to be chosen, or as it is."""
        if obj is None:
            return [(None, {"fields": ("file", *TEXTS)})]
        return [
            (None, {"fields": ("preview", *TEXTS)}),
            ("Khung cắt và điểm chính", {"fields": ("whole", Photo.CUTS, FRAMING[4:])}),
        ]

    def get_readonly_fields(self, request: HttpRequest, obj: Photo | None = None) -> Any:
        """Show the picture of a stored photo."""
        return ("preview", "whole") if obj else ()

    def has_change_permission(self, request: HttpRequest, obj: Photo | None = None) -> bool:
        """Keep what readers have been promised by an approval; let who brought it in describe it.

        Without that, a contributor's own lead photo would keep the article from being sent.
        """
        may = super().has_change_permission(request, obj)
        if obj is None:
            return may
        own = obj.created_by_id == writer(request).pk and self.has_add_permission(request)
        return (may or own) and not obstacle(writer(request), obj)

    def has_delete_permission(self, request: HttpRequest, obj: Photo | None = None) -> bool:
        """Keep every photo that anything shows, superseded editions included."""
        used = obj is not None and obj.uses.exists()
        return not used and super().has_delete_permission(request, obj)

    def delete_model(self, request: HttpRequest, obj: Photo) -> None:
        """Delete it unless somebody has used it since the page was opened."""
        try:
            obj.delete()
        except ProtectedError as error:
            raise PermissionDenied from error

    def save_model(self, request: HttpRequest, obj: Photo, form: Any, change: bool) -> None:
        """Make new renditions when the cut has changed."""
        if change and any(getattr(obj, name) != form.initial[name] for name in Photo.CUTS):
            obj.recut()
        else:
            super().save_model(request, obj, form, change)
        if change and form.changed_data:
            note_change(writer(request), obj, changed_labels(form))

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Add where the photo is shown."""
        if obj := kwargs.get("obj"):
            context["where_used"] = where_used(request, obj, UNUSED)
            context["obstacle"] = obstacle(writer(request), obj)
        return super().render_change_form(request, context, *args, **kwargs)

    def save_form(self, request: HttpRequest, form: PhotoForm, change: bool) -> Photo:
        """Store a new photo at once: only its own door writes the files."""
        if change:
            return super().save_form(request, form, change)
        texts = {name: form.cleaned_data[name] for name in TEXTS}
        return Photo.objects.create_from_upload(
            form.cleaned_data["file"], by=writer(request), **texts
        )

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Nothing left to do: the form has no many-to-many fields."""

    @admin.display(description="Ảnh")
    def thumbnail(self, photo: Photo) -> str:
        """Return the photo in small."""
        return thumbnail(photo)

    @admin.display(description="Chú thích")
    def name(self, photo: Photo) -> str:
        """Return the words that name the photo."""
        return photo.caption or photo.alt or "Chưa có chú thích"

    @admin.display(description="Mô tả ảnh")
    def described_state(self, photo: Photo) -> str:
        """Say whether the photo may be published."""
        if photo.needs_alt:
            return format_html('<span class="state state-missing">{}</span>', "Thiếu mô tả")
        return "Ảnh trang trí" if photo.decorative else photo.alt

    @admin.display(description="Kích thước")
    def size(self, photo: Photo) -> str:
        """Return width × height in pixels."""
        return f"{photo.width} × {photo.height}"

    @admin.display(description="Ảnh")
    def preview(self, photo: Photo) -> str:
        """Return the photo as readers see it."""
        return format_html('<img class="photo-large" src="{}" alt="{}">', photo.url, photo.alt)

    @admin.display(description="Toàn bộ ảnh")
    def whole(self, photo: Photo) -> str:
        """Return the uncut picture, where static/js/admin/framing.js draws frame and point."""
        return format_html(
            '<div class="framing" data-framing><img src="{}" alt="Toàn bộ ảnh, chưa cắt"></div>'
            '<p class="help">{}</p>',
            photo.uncut_url,
            FRAMING_HELP,
        )

    @method_decorator(require_safe)
    @method_decorator(never_cache)
    @api
    def choose_view(self, request: HttpRequest) -> HttpResponse:
        """Answer one page of the library as JSON: {"photos": […], "next": page or null}."""
        if not self.has_view_permission(request):
            return refusal("Bạn chưa được giao quyền xem kho ảnh.", status=403)
        asked = request.GET.get("trang", "")
        page = min(int(asked[:6]), PAGES) if asked.isascii() and asked.isdigit() else 1
        start = (max(page, 1) - 1) * PER_PAGE
        rows = list(found_photos(request.GET.get("q", ""))[start : start + PER_PAGE + 1])
        more = len(rows) > PER_PAGE and page < PAGES
        photos = [described(photo) for photo in rows[:PER_PAGE]]
        return JsonResponse({"photos": photos, "next": page + 1 if more else None})

    @method_decorator(require_POST)
    @method_decorator(csrf_protect)
    @api
    def upload_view(self, request: HttpRequest) -> HttpResponse:
        """Store the file `upload` with the texts beside it; answer CKEditor's uploadimage."""
        if not self.has_add_permission(request):
            return refusal("Bạn chưa được giao quyền tải ảnh lên.", status=403)
        file = request.FILES.get("upload")
        if not isinstance(file, UploadedFile):
            return refusal("Chưa có tệp ảnh. Hãy chọn một tệp rồi tải lên.")
        texts: dict[str, Any] = {
            name: request.POST.get(name, "").replace("\x00", "").strip()
            for name in ("alt", "caption", "credit")
        }
        texts["decorative"] = request.POST.get("decorative") == "on"
        try:
            photo = Photo.objects.create_from_upload(file, by=writer(request), **texts)
        except ValidationError as error:
            return refusal(" ".join(error.messages))
        return JsonResponse({"uploaded": 1, "fileName": file.name, **described(photo)})


def thumbnail(photo: Photo | None) -> str:
    """Return the small picture of a list row; an empty place without a photo."""
    if photo is None:
        return format_html('<span class="thumbnail">{}</span>', "")
    return format_html(
        '<img class="thumbnail" src="{}" alt="{}" width="96" height="64" loading="lazy">',
        photo.src(400),
        photo.alt,
    )
