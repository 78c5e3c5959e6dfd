"""Whether this computer tells what changes in a folder, or why it does not."""

from __future__ import annotations

import errno
import os
import platform
import re
from pathlib import Path
from typing import Optional

MOUNTS = Path("/proc/mounts")
# File systems that other computers write to, or the host of this one: it tells only of changes
# that are made here.
_ELSEWHERE = re.compile(
    r"nfs\d?|cifs|smb\w*|ncpfs?|afs|9p|drvfs|ceph|glusterfs|lustre|davfs2?|virtiofs|vboxsf|prl_fs"
    r"|vmhgfs|fuse|fuse\..+"
)
# File systems of ``fuse`` whose files are on this computer, and change only through it.
_HERE = re.compile(r"fuse\.(?:gocryptfs|cryfs|encfs|mergerfs|bindfs|ntfs(?:-3g)?|exfat|apfs)")
_REMOVABLE, _REMOTE = 2, 4  # kinds of drives that Windows tells

ON_A_NETWORK = (
    "The vault folder is on a network drive or a shared folder: what other computers change "
    "there, this one is not told."
)
_ON_A_STICK = (
    "The vault folder is on a removable drive, which could not be ejected while it is watched."
)
_ON_MAC = "macOS tells an add-on nothing of files that change."
_NOT_HERE = "This system tells an add-on nothing of files that change."
_TOO_MANY_FOLDERS = (
    "Linux lets this user watch no more folders: raise fs.inotify.max_user_watches, for example "
    "with “sudo sysctl fs.inotify.max_user_watches=524288”."
)
_TOO_MANY_PROGRAMS = (
    "Too many programs of this user watch folders: close some, or raise "
    "fs.inotify.max_user_instances, for example with “sudo sysctl "
    "fs.inotify.max_user_instances=512”."
)


def why_no_watch(folder: Path) -> Optional[str]:
    """One sentence why a folder cannot be watched well; None when it can."""
    real = os.path.realpath(folder)
    system = platform.system()
    if system == "Linux":
        try:
            mounts = MOUNTS.read_bytes()
        except OSError:
            return None
        return ON_A_NETWORK if any(map(_is_elsewhere, file_systems(real, mounts))) else None
    if system == "Windows":
        return _why_not_on_windows(real)
    return _ON_MAC if system == "Darwin" else _NOT_HERE


def file_systems(folder: str, mounts: bytes) -> list[str]:
    """The types of the file systems that hold a folder and what is in it.

    ``folder`` has no symbolic link in it; ``mounts`` is as Linux tells it in ``/proc/mounts``.
    """
    holding, kinds = ("", ""), []
    for line in mounts.splitlines():
        fields = line.split(b" ")
        if len(fields) < 3:
            continue
        place = re.sub(rb"\\([0-7]{3})", lambda found: bytes([int(found[1], 8)]), fields[1])
        point, kind = os.fsdecode(place).rstrip("/"), os.fsdecode(fields[2])
        if f"{folder}/".startswith(f"{point}/"):
            if len(point) >= len(holding[0]):  # a later one of the same place lies over it
                holding = (point, kind)
        elif point.startswith(f"{folder}/"):
            kinds.append(kind)
    return [holding[1], *kinds]


def explain_refusal(error: OSError) -> str:
    """One sentence why the system refused to watch, with what a person can do."""
    if error.errno == errno.ENOSPC:
        return _TOO_MANY_FOLDERS
    if error.errno in (errno.EMFILE, errno.ENFILE):
        return _TOO_MANY_PROGRAMS
    if error.errno in (errno.ENOENT, errno.ENOTDIR):
        return "The vault folder is not there."
    return f"The system refuses to watch the vault folder: {error.strerror or error}."


def _is_elsewhere(kind: str) -> bool:
    return bool(_ELSEWHERE.fullmatch(kind)) and not _HERE.fullmatch(kind)


def _why_not_on_windows(real: str) -> Optional[str]:
    import ctypes

    drive = os.path.splitdrive(real)[0]
    if drive.startswith("\\\\"):
        return ON_A_NETWORK
    kind = ctypes.windll.kernel32.GetDriveTypeW(f"{drive}\\")  # type: ignore[attr-defined]
    return {_REMOTE: ON_A_NETWORK, _REMOVABLE: _ON_A_STICK}.get(kind)
