"""What a person sees and changes about their own account: password, second step, sessions."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, cast

from django import forms
from django.contrib.auth import logout, views
from django.contrib.auth.decorators import login_required
from django.contrib.auth.forms import PasswordChangeForm
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from portal import guessing, second_factor, sessions
from portal.accounts import (
    ARRIVAL,
    WRONG_CODE,
    CodeForm,
    JudgedFirst,
    recovery_codes,
    refuse_while_waiting,
    set_up,
)
from portal.guessing import Secret

View = Callable[..., HttpResponse]


def own_page(*methods: str) -> Callable[[View], View]:
    """Make a view a page of who is signed in, which nobody keeps."""

    def decorate(view: View) -> View:
        allowed = require_http_methods(methods)(sensitive_post_parameters()(view))
        return never_cache(login_required(allowed))

    return decorate


def owner(request: HttpRequest) -> User:
    """Return who is signed in; `own_page` lets nobody else through."""
    return cast(User, request.user)


def arrival(request: HttpRequest) -> dict[str, Any]:
    """Return {"before": last sign-in or None, "strangers": wrong passwords of others of late}."""
    held = request.session.get(ARRIVAL, {})
    before = held.get("before")
    return {
        "before": datetime.fromisoformat(before) if before else None,
        "strangers": held.get("strangers", 0),
    }


class ProofForm(forms.Form):
    """The password once more: whoever finds a computer unattended does not know it."""

    password = forms.CharField(
        label="Mật khẩu hiện tại",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def __init__(self, request: HttpRequest) -> None:
        super().__init__(request.POST or None)
        self.request, self.user = request, owner(request)

    def clean_password(self) -> str:
        """Refuse a wrong password, and any that comes too soon after too many."""
        password: str = self.cleaned_data["password"]
        prove(self.request, password)
        return password


def prove(request: HttpRequest, password: str) -> None:
    """Raise ValidationError unless `password` is that of who is signed in."""
    name = owner(request).get_username()
    refuse_while_waiting(request, name, Secret.PASSWORD)
    if not owner(request).check_password(password):
        raise forms.ValidationError("Mật khẩu chưa đúng. Hãy nhập lại.")
    guessing.forget(name)


class SetUpForm(CodeForm, ProofForm):
    """Password and first code."""

    field_order = ("code", "password")


class NewPasswordForm(JudgedFirst, PasswordChangeForm):
    """Django's own form; the old password may be tried only so often."""

    def __init__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = request

    def clean_old_password(self) -> str:
        """Refuse a wrong password, and any that comes too soon after too many."""
        refuse_while_waiting(self.request, self.user.get_username(), Secret.PASSWORD)
        password: str = super().clean_old_password()
        guessing.forget(self.user.get_username())
        return password


@own_page("GET", "HEAD")
def account(request: HttpRequest) -> HttpResponse:
    """The account: last sign-in, second step, and where it is signed in."""
    user = owner(request)
    context = {
        "arrival": arrival(request),
        "second_step": second_factor.is_on(user),
        "codes_left": second_factor.recovery_codes_left(user),
        "sessions": sessions.of(user),
        "this_session": request.session.session_key,
    }
    return render(request, "accounts/account.html", context)


@own_page("GET", "HEAD", "POST")
def second_step(request: HttpRequest) -> HttpResponse:
    """Set the second step up; who has it sees what can be done about it."""
    user = owner(request)
    if second_factor.is_on(user):
        return manage(request, ProofForm(request))
    form = SetUpForm(request)
    if form.is_valid():
        if codes := second_factor.confirm(user, form.cleaned_data["code"]):
            return recovery_codes(request, codes, next_step="")
        form.add_error("code", WRONG_CODE)
    return set_up(request, user, form)


def manage(request: HttpRequest, form: ProofForm) -> HttpResponse:
    """Offer new codes on paper, and to turn the second step off where it is not required."""
    context = {"form": form, "required": second_factor.required_of(form.user)}
    return render(request, "accounts/second_step.html", context)


@own_page("POST")
def new_codes(request: HttpRequest) -> HttpResponse:
    """Replace the codes on paper."""
    form = ProofForm(request)
    if not second_factor.is_on(form.user):
        return redirect("second-step")
    if not form.is_valid():
        return manage(request, form)
    return recovery_codes(request, second_factor.new_recovery_codes(form.user), next_step="")


@own_page("POST")
def turn_off(request: HttpRequest) -> HttpResponse:
    """Go back to the password alone, where two steps are not required."""
    form = ProofForm(request)
    if not form.is_valid() or second_factor.required_of(form.user):
        return manage(request, form)
    second_factor.remove(form.user)
    return redirect("account")


@own_page("POST")
def sign_out_everywhere(request: HttpRequest) -> HttpResponse:
    """End every session of the person, this one too."""
    sessions.of(owner(request)).delete()
    logout(request)
    return redirect("login")


class PasswordChangeView(views.PasswordChangeView):
    """Django's own view."""

    form_class = NewPasswordForm
    template_name = "accounts/password_change.html"
    success_url = reverse_lazy("password-change-done")

    def get_form_kwargs(self) -> dict[str, Any]:
        """Tell the form where the attempt comes from."""
        return super().get_form_kwargs() | {"request": self.request}


change_password = never_cache(PasswordChangeView.as_view())
password_changed = never_cache(
    views.PasswordChangeDoneView.as_view(template_name="accounts/password_changed.html")
)
