"""What the framework answers with an empty page, and the house with one that leads on."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

NOT_ALLOWED = 405


class NotAllowedMiddleware:
    """An address that only takes what a button sends, opened as a page: says so, with the way home."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Keep the rest of the chain."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The same answer, with words in it."""
        response = self.get_response(request)
        if response.status_code != NOT_ALLOWED or response.content:
            return response
        page = render(request, "405.html", status=NOT_ALLOWED)
        page["Allow"] = response["Allow"]
        return page
