"""What a browser gets is ours, or named with version, licence and fingerprint; nothing comes from another host."""

import hashlib
import re

from django.conf import settings

STATIC = settings.BASE_DIR / "static"
TEMPLATES = settings.BASE_DIR / "templates"
OWN = {"css", "img"}
MANIFEST = STATIC / "vendor" / "MANIFEST"
# The name of a vocabulary, not an address that is fetched.
VOCABULARY = "http://www.w3.org/2000/svg"
INLINE = re.compile(r"<style|\sstyle=|\son[a-z]+=|<script(?![^>]*\ssrc=)")


def _manifest() -> dict[str, str]:
    """``path  version  licence  sha256`` for each file, one a line."""
    if not MANIFEST.exists():
        return {}
    rows = [line.split() for line in MANIFEST.read_text().splitlines() if line and not line.startswith("#")]
    return {row[0]: row[-1] for row in rows}


def test_every_file_of_others_is_named_with_its_fingerprint():
    others = {
        str(path.relative_to(STATIC)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in STATIC.rglob("*")
        if path.is_file() and path.relative_to(STATIC).parts[0] not in OWN and path != MANIFEST
    }
    assert others == _manifest()


def test_nothing_is_fetched_from_elsewhere():
    found = []
    for path in sorted(STATIC.rglob("*")):
        if path.suffix in {".css", ".svg", ".js"}:
            text = path.read_text().replace(VOCABULARY, "")
            found += [f"{path.name}: {hit}" for hit in re.findall(r"https?://|@import|sourceMappingURL", text)]
    assert found == []


def test_no_template_has_a_script_or_style_of_its_own():
    """The content security policy refuses both, so a page that needs them is a page that breaks."""
    found = []
    for path in sorted(TEMPLATES.rglob("*.html")):
        text = path.read_text()
        found += [f"{path.name}: {hit}" for hit in INLINE.findall(text)]
    assert found == []
