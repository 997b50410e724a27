"""Form widgets: a photo of the library, and a rich text that is only to be read."""

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
    # The chosen photo, where the form has it at hand.
    known: Photo | None = None

    class Media:
        js = (module("js/admin/photo-field.js"),)

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Add the chosen photo and the addresses of the library."""
        context = super().get_context(name, value, attrs)
        number = row_number(str(value or "")) or 0
        known = self.known and self.known.pk == number
        context["photo"] = self.known if known else Photo.objects.filter(pk=number).first()
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


class ShownText(forms.Textarea):
    """Shows the rich text of a field to who may not change it, as readers get it."""

    template_name = "admin/widgets/rich_text.html"
    # Django's form of what may only be looked at asks for this.
    read_only = True

    def render(
        self,
        name: str,
        value: Any,
        attrs: dict[str, Any] | None = None,
        renderer: BaseRenderer | None = None,
    ) -> Any:
        """Render from the project's templates."""
        return super().render(name, value, attrs, TemplatesSetting())
