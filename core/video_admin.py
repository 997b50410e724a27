"""The video library in the newsroom."""

from typing import Any, cast

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db.models import ProtectedError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.urls import URLPattern, path
from django.utils.decorators import method_decorator
from django.utils.html import format_html
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from core import captions
from core.newsroom import (
    BoundedPaginator,
    FoldedSearchAdmin,
    KeptFormAdmin,
    all_words,
    changed_labels,
    writer,
)
from core.photo_pages import where_used
from core.uses import note_change, obstacle
from core.video import Video
from core.widgets import PhotoInput

FOUND = 30
UNUSED = "Chưa bài viết hay trang nào dùng video này."


class VideoForm(forms.ModelForm):
    """A file of ours or a link to another site: which of the two never changes."""

    file = forms.FileField(
        label="Tệp video",
        required=False,
        help_text="MP4 (H.264) hoặc WebM, tối đa 500 MB. Nơi quay ghi trong tệp không tự mất đi: "
        "hãy tắt ghi vị trí khi quay.",
        widget=forms.FileInput(attrs={"accept": "video/mp4,video/webm"}),
    )
    link = forms.URLField(label="Địa chỉ video ở trang khác", required=False, assume_scheme="https")
    captions_file = forms.FileField(
        label="Tệp phụ đề",
        required=False,
        help_text="WebVTT (.vtt) hoặc SubRip (.srt), tiếng Việt. Tệp mới thay phụ đề cũ.",
        widget=forms.FileInput(attrs={"accept": ".vtt,.srt"}),
    )

    class Meta:
        model = Video
        fields = ("title", "link", "poster", "transcript")
        widgets = {"poster": PhotoInput}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            del self.fields["file"]
            del self.fields["captions_file" if self.instance.link else "link"]
            if "link" in self.fields:
                self.fields["link"].required = True

    def clean_file(self) -> UploadedFile | None:
        """Refuse what browsers do not play, and what the library has already."""
        file: UploadedFile | None = self.cleaned_data["file"]
        if file:
            self.instance.describe(file)
        return file

    def clean_captions_file(self) -> UploadedFile | None:
        """Take the cues over."""
        file: UploadedFile | None = self.cleaned_data["captions_file"]
        if file:
            self.instance.captions = captions.to_webvtt(file.read(captions.SIZE_LIMIT + 1))
        return file

    def clean(self) -> dict[str, Any]:
        """Ask for a file or a link."""
        cleaned = super().clean() or self.cleaned_data
        if self.instance.pk is None and not self.errors:
            if bool(cleaned["file"]) == bool(cleaned["link"]):
                raise ValidationError(
                    "Hãy chọn một tệp video, hoặc ghi một địa chỉ (không cả hai)."
                )
            if cleaned["link"] and cleaned["captions_file"]:
                raise ValidationError("Phụ đề chỉ đi với tệp video của trang này.")
        return cleaned


@admin.register(Video)
class VideoAdmin(FoldedSearchAdmin, KeptFormAdmin):
    """The video library: files never change; title, poster, captions and transcript may."""

    form = VideoForm
    list_display = ("title", "kind", "captioned", "created_at")
    list_per_page = 50
    paginator = BoundedPaginator
    search_help_text = "Tìm theo tên video, có dấu hoặc không dấu."
    sortable_by = ()
    change_form_template = "admin/core/video/change_form.html"

    def get_urls(self) -> list[URLPattern]:
        """Put the address of the editor's list before the usual ones."""
        view = self.admin_site.admin_view(self.choose_view)
        return [path("chon/", view, name="core_video_choose"), *super().get_urls()]

    def get_fields(self, request: HttpRequest, obj: Video | None = None) -> Any:
        """Ask for the file or the link first; afterwards show the video."""
        if obj is None:
            return ("title", "file", "link", "poster", "captions_file", "transcript")
        own = ("link",) if obj.link else ("captions_file",)
        return ("preview", "title", *own, "poster", "transcript")

    def get_readonly_fields(self, request: HttpRequest, obj: Video | None = None) -> Any:
        """Show a stored video."""
        return ("preview",) if obj else ()

    def has_change_permission(self, request: HttpRequest, obj: Video | None = None) -> bool:
        """Keep what readers have been promised by an approval."""
        may = super().has_change_permission(request, obj)
        return may and (obj is None or not obstacle(writer(request), obj))

    def has_delete_permission(self, request: HttpRequest, obj: Video | None = None) -> bool:
        """Keep every video that a text shows, superseded editions included."""
        used = obj is not None and obj.uses.exists()
        return not used and super().has_delete_permission(request, obj)

    def delete_model(self, request: HttpRequest, obj: Video) -> None:
        """Delete it unless somebody has used it since the page was opened."""
        try:
            obj.delete()
        except ProtectedError as error:
            raise PermissionDenied from error

    def save_model(self, request: HttpRequest, obj: Video, form: Any, change: bool) -> None:
        """Keep the file of a new video, then the row."""
        if not change:
            obj.created_by = writer(request)
            if file := form.cleaned_data["file"]:
                obj.keep(file)
        super().save_model(request, obj, form, change)
        if change and form.changed_data:
            note_change(writer(request), obj, changed_labels(form))

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Add where the video is shown."""
        if obj := cast("Video | None", kwargs.get("obj")):
            context["where_used"] = where_used(request, obj, UNUSED)
            context["obstacle"] = obstacle(writer(request), obj)
        return super().render_change_form(request, context, *args, **kwargs)

    @method_decorator(require_safe)
    @method_decorator(never_cache)
    def choose_view(self, request: HttpRequest) -> HttpResponse:
        """Answer the newest videos named so as JSON, each with what the editor inserts."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        found = Video.objects.filter(all_words("folded", request.GET.get("q", "")))
        rows = found.select_related("poster")[:FOUND]
        return JsonResponse({"videos": [_described(video) for video in rows]})

    @admin.display(description="Loại")
    def kind(self, video: Video) -> str:
        """Return the format, or the other site's name."""
        return video.site or video.format.upper()

    @admin.display(description="Phụ đề")
    def captioned(self, video: Video) -> str:
        """Say whether the video is for people who do not hear, too."""
        if video.link:
            return "Ở trang khác"
        return "Có" if video.captions else "Chưa có"

    @admin.display(description="Video")
    def preview(self, video: Video) -> str:
        """Return the video as readers see it."""
        if video.link:
            return format_html('<a href="{}">{}</a>', video.link, video.link)
        return render_to_string("partials/video.html", {"video": video})


def _described(video: Video) -> dict[str, str]:
    return {
        "title": video.title,
        "words": video.site or f"Tệp {video.format.upper()}",
        "thumb": video.poster.src(400) if video.poster else "",
        "html": render_to_string("admin/core/video/placed.html", {"video": video}),
    }
