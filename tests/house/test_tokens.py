"""The colours of the style sheet can be read: 4.5:1 for text, 3:1 for edges and focus, in light and in dark."""

import re

import pytest
from django.conf import settings

TOKENS = (settings.BASE_DIR / "static/css/tokens.css").read_text()
COLOUR = re.compile(r"--kt-([a-z-]+): (#[0-9a-f]{6});")

TEXT = [
    *[(text, ground) for text in ("ink", "muted") for ground in ("canvas", "surface", "sunken", "tint")],
    *[("ink", f"{tone}-bg") for tone in ("ok", "warn", "bad", "info", "accent", "private")],
    *[(tone, f"{tone}-bg") for tone in ("ok", "warn", "bad", "info", "accent", "private")],
    *[
        (tone, ground)
        for tone in ("ok", "warn", "bad", "accent", "link", "primary")
        for ground in ("canvas", "surface")
    ],
    ("muted", "warn-bg"),
    ("muted", "info-bg"),
    ("link", "info-bg"),
    ("link", "tint"),
    ("primary", "tint"),
    ("primary-hover", "tint"),
    ("on-primary", "primary"),
    ("on-primary", "primary-hover"),
    ("surface", "accent"),
    ("surface", "bad"),
    ("canvas", "ink"),
    ("surface", "ink"),
]
EDGES = [
    *[("control", ground) for ground in ("canvas", "surface", "sunken")],
    *[("primary", ground) for ground in ("canvas", "surface")],
    *[("bad", ground) for ground in ("canvas", "surface")],
    *[("focus", ground) for ground in ("canvas", "surface", "tint")],
    ("focus", "halo"),
]


def _luminance(colour: str) -> float:
    """Relative luminance as WCAG 2 defines it."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours, 1 to 21."""
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def _themes() -> dict[str, dict[str, str]]:
    light, dark = TOKENS.split("@media (prefers-color-scheme: dark)")
    return {"light": dict(COLOUR.findall(light)), "dark": dict(COLOUR.findall(dark))}


THEMES = _themes()


def test_the_measure_is_right():
    assert contrast("#000000", "#ffffff") == 21
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


def test_dark_redefines_every_colour():
    assert set(THEMES["dark"]) == set(THEMES["light"])


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("text", "ground"), TEXT)
def test_text_can_be_read(theme, text, ground):
    ratio = contrast(THEMES[theme][text], THEMES[theme][ground])
    assert ratio >= 4.5, f"{text} on {ground} in {theme}: {ratio:.2f}"


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("edge", "ground"), EDGES)
def test_edges_and_focus_can_be_seen(theme, edge, ground):
    ratio = contrast(THEMES[theme][edge], THEMES[theme][ground])
    assert ratio >= 3, f"{edge} on {ground} in {theme}: {ratio:.2f}"


def test_no_style_sheet_has_a_colour_of_its_own():
    """Colours live in the tokens; only paper, the flat plan and a code to scan look the same in both themes."""
    found = []
    for sheet in sorted((settings.BASE_DIR / "static/css").glob("*.css")):
        if sheet.name in {"tokens.css", "paper.css"}:
            continue
        found += [
            f"{sheet.name}: {line.strip()[:60]}"
            for line in sheet.read_text().splitlines()
            if re.search(r"#[0-9a-f]{3,8}\b", line) and not line.startswith((".st-", ".kt-qr"))
        ]
    assert found == []
