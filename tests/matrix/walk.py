"""Walking every address of the house as every colleague, and writing down what came back.

The addresses come from the resolver, so that a new page cannot be forgotten: it has no line in ``expected.csv`` yet,
and the matrix says so.
"""

import hashlib
import logging
import re
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.contrib.admin import site
from django.core.signals import got_request_exception
from django.db import connection, transaction
from django.test import Client, RequestFactory
from django.test.client import ClientHandler
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils.http import int_to_base36

from corporatie.staff.models import WaitingRole
from tests.matrix.world import ABSENT, World

SAFE = ("GET", "HEAD", "OPTIONS")
OTHERS = ("HEAD", "OPTIONS", "PUT", "PATCH", "DELETE")
# These may change at any answer: who looked, the session of who looks, limits on signing in, the heart of the sweep.
UNGUARDED = {"privacy_access", "django_session", settings.CACHES["default"]["LOCATION"], "work_heartbeat"}
# Tables that hold who, what and when, but never what somebody wrote.
NO_CONTENT = {
    "privacy_access",
    "journal_entry",
    "journal_mention",
    "work_notice",
    "work_outgoingmail",
    "django_admin_log",
    settings.CACHES["default"]["LOCATION"],
}
REFUSED = {"in", "2fa", "403", "404", "405"}

# The first word of a page's name says what stands in its address.
KINDS = {
    "visit": "visit",
    "report": "visit",
    "case": "case",
    "tenancy": "tenancy",
    "preference": "tenancy",
    "contact_person": "tenancy",
    "dwelling": "dwelling",
    "signal": "signal",
    "flag": "flag",
    "follow_up": "follow_up",
    "notice": "notice",
    "alarm": "alarm",
    "duty": "duty",
    "absence": "absence",
    "project": "project",
    "intake": "intake",
    "handed_on": "handed_on",
    "leaving": "colleague",
}
# A dossier is opened from a signal; a roster is of a team.
KIND_OF_NAME = {"case_open": "signal", "duty_create": "team"}
# Pages that take the household from the address (?huishouden=), and the dossier (?dossier=).
ASKS_HOUSEHOLD = {
    "visit_report_create",
    "visit_plan",
    "contact_create",
    "signal_create",
    "case_create",
    "flag_create",
    "follow_up_create",
}
ASKS_CASE = {"visit_plan", "contact_create", "follow_up_create"}
LISTS = {
    "signal_list": ("toon=mijn", "toon=alles", "toon=afgesloten", "toon=gesloten"),
    "case_list": ("toon=team", "toon=klaar", "toon=laat"),
    "today": ("dag=2026-11-25",),
}


@dataclass(frozen=True)
class Endpoint:
    """One address pattern: its name with its place, and the names of what stands in it."""

    name: str
    route: str
    parameters: tuple[str, ...]


@dataclass(frozen=True)
class Target:
    """One address to ask for: whose it is, and the address itself."""

    name: str
    which: str
    url: str


@dataclass
class Answer:
    """What came back, and what it left behind."""

    target: Target
    method: str
    actor: str
    status: str
    code: int
    body: str = ""
    location: str = ""
    title: str = ""
    canaries: frozenset[str] = frozenset()
    written: frozenset[str] = frozenset()
    # The same with how: "+journal_entry".
    how: frozenset[str] = frozenset()
    looks: int = 0
    changed: bool = False
    # Canaries that went into a log or the cache, and those that wait in the session for the next page.
    spilled: frozenset[str] = frozenset()
    in_session: frozenset[str] = frozenset()
    fault: str = ""

    @property
    def cell(self) -> tuple[str, str, str]:
        """The line of the matrix it belongs to."""
        return (self.target.name, self.target.which, self.method)

    @property
    def is_refused(self) -> bool:
        """Nothing was shown and nothing may have happened."""
        return self.status in REFUSED


def endpoints() -> list[Endpoint]:
    """Every address the resolver knows. An address without a name goes by its route."""
    return list(_endpoints(get_resolver(), (), ""))


def _endpoints(resolver: URLResolver, names: tuple[str, ...], route: str) -> Iterator[Endpoint]:
    for pattern in resolver.url_patterns:
        here = route + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _endpoints(pattern, (*names, pattern.namespace) if pattern.namespace else names, here)
        elif isinstance(pattern, URLPattern):
            parameters = tuple(pattern.pattern.converters) or tuple(pattern.pattern.regex.groupindex)
            name = ":".join((*names, pattern.name)) if pattern.name else f"/{here}"
            yield Endpoint(name, here, parameters)


def kind_of(name: str) -> str:
    """What stands in the address of this page. A page with a new first word says here what it is about."""
    if name in KIND_OF_NAME:
        return KIND_OF_NAME[name]
    first = max((word for word in KINDS if name == word or name.startswith(f"{word}_")), key=len, default="")
    if not first:
        raise LookupError(f"say in KINDS what stands in the address of {name}")
    return KINDS[first]


