"""Our icons: strokes on a 16 px grid, drawn into the page so that it asks for no further file."""

import re
from collections.abc import Mapping
from pathlib import Path

_SYMBOL = re.compile(r'<symbol id="([a-z-]+)" viewBox="0 0 16 16">(.+)</symbol>')

# Each is the inside of <svg viewBox="0 0 16 16" fill="none" stroke="currentColor">.
ICONS: Mapping[str, str] = dict(_SYMBOL.findall(Path(__file__).with_suffix(".svg").read_text(encoding="utf-8")))
