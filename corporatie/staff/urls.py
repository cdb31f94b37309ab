"""Pages of the sign-in library for which the house has its own: named as there, and asked first."""

from django.urls import path
from django.views.generic import RedirectView

from corporatie.staff import views

urlpatterns = [
    # An e-mail address is who one is here: the application administrator changes it, nobody does so herself.
    path("email/", RedirectView.as_view(pattern_name="preferences"), name="account_email"),
    path("2fa/totp/activate/", views.activate_totp, name="mfa_activate_totp"),
    path("2fa/totp/deactivate/", views.deactivate_totp, name="mfa_deactivate_totp"),
    path("2fa/recovery-codes/generate/", views.generate_recovery_codes, name="mfa_generate_recovery_codes"),
]
