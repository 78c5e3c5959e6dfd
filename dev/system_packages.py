"""Installs the Debian packages that a windowless Anki and the tests need, or names them.

Asks the machine what it lacks rather than its package manager, so that it is also right on
systems that get these things elsewhere. Run with the Python that is to make the environment.
"""

from __future__ import annotations

import ctypes
import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

# What Qt and Chromium load, and the packages that bring it (older and newer name).
LIBRARIES = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libX11-xcb.so.1": "libx11-xcb1",
    "libX11.so.6": "libx11-6",
    "libXcomposite.so.1": "libxcomposite1",
    "libXdamage.so.1": "libxdamage1",
    "libXext.so.6": "libxext6",
    "libXfixes.so.3": "libxfixes3",
    "libXrandr.so.2": "libxrandr2",
    "libXtst.so.6": "libxtst6",
    "libasound.so.2": "libasound2t64|libasound2",
    "libbrotlidec.so.1": "libbrotli1",
    "libdbus-1.so.3": "libdbus-1-3",
    "libexpat.so.1": "libexpat1",
    "libfontconfig.so.1": "libfontconfig1",
    "libfreetype.so.6": "libfreetype6",
    "libgbm.so.1": "libgbm1",
    "libglib-2.0.so.0": "libglib2.0-0t64|libglib2.0-0",
    "libgssapi_krb5.so.2": "libgssapi-krb5-2",
    "libnspr4.so": "libnspr4",
    "libnss3.so": "libnss3",
    "libudev.so.1": "libudev1",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-dri3.so.0": "libxcb-dri3-0",
    "libxcb-glx.so.0": "libxcb-glx0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-render.so.0": "libxcb-render0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-shm.so.0": "libxcb-shm0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-util.so.1": "libxcb-util1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxcb.so.1": "libxcb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libxkbfile.so.1": "libxkbfile1",
}
PROGRAMS = {
    "Xvfb": "xvfb",
    "xauth": "xauth",
    "node": "nodejs",
    "npm": "npm",
    "openbox": "openbox",
    "gio": "libglib2.0-bin",
}
MODULES = {"ensurepip": "python3-venv"}
FONTS = "fonts-dejavu-core"


def missing_packages() -> list[str]:
    """The packages that would bring what this machine lacks."""
    missing = [package for name, package in LIBRARIES.items() if not can_load(name)]
    missing += [package for name, package in PROGRAMS.items() if not shutil.which(name)]
    missing += [pkg for name, pkg in MODULES.items() if not importlib.util.find_spec(name)]
    if not any(Path("/usr/share/fonts").rglob("*.[to]t[fc]")):
        missing.append(FONTS)
    return missing


def can_load(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def known_name(names: str) -> str:
    """The one of several names that this release of Debian has."""
    *newer, oldest = names.split("|")
    for name in newer:
        if subprocess.run(["apt-cache", "show", name], capture_output=True).returncode == 0:
            return name
    return oldest


def main() -> int:
    """Exit status 0 when nothing is missing any more."""
    wanted = missing_packages()
    if not wanted:
        return 0
    if not shutil.which("apt-get"):
        print("Missing here, by the names of their Debian packages:", *wanted, file=sys.stderr)
        return 1
    if os.geteuid() == 0:
        subprocess.run(["apt-get", "update", "--quiet"], check=True)
    install = ["apt-get", "install", "--yes", "--no-install-recommends"]
    install += [known_name(names) for names in wanted]
    if os.geteuid() != 0:
        print("Some Debian packages are missing. Please run:", file=sys.stderr)
        print("  sudo " + " ".join(install), file=sys.stderr)
        return 1
    subprocess.run(install, check=True, env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"})
    still_wanted = missing_packages()
    if still_wanted:
        print("Still missing after installation:", *still_wanted, file=sys.stderr)
    return 1 if still_wanted else 0


if __name__ == "__main__":
    sys.exit(main())
