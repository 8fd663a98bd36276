"""Signing in and out, and where an official is signed in. Attempts are limited by axes."""

from __future__ import annotations

from ipaddress import ip_address
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib import auth, messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm
from django.db import transaction
from django.shortcuts import redirect, render, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from comity_node.officials import people, queries
from comity_node.officials.errors import WeakPassword
from comity_node.officials.models import Official, SignIn

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from comity_node.officials.request import OfficialRequest


@sensitive_post_parameters()
@never_cache
@login_not_required
@require_http_methods(["GET", "POST"])
def login(request: HttpRequest) -> HttpResponse:
    """Sign in with name and password."""
    form = AuthenticationForm(request, request.POST or None)
    if form.is_valid():
        official = form.get_user()
        with transaction.atomic():
            auth.login(request, official)
            _remember(request, official)
        answer = redirect("officials:password" if official.password_is_given else _next(request))
        answer.set_cookie(
            settings.LANGUAGE_COOKIE_NAME, official.language, samesite="Lax", secure=request.is_secure()
        )
        return answer
    return render(request, "web/pages/login.html", {"form": form, "next": request.GET.get("next", "")})


@require_POST
def logout(request: OfficialRequest) -> HttpResponse:
    """Sign this browser out."""
    SignIn.objects.filter(session_key=request.session.session_key or "").delete()
    auth.logout(request)
    return redirect("officials:login")


@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def password(request: OfficialRequest) -> HttpResponse:
    """Change one's own password; every other browser is signed out."""
    form = PasswordChangeForm(request.user, request.POST or None)
    if form.is_valid():
        try:
            people.set_own_password(request.user, form.cleaned_data["new_password1"])
        except WeakPassword as weak:
            form.add_error("new_password1", weak.hint)
            return render(request, "officials/password.html", {"form": form}, status=422)
        auth.login(request, request.user, backend=request.session[auth.BACKEND_SESSION_KEY])
        _remember(request, request.user)
        messages.success(request, _("Your password is changed. Every other browser was signed out."))
        return redirect("officials:sign-ins")
    return render(request, "officials/password.html", {"form": form})


@require_GET
def sign_ins(request: OfficialRequest) -> HttpResponse:
    """Where the official is signed in."""
    context = {"sign_ins": queries.sign_ins(request.user), "here": request.session.session_key}
    return render(request, "officials/sign_ins.html", context)


@require_POST
def end(request: OfficialRequest, pk: int) -> HttpResponse:
    """Sign one browser out."""
    people.end_sign_in(request.user, pk=pk)
    return redirect("officials:sign-ins")


def address(request: HttpRequest) -> str | None:
    """Where a request came from: who attempts are counted against, and what officials are shown.

    Behind the proxy that ends TLS every connection is the proxy's own; it adds the address to the end of
    ``X-Forwarded-For``, and whatever stands before that was written by a stranger.
    """
    connected: str | None = request.META.get("REMOTE_ADDR") or None
    if not settings.NODE.is_https:
        return connected
    forwarded = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
    try:
        return str(ip_address(forwarded))
    except ValueError:
        return connected


def _remember(request: HttpRequest, official: Official) -> None:
    SignIn.objects.create(
        official=official,
        session_key=request.session.session_key or "",
        address=address(request),
        browser=request.headers.get("User-Agent", "")[:300],
    )


def _next(request: HttpRequest) -> str:
    """Where to go after signing in; never to another site."""
    wanted = request.POST.get("next", "")
    ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if ours else resolve_url("/")
