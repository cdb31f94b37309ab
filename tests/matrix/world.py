"""One small world with something of everything in it, and a canary in every text someone could be hurt by.

A canary is a word that stands nowhere else, so that a search through pages, mails, logs and tables finds every leak.
"""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID, uuid4

from django.core import mail

from cases import actions as cases
from cases.models import AttentionFlag, CaseReader
from cases.states import CaseResult, FlagKind, Severity, SignalType
from corporatie.desk.actions import IntakeLine, log_talk
from corporatie.staff.models import Absence, AccountChange, Team, User, WaitingRole
from corporatie.staff.states import AccountChangeKind
from corporatie.work import actions as work
from corporatie.work.models import Alarm, ChoiceSetting, Duty, HandedOn, HouseText, Notice, SpecialDay
from corporatie.work.reminders import sweep
from corporatie.work.states import AlarmKind, Shift, TextKey
from projects import actions as projects
from projects.models import Intake
from projects.states import AccommodationCode, IntakeAnswer, MemberRole, Phase
from tenants import actions as tenants
from tenants.models import Person
from tenants.states import Channel, ContactRelation, MembershipRole
from tests.cast import Cast, colleague, dwelling
from visits import actions as visits
from visits.states import AreaAnswer, Direction, LifeArea, Mood, Outcome, VisitReason

ABSENT = UUID("00000000-0000-4000-8000-000000000000")


