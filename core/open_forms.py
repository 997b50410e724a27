"""What an open form tells the server: that somebody is writing, and what is typed so far."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.contrib.admin import ModelAdmin
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.db import DataError, models, transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from core.presence import Autosave, Presence, others_at

if TYPE_CHECKING:
    from django.contrib.auth.models import User

# A form larger than any text of ours, pictures pasted as data aside.
LARGEST = 1_000_000
SLOTS_LIVE = timedelta(days=30)
SIGNS_LIVE = timedelta(days=1)


class OpenForms(ModelAdmin):
    """An admin whose forms say who has them open and keep what is typed on the server.

    Both are answered to who may see the subject alone; pk 0 is the form of a new one.
    """

    def get_urls(self) -> list[URLPattern]:
        """Put the two addresses that the script of a form asks before the usual ones."""
        name = f"{self.opts.app_label}_{self.opts.model_name}"
        view: Callable[..., Any] = self.admin_site.admin_view
        return [
            path("<int:pk>/dang-mo/", view(self.presence_view), name=f"{name}_presence"),
            path("<int:pk>/tu-luu/", view(self.autosave_view), name=f"{name}_autosave"),
            *super().get_urls(),
        ]

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Tell the scripts of the form those addresses."""
        pk = context["original"].pk if context.get("original") else 0
        name = f"admin:{self.opts.app_label}_{self.opts.model_name}"
        context["autosave_url"] = reverse(f"{name}_autosave", args=[pk])
        context["presence_url"] = reverse(f"{name}_presence", args=[pk]) if pk else ""
        return super().render_change_form(request, context, *args, **kwargs)

    @method_decorator((require_POST, never_cache))
    def presence_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Note that who asks has the form open, or has left; answer {"others": [names]}."""
        subject = self._subject(request, pk)
        user: Any = request.user
        if subject is None or "leave" in request.POST:
            leave(self.model, pk, user)
            return HttpResponse(status=204)
        arrive(subject, user)
        names = [other.get_full_name() or other.username for other in others_at(subject, user)]
        return JsonResponse({"others": names})

    @method_decorator((require_http_methods(["GET", "POST"]), never_cache))
    def autosave_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Answer with the slot of who asks ({} without one), keep another text in it, or empty it.

        POST `fields` (a JSON object) and `stamp`; without `fields` the slot is emptied. 413 for
        more than LARGEST letters, 400 for what is no object.
        """
        self._subject(request, pk)
        user: Any = request.user
        if request.method == "GET":
            return JsonResponse(slot(self.model, pk, user))
        if "fields" not in request.POST:
            forget(self.model, pk, user)
            return HttpResponse(status=204)
        given = request.POST["fields"]
        if len(given) > LARGEST:
            return HttpResponse(status=413)
        fields = _read(given)
        if fields is None:
            return HttpResponse(status=400)
        try:
            with transaction.atomic():
                at = remember(self.model, pk, user, fields, request.POST.get("stamp", "")[:120])
        except DataError:  # letters that no text can have: NUL, half a surrogate pair
            return HttpResponse(status=400)
        return JsonResponse({"at": milliseconds(at)})

    def _subject(self, request: HttpRequest, pk: int) -> models.Model | None:
        """Return what the form is about, None for a new one; refuse who may not see it."""
        if not pk:
            if not self.has_add_permission(request):
                raise PermissionDenied
            return None
        subject: models.Model = get_object_or_404(self.get_queryset(request), pk=pk)
        if not self.has_view_permission(request, subject):
            raise PermissionDenied
        return subject


def _read(given: str) -> dict[str, Any] | None:
    """Return the object that `given` writes, None when it writes none."""
    try:
        found = json.loads(given)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def arrive(subject: models.Model, user: "User") -> None:
    """Note that `user` has the form of `subject` open now: one statement."""
    kind = ContentType.objects.get_for_model(subject)
    Presence.objects.bulk_create(
        [Presence(user=user, content_type=kind, object_id=subject.pk)],
        update_conflicts=True,
        unique_fields=["content_type", "object_id", "user"],
        update_fields=["seen_at"],
    )


def leave(model: type[models.Model], pk: int, user: "User") -> None:
    """Forget that `user` had the form open, and signs of life that nobody took back."""
    kind = ContentType.objects.get_for_model(model)
    Presence.objects.filter(user=user, content_type=kind, object_id=pk).delete()
    Presence.objects.filter(seen_at__lt=timezone.now() - SIGNS_LIVE).delete()


def slot(model: type[models.Model], pk: int, user: "User") -> dict[str, Any]:
    """Return what `user` has typed about `pk` and not saved: its hour, stamp and fields."""
    found = _slots(model, pk, user).filter(saved_at__gt=timezone.now() - SLOTS_LIVE).first()
    if found is None:
        return {}
    return {"at": milliseconds(found.saved_at), "stamp": found.stamp, "values": found.fields}


def remember(
    model: type[models.Model], pk: int, user: "User", fields: dict[str, Any], stamp: str
) -> datetime:
    """Keep `fields` in the slot, whatever was there; return when."""
    now = timezone.now()
    kind = ContentType.objects.get_for_model(model)
    given = {"fields": fields, "stamp": stamp, "saved_at": now}
    Autosave.objects.bulk_create(
        [Autosave(user=user, content_type=kind, object_id=pk, **given)],
        update_conflicts=True,
        unique_fields=["user", "content_type", "object_id"],
        update_fields=[*given],
    )
    return now


def forget(model: type[models.Model], pk: int, user: "User") -> None:
    """Empty the slot, because the text is stored or not wanted; drop what is past its time."""
    _slots(model, pk, user).delete()
    Autosave.objects.filter(saved_at__lt=timezone.now() - SLOTS_LIVE).delete()


def milliseconds(at: datetime) -> int:
    """Return `at` as scripts count time."""
    return round(at.timestamp() * 1000)


def _slots(model: type[models.Model], pk: int, user: "User") -> models.QuerySet[Autosave]:
    kind = ContentType.objects.get_for_model(model)
    return Autosave.objects.filter(user=user, content_type=kind, object_id=pk)
