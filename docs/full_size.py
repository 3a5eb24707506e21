"""On the site a picture opens as large as it is: a column is narrower than a figure of three plots is drawn."""

from __future__ import annotations

import re
from typing import Any

LINKED = re.compile(r"(<a\b[^>]*>.*?</a>)", re.DOTALL)
PICTURE = re.compile(r'<img\b[^>]*\bsrc="(?!data:)([^"]+)"[^>]*>')


def on_page_content(html: str, **_: Any) -> str:
    """Return a page whose pictures are links to themselves, but for those that lead elsewhere.

    >>> on_page_content('<p><img alt="a" src="a.png" /></p>')
    '<p><a href="a.png" title="as large as it is"><img alt="a" src="a.png" /></a></p>'
    >>> on_page_content('<a href="b.md"><img src="a.png"></a>')
    '<a href="b.md"><img src="a.png"></a>'
    """
    parts = LINKED.split(html)
    parts[::2] = [PICTURE.sub(r'<a href="\1" title="as large as it is">\g<0></a>', part) for part in parts[::2]]
    return "".join(parts)
