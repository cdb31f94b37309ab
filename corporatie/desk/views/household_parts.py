"""What a page about one household asks of every room, in one question."""

from typing import Any

from django.db.models import Case as Choice
from django.db.models import QuerySet, Value, When
from django.db.models.functions import Coalesce, Concat, NullIf, TruncDate
from django.utils import timezone

from cases.models import AttentionFlag, Case, Signal
from corporatie.desk.views.gather import part
from corporatie.work.models import FollowUp
from projects.models import Accommodation, Intake, ProjectDwelling
from projects.states import Phase
from tenants.models import Tenancy
from tenants.states import Channel
from visits import rules as visit_rules
from visits.models import Report, Visit, Wish, last_contact, last_talk

# A call is personal contact; a letter or a mail is not.
PERSONAL = (Channel.PHONE, Channel.DESK, Channel.VISIT, Channel.STREET)
YES = "yes"


def parts_of(tenancy: Tenancy, user: Any) -> list[QuerySet[Any]]:
    """What this colleague may see of a household, of every room, to ask in one question."""
    home = {"tenancy": tenancy}
    first_name = Coalesce(NullIf("person__first_name", Value("")), "person__initials")
    name = Concat(first_name, Value(" "), "person__prefix", Value(" "), "person__last_name")
    visits = Visit.objects.visible_to(user).filter(**home)
    talk = last_talk(tenancy, user)
    return [
        part(
            "person",
            tenancy.memberships.all(),
            key=None,
            one="role",
            two=name,
            three=Coalesce(NullIf("person__mobile", Value("")), "person__phone"),
            four="person__email",
            who="person__language",
        ),
        part(
            "flag",
            AttentionFlag.objects.visible_to(user).active(on=timezone.localdate()).filter(**home),
            one="kind",
            two="instruction",
            on="review_on",
        ),
        part(
            "step",
            FollowUp.objects.visible_to(user).open().filter(**home),
            one="what",
            two="kind",
            three=Choice(When(is_promise=True, then=Value(YES)), default=Value("")),
            four="told_on",
            who="owner__name",
            on="due_on",
        ),
        part(
            "planned",
            visits.planned(),
            one="reason",
            two="purpose",
            three="planned_time",
            who="visitor__name",
            on="planned_on",
        ),
        part("later", visits.filter(elaborate_later=True), who="visitor__name", on=TruncDate("ended_at")),
        part(
            "signal",
            Signal.objects.visible_to(user).open().filter(**home),
            one="type",
            two="severity",
            three="status",
            who="handler__name",
            on="respond_by_on",
        ),
        part(
            "case",
            Case.objects.visible_to(user).open().filter(**home),
            one="type",
            two="status",
            three="next_step__what",
            who="handler__name",
            on="next_due_on",
        ),
        part(
            "handler",
            Case.objects.known_by_handler(user).filter(**home).values("handler__name").distinct(),
            key=None,
            who="handler__name",
        ),
        part("wish", Wish.objects.visible_to(user).filter(**home), key=None, one="text", on=TruncDate("created_at")),
        part(
            "project",
            ProjectDwelling.objects.visible_to(user)
            .filter(dwelling=tenancy.dwelling_id)
            .exclude(project__phase=Phase.FINISHED),
            key="project_id",
            one="project__name",
            two="project__slug",
            three="project__phase",
            on="project__starts_on",
        ),
        part(
            "intake",
            Intake.objects.visible_to(user).filter(**home),
            key="project_id",
            one="answer",
            on=TruncDate("answered_at"),
        ),
        part(
            "instruction",
            Accommodation.objects.visible_to(user)
            .in_force()
            .filter(intake__tenancy=tenancy)
            .exclude(intake__project__phase=Phase.FINISHED),
            key="intake__project_id",
            one="instruction",
            two="importance",
        ),
        part("talk", talk, one="ended_at", who="visitor__name", on=TruncDate("ended_at")),
        part(
            "said",
            Report.objects.visible_to(user).filter(visit__in=talk.values("pk")),
            key=None,
            one="quote",
            two="note",
        ),
        part(
            "call",
            last_contact(tenancy, user, PERSONAL),
            one="happened_at",
            two="channel",
            three="line",
            who="created_by__name",
            on=TruncDate("happened_at"),
        ),
        *_contact_parts(tenancy, user),
    ]


def around(tenancy: Tenancy, user: Any) -> QuerySet[Any]:
    """Who else lives in this home today or comes there, as far as this colleague may see them: when, not who."""
    others = Tenancy.objects.visible_to(user).not_left().filter(dwelling=tenancy.dwelling_id).exclude(pk=tenancy.pk)
    return part("home", others, on="started_on")


def _contact_parts(tenancy: Tenancy, user: Any) -> list[QuerySet[Any]]:
    """Who else we may call is for who visits: an administrator of someone's money tells something."""
    if not visit_rules.may_log_visits(user):
        return []
    key = Choice(When(has_key=True, then=Value(YES)), default=Value(""))
    return [
        part("contact", tenancy.contact_people.all(), key=None, one="name", two="relation", three="phone", four=key)
    ]
