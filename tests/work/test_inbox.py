"""The inbox: one's own notices, the most urgent first, until they were read or put off."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from cases.states import Severity, SignalType
from corporatie.staff.models import Absence
from corporatie.subjects.models import subject_models
from corporatie.work import actions
from corporatie.work.models import FollowUp, Notice, waiting_for, work_on
from corporatie.work.states import FollowUpKind, reminders
from tests.cast import dwelling, household

pytestmark = pytest.mark.django_db
URL = "/postvak/"


@pytest.fixture(autouse=True)
def _today(time_machine_at):
    """All of this happens on the cast's day: the inbox looks at today."""


def _step(cast, *, what="De schilder belt", owner=None, subject=None, tenancy=None, **details):
    tenancy = tenancy or cast.bos
    return actions.add_follow_up(
        tenancy=tenancy,
        subject=subject or tenancy,
        what=what,
        owner=owner or cast.anna,
        due_on=cast.at.date(),
        by=cast.anna,
        at=cast.at,
        **details,
    )


def _remind(cast):
    """Every rule, whatever day the tests run on."""
    for reminder in reminders().values():
        actions.raise_notices(actions.Given(reminder, on=cast.at.date(), at=cast.at))


def _page(client, user, **query):
    client.force_login(user)
    return client.get(URL, query).content.decode()


def test_a_row_says_what_where_and_why(client, cast):
    step = _step(cast)
    _remind(cast)

    html = _page(client, cast.anna)

    assert "De schilder belt" in html
    assert "Kerkstraat 47" in html
    assert "U doet dit" in html
    assert step.get_absolute_url() in html


def test_who_stands_in_reads_for_whom(client, cast):
    today = cast.at.date()
    Absence.objects.create(user=cast.anna, substitute=cast.bram, from_on=today, until_on=today)
    _step(cast)
    _remind(cast)

    assert "U vervangt Anna Jansen" in _page(client, cast.bram)


def test_also_of_a_visit_and_a_dossier_one_reads_for_whom(client, cast):
    cast.visit(on=cast.at.date() - timedelta(days=3))
    cast.case()
    Absence.objects.create(user=cast.anna, substitute=cast.bram, from_on=cast.at.date(), until_on=cast.at.date())
    _remind(cast)
    of_visits = Notice.objects.live().filter(recipient=cast.bram, subject_label="visits.visit").count()
    assert of_visits
    html = _page(client, cast.bram)
    assert html.count("U vervangt Anna Jansen") == Notice.objects.live().filter(recipient=cast.bram).count()
    # Who stands in no more reads no name.
    Absence.objects.all().delete()
    assert "U vervangt" not in _page(client, cast.bram)


def test_a_lead_to_whom_it_comes_reads_whose_it_is_and_the_owner_that_it_is_hers(client, cast):
    """Nobody stands in who may open it: the lead hears of it, and stands in for nobody."""
    cast.visit(on=cast.at.date() - timedelta(days=3))
    _remind(cast)
    assert "Het is uw bezoek" in _page(client, cast.anna)
    Absence.objects.create(user=cast.anna, substitute=cast.petra, from_on=cast.at.date(), until_on=cast.at.date())
    _remind(cast)
    html = _page(client, cast.dirk)
    assert "Anna Jansen is er niet, of mag dit niet openen" in html
    assert "Het is uw bezoek" not in html


def test_the_most_urgent_group_comes_first_and_a_filter_shows_one(client, cast):
    cast.visit(on=cast.at.date() - timedelta(days=1))
    cast.signal(severity=Severity.ACUTE)
    _remind(cast)

    html = _page(client, cast.dirk)
    assert "U hebt dienst, of er is niemand anders" in html
    html = _page(client, cast.anna, groep="week")
    assert "Bezoek zonder uitkomst" in html
    assert 'id="groep-nu"' not in html


