"""The scripts of others are those whose hashes stand in the README beside them."""

import hashlib
import re
from pathlib import Path

import trustdesk.design

VENDOR = Path(trustdesk.design.__file__).parent / "static" / "design" / "vendor"
STYLES = VENDOR.parent / "css"


def test_vendored_scripts_are_unchanged() -> None:
    listed = re.findall(r"`([\w/.-]+\.js)`.*`([0-9a-f]{64})`", (VENDOR / "README.md").read_text())
    assert {name for name, _ in listed} == {str(path.relative_to(VENDOR)) for path in VENDOR.rglob("*.js")}
    for name, digest in listed:
        assert hashlib.sha256((VENDOR / name).read_bytes()).hexdigest() == digest


def test_every_vendored_folder_has_its_license() -> None:
    folders = {path.parent for path in VENDOR.rglob("*.js")}
    assert folders
    assert all((folder / "LICENSE").stat().st_size > 100 for folder in folders)


def test_style_sheets_stay_small_and_in_layers() -> None:
    for path in STYLES.glob("*.css"):
        text = path.read_text()
        assert text.count("\n") < 400, path.name
        outside = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL).strip()
        assert outside.startswith("@layer"), path.name


def test_colors_stand_in_the_tokens_only() -> None:
    for path in STYLES.glob("*.css"):
        if path.name in {"tokens.css", "print.css"}:
            continue
        colors = [color for color in re.findall(r"#[0-9a-fA-F]{3,8}\b", path.read_text()) if color != "#0a0f1173"]
        assert colors == [], path.name  # the one exception is the veil behind a dialog
