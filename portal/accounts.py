"""Sign-in of the cadres who may read internal documents; the newsroom has its own page."""

from typing import Any

from django.contrib.auth import views
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm
from django.contrib.auth.models import User
from django.http import HttpResponse
from django.urls import reverse_lazy
from django.views.decorators.cache import never_cache


class SignInView(views.LoginView):
    """Django's own view; the session ends with the browser, since offices share computers."""

    template_name = "accounts/sign_in.html"

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        """Sign in, then go to `next` if it is a page of this host."""
        response = super().form_valid(form)
        self.request.session.set_expiry(0)
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Leave `site` to the portal's settings: Django's view puts the name of the host there."""
        context = super().get_context_data(**kwargs)
        del context["site"]
        return context


class NewPasswordForm(PasswordChangeForm):
    """Django's own form, with what is wrong about the new password said beside it."""

    def validate_password_for_user(self, user: User, password_field_name: str = "") -> None:
        """Judge the first of the two; Django would speak at the repetition."""
        super().validate_password_for_user(user, "new_password1")


sign_in = SignInView.as_view()
sign_out = views.LogoutView.as_view()
change_password = never_cache(
    views.PasswordChangeView.as_view(
        form_class=NewPasswordForm,
        template_name="accounts/password_change.html",
        success_url=reverse_lazy("password-change-done"),
    )
)
password_changed = never_cache(
    views.PasswordChangeDoneView.as_view(template_name="accounts/password_changed.html")
)
