"""Every icon that a page or a menu names is in the sprite, and the sprite holds each icon once."""

import re

from django.conf import settings

ROOT = settings.BASE_DIR
SPRITE = (ROOT / "static/img/icons.svg").read_text()
IN_SPRITE = re.findall(r'<symbol id="i-([a-z-]+)"', SPRITE)
ROOMS = ("corporatie", "tenants", "cases", "visits", "projects")


def _named() -> dict[str, str]:
    """Each icon named in a template, with the template."""
    named = {}
    for path in sorted((ROOT / "templates").rglob("*.html")):
        text = re.sub(r"\{% comment %\}.*?\{% endcomment %\}", "", path.read_text(), flags=re.DOTALL)
        for name in re.findall(r'\{% icon "([^"]+)"', text) + re.findall(r'\bicon="([^"]+)"', text):
            named[name] = path.name
    return named


def test_the_sprite_holds_each_icon_once():
    assert len(IN_SPRITE) == len(set(IN_SPRITE)) > 40


def test_templates_name_icons_that_exist():
    named = _named()
    assert named, "no icon found: the pattern no longer fits the templates"
    assert {name: where for name, where in named.items() if name not in IN_SPRITE} == {}


def test_the_menu_names_icons_that_exist():
    from corporatie.desk.context import MENU, NEW

    assert {entry.icon for entry in (*MENU, *NEW)} - set(IN_SPRITE) == set()


def test_facts_reminders_flags_and_signals_name_icons_that_exist():
    from cases.states import FLAG_ICON, SEVERITY_ICON
    from corporatie.journal.facts import kinds
    from corporatie.work.states import reminders

    named = {kind.icon for kind in kinds().values()} | {reminder.icon for reminder in reminders().values()}
    named |= {*FLAG_ICON.values(), *SEVERITY_ICON.values()}
    assert len(named) > 10
    assert named - set(IN_SPRITE) == set()
