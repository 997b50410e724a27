"""Sign-in, one door for cadres and newsroom: password, second step, then in.

Until every step is done nobody is signed in; the session only holds who is on the way.
"""

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib.auth import login, views
from django.contrib.auth.forms import AuthenticationForm, SetPasswordForm
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from documents.page import qr_code
from portal import guessing, second_factor, sessions
from portal.guessing import Secret
from portal.passwords import GivenPassword

ON_THE_WAY, ARRIVAL = "on_the_way", "arrival"
WITHIN = timedelta(minutes=10)
WRONG_CODE = (
    "Mã chưa đúng, hoặc đã dùng một lần rồi. Hãy chờ ứng dụng đổi sang mã mới rồi nhập lại; "
    "nếu vẫn sai, hãy xem giờ của điện thoại có đúng không."
)


def refuse_while_waiting(request: HttpRequest, user_name: str, secret: Secret) -> None:
    """Count an attempt; raise ValidationError if it comes too soon after too many."""
    if minutes := guessing.minutes_to_wait(request, user_name, secret):
        raise ValidationError(
            f"Đã có quá nhiều lần nhập sai. Hãy thử lại sau {minutes} phút. Nếu cần gấp, hãy nhờ "
            "người quản trị trang mở khóa.",
            code="wait",
        )


class SignInForm(AuthenticationForm):
    """Django's own form, asked only so often."""

    request: HttpRequest

    def clean(self) -> dict[str, Any]:
        """Count the attempt first: those that come too soon are not even compared."""
        if self.cleaned_data.get("username") and self.cleaned_data.get("password"):
            refuse_while_waiting(self.request, self.cleaned_data["username"], Secret.PASSWORD)
        return super().clean()


class CodeForm(forms.Form):
    """The code of the second step."""

    code = forms.CharField(
        label="Mã xác thực",
        max_length=40,
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )


class JudgedFirst(SetPasswordForm):
    """Django's own form, with what is wrong about the new password said beside it."""

    def validate_password_for_user(self, user: User, password_field_name: str = "") -> None:
        """Judge the first of the two; Django would speak at the repetition."""
        super().validate_password_for_user(user, "new_password1")


class OwnPasswordForm(JudgedFirst):
    """A password of one's own in place of one that was given."""

    def clean_new_password1(self) -> str:
        """Refuse the password that somebody else knows."""
        given: str = self.cleaned_data["new_password1"]
        if self.user.check_password(given):
            raise ValidationError("Đây là mật khẩu được cấp. Hãy đặt mật khẩu khác.")
        return given


