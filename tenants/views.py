"""Pages of this room."""

from django.http import Http404, HttpRequest, HttpResponse


def preference_update(request: HttpRequest, **kwargs: object) -> HttpResponse:
    """Placeholder."""
    raise Http404


def contact_person_create(request: HttpRequest, **kwargs: object) -> HttpResponse:
    """Placeholder."""
    raise Http404
