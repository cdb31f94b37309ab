"""A subject that cannot be hidden or opened is refused at start-up."""

from typing import Any

from django.core.checks import CheckMessage, Error

from corporatie.subjects.models import Subject, SubjectQuerySet, subject_models


def subjects_are_complete(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:  # noqa: ARG001
    """Each subject has its own ``visible_to`` and its own page."""
    messages: list[CheckMessage] = []
    for model in subject_models():
        queryset = type(model._default_manager.all())
        if getattr(queryset, "visible_to", SubjectQuerySet.visible_to) is SubjectQuerySet.visible_to:
            messages.append(
                Error(
                    f"{model.__name__} does not say who may see it.",
                    hint="Give its queryset a visible_to(user).",
                    obj=model,
                    id="keukentafel.E101",
                )
            )
        if (model.holds_work or model.gives_notice) and not _says("who_may_open", model):
            messages.append(
                Error(
                    f"{model.__name__} holds work or gives notice, and does not say to whom.",
                    hint="Give it a who_may_open(key, at=…).",
                    obj=model,
                    id="keukentafel.E103",
                )
            )
        if model.holds_work and not (_says("is_worked_on_by", model) and _says("who_works_on", model)):
            messages.append(
                Error(
                    f"{model.__name__} holds work, and does not say who changes it.",
                    hint="Give it an is_worked_on_by(user) and a who_works_on(key, at=…).",
                    obj=model,
                    id="keukentafel.E104",
                )
            )
        if model.get_absolute_url is Subject.get_absolute_url:
            messages.append(
                Error(
                    f"{model.__name__} has no page.",
                    hint="Give it a get_absolute_url().",
                    obj=model,
                    id="keukentafel.E102",
                )
            )
    return messages


def _says(name: str, model: type[Subject]) -> bool:
    """Whether the kind of subject answers this itself."""
    return any(name in vars(base) for base in model.__mro__ if base is not Subject)
