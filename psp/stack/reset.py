"""`make reset`: stops what runs on the data directory and deletes it. A server the environment names is not touched.

python -m psp.stack.reset
"""

import os
import shutil
import signal
import sys
import time
from pathlib import Path

import psutil

from psp.stack.data_dir import DataDir, data_dir
from psp.stack.keeping import keeper_lives


def main() -> None:
    data = DataDir(data_dir())
    if not data.path.exists():
        print(f"Nothing to reset: {data.path} does not exist.")
        return
    if not data.secrets_file.exists():
        sys.exit(f"{data.path} is not a data directory of ours; it is left as it is.")
    for file in (data.supervisor_lock, data.running_file):
        end(file)
    deadline = time.monotonic() + 30
    while keeper_lives(data):
        if time.monotonic() > deadline:
            sys.exit("The servers did not stop within 30 seconds; nothing was deleted.")
        time.sleep(0.05)
    shutil.rmtree(data.path)
    print(f"{data.path} is deleted.")
    if "DATABASE_URL" in os.environ:
        print("The database named by DATABASE_URL is left as it is.")


def end(file: Path) -> None:
    """Ask the process whose number this file holds to stop, if it is one of ours, and wait for it."""
    try:
        process = psutil.Process(int(file.read_text()))
        if not {"psp.stack.keeper", "manage.py"} & {Path(part).name for part in process.cmdline()}:
            return  # the number was given to somebody else
        process.send_signal(signal.SIGTERM)
        process.wait(25)
    except (OSError, ValueError, psutil.Error):
        return


if __name__ == "__main__":
    main()
