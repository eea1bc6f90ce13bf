"""What README promises, each as a person would type it.

A command's own start (Python, Django, settings) is a line of its own and stands in each of the others.
"""

import contextlib
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

from benchmarks import Line, timed
from psp.stack.servers import free_port

BASE_DIR = Path(__file__).resolve().parent.parent.parent
SHEETS = BASE_DIR / "tests" / "data" / "spreadsheets" / "rock"
LONGEST_SECONDS = 300
"""No demo takes that long to start; one that does is killed instead of being waited for."""
ROCK = ["rock", "--name", "Rock County PSP", "--counties", "55105", "--opened-on", "2025-01-01"]


def benchmarks() -> Iterator[Line]:
    yield Line("a command's own start", timed(lambda: manage("check")), limit_ms=5_000)
    manage("create_site", *ROCK)
    with tempfile.TemporaryDirectory() as refused:
        folder = ["rock", str(SHEETS), "--refused-to", refused]
        yield Line("import of the Rock folder", timed(lambda: manage("import_site", *folder)), 10_000)
        yield Line("the same import again", timed(lambda: manage("import_site", *folder)), 10_000)
    yield Line("one month's figures, printed", timed(lambda: manage("monthly_report", "rock", "2026-10")))
    yield Line("one month's figures", months_figures(), 1_000)
    with tempfile.TemporaryDirectory(prefix="psp-bench-demo-") as directory:
        yield Line("first start of the demo", timed(lambda: demo(directory)), 120_000)
        yield Line("second start of the demo", timed(lambda: demo(directory)), 15_000)


def manage(*words: str) -> None:
    """Run one manage.py command; a failed one ends the run with what it said."""
    command = [sys.executable, "manage.py", *words]
    done = subprocess.run(command, cwd=BASE_DIR, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"manage.py {' '.join(words)} failed:\n{done.stdout}{done.stderr}")


def months_figures() -> float:
    """Milliseconds of the computation alone, as a page waits for it."""
    import django

    django.setup()
    from counties.models import Site
    from counties.wall import site_scope
    from reporting.measures import compute
    from reporting.periods import Month

    site = Site.objects.get(slug="rock")
    with site_scope(site.id):
        return statistics.median(timed(lambda: compute(site, Month.parse("2026-10").first)) for _ in range(3))


def demo(directory: str) -> None:
    """`make demo` in a data directory of its own, until it answers; stopped again."""
    named = {"DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL", "PSP_SECRET_KEY", "PSP_FIELD_KEYS"}
    environment = {name: value for name, value in os.environ.items() if name not in named}
    environment |= {"PSP_DATA_DIR": directory, "PSP_PORT": str(free_port(None))}
    started = "scripts/setup run && exec .venv/bin/python manage.py demo"
    with subprocess.Popen(
        ["sh", "-c", started], cwd=BASE_DIR, env=environment, stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, text=True, start_new_session=True,
    ) as process:  # fmt: skip
        too_late = threading.Timer(LONGEST_SECONDS, lambda: _kill_all_of(process))
        too_late.start()
        said = ""
        for line in process.stdout or ():
            said += line
            if line.startswith("PSP answers"):
                break
        else:
            sys.exit(f"The demo did not start within {LONGEST_SECONDS} seconds:\n{said}")
        too_late.cancel()
        _stop(process)


def _stop(process: subprocess.Popen[str]) -> None:
    """Stop the demo as Ctrl-C does; what hangs is killed, with everything it started."""
    process.send_signal(signal.SIGTERM)
    try:
        process.communicate(timeout=60)
    except subprocess.TimeoutExpired:
        _kill_all_of(process)
        sys.exit("The demo did not stop within 60 seconds.")


def _kill_all_of(process: subprocess.Popen[str]) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
