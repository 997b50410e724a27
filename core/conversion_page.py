"""Where a form has text of the fonts before Unicode converted, for its author to check."""

from collections.abc import Callable
from typing import Any

from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import URLPattern, path, reverse
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from core.open_forms import LARGEST
from core.proofreading.conversion import converted


class ConversionPage(ModelAdmin):
    """An admin whose forms offer conversion beside what the checklist says of such text."""

    def get_urls(self) -> list[URLPattern]:
        """Put the address that the button asks before the usual ones."""
        view: Callable[..., Any] = self.admin_site.admin_view(self.conversion_view)
        name = f"{self.opts.app_label}_{self.opts.model_name}_convert"
        return [path("chuyen-unicode/", view, name=name), *super().get_urls()]

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Tell the button that address."""
        name = f"admin:{self.opts.app_label}_{self.opts.model_name}_convert"
        context["convert_url"] = reverse(name)
        return super().render_change_form(request, context, *args, **kwargs)

    @method_decorator((require_POST, never_cache))
    def conversion_view(self, request: HttpRequest) -> HttpResponse:
        """Answer with `text` of the field `field` in Unicode; nothing is stored.

        413 for more than LARGEST letters.
        """
        if not self.has_view_permission(request):
            raise PermissionDenied
        field, text = request.POST.get("field", ""), request.POST.get("text", "")
        if len(text) > LARGEST:
            return HttpResponse(status=413)
        return JsonResponse({"text": converted({field: text})[field]})
