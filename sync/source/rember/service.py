"""Where the service is, and how this program names itself there."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote


@dataclass(frozen=True)
class Service:
    """The addresses of a service that speaks Rember's protocol."""

    authorize: str
    token: str
    pull: str
    remb: str  # the page of a remb, without its id
    client_id: str

    def link(self, remb_id: str) -> str:
        """The address of a remb's page."""
        return self.remb + quote(remb_id, safe="")


REMBER = Service(
    authorize="https://auth.rember.com/authorize",
    token="https://auth.rember.com/token",
    pull="https://www.rember.com/api/v1/replicache-pull-for-anki",
    remb="https://rember.com/r/",
    client_id="rember-anki-sync",
)
# The versions of the protocol that this room speaks.
VERSIONS = {"version": "1", "versionAddonRemberAnkiSync": "0.1.3", "versionSchema": "8"}