@dataclass
class World:
    """The cast, what they made, and the canaries."""

    cast: Cast
    canaries: dict[str, str] = field(default_factory=dict)
    # kind of page -> which one -> what stands in the address
    objects: dict[str, dict[str, object]] = field(default_factory=dict)
    # What the sweep sent out.
    mails: list[mail.EmailMessage] = field(default_factory=list)

    @classmethod
    def make(cls, at: datetime) -> "World":
        """Everything, in the order in which it would happen."""
        world = cls(Cast.make(at))
        world.colleagues()
        world.households()
        world.signals_and_cases()
        world.flags()
        world.project()
        world.talks()
        world.zuid()
        world.closed_things()
        world.settings()
        sent = len(mail.outbox)
        sweep(at=at)
        work.send_mails(clock=lambda: at)
        world.mails = mail.outbox[sent:]
        world.roster()
        world.notices()
        world.goodbyes()
        return world

    def goodbyes(self) -> None:
        """Bram gets a promise of Anna's, and is asked to take over one of her dossiers."""
        cast = self.cast
        extra = work.add_follow_up(
            tenancy=cast.bos,
            subject=cast.bos,
            what="Klein",
            owner=cast.anna,
            due_on=cast.at.date(),
            by=cast.anna,
            at=cast.at,
        )
        given = {f"action-{extra.pk}": cast.bram.pk, f"case-{self.case.pk}": cast.bram.pk}
        work.divide_work(holder=cast.anna, choices=given, by=User.objects.get(pk=cast.dirk.pk), at=cast.at)
        self.keep("colleague", "own", cast.anna)
        self.keep("colleague", "other", cast.carla)
        self.keep("colleague", "left", self.left)
        self.keep("colleague", "absent", cast.anna, 999_999)
        self.keep("handed_on", "brams", HandedOn.objects.get(holder=cast.anna, created_by=cast.dirk))
        self.keep("handed_on", "absent", cast.anna, ABSENT)

    def canary(self, name: str) -> str:
        """A word that stands nowhere else."""
        word = f"Zq{len(self.canaries):02d}{''.join(reversed(name.replace('_', '')))}qz"
        self.canaries[name] = word
        return word

    def number(self, name: str) -> str:
        """A phone number that stands nowhere else."""
        number = f"+316179{len(self.canaries):05d}"
        self.canaries[name] = number
        return number

    def keep(self, kind: str, which: str, row: object, key: object = None) -> None:
        """Remember what stands in the address of this row's page."""
        self.objects.setdefault(kind, {})[which] = key if key is not None else row.pk

    # --- Who ---------------------------------------------------------------------------------------
    def colleagues(self) -> None:
        """Beside the cast: someone who left, and a role that waits for a second administrator."""
        WaitingRole.objects.create(
            user=self.cast.mila, role="team_lead", asked_by=self.cast.hans, asked_at=self.cast.at
        )
        self.left: User = colleague("Loes Vertrokken", "housing_consultant", team=self.cast.noord)
        self.actors: dict[str, User | None] = {
            "anonymous": None,
            "left": self.left,
            **{
                name: getattr(self.cast, name)
                for name in ("anna", "bram", "carla", "wim", "rachid", "petra", "dirk", "olga", "mila", "hans")
            },
        }

    def households(self) -> None:
        """Bos in Noord with everything about a person; an earlier household in the same home."""
        cast = self.cast
        person = cast.bos.memberships.get().person
        for name, value in {
            "first_name": self.canary("first_name"),
            "last_name": self.canary("last_name"),
            "prefix": self.canary("prefix")[:30],
            "initials": self.canary("initials")[:20],
            "email": f"{self.canary('email')}@voorbeeld.example",
            "phone": self.number("phone"),
            "mobile": self.number("mobile"),
            "salutation": "ms",
        }.items():
            setattr(person, name, value)
        person.save()
        tenants.refresh_household(tenancy=cast.bos)
        tenants.add_contact_person(
            tenancy=cast.bos,
            name=self.canary("contact_name"),
            relation=ContactRelation.INFORMAL_CARER,
            phone=self.number("contact_phone"),
            has_key=True,
            by=cast.anna,
            at=cast.at,
        )
        home = dwelling(cast.buurt_noord, "Kerkstraat", 49)
        earlier = tenants.start_tenancy(
            dwelling=home,
            started_on=date(2010, 1, 1),
            people=[(MembershipRole.TENANT, Person.objects.create(last_name=self.canary("earlier_name")))],
            by=cast.anna,
            at=cast.at,
        )
        tenants.end_tenancy(tenancy=earlier, ended_on=date(2019, 5, 31), by=cast.anna, at=cast.at)
        self.next_door = tenants.start_tenancy(
            dwelling=home,
            started_on=date(2019, 6, 1),
            people=[(MembershipRole.TENANT, Person.objects.create(last_name="Buren"))],
            by=cast.anna,
            at=cast.at,
        )
        self.keep("tenancy", "own", cast.bos)
        self.keep("tenancy", "other", cast.kaya)
        self.keep("tenancy", "closed", earlier)
        self.keep("dwelling", "own", cast.kerkstraat)
        self.keep("dwelling", "other", cast.molenweg)

    # --- What may be wrong --------------------------------------------------------------------------------
    def signals_and_cases(self) -> None:
        """One of each kind: of the team, secret, and handed to someone who sees only her own."""
        cast = self.cast
        signal = cast.signal(by=cast.bram, seen=self.canary("signal_seen"), thought=self.canary("signal_thought"))
        secret = cast.signal(
            by=cast.bram,
            type=SignalType.CHILDREN,
            seen=self.canary("secret_signal_seen"),
            thought=self.canary("secret_signal_thought"),
            severity=Severity.HIGH,
        )
        wims = cast.signal(by=cast.wim, seen=self.canary("wims_signal_seen"), type=SignalType.FIRE)
        self.keep("signal", "own", signal)
        self.keep("signal", "secret", secret)
        self.keep("signal", "wims", wims)

        self.case = cast.case(
            goal=self.canary("case_goal"),
            problem_owner_name=self.canary("problem_owner_name"),
            first_step=cast.step(what=self.canary("case_first_step"), days=-1),
        )
        cases.take_step(
            case=self.case,
            following=cast.step(what=self.canary("case_step"), days=0),
            note=self.canary("case_step_note"),
            by=cast.anna,
            at=cast.at,
        )
        inner = cast.signal(by=cast.bram, seen=self.canary("attached_signal_seen"))
        cases.attach_signal(signal=inner, case=self.case, by=cast.anna, at=cast.at)
        self.secret_case = cast.case(
            by=cast.bram,
            types=(SignalType.CONFUSION,),
            goal=self.canary("secret_case_goal"),
            first_step=cast.step(cast.bram, what=self.canary("secret_case_step"), days=0),
        )
        wims_case = cast.case(
            by=cast.anna,
            types=(SignalType.FILTH,),
            handler=cast.wim,
            goal=self.canary("wims_case_goal"),
            first_step=cast.step(cast.wim, what=self.canary("wims_case_step"), days=0),
        )
        CaseReader.objects.create(case=wims_case, user=cast.rachid)
        self.keep("case", "own", self.case)
        self.keep("case", "secret", self.secret_case)
        self.keep("case", "wims", wims_case)
        self.keep("follow_up", "step", self.case.next_step)
        self.keep("follow_up", "secret", self.secret_case.next_step)

    def flags(self) -> None:
        """What someone at the door must do, and why: two things."""
        cast = self.cast
        flag = cases.decide_flag(
            tenancy=cast.bos,
            kind=FlagKind.TWO_VISITORS,
            instruction=self.canary("flag_instruction"),
            reason=self.canary("flag_reason"),
            review_on=cast.at.date() + timedelta(days=200),
            told_on=None,
            not_told_because=self.canary("flag_not_told"),
            by=cast.dirk,
            at=cast.at,
        )
        ended = cases.decide_flag(
            tenancy=cast.bos,
            kind=FlagKind.DOG,
            instruction=self.canary("ended_flag_instruction"),
            reason="",
            review_on=cast.at.date() + timedelta(days=100),
            told_on=cast.at.date(),
            by=cast.dirk,
            at=cast.at,
        )
        cases.end_flag(flag=ended, by=cast.dirk, at=cast.at)
        self.keep("flag", "own", flag)
        self.keep("flag", "closed", ended)

    # --- What was said ----------------------------------------------------------------------------------------
    def talks(self) -> None:
        """Planned, held, for a secret dossier, and by those who read only their own reports."""
        cast = self.cast
        with_two = {"second_visitor": cast.bram}
        planned = cast.visit(purpose=self.canary("visit_purpose"), planned_time=time(14, 0), **with_two)
        self.keep("visit", "own", planned)
        held = visits.file_report(
            client_uuid=uuid4(),
            tenancy=cast.bos,
            talk=visits.Talk(
                mood=Mood.WORRY,
                quote=self.canary("report_quote"),
                note=self.canary("report_note"),
                topics=[
                    visits.TopicLine(
                        LifeArea.MONEY,
                        AreaAnswer.HELP,
                        said=self.canary("topic_said"),
                        thought=self.canary("topic_thought"),
                    )
                ],
                promises=[visits.Promise(self.canary("promise"), cast.at.date(), cast.anna)],
                actions=[visits.Action(self.canary("action"), cast.at.date(), cast.bram)],
                wishes=[self.canary("wish")],
                worry=visits.Worry(
                    client_uuid=uuid4(), type=SignalType.MONEY, seen=self.canary("worry_seen"), severity=Severity.MEDIUM
                ),
            ),
            by=cast.anna,
            at=cast.at - timedelta(days=3),
        )
        visits.add_response(report=held.report, text=self.canary("response"), by=cast.anna, at=cast.at)
        self.keep("visit", "held", held)
        self.keep("signal", "worry", held.report.signal)
        self.keep("follow_up", "own", held.tenancy.follow_ups.get(is_promise=True))
        for name in ("wim", "rachid"):
            theirs = visits.file_report(
                client_uuid=uuid4(),
                tenancy=cast.bos,
                talk=visits.Talk(note=self.canary(f"{name}s_report_note")),
                by=getattr(cast, name),
                at=cast.at - timedelta(days=2),
            )
            self.keep("visit", f"{name}s", theirs)
        secret = cast.visit(
            by=cast.bram,
            second_visitor=cast.dirk,
            case=self.secret_case,
            purpose=self.canary("secret_visit_purpose"),
            on=cast.at.date() + timedelta(days=1),
        )
        visits.file_report(
            client_uuid=uuid4(),
            tenancy=cast.bos,
            visit=secret,
            talk=visits.Talk(outcome=Outcome.TALKED, note=self.canary("secret_report_note")),
            by=cast.bram,
            at=cast.at,
        )
        self.keep("visit", "secret", secret)
        for name, case in (("contact_line", None), ("secret_contact_line", self.secret_case)):
            visits.log_contact(
                client_uuid=uuid4(),
                tenancy=cast.bos,
                case=case,
                channel=Channel.PHONE,
                direction=Direction.IN,
                line=self.canary(name),
                happened_at=cast.at - timedelta(minutes=1),
                by=cast.bram,
                at=cast.at,
            )

    def project(self) -> None:
        """Kerkstraat, led by Petra, with Rachid; one instruction may be passed on, one may not."""
        cast = self.cast
        project = cast.project(cast.kerkstraat, self.next_door.dwelling, starts_on=date(2027, 3, 1))
        self.keep("project", "own", project, project.slug)
        # She knows the household through her project.
        petras = cast.signal(by=cast.petra, seen=self.canary("petras_signal_seen"), type=SignalType.NUISANCE)
        self.keep("signal", "petras", petras)
        shared = projects.TakeIntoAccount(
            AccommodationCode.DUST, self.canary("shared_instruction"), resident_ok_to_share=True
        )
        kept = projects.TakeIntoAccount(AccommodationCode.NOISE, self.canary("kept_instruction"))
        log_talk(
            client_uuid=uuid4(),
            tenancy=cast.bos,
            talk=visits.Talk(note=self.canary("intake_report_note")),
            intake=IntakeLine(
                project=project,
                answer=IntakeAnswer.YES,
                take_into_account=[shared, kept],
                reason=self.canary("reason_of_rachid"),
            ),
            by=cast.rachid,
            at=cast.at - timedelta(minutes=2),
        )
        next_door = log_talk(
            client_uuid=uuid4(),
            tenancy=self.next_door,
            talk=visits.Talk(note=self.canary("next_door_report_note")),
            intake=IntakeLine(
                project=project,
                answer=IntakeAnswer.YES,
                take_into_account=[projects.TakeIntoAccount(AccommodationCode.WARMTH, "Nooit langer dan een uur koud")],
                reason=self.canary("reason_of_anna"),
            ),
            by=cast.anna,
            at=cast.at - timedelta(days=1),
        )
        self.keep("visit", "next door", next_door)
        self.keep("intake", "own", Intake.objects.get(tenancy=cast.bos))
        self.keep("intake", "annas", Intake.objects.get(tenancy=self.next_door))

    # --- The other team -------------------------------------------------------------------------------------------
    def zuid(self) -> None:
        """The same of everything for Kaya in Zuid, made by Carla."""
        cast = self.cast
        person = cast.kaya.memberships.get().person
        person.last_name, person.mobile = self.canary("zuid_name"), self.number("zuid_mobile")
        person.save()
        tenants.refresh_household(tenancy=cast.kaya)
        by = {"by": cast.carla, "at": cast.at}
        signal = cast.signal(cast.kaya, by=cast.carla, seen=self.canary("zuid_signal_seen"))
        case = cast.case(
            cast.kaya,
            by=cast.carla,
            goal=self.canary("zuid_case_goal"),
            first_step=cast.step(cast.carla, what=self.canary("zuid_case_step"), days=0),
        )
        # Nobody leads Zuid now; who did decided on it.
        cast.zuid.members.add(cast.dirk)
        flag = cases.decide_flag(
            tenancy=cast.kaya,
            kind=FlagKind.INTERPRETER,
            instruction=self.canary("zuid_flag_instruction"),
            reason=self.canary("zuid_flag_reason"),
            review_on=cast.at.date() + timedelta(days=90),
            told_on=cast.at.date(),
            by=cast.dirk,
            at=cast.at,
        )
        cast.zuid.members.remove(cast.dirk)
        AttentionFlag.objects.filter(pk=flag.pk).update(decided_by=cast.carla)
        visit = cast.visit(cast.kaya, by=cast.carla, purpose=self.canary("zuid_visit_purpose"))
        project = cast.project(
            cast.molenweg,
            members=[(cast.carla, MemberRole.CONSULTANT)],
            name="Molenweg 1–20",
            slug="molenweg",
            phase=Phase.DEFINITION,
        )
        log_talk(
            client_uuid=uuid4(),
            tenancy=cast.kaya,
            talk=visits.Talk(
                note=self.canary("zuid_report_note"),
                promises=[visits.Promise(self.canary("zuid_promise"), cast.at.date(), cast.carla)],
            ),
            intake=IntakeLine(
                project=project,
                answer=IntakeAnswer.YES,
                take_into_account=[
                    projects.TakeIntoAccount(
                        AccommodationCode.DUST, self.canary("zuid_instruction"), resident_ok_to_share=True
                    )
                ],
                reason=self.canary("zuid_reason"),
            ),
            **by,
        )
        for kind, row in {"signal": signal, "case": case, "flag": flag, "visit": visit}.items():
            self.keep(kind, "other", row)
        self.keep("project", "other", project, project.slug)
        self.keep("intake", "other", Intake.objects.get(tenancy=cast.kaya))
        self.keep("follow_up", "other", cast.kaya.follow_ups.get(is_promise=True))

    def closed_things(self) -> None:
        """What is over: a signal, a dossier, a promise, a project."""
        cast = self.cast
        signal = cast.signal(by=cast.bram, seen="Radio op het balkon.")
        cases.close_signal(signal=signal, explanation=self.canary("explanation"), by=cast.anna, at=cast.at)
        case = cast.case(types=(SignalType.NUISANCE,), goal="Rust op de trap")
        cases.close_case(
            case=case,
            result=CaseResult.NO_ACTION,
            summary=self.canary("closing_summary"),
            told_on=cast.at.date(),
            by=cast.anna,
            at=cast.at,
        )
        done = work.add_follow_up(
            tenancy=cast.bos,
            subject=cast.bos,
            what=self.canary("done_action"),
            owner=cast.anna,
            due_on=cast.at.date(),
            by=cast.anna,
            at=cast.at,
        )
        work.finish_follow_up(follow_up=done, note=self.canary("done_note"), by=cast.anna, at=cast.at)
        over = cast.visit(reason=VisitReason.TALK, second_visitor=cast.bram, on=cast.at.date() - timedelta(days=9))
        visits.end_visit(
            visit=over, client_uuid=uuid4(), outcome=Outcome.NOBODY_HOME, by=cast.anna, at=cast.at - timedelta(days=9)
        )
        finished = cast.project(self.next_door.dwelling, name="Kerkstraat daken", slug="daken", phase=Phase.FINISHED)
        self.keep("signal", "closed", signal)
        self.keep("case", "closed", case)
        self.keep("follow_up", "closed", done)
        self.keep("visit", "closed", over)
        self.keep("project", "closed", finished, finished.slug)

    # --- The rest -------------------------------------------------------------------------------------------------
    def settings(self) -> None:
        """A row in each table of the administration."""
        SpecialDay.objects.create(on=date(2026, 12, 24), name="Brugdag")
        HouseText.objects.create(key=TextKey.SIGNAL_ADVICE, text="Wij kijken ernaar.")
        ChoiceSetting.objects.create(list="signal_source", choice="anonymous", is_offered=False)
        AccountChange.objects.create(
            colleague=self.cast.wim, by=self.cast.hans, kind=AccountChangeKind.PASSWORD, at=self.cast.at
        )

    def questions(self) -> dict[str, str]:
        """What people type into the search box: by name, by number, by address, of both teams."""
        # A part of each word only, so that the question, which stands on the page again, is no find by itself.
        return {
            "q name": self.canaries["last_name"][:9],
            "q phone": "0" + self.canaries["mobile"][3:-1],
            "q street": "Kerkstraat",
            "q address": "Kerkstraat 47",
            "q text": self.canaries["report_note"][:9],
            "q zuid name": self.canaries["zuid_name"][:9],
            "q zuid street": "Molenweg",
            "q project": "daken",
        }

    def roster(self) -> None:
        """Somebody on duty for each team and for both; an absence that is to come."""
        cast = self.cast
        for which, team in {"own": cast.noord, "other": cast.zuid}.items():
            self.keep("team", which, team)
        for which, team, user in (("own", cast.noord, cast.anna), ("other", cast.zuid, cast.carla)):
            self.keep("duty", which, self._on_duty(team, user, Shift.OFFICE))
        self.keep("duty", "everybody", self._on_duty(None, cast.carla, Shift.WEEKEND))
        day = cast.at.date() + timedelta(days=30)
        absence = Absence.objects.create(user=cast.anna, substitute=cast.carla, from_on=day, until_on=day)
        self.keep("absence", "annas", absence)

    def _on_duty(self, team: Team | None, user: User, shift: Shift) -> Duty:
        days = {"from_on": date(2026, 11, 1), "until_on": date(2026, 12, 31)}
        duty = Duty(id=UUID(int=1 + Duty.objects.count()), team=team, user=user, shift=shift, **days)
        work.plan_duty(duty=duty, by=self.cast.hans, at=self.cast.at)
        return duty

    def notices(self) -> None:
        """One notice of Anna's, one of Carla's; someone who left is switched off last."""
        self.keep("notice", "own", Notice.objects.filter(recipient=self.cast.anna).first())
        self.keep("notice", "other", Notice.objects.filter(recipient=self.cast.carla).first())
        for which, kind, team in (
            ("own", AlarmKind.NOBODY, self.cast.noord),
            ("other", AlarmKind.NOBODY, self.cast.zuid),
            ("mail", AlarmKind.MAIL, None),
        ):
            alarm, _known = Alarm.objects.update_or_create(
                kind=kind, team=team, defaults={"number": 3, "since_on": self.cast.at.date()}
            )
            self.keep("alarm", which, alarm)
        for kind, absent in {"notice": 999_999, "team": 999_999, "absence": 999_999, "project": "bestaat-niet"}.items():
            self.objects[kind]["absent"] = absent
        for which in self.objects.values():
            which.setdefault("absent", ABSENT)
        User.objects.filter(pk=self.left.pk).update(is_active=False)


def moment() -> datetime:
    """When the world is looked at: the cast's quiet Tuesday."""
    return datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