class SignInView(views.LoginView):
    """The first step; Django's own view."""

    template_name = "accounts/sign_in.html"
    form_class = SignInForm

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        """Hold who has given the right password, and where they wanted to go on this host."""
        user = form.get_user()
        # Whoever planted the session's key in this browser must not be on the way as well.
        self.request.session.cycle_key()
        self.request.session[ON_THE_WAY] = {
            "user": user.pk,
            "stamp": user.get_session_auth_hash(),
            "until": (timezone.now() + WITHIN).timestamp(),
            "target": self.get_redirect_url() or home_of(user),
            "proved": False,
        }
        return proceed(self.request, user)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Leave `site` to the portal's settings: Django's view puts the name of the host there."""
        context = super().get_context_data(**kwargs)
        del context["site"]
        return context


def home_of(user: User) -> str:
    """Return where the work of `user` begins."""
    return reverse("admin:index" if user.is_staff else "documents:index")


def on_the_way(request: HttpRequest) -> User | None:
    """Return who has given the right password less than WITHIN ago and may still sign in."""
    held = request.session.get(ON_THE_WAY)
    if not held or held["until"] < timezone.now().timestamp():
        return None
    user = User.objects.filter(pk=held["user"], is_active=True).first()
    unchanged = user and constant_time_compare(user.get_session_auth_hash(), held["stamp"])
    return user if unchanged else None


def next_step(request: HttpRequest, user: User) -> str:
    """Return the name of the page that `user` has yet to pass; "" when nothing is left to do."""
    proved = request.session[ON_THE_WAY]["proved"]
    if not proved and second_factor.is_on(user):
        return "login-code"
    if not proved and second_factor.required_of(user):
        return "login-enrol"
    return "login-password" if GivenPassword.objects.filter(user=user).exists() else ""


def at(request: HttpRequest, step: str) -> User | None:
    """Return who is on the way and has come to `step`."""
    user = on_the_way(request)
    return user if user and next_step(request, user) == step else None


def proceed(request: HttpRequest, user: User) -> HttpResponse:
    """Send `user` to the step that is still to do, or sign them in."""
    step = next_step(request, user)
    return redirect(step) if step else arrive(request, user)


def arrive(request: HttpRequest, user: User) -> HttpResponse:
    """Sign `user` in, and note what the page they come to tells of their last time."""
    name, before = user.get_username(), user.last_login
    target = request.session.pop(ON_THE_WAY)["target"]
    strangers = guessing.failures_of_strangers(request, name)
    login(request, user)
    sessions.begin(request)
    request.session[ARRIVAL] = {
        "before": before.isoformat() if before else "",
        "strangers": strangers,
    }
    guessing.forget(name)
    response = redirect(target)
    guessing.know_browser(request, response, name)
    return response


def prove(request: HttpRequest) -> None:
    """Note that the second step is done."""
    request.session[ON_THE_WAY] |= {"proved": True}
    request.session.modified = True


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def code(request: HttpRequest) -> HttpResponse:
    """The second step: a code of the telephone, or one on paper."""
    user = at(request, "login-code")
    if user is None:
        return redirect("login")
    form = CodeForm(request.POST or None)
    if form.is_valid():
        try:
            refuse_while_waiting(request, user.get_username(), Secret.CODE)
            if second_factor.accepts(user, form.cleaned_data["code"]):
                prove(request)
                return proceed(request, user)
            form.add_error("code", WRONG_CODE)
        except ValidationError as refusal:
            form.add_error("code", refusal)
    return render(request, "accounts/code.html", {"form": form})


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def enrol(request: HttpRequest) -> HttpResponse:
    """The second step of who must have one and has none yet: set it up."""
    user = at(request, "login-enrol")
    if user is None:
        return redirect("login")
    form = CodeForm(request.POST or None)
    if form.is_valid():
        if codes := second_factor.confirm(user, form.cleaned_data["code"]):
            prove(request)
            return recovery_codes(request, codes, next_step=reverse("login-go-on"))
        form.add_error("code", WRONG_CODE)
    return set_up(request, user, form)


def set_up(request: HttpRequest, user: User, form: forms.Form) -> HttpResponse:
    """Show what an authenticator app has to be told."""
    device = second_factor.started(user)
    context = {
        "form": form,
        "qr": qr_code(device.config_url),
        "secret": second_factor.secret_in_groups(device),
        "app_url": device.config_url,
        "signing_in": not request.user.is_authenticated,
    }
    return render(request, "accounts/set_up.html", context)


def recovery_codes(request: HttpRequest, codes: list[str], next_step: str) -> HttpResponse:
    """Show the codes on paper, this one time; a form leads to `next_step`."""
    return render(request, "accounts/codes.html", {"codes": codes, "next_step": next_step})


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def own_password(request: HttpRequest) -> HttpResponse:
    """The last step of whose password somebody else has set: choose one's own."""
    user = at(request, "login-password")
    if user is None:
        return redirect("login")
    form = OwnPasswordForm(user, request.POST or None)
    if form.is_valid():
        form.save()
        GivenPassword.objects.filter(user=user).delete()
        return arrive(request, user)
    return render(request, "accounts/own_password.html", {"form": form})


@never_cache
@require_POST
def go_on(request: HttpRequest) -> HttpResponse:
    """From the page of recovery codes to the next step."""
    user = on_the_way(request)
    return proceed(request, user) if user else redirect("login")


sign_in = SignInView.as_view()
sign_out = views.LogoutView.as_view()
