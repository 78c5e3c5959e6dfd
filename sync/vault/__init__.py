"""The vault mirror: scan → plan → apply, with media and index pages."""

from __future__ import annotations

from .changes import IndexChange, MediaChange, PageChange, PageKind, VaultPlan

__all__ = ["IndexChange", "MediaChange", "PageChange", "PageKind", "VaultPlan"]
