"""Pages of this room."""

from django.http import Http404, HttpRequest, HttpResponse


def today(request: HttpRequest, **kwargs: object) -> HttpResponse:
    """Placeholder."""
    raise Http404


def visit_report_create(request: HttpRequest, **kwargs: object) -> HttpResponse:
    """Placeholder."""
    raise Http404


def visit_report_file(request: HttpRequest, **kwargs: object) -> HttpResponse:
    """Placeholder."""
    raise Http404


def style_guide(request: HttpRequest, **kwargs: object) -> HttpResponse:
    """Placeholder."""
    raise Http404
