"""The addresses of this room's pages. Dutch and stable; never a name in one."""

from django.urls import path

from corporatie.desk.views import (
    account,
    cases,
    figures,
    health,
    households,
    leaving,
    outcomes,
    search,
    style,
    talks,
    team,
    today,
)

urlpatterns = [
    path("", account.home, name="home"),
    path("vandaag/", today.today, name="today"),
    path("zoeken/", search.search, name="search"),
    path("gesprekken/nieuw/", talks.visit_report_create, name="visit_report_create"),
    path("gesprekken/<uuid:pk>/vastleggen/", talks.visit_report_file, name="visit_report_file"),
    path("bezoeken/<uuid:pk>/niet-thuis/", outcomes.visit_nobody_home, name="visit_nobody_home"),
    path("bezoeken/<uuid:pk>/anders/", outcomes.visit_other, name="visit_other"),
    path("dossiers/<uuid:pk>/", cases.case_detail, name="case_detail"),
    path("huishoudens/<uuid:pk>/", households.tenancy_detail, name="tenancy_detail"),
    path("huishoudens/<uuid:pk>/kort/", households.tenancy_brief, name="tenancy_brief"),
    path("adressen/<uuid:pk>/", households.dwelling_detail, name="dwelling_detail"),
    path("team/", team.team_overview, name="team_overview"),
    path("team/afscheid/<int:pk>/", leaving.leaving, name="leaving"),
    path("team/afscheid/<int:pk>/toegang/", leaving.leaving_access, name="leaving_access"),
    path("team/afscheid/<int:pk>/uit-dienst/", leaving.leaving_end, name="leaving_end"),
    path("team/afscheid/<int:pk>/team/", leaving.leaving_team, name="leaving_team"),
    path("cijfers/", figures.figures, name="figures"),
    path("voorkeuren/", account.preferences, name="preferences"),
    path("voorkeuren/afwezig/", account.absence_create, name="absence_create"),
    path("voorkeuren/afwezig/<int:pk>/weg/", account.absence_drop, name="absence_drop"),
    path("ontwikkelaar/post/", account.dev_mail, name="dev_mail"),
    path("ontwikkelaar/post/<str:name>/", account.dev_mail_detail, name="dev_mail_detail"),
    path("beheer/stijlgids/", style.style_guide, name="style_guide"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
]