def test_the_step_of_a_dossier_opens_the_dossier(client, cast):
    case = cast.case(first_step=cast.step(days=0))
    _remind(cast)

    html = _page(client, cast.anna)

    assert case.get_absolute_url() in html
    assert "Naar het dossier" in html


def test_another_colleague_reads_nothing_of_it(client, cast):
    _step(cast)
    _remind(cast)
    notice = Notice.objects.get()

    assert "De schilder belt" not in _page(client, cast.bram)
    for name in ("notice_read", "notice_later"):
        assert client.post(reverse(name, args=[notice.pk])).status_code == 404
    client.post(reverse("notices_read"), {"notice": [notice.pk]})
    notice.refresh_from_db()
    assert notice.read_at is None


@pytest.mark.parametrize("name", ["notice_read", "notices_read"])
def test_reading_is_a_post(client, cast, name):
    client.force_login(cast.anna)
    url = reverse(name, args=[1] if name == "notice_read" else [])

    assert client.get(url).status_code == 405


def test_read_is_gone(client, cast):
    _step(cast)
    _remind(cast)
    client.force_login(cast.anna)

    client.post(reverse("notice_read", args=[Notice.objects.get().pk]))

    assert "U heeft alles gelezen" in _page(client, cast.anna)


def test_several_are_read_at_once(client, cast):
    _step(cast)
    _step(cast, what="Brief sturen")
    _remind(cast)
    client.force_login(cast.anna)
    keys = list(Notice.objects.values_list("pk", flat=True))

    answer = client.post(reverse("notices_read"), {"notice": [*keys, "x", "9" * 30]}, follow=True)

    assert "2 berichten gelezen." in answer.content.decode()
    assert "U koos niets." in client.post(reverse("notices_read"), follow=True).content.decode()


def test_later_is_gone_until_that_day(client, cast):
    _step(cast)
    _remind(cast)
    notice = Notice.objects.get()
    client.force_login(cast.anna)
    url = reverse("notice_later", args=[notice.pk])
    assert client.get(url).status_code == 200
    tomorrow = cast.at.date() + timedelta(days=1)

    client.post(url, {"until": tomorrow.isoformat()})

    notice.refresh_from_db()
    assert notice.later_until == tomorrow
    assert "De schilder belt" not in _page(client, cast.anna)


@pytest.mark.parametrize("until", ["", "gisteren", date(2020, 1, 1).isoformat()])
def test_a_day_that_is_over_is_refused_in_words(client, cast, until):
    _step(cast)
    _remind(cast)
    client.force_login(cast.anna)

    answer = client.post(reverse("notice_later", args=[Notice.objects.get().pk]), {"until": until})

    assert answer.status_code == 422
    assert Notice.objects.get().later_until is None


def test_what_was_done_no_longer_asks(client, cast):
    step = _step(cast)
    _remind(cast)
    actions.finish_follow_up(follow_up=step, by=cast.bram, at=cast.at)

    assert "U heeft alles gelezen" in _page(client, cast.anna)


def test_the_badge_counts_only_what_cannot_wait(client, cast):
    cast.visit(on=cast.at.date() - timedelta(days=1))
    _remind(cast)
    assert "kt-badge" not in _page(client, cast.anna)

    _step(cast)
    _remind(cast)
    assert _page(client, cast.anna).count('class="kt-badge"') == 2


def test_a_secret_dossier_someone_may_not_read_any_more_is_gone_from_the_inbox(client, cast):
    signal = cast.signal(type=SignalType.CHILDREN, severity=Severity.ACUTE)
    _remind(cast)
    assert str(signal.pk) in _page(client, cast.dirk)

    cast.noord.members.remove(cast.dirk)
    assert str(signal.pk) not in _page(client, cast.dirk)


