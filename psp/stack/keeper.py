"""The keeper: owns the two servers, and stops them when the last process that used them is gone.

Every user holds `users.lock` shared; the kernel lets go of it however a process ends. The keeper waits for it
exclusively: getting it means nobody is left, and keeps newcomers out until the servers are down.

    python -m psp.stack.keeper DATA_DIR [--volatile]
"""

import argparse
import fcntl
import json
import os
import signal
import sys
from pathlib import Path
from types import FrameType

from psp.stack.data_dir import DataDir, write_private
from psp.stack.servers import Postgres, Redis, Server


class Asked(Exception):
    """Somebody asked us to stop, or a server ended by itself."""


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("data_dir", type=Path)
    parser.add_argument("--volatile", action="store_true")
    arguments = parser.parse_args()
    data = DataDir(arguments.data_dir)
    keeper_lock = os.open(data.keeper_lock, os.O_RDWR | os.O_CREAT, 0o600)
    fcntl.flock(keeper_lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    keep([Postgres(data, volatile=arguments.volatile), Redis(data, volatile=arguments.volatile)], data)


def keep(servers: list[Server], data: DataDir) -> None:
    """Start the servers, wait until nobody needs them, stop them."""
    users = os.open(data.users_lock, os.O_RDWR | os.O_CREAT, 0o600)
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, _ask_to_stop)
    try:
        for server in servers:
            server.start(sys.stdout.buffer)
        for server in servers:
            server.wait_until_it_answers()
        write_private(data.ports_file, json.dumps({server.name: server.port for server in servers}))
        write_private(data.running_file, str(os.getpid()))
        signal.signal(signal.SIGCHLD, _ask_to_stop)
        fcntl.flock(users, fcntl.LOCK_EX)
    except Asked:
        pass
    finally:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        data.running_file.unlink(missing_ok=True)
        for server in reversed(servers):
            server.stop()


def _ask_to_stop(number: int, frame: FrameType | None) -> None:
    raise Asked(signal.Signals(number).name)


if __name__ == "__main__":
    main()