def targets(world: World) -> list[Target]:
    """Every address with every object that tells one colleague from another."""
    return [target for endpoint in endpoints() for target in _targets(endpoint, world)]


def _targets(endpoint: Endpoint, world: World) -> Iterator[Target]:
    name = endpoint.name
    if name.startswith(("admin:", "/beheer/")):
        yield from _of_the_administration(endpoint)
    elif name == "dev_mail_detail":
        yield Target(name, "absent", reverse(name, args=["bestaat-niet.log"]))
    elif name == "account_confirm_email":
        yield Target(name, "absent", reverse(name, args=["geen-sleutel"]))
    elif name == "account_reset_password_from_key":
        user = int_to_base36(world.cast.anna.pk)
        yield Target(name, "absent", reverse(name, kwargs={"uidb36": user, "key": "abc-def"}))
    elif endpoint.parameters:
        (parameter,) = endpoint.parameters
        for which, key in world.objects[kind_of(name)].items():
            yield Target(name, which, reverse(name, kwargs={parameter: key}))
    else:
        yield from _without_object(name, world)


def _without_object(name: str, world: World) -> Iterator[Target]:
    url = reverse(name)
    yield Target(name, "-", url)
    if name in ASKS_HOUSEHOLD:
        for which, key in world.objects["tenancy"].items():
            yield Target(name, f"household {which}", f"{url}?huishouden={key}")
    if name in ASKS_CASE:
        for which, key in world.objects["case"].items():
            yield Target(name, f"case {which}", f"{url}?dossier={key}")
    for query in LISTS.get(name, ()):
        yield Target(name, query, f"{url}?{query}")
    if name == "search":
        for label, text in world.questions().items():
            yield Target(name, label, f"{url}?q={text}")


def _of_the_administration(endpoint: Endpoint) -> Iterator[Target]:
    name = endpoint.name
    if name == "admin:app_list":
        for label in sorted({model._meta.app_label for model in site._registry}):
            yield Target(name, label, reverse(name, args=[label]))
    elif name.startswith("/"):
        # The old road to a row, and the net under everything else.
        known = [model for model in site._registry if f"/{model._meta.app_label}/{model._meta.model_name}/" in name]
        path = f"/beheer/{known[0]._meta.label_lower.replace('.', '/')}/1/" if known else "/beheer/bestaat/niet/"
        yield Target(name, "-", path)
    elif name == "admin:staff_user_role":
        waiting = WaitingRole.objects.get()
        yield Target(name, "row", reverse(name, args=[waiting.user_id, waiting.pk]))
        yield Target(name, "absent", reverse(name, args=[waiting.user_id, 0]))
    elif endpoint.parameters:
        app, model_name, _verb = name.removeprefix("admin:").rsplit("_", 2)
        model = next(each for each in site._registry if each._meta.label_lower == f"{app}.{model_name}")
        row = model._default_manager.order_by("pk").first()
        yield Target(name, "row", reverse(name, args=[row.pk if row else 1]))
        yield Target(name, "absent", reverse(name, args=[ABSENT]))
    else:
        yield Target(name, "-", reverse(name))


# --- Looking at the tables ---------------------------------------------------------------------------------------
def tables() -> list[str]:
    """Every table there is."""
    with connection.cursor() as cursor:
        return sorted(connection.introspection.table_names(cursor))


