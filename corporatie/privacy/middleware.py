"""Nothing behind the sign-in stays behind in a browser, a proxy or a log."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django_structlog.middlewares import RequestMiddleware


class NoStoreMiddleware:
    """Pages for someone who is signed in are never stored."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Keep the rest of the chain."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Mark the answer."""
        response = self.get_response(request)
        if request.user.is_authenticated or request.method == "POST":
            response["Cache-Control"] = "no-store"
            response.headers.setdefault("Referrer-Policy", "same-origin")
        return response


class RequestLogMiddleware(RequestMiddleware):
    """One line for each request: the page, never the question behind it, in which a name may have been typed."""

    @staticmethod
    def format_request(request: HttpRequest) -> str:
        """``GET /zoeken/``."""
        return f"{request.method} {request.path}"
