"""Pages of this room."""

from django.http import Http404, HttpRequest, HttpResponse


def project_list(request: HttpRequest, **kwargs: object) -> HttpResponse:
    """Placeholder."""
    raise Http404


def project_detail(request: HttpRequest, **kwargs: object) -> HttpResponse:
    """Placeholder."""
    raise Http404


def project_phase(request: HttpRequest, **kwargs: object) -> HttpResponse:
    """Placeholder."""
    raise Http404


def intake_reason(request: HttpRequest, **kwargs: object) -> HttpResponse:
    """Placeholder."""
    raise Http404
