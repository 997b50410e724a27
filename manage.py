#!/usr/bin/env python
"""Django's command line; a checkout without DATABASE_URL runs on its own embedded server."""

import os
import sys


def main() -> None:
    """Run one management command."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    from django.core.management import execute_from_command_line

    from portal import local

    with local.environment():
        execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
