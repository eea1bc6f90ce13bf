#!/usr/bin/env python
"""Every command of the product. Uses the servers the environment names, or starts its own (psp/stack)."""

import os
import sys

from psp import stack


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "psp.settings")
    try:
        stack.for_command(sys.argv[1] if len(sys.argv) > 1 else "")
    except stack.StackNotStarted as error:
        sys.exit(str(error))
    from django.core.management import execute_from_command_line  # only now may settings be read

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
