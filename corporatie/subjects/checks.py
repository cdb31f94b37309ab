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
