"""Subjects: the hinge between what happened and who may know of it."""

from importlib import import_module

from django.apps import AppConfig
from django.core.checks import Tags, register


class SubjectsConfig(AppConfig):
    """Registers the check that each subject can be hidden and can be opened."""

    name = "corporatie.subjects"

    def ready(self) -> None:
        """Let Django run the check at start-up."""
        register(Tags.models)(import_module("corporatie.subjects.checks").subjects_are_complete)
