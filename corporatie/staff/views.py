"""Setting up, turning off and renewing the second step: the library's pages, with what has to follow from them."""

from typing import Any

from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY, get_authentication_records
from allauth.mfa.base.internal.flows import post_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.views import GenerateRecoveryCodesView
from allauth.mfa.totp.views import ActivateTOTPView, DeactivateTOTPView
from allauth.mfa.utils import is_mfa_enabled
from django.contrib.auth import update_session_auth_hash
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone

from corporatie.staff import actions


class ActivateTOTP(ActivateTOTPView):
    """The app is linked. This session goes on as one that used it; all others of hers end."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Who sent it twice reads that it is on, and is not asked whether it must go off."""
        if is_mfa_enabled(request.user, [Authenticator.Type.TOTP]):
            return redirect("mfa_index")
        answer: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        return answer

    def form_valid(self, form: Any) -> HttpResponse:
        """Both in one transaction, then the session."""
        user: Any = self.request.user
        with transaction.atomic():
            answer: HttpResponse = super().form_valid(form)
            actions.set_up_factor(colleague=user, by=user, at=timezone.now())
        update_session_auth_hash(self.request, user)
        post_authentication(
            self.request, user.authenticator_set.get(type=Authenticator.Type.TOTP), reauthenticated=True
        )
        return answer


class DeactivateTOTP(DeactivateTOTPView):
    """The app is unlinked. All her other sessions end, and this one opens nothing until it is set up again."""

    def form_valid(self, form: Any) -> HttpResponse:
        """Both in one transaction, then the session."""
        user: Any = self.request.user
        with transaction.atomic():
            answer: HttpResponse = super().form_valid(form)
            actions.turn_off_factor(colleague=user, by=user, at=timezone.now())
        update_session_auth_hash(self.request, user)
        self.request.session[AUTHENTICATION_METHODS_SESSION_KEY] = [
            record for record in get_authentication_records(self.request, user) if record["method"] != "mfa"
        ]
        return answer


class GenerateRecoveryCodes(GenerateRecoveryCodesView):
    """New recovery codes. All her other sessions end."""

    def form_valid(self, form: Any) -> HttpResponse:
        """Both in one transaction, then the session."""
        user: Any = self.request.user
        with transaction.atomic():
            answer: HttpResponse = super().form_valid(form)
            actions.renew_recovery_codes(colleague=user, by=user, at=timezone.now())
        update_session_auth_hash(self.request, user)
        return answer


activate_totp = ActivateTOTP.as_view()
deactivate_totp = DeactivateTOTP.as_view()
generate_recovery_codes = GenerateRecoveryCodes.as_view()
