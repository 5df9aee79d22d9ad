"""A scratch city whose changes are archived, to be destroyed and put back. `deploy/local test restore` runs this folder."""
import os
import pathlib
import shutil
import subprocess
import sys

import pytest

for folder in ("Story", "Faults"):
    sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / folder))

from processes import stack  # noqa: E402 - the folders are known now
from running_city import City, local  # noqa: E402

STATE = pathlib.Path(os.environ["BRIGHT_KITCHEN_STATE"])


@pytest.fixture(scope="session")
def safe():
    """What is kept away from the city: the private key of the backup certificate, and checkpoints that another organ keeps."""
    folder = STATE.with_name(STATE.name + "-safe")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700)
    for name in ("backup", "stranger"):
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "rsa:3072", "-nodes", "-days", "3650", "-subj", "/CN=" + name,
             "-keyout", str(folder / f"{name}-key.pem"), "-out", str(folder / f"{name}-certificate.pem")],
            check=True, capture_output=True)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
def backups():
    folder = STATE.with_name(STATE.name + "-backup")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
def city(safe, backups):
    os.environ.update(BRIGHT_KITCHEN_BACKUP=str(backups), BRIGHT_KITCHEN_BACKUP_CERTIFICATE=str(safe / "backup-certificate.pem"))
    if STATE.exists():
        local("reset")
    local("up")
    # One school's cameras are enough for evidence; the others' pictures would only take time from the machine.
    stack('for camera in $(camera_list | grep -v 龙口 | cut -f1); do stop "camera-$camera"; done')
    yield City(STATE)
    if os.environ.get("BRIGHT_KITCHEN_KEEP") != "1":
        local("reset")