def raw_rows(table: str) -> list[tuple[Any, ...]]:
    """The rows as they lie on disk: no field decrypts or converts anything."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608  (names come from the database)
        return cursor.fetchall()


def fingerprint(names: list[str]) -> str:
    """One number over all rows of these tables."""
    digest = hashlib.blake2b()
    for table in names:
        digest.update(table.encode())
        for row in sorted(map(repr, raw_rows(table))):
            digest.update(row.encode())
    return digest.hexdigest()


# Also what is inserted or updated by a question that stands before it (WITH … INSERT INTO).
_WRITES = re.compile(
    r'^\s*(?:WITH\b.*?\b)?(INSERT(?: OR \w+)? INTO|UPDATE|DELETE FROM|REPLACE INTO)\s+"?(\w+)"?',
    re.IGNORECASE | re.DOTALL,
)
# What can change no row. Anything else is looked into.
_READS = re.compile(r"^\s*(SELECT|SAVEPOINT|RELEASE|ROLLBACK|SET)\b", re.IGNORECASE)
SIGNS = {"I": "+", "R": "+", "U": "~", "D": "-"}


class Written(list[str]):
    """The tables that were written to, in order, and what went into those that hold no content."""

    def __init__(self) -> None:
        """Nothing yet."""
        super().__init__()
        self.kept: list[str] = []
        # The table with a sign: + a row came, ~ it changed, - it went.
        self.how: list[str] = []
        self.only_reads = True


@contextmanager
def writes() -> Iterator[Written]:
    """The tables that are written to meanwhile."""
    seen = Written()

    def watch(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        seen.only_reads = seen.only_reads and bool(_READS.match(sql))
        found = _WRITES.match(sql)
        if found:
            verb, table = found.groups()
            seen.append(table)
            seen.how.append(SIGNS[verb[0].upper()] + table)
            if table in NO_CONTENT:
                seen.kept.append(f"{sql} {params}")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(watch):
        yield seen


# --- Asking -----------------------------------------------------------------------------------------------------
@dataclass
class Lines(logging.Handler):
    """Every line that is logged, as text."""

    text: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        """A handler that hears everything from INFO on."""
        super().__init__(logging.INFO)

    def emit(self, record: logging.LogRecord) -> None:
        """Keep the words and whatever hangs on them."""
        self.text.append(f"{record.getMessage()} {record.__dict__}")

    __hash__ = object.__hash__


class Walker:
    """Asks one address as one colleague; nothing of it stays in the database."""

    def __init__(self, world: World) -> None:
        """Sign everyone in once."""
        self.world = world
        self.tables = [name for name in tables() if name not in UNGUARDED]
        self.cookies: dict[str, str] = {}
        # The handler itself: the client of the test suite copies the context of every template it renders.
        self.factory = RequestFactory()
        self.handler = ClientHandler(enforce_csrf_checks=False)
        self.handler.load_middleware()
        for name, user in world.actors.items():
            client = Client()
            if user is not None:
                client.force_login(user)
            cookie = client.cookies.get(settings.SESSION_COOKIE_NAME)
            self.cookies[name] = cookie.value if cookie else ""
        self.before = fingerprint(self.tables)
        folded = {name: _folded(word) for name, word in world.canaries.items()}
        self.words = {word: name for name, word in folded.items()}
        self.pattern = re.compile("|".join(map(re.escape, sorted(self.words, key=len, reverse=True))))

    def ask(self, actor: str, target: Target, method: str, data: dict[str, Any] | None = None) -> Answer:
        """The answer to one request, after which the database is as it was."""
        request = self.factory.generic(method, target.url) if data is None else self.factory.post(target.url, data)
        request._dont_enforce_csrf_checks = True
        if self.cookies[actor]:
            request.COOKIES[settings.SESSION_COOKIE_NAME] = self.cookies[actor]
        faults: list[str] = []

        def note(**kwargs: Any) -> None:
            faults.append(_words_of(*sys.exc_info()))

        got_request_exception.connect(note)
        try:
            with transaction.atomic():
                answer = self._answer(request, target, method, actor)
                answer.fault = " ".join(faults)
                transaction.set_rollback(True)
        finally:
            got_request_exception.disconnect(note)
        return answer

    def _answer(self, request: Any, target: Target, method: str, actor: str) -> Answer:
        with writes() as written:
            response = self.handler.get_response(request)
            answer = self._read(response, target, method, actor, written)
        session = dict(request.session) if hasattr(request, "session") else {}
        answer.spilled = self.found(str(written.kept))
        answer.in_session = self.found(str(session))
        if answer.is_refused and method not in SAFE and not written.only_reads:
            answer.changed = fingerprint(self.tables) != self.before
        return answer

    def _read(self, response: Any, target: Target, method: str, actor: str, written: Written) -> Answer:
        content = b"".join(response.streaming_content) if response.streaming else response.content
        body = content.decode(errors="replace")
        title = re.search(r"<title>(.*?)</title>", body, re.DOTALL)
        location = response.headers.get("Location", "")
        return Answer(
            target=target,
            method=method,
            actor=actor,
            status=_status(response.status_code, location),
            code=response.status_code,
            body=body,
            location=location,
            title=title.group(1) if title else "",
            canaries=self.found(body),
            written=frozenset(written) - UNGUARDED,
            how=frozenset(how for how in written.how if how[1:] not in UNGUARDED),
            looks=written.count("privacy_access"),
        )

    def found(self, text: str) -> frozenset[str]:
        """The names of the canaries in this text, whatever capitals, spaces or dashes it is written with."""
        return frozenset(self.words[word] for word in self.pattern.findall(_folded(text)))


def _words_of(kind: Any, problem: Any, trace: Any) -> str:
    last = traceback.extract_tb(trace)[-1]
    return f"{kind.__name__}: {problem} ({last.filename}:{last.lineno})"


def _status(code: int, location: str) -> str:
    """The answer in one word: a number, ``in`` for the sign-in page, ``2fa`` for setting up the second factor."""
    if code in (301, 302):
        if location.startswith(reverse("account_login")):
            return "in"
        if location.startswith(reverse("mfa_activate_totp")):
            return "2fa"
        return "302"
    return str(code)


_JOINERS = re.compile(r"[\s()\-\u2011\u00a0]+")


def _folded(text: str) -> str:
    # A phone number shows as 06 17 90 00 12: without what stands between, and without the country.
    return _JOINERS.sub("", text.lower()).replace("+31", "0").replace("&nbsp;", "")