def test_long_lists_go_on_by_key(client, cast):
    for number in range(30):
        _step(cast, what=f"Stap {number:02}")
    _remind(cast)

    html = _page(client, cast.anna)
    rest = client.get(html.split('class="kt-pager"')[1].split('href="')[1].split('"')[0].replace("&amp;", "&"))

    assert html.count('class="kt-notice"') == 25
    assert rest.content.decode().count('class="kt-notice"') == 5


def test_what_waits_is_what_one_may_know_of_whichever_way_one_asks(cast):
    """The badge and the inbox look from the notices up; ``visible_to`` from the subjects down."""
    case, signal, visit = cast.case(), cast.signal(severity=Severity.ACUTE), cast.visit()
    for subject in (case, cast.bos, visit):
        _step(cast, subject=subject)
        FollowUp.objects.filter(pk=_step(cast, subject=subject).pk).update(owner=cast.carla)
    _remind(cast)
    told = Notice.objects.first()
    everybody = (cast.anna, cast.bram, cast.carla, cast.dirk, cast.wim, cast.petra, cast.mila)
    for number, colleague in enumerate(everybody):
        for pointed in (case, signal, visit, cast.bos, cast.kaya, cast.kerkstraat):
            Notice.objects.create(
                recipient=colleague,
                rule=told.rule,
                urgency=told.urgency,
                about_id=pointed.pk,
                on=cast.at.date() - timedelta(days=number + 1),
                made_at=cast.at,
                subject_label=pointed.label(),
                subject_id=pointed.pk,
            )
    seen = set()
    for colleague in everybody:
        straight = Notice.objects.visible_to(colleague).unread().values_list("pk", flat=True)
        assert {key.id for key in waiting_for(colleague, most=1000)} == set(straight), colleague
        seen.add(len(straight))
    assert len(seen) > 3
    assert len(waiting_for(cast.anna, most=2)) <= 2


def test_every_rule_tells_of_something_a_notice_can_open(cast):
    """Otherwise its notices would be hidden from everyone."""
    opened = {model.label() for model in subject_models() if model.gives_notice}
    work = {model.label() for model in subject_models() if model.holds_work}
    assert opened == {
        "cases.case",
        "cases.signal",
        "cases.attentionflag",
        "visits.visit",
        "tenants.tenancy",
        "work.alarm",
        "work.handedon",
    }
    assert work == {"cases.case", "visits.visit", "tenants.tenancy"}
    cast.case(), cast.visit(), cast.signal(severity=Severity.ACUTE)
    _step(cast)
    later = cast.at + timedelta(days=400)
    labels = set()
    for reminder in reminders().values():
        labels |= set(reminder.rows(later.date(), later).values_list("page_label", flat=True))
    assert {"cases.signal", "visits.visit", "tenants.tenancy"} <= labels <= opened


def test_work_hangs_only_on_what_takes_work(cast):
    for subject in (cast.signal(), cast.kerkstraat):
        with pytest.raises(TypeError):
            _step(cast, subject=subject)


def test_the_work_on_a_dossier_is_what_one_may_know_of(cast):
    case = cast.case()
    _step(cast, subject=case)
    _step(cast, subject=cast.bos)
    for colleague in (cast.anna, cast.bram, cast.dirk):
        on_it = FollowUp.objects.visible_to(colleague).filter(subject_id=case.pk)
        assert set(work_on(case, colleague)) == set(on_it)
        assert on_it.count() == 2


@pytest.mark.parametrize("rows", [1, 30])
def test_the_same_number_of_queries(client, cast, rows, django_assert_num_queries):
    for number in range(1, rows + 1):
        home = household(dwelling(cast.buurt_noord, "Plein", number), "Vos", by=cast.anna, at=cast.at)
        _step(cast, tenancy=home, kind=FollowUpKind.CALL_BACK)
    _remind(cast)
    client.force_login(cast.anna)
    client.get(URL)

    with django_assert_num_queries(9):
        client.get(URL)


def test_only_signed_in(client):
    assert client.get(URL).status_code == 302
