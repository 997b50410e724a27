"""Form widgets of the photo library."""

from typing import Any

from django import forms
from django.forms.renderers import BaseRenderer, TemplatesSetting
from django.urls import reverse

from core.media import Photo
from core.newsroom import module, row_number


class PhotoInput(forms.TextInput):
    """Chooses a Photo from the library; without JavaScript, a box for its number.

    Belongs in a KeptFormAdmin, which brings the library's dialog.
    """

    template_name = "admin/widgets/photo.html"

    class Media:
        js = (module("js/admin/photo-field.js"),)

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Add the chosen photo and the addresses of the library."""
        context = super().get_context(name, value, attrs)
        context["photo"] = Photo.objects.filter(pk=row_number(str(value or "")) or 0).first()
        context["library_url"] = reverse("admin:core_photo_changelist")
        return context

    def render(
        self,
        name: str,
        value: Any,
        attrs: dict[str, Any] | None = None,
        renderer: BaseRenderer | None = None,
    ) -> Any:
        """Render from the project's templates."""
        return super().render(name, value, attrs, TemplatesSetting())
