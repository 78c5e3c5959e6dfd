"""How much tests try: enough each time, and much more with ``HYPOTHESIS_PROFILE=stress``."""

from __future__ import annotations

import os

PROFILE = os.environ.get("HYPOTHESIS_PROFILE", "ci")
STRESS = PROFILE == "stress"


def tries(usual: int) -> int:
    """How many random examples a test tries; the stress profile tries twenty times as many."""
    return usual * 20 if STRESS else usual
