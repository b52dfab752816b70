"""Installs drivers into folders of their own, in the versions that a requirements file, a lock file or a pom names."""

import os
import shutil
import subprocess
import sys

INSTALL_SECONDS = 900


class Failed(Exception):
    """A driver was not installed, or its program did not run to its end."""


def run(command, timeout, **options):
    """What a command prints; all that it says when it fails."""
    try:
        done = subprocess.run(
            command, timeout=timeout, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, **options
        )
    except subprocess.TimeoutExpired as late:
        raise Failed(f"{command[0]}: no end after {timeout} s\n{late.stdout}\n{late.stderr}") from late
    if done.returncode != 0:
        raise Failed(f"{' '.join(command[:2])}: {done.returncode}\n{done.stdout}\n{done.stderr}")
    return done.stdout


def pip(folder, requirements):
    """Into a folder of its own, without a virtual environment, which costs more than the driver. @return the environment"""
    run([sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--disable-pip-version-check",
         "--target", folder, "-r", requirements], INSTALL_SECONDS)
    return os.environ | {"PYTHONPATH": folder, "PYTHONDONTWRITEBYTECODE": "1"}


def npm(folder, packages):
    """@param packages the folder of package.json and its lock file. @return the environment"""
    for name in ("package.json", "package-lock.json"):
        shutil.copy(os.path.join(packages, name), folder)
    run(["npm", "ci", "--silent", "--no-audit", "--no-fund", "--ignore-scripts"], INSTALL_SECONDS, cwd=folder)
    return os.environ | {"NODE_PATH": os.path.join(folder, "node_modules")}


def maven(folder, pom, *properties):
    """@return the class path"""
    shutil.copy(pom, folder)
    run(["mvn", "-q", "-B", "-ntp", "-f", folder, *properties, "dependency:copy-dependencies", "-DoutputDirectory=lib"],
        INSTALL_SECONDS)
    return os.path.join(folder, "lib", "*")
