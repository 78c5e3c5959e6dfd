"""White space that Markdown's parser must not see, and its placeholders."""

from __future__ import annotations

# White space outside of ASCII, with placeholders that the parser does not strip.
WHITE_SPACE = (
    "\xa0\u1680" + "".join(map(chr, range(0x2000, 0x200B))) + "\u2028\u2029\u202f\u205f\u3000"
)
STAND_INS = "".join(chr(0xFDD0 + number) for number in range(len(WHITE_SPACE)))
