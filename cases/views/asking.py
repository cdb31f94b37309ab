"""What all pages of this room do the same way: ask one question, go on by key."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from tenants.models import Tenancy

PAGE = 25


@dataclass
class Question:
    """A page with one short form about a household."""

    heading: str
    submit: str
    back_url: str
    back_label: str
    intro: str = ""
    warning: str = ""


def ask(request: HttpRequest, *, form: forms.Form, tenancy: Tenancy, question: Question) -> HttpResponse:
    """Show the form; a refused one with what was typed and what is wrong."""
    context = {"form": form, "tenancy": tenancy, "question": question}
    return render(request, "cases/question.html", context, status=422 if form.errors else 200)


@dataclass
class Chip:
    """One filter of a list."""

    url: str
    text: Any
    count: str
    is_current: bool


def chips(
    view: str, names: dict[str, Any], *, counts: dict[str, str], current: str, parameter: str = "toon"
) -> list[Chip]:
    """The filters of a list as plain links; the first one is the list itself."""
    first = next(iter(names))
    return [
        Chip(
            reverse(view) + ("" if name == first else "?" + urlencode({parameter: name})),
            text,
            counts.get(name, ""),
            name == current,
        )
        for name, text in names.items()
    ]


def further(request: HttpRequest, key: str) -> str:
    """The address of the next part of this list."""
    query = request.GET.copy()
    query["na"] = key
    query.pop("kies", None)
    return f"{request.path}?{query.urlencode()}"


def from_the_start(request: HttpRequest) -> str:
    """The address of the first part of this list, when we are further on."""
    query = request.GET.copy()
    if not query.pop("na", None):
        return ""
    query.pop("kies", None)
    return f"{request.path}?{query.urlencode()}" if query else request.path
