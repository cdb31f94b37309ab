"""Times pages in a process of its own, as a worker serves them: ``python -m tests.bench.serving COLLEAGUE URL…``.

In the process of a test the same pages take half as long again, and the floor does not. Prints one number for each
address, in milliseconds: the middle of many, after a warm-up.
"""

import statistics
import sys
import time
from functools import lru_cache

import django
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.db import connection
from django.http import HttpResponse
from django.template import engines
from django.test import Client
from django.urls import include, path

ROUNDS = 40
WARM_UP = 5
ROW = (
    "<!doctype html><title>x</title><table>{% for row in rows %}<tr><td>{{ row.0 }}</td>"
    '<td><a href="{{ row.1 }}/">{{ row.2 }}</a> {{ row.3 }}</td><td>{{ row.4 }} {{ row.5 }}</td>'
    '<td>{{ row.6|date:"D j M" }} {{ row.6|time:"H:i" }}</td><td>{{ row.7|date:"D j M" }}</td><td>{{ row.8 }}</td></tr>'
    "{% endfor %}</table>"
)


@login_required
def floor(request):
    """The least a page of 25 rows can cost: session, colleague, one statement along an index, one template.

    Of each row it shows what the list of signals shows, as bare cells: in the performance guide too its template is
    half of its time.
    """
    request.user.name  # noqa: B018  (the middleware looks the colleague up)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT s.severity, s.id, d.address, t.name, s.type, s.source, s.created_at, s.respond_by_on, u.name "
            "FROM cases_signal s JOIN tenants_tenancy t ON t.id = s.tenancy_id "
            "JOIN tenants_dwelling d ON d.id = t.dwelling_id LEFT JOIN staff_user u ON u.id = s.handler_id "
            "WHERE s.status IN ('new', 'taken_up') ORDER BY s.severity DESC, s.respond_by_on, s.id LIMIT 25"
        )
        rows = cursor.fetchall()
    return HttpResponse(template().render({"rows": rows}))


@lru_cache
def template():
    """The rows of the floor, read once."""
    return engines["django"].from_string(ROW)


def milliseconds(client, url):
    """The middle of many requests to this address."""
    times = []
    for number in range(ROUNDS + WARM_UP):
        start = time.perf_counter()
        response = client.get(url)
        if number >= WARM_UP:
            times.append((time.perf_counter() - start) * 1000)
        assert response.status_code == 200, (url, response.status_code)
    return statistics.median(times)


def main(colleague, urls):
    """Sign in as this colleague and time each page."""
    from corporatie.staff.models import User

    settings.SECOND_FACTOR_REQUIRED = False
    settings.ROOT_URLCONF = "tests.bench.serving"
    client = Client()
    client.force_login(User.objects.get(pk=colleague))
    for url in urls:
        print(milliseconds(client, url))


if __name__ == "__main__":
    django.setup()
    main(sys.argv[1], sys.argv[2:])
else:
    # The addresses of the process above: the floor, and everything there is.
    urlpatterns = [path("floor/", floor), path("", include("corporatie.urls"))]
