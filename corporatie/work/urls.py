"""The addresses of this room's pages. Dutch and stable; never a name in one."""

from django.urls import path

from corporatie.work import views

urlpatterns = [
    path("postvak/", views.inbox, name="inbox"),
    path("postvak/gelezen/", views.notices_read, name="notices_read"),
    path("postvak/<int:pk>/gelezen/", views.notice_read, name="notice_read"),
    path("postvak/<int:pk>/later/", views.notice_later, name="notice_later"),
    path("postvak/alarm/<uuid:pk>/", views.alarm_detail, name="alarm_detail"),
    path("postvak/werk/<uuid:pk>/", views.handed_on_detail, name="handed_on_detail"),
    path("team/rooster/", views.roster, name="roster"),
    path("team/<int:team>/rooster/nieuw/", views.duty_create, name="duty_create"),
    path("team/rooster/<uuid:pk>/", views.duty_change, name="duty_change"),
    path("team/rooster/<uuid:pk>/weg/", views.duty_drop, name="duty_drop"),
    path("acties/nieuw/", views.follow_up_create, name="follow_up_create"),
    path("acties/<uuid:pk>/", views.follow_up_detail, name="follow_up_detail"),
    path("acties/<uuid:pk>/gedaan/", views.follow_up_finish, name="follow_up_finish"),
    path("acties/<uuid:pk>/niet-gedaan/", views.follow_up_drop, name="follow_up_drop"),
    path("acties/<uuid:pk>/verplaatsen/", views.follow_up_move, name="follow_up_move"),
    path("acties/<uuid:pk>/verteld/", views.follow_up_told, name="follow_up_told"),
]
