"""The addresses of this room's pages. Dutch and stable; never a name in one."""

from django.urls import path

from cases import views

urlpatterns = [
    path("signalen/", views.signal_list, name="signal_list"),
    path("signalen/nieuw/", views.signal_create, name="signal_create"),
    path("signalen/<uuid:pk>/", views.signal_detail, name="signal_detail"),
    path("signalen/<uuid:pk>/oppakken/", views.signal_take_up, name="signal_take_up"),
    path("signalen/<uuid:pk>/toewijzen/", views.signal_assign, name="signal_assign"),
    path("signalen/<uuid:pk>/koppelen/", views.signal_attach, name="signal_attach"),
    path("signalen/<uuid:pk>/afsluiten/", views.signal_close, name="signal_close"),
    path("signalen/<uuid:pk>/dossier/", views.case_open, name="case_open"),
    path("dossiers/", views.case_list, name="case_list"),
    path("dossiers/nieuw/", views.case_create, name="case_create"),
    path("dossiers/zonder-behandelaar/", views.case_heirs, name="case_heirs"),
    path("dossiers/<uuid:pk>/stap/", views.case_step, name="case_step"),
    path("dossiers/<uuid:pk>/status/", views.case_move, name="case_move"),
    path("dossiers/<uuid:pk>/toewijzen/", views.case_assign, name="case_assign"),
    path("dossiers/<uuid:pk>/overnemen/", views.case_take_over, name="case_take_over"),
    path("dossiers/<uuid:pk>/tweede-lezer/", views.case_second_reader, name="case_second_reader"),
    path("dossiers/<uuid:pk>/probleemeigenaar/", views.case_problem_owner, name="case_problem_owner"),
    path("dossiers/<uuid:pk>/sluiten/", views.case_close, name="case_close"),
    path("dossiers/<uuid:pk>/annuleren/", views.case_cancel, name="case_cancel"),
    path("dossiers/<uuid:pk>/heropenen/", views.case_reopen, name="case_reopen"),
    path("aandachtspunten/nieuw/", views.flag_create, name="flag_create"),
    path("aandachtspunten/<uuid:pk>/", views.flag_detail, name="flag_detail"),
    path("aandachtspunten/<uuid:pk>/verlengen/", views.flag_renew, name="flag_renew"),
    path("aandachtspunten/<uuid:pk>/beeindigen/", views.flag_end, name="flag_end"),
    path("aandachtspunten/<uuid:pk>/reden/", views.flag_reason, name="flag_reason"),
]
