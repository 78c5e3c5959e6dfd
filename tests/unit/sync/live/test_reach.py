"""Where a watch is told of all that changes, and why not elsewhere."""

from __future__ import annotations

import platform
from pathlib import Path

import pytest

from ankivault.sync.vault.live.reach import ON_A_NETWORK, file_systems, why_no_watch

MOUNTS = b"""\
/dev/sda1 / ext4 rw 0 0
systemd-1 /mnt/auto autofs rw 0 0
nas:/notes /mnt/auto nfs4 rw 0 0
//nas/home /home/ann/My\\040Vault cifs rw 0 0
sshfs /home/ann/Notes/Shared fuse.sshfs rw 0 0
/dev/sdb1 /media/stick fuseblk rw 0 0
cryfs@/x /home/ann/Safe fuse.cryfs rw 0 0
a line that is none
"""


@pytest.mark.parametrize(
    ("folder", "kinds"),
    [
        ("/home/ann/Vault", ["ext4"]),
        ("/home/ann/My Vault/Anki", ["cifs"]),
        ("/home/ann/My Vault 2", ["ext4"]),
        ("/mnt/auto", ["nfs4"]),
        ("/home/ann/Notes", ["ext4", "fuse.sshfs"]),
        ("/media/stick/Vault", ["fuseblk"]),
        ("/home/ann/Safe/Vault", ["fuse.cryfs"]),
    ],
)
def test_a_folder_is_on_the_drive_that_is_nearest_above_it(folder: str, kinds: list[str]) -> None:
    assert file_systems(folder, MOUNTS) == kinds


@pytest.mark.parametrize(
    ("kind", "is_watched"),
    [
        *((kind, True) for kind in ("ext4", "btrfs", "tmpfs", "fuseblk", "fuse.cryfs", "overlay")),
        *((kind, False) for kind in ("nfs", "nfs4", "cifs", "smb3", "9p", "vboxsf")),
        *((kind, False) for kind in ("fuse.sshfs", "fuse.rclone", "fuse.gvfsd-fuse")),
    ],
)
def test_a_drive_that_others_write_to_is_not_watched(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str, is_watched: bool
) -> None:
    mounts = tmp_path / "mounts"
    mounts.write_text(f"x / {kind} rw 0 0\n", encoding="ascii")
    monkeypatch.setattr(platform, "system", lambda: "Linux")
    monkeypatch.setattr("ankivault.sync.vault.live.reach.MOUNTS", mounts)
    assert why_no_watch(tmp_path) == (None if is_watched else ON_A_NETWORK)


@pytest.mark.parametrize(("system", "sentence"), [("Darwin", "macOS"), ("FreeBSD", "This system")])
def test_other_systems_tell_an_addon_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, system: str, sentence: str
) -> None:
    monkeypatch.setattr(platform, "system", lambda: system)
    reason = why_no_watch(tmp_path)
    assert reason is not None
    assert reason.startswith(sentence)
