"""The list of mails in the administration: once more, dealt with, and the inbox that hears of it."""

from datetime import date

from django.contrib.admin.models import LogEntry
from django.urls import reverse
from django.utils import timezone

from corporatie.work.models import Alarm, OutgoingMail
from corporatie.work.reminders import sweep
from corporatie.work.states import AlarmKind, MailFault, MailKind, MailState

MAILS = "admin:work_outgoingmail_changelist"


def test_what_will_never_go_is_dealt_with_and_counts_no_more(client, cast, hans):
    def mail(colleague, state):
        return OutgoingMail.objects.create(
            recipient=colleague, kind=MailKind.DIGEST, key="2026-11-24", on=date(2026, 11, 24), state=state,
            attempts=1, fault=MailFault.RECIPIENT, next_try_at=timezone.now(), made_at=cast.at,
        )  # fmt: skip

    chosen, waiting = mail(cast.anna, MailState.FAILED), mail(cast.carla, MailState.PENDING)
    other = mail(cast.bram, MailState.FAILED)
    url = reverse(MAILS)
    assert "Afgehandeld: gaat niet meer" in client.get(url).content.decode()
    answers = {"action": "close_chosen", "_selected_action": [chosen.pk, waiting.pk]}
    assert "1 mail is afgehandeld." in client.post(url, answers, follow=True).content.decode()
    assert list(OutgoingMail.objects.failed()) == [other]
    assert OutgoingMail.objects.get(pk=waiting.pk).state == MailState.PENDING
    page = client.get(reverse("admin:work_outgoingmail_change", args=[chosen.pk])).content.decode()
    assert "Hans Groot" in page
    line = LogEntry.objects.get()
    assert (line.user, line.object_id, line.change_message) == (hans, str(chosen.pk), "Afgehandeld.")
    answers = {"action": "close_chosen", "_selected_action": [other.pk], "select_across": "1"}
    client.post(url, answers)
    assert not OutgoingMail.any_is_stuck(at=timezone.now())
    sweep(at=timezone.now())
    assert not Alarm.objects.on().filter(kind=AlarmKind.MAIL).exists()
    client.force_login(cast.olga)
    assert client.post(url, answers).status_code == 403


def test_what_failed_goes_once_more_for_one_and_for_all(client, cast, hans):
    def failed(colleague):
        return OutgoingMail.objects.create(
            recipient=colleague, kind=MailKind.DIGEST, key="2026-11-24", on=date(2026, 11, 24), state=MailState.FAILED,
            attempts=1, fault=MailFault.RECIPIENT, next_try_at=cast.at, made_at=cast.at,
        )  # fmt: skip

    first, second, third = failed(cast.anna), failed(cast.bram), failed(cast.carla)
    one, every = reverse("admin:work_outgoingmail_retry", args=[first.pk]), reverse("admin:work_outgoingmail_retryall")
    page = client.get(reverse(MAILS)).content.decode()
    assert "3 mails konden niet verstuurd worden." in page
    assert f'formaction="{one}"' in page
    assert f'action="{every}"' in page
    assert f'action="{one}"' in client.get(reverse("admin:work_outgoingmail_change", args=[first.pk])).content.decode()
    assert [client.get(url).status_code for url in (one, every)] == [405, 405]

    assert "1 mail gaat binnen een minuut nog eens." in client.post(one, follow=True).content.decode()
    assert set(OutgoingMail.objects.failed()) == {second, third}
    assert "2 mails gaan binnen een minuut nog eens." in client.post(every, follow=True).content.decode()
    assert set(OutgoingMail.objects.values_list("state", "attempts", "fault")) == {("pending", 0, "")}
    # Nothing left to try.
    page = client.get(reverse(MAILS)).content.decode()
    assert "nog-eens" not in page
    assert client.post(reverse("admin:work_outgoingmail_retry", args=[999_999])).status_code == 404
    client.force_login(cast.olga)
    assert [client.post(url).status_code for url in (one, every)] == [403, 403]


def test_the_inbox_and_what_waits_in_it_stand_above_every_page(client, cast, hans):
    url = reverse("inbox")
    page = client.get(reverse("admin:index")).content.decode()
    assert f'href="{url}">Postvak</a>' in page
    OutgoingMail.objects.create(
        recipient=cast.anna,
        kind=MailKind.DIGEST,
        key="2026-11-24",
        on=cast.at.date(),
        state=MailState.FAILED,
        next_try_at=cast.at,
        made_at=cast.at,
    )
    sweep(at=timezone.now())
    for address in ("admin:index", "admin:staff_team_changelist"):
        assert f'href="{url}">Postvak (1)</a>' in client.get(reverse(address)).content.decode()
