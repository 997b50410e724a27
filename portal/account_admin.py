"""Accounts and roles in the newsroom: who may what, with every deed in the audit trail.

Rights are given by groups alone. Whoever administers and is no superuser changes neither
superusers nor their own rights, and no group: what a role may do is part of the portal.
"""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group, Permission, User
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_POST
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice

from core.audit import AuditEntry
from core.newsroom import writer
from core.people import name_of
from core.workflow import Action
from news.section_admin import AssignmentInline
from portal import guessing, second_factor
from portal.passwords import GivenPassword

VERBS = {"add": "thêm", "change": "sửa", "delete": "xóa", "view": "xem"}
OWN_RIGHTS = ("username", "is_active", "is_staff", "is_superuser", "groups")
FLAGS = {
    "is_active": "được đăng nhập",
    "is_staff": "được vào tòa soạn",
    "is_superuser": "toàn quyền",
}


def record(account: User, action: Action, *, by: User, reason: str = "") -> None:
    """Write into the audit trail what `by` has done to `account`."""
    AuditEntry.objects.create(
        actor=by,
        action=action,
        reason=reason,
        content_type=ContentType.objects.get_for_model(User),
        object_id=account.pk,
        version_id=account.pk,
        title=f"Tài khoản {account.get_username()}",
    )


def rights_of(account: User) -> set[str]:
    """Return what `account` may, in words."""
    flags = {words for field, words in FLAGS.items() if getattr(account, field)}
    roles = {f"vai trò {group.name}" for group in account.groups.all()}
    given = account.assignments.select_related("category", "unit")
    return flags | roles | {f"phụ trách {one}" for one in given}


def difference(before: set[str], after: set[str]) -> str:
    """Return in words what was given and what was taken away; "" when nothing was."""
    given, taken = sorted(after - before), sorted(before - after)
    parts = (("Thêm", given), ("Bỏ", taken))
    return "; ".join(f"{word}: {', '.join(rights)}" for word, rights in parts if rights)


class PermissionChoices(forms.ModelMultipleChoiceField):
    """Permissions in words of the office: "Bài viết: sửa"."""

    def label_from_instance(self, obj: Any) -> str:
        """Return what the permission is about, and what it allows."""
        about = str(obj.content_type.name).capitalize()
        verb = VERBS.get(obj.codename.removesuffix(f"_{obj.content_type.model}"))
        return f"{about}: {verb or obj.name.lower()}"


def offered_permissions() -> QuerySet[Permission]:
    """Return the permissions on everything that the newsroom lists."""
    listed = ContentType.objects.get_for_models(*admin.site._registry).values()
    kept = Permission.objects.filter(content_type__in=listed).select_related("content_type")
    return kept.order_by("content_type", "codename")


# The library's pages would show the secrets of everybody's telephone.
admin.site.unregister((User, Group, StaticDevice, TOTPDevice))


@admin.register(User)
class AccountAdmin(UserAdmin):
    """Accounts; they are closed, never deleted, since the trail names them."""

    actions = None
    list_display = ("username", "full_name", "is_active", "is_staff", "last_login")
    list_filter = ("is_active", "is_staff", "groups")
    readonly_fields = ("last_login", "date_joined")
    filter_horizontal = ()
    change_form_template = "admin/auth/user/change_form.html"

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest) -> bool:
        """Allow the filters' own alone: Django also lets the keys of sessions be guessed at."""
        shown = lookup.partition("__")[0] in self.list_filter
        return shown and super().lookup_allowed(lookup, value, request)

    def get_urls(self) -> list[URLPattern]:
        """Put the deeds before the usual addresses."""
        view = self.admin_site.admin_view
        own = [
            path("<int:pk>/mo-khoa/", view(self.unlock_view), name="auth_user_unlock"),
            path("<int:pk>/go-hai-buoc/", view(self.reset_view), name="auth_user_reset_factor"),
        ]
        return [*own, *super().get_urls()]

    def get_fieldsets(self, request: HttpRequest, obj: User | None = None) -> Any:
        """Show groups, no single permissions, and the widest right to superusers alone."""
        if obj is None:
            return self.add_fieldsets
        rights = ("is_active", "is_staff", "groups")
        widest = ("is_superuser",) if request.user.is_superuser else ()
        return (
            (None, {"fields": ("username", "password")}),
            ("Người dùng", {"fields": ("last_name", "first_name", "email")}),
            ("Quyền", {"fields": (*rights, *widest)}),
            ("Thời điểm", {"fields": ("last_login", "date_joined")}),
        )

    def get_inlines(self, request: HttpRequest, obj: User | None) -> Any:
        """Assign work to who has an account."""
        return (AssignmentInline,) if obj else ()

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> Any:
        """Keep one's own rights out of one's own hands."""
        own = OWN_RIGHTS if obj is not None and obj.pk == request.user.pk else ()
        return (*super().get_readonly_fields(request, obj), *own)

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Refuse superusers to everybody else."""
        if obj is not None and obj.is_superuser and not request.user.is_superuser:
            return False
        return super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Refuse: an account is closed, and what its owner did stays on record."""
        return False

    @transaction.atomic
    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Save the groups, and record what the account may now that it might not before."""
        account = form.instance
        before: set[str] = form.rights_before
        super().save_related(request, form, formsets, change)
        account = User.objects.get(pk=account.pk)
        if changes := difference(before, rights_of(account)):
            record(account, Action.GRANT, by=writer(request), reason=changes)

    @transaction.atomic
    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        """Remember what the account might before; a new one has a password that was given."""
        stored = User.objects.filter(pk=obj.pk).first()
        form.rights_before = rights_of(stored) if stored else set()
        super().save_model(request, obj, form, change)
        if not change:
            GivenPassword.objects.get_or_create(user=obj)

    @transaction.atomic
    def user_change_password(
        self, request: HttpRequest, id: str, form_url: str = ""
    ) -> HttpResponse:
        """Give another a password for once; one's own is changed on one's own page."""
        account = self.get_object(request, id)
        if account and account.pk == request.user.pk:  # "7", "07" and " 7" are one number
            return redirect("password-change")
        response: HttpResponse = super().user_change_password(request, id, form_url)
        changed = User.objects.filter(pk=account.pk).first() if account else None
        if account and changed and changed.password != account.password:
            GivenPassword.objects.get_or_create(user=changed)
            record(changed, Action.GRANT, by=writer(request), reason="Đặt lại mật khẩu.")
        return response

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Tell the page which deeds to offer."""
        account = context.get("original")
        mine = account is not None and account.pk == request.user.pk
        if account is not None and not mine and self.has_change_permission(request, account):
            context["deeds"] = {"second_step": second_factor.is_on(account)}
        return super().render_change_form(request, context, *args, **kwargs)

    @method_decorator(require_POST)
    def unlock_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Let a person try at once who has to wait after too many wrong attempts."""
        account = self._of_another(request, pk)
        with transaction.atomic():
            guessing.forget(account.get_username())
            record(account, Action.UNLOCK, by=writer(request))
        return self._told(request, account, "Đã mở khóa: người dùng có thể đăng nhập ngay.")

    @method_decorator(require_POST)
    def reset_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Take away the second step of a person who has lost telephone and codes."""
        account = self._of_another(request, pk)
        reason = request.POST.get("reason", "").replace("\x00", "").strip()
        if not reason:
            said = "Chưa gỡ. Hãy ghi đã xác minh người đề nghị bằng cách nào."
            return self._told(request, account, said, messages.ERROR)
        with transaction.atomic():
            if not second_factor.remove(account):
                said = "Tài khoản này không bật xác thực hai bước: không có gì để gỡ."
                return self._told(request, account, said, messages.WARNING)
            account.session_set.all().delete()
            record(account, Action.RESET_FACTOR, by=writer(request), reason=reason)
        said = "Đã gỡ. Nếu vai trò đòi hỏi, người dùng bật lại hai bước ở lần đăng nhập tới."
        return self._told(request, account, said)

    def _of_another(self, request: HttpRequest, pk: int) -> User:
        account = get_object_or_404(User, pk=pk)
        if account.pk == request.user.pk or not self.has_change_permission(request, account):
            raise PermissionDenied
        return account

    def _told(
        self, request: HttpRequest, account: User, said: str, level: int = messages.SUCCESS
    ) -> HttpResponse:
        self.message_user(request, said, level)
        return redirect(reverse("admin:auth_user_change", args=[account.pk]))

    @admin.display(description="Họ và tên")
    def full_name(self, account: User) -> str:
        """Return how people call the owner."""
        return name_of(account)


@admin.register(Group)
class RoleAdmin(GroupAdmin):
    """Roles: superusers alone decide what one may."""

    actions = None

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Allow superusers alone."""
        return bool(request.user.is_superuser)

    def has_change_permission(self, request: HttpRequest, obj: Group | None = None) -> bool:
        """Allow superusers alone."""
        return bool(request.user.is_superuser)

    def has_delete_permission(self, request: HttpRequest, obj: Group | None = None) -> bool:
        """Allow superusers alone."""
        return bool(request.user.is_superuser)

    def formfield_for_manytomany(
        self, db_field: Any, request: HttpRequest | None = None, **kwargs: Any
    ) -> Any:
        """Name the permissions; leave out those of tables without a page of their own."""
        if db_field.name == "permissions":
            kwargs |= {"form_class": PermissionChoices, "queryset": offered_permissions()}
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Save, and record for whom it changes what they may."""
        group = form.instance
        before = set(group.permissions.all())
        super().save_related(request, form, formsets, change)
        if before != set(group.permissions.all()):
            for account in group.user_set.all():
                reason = f"Đổi quyền của vai trò {group.name}."
                record(account, Action.GRANT, by=writer(request), reason=reason)
