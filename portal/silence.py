"""A database that has fallen silent: stopped, or behind a network that swallows packets.

libpq waits for an answer for ever. While pages are served, psycopg2 waits here instead.
"""

import select
from typing import Any

import psycopg2
from psycopg2.extensions import POLL_OK, POLL_READ, STATUS_SETUP, set_wait_callback

# Seconds without a byte; no query of a page comes near to it.
CONNECTING, ANSWERING = 3.0, 10.0


def give_up_in_time() -> None:
    """Let every connection of this process give a silent database up, with OperationalError.

    The connection is then closed. COPY is not to be had with it.
    """
    set_wait_callback(_wait)


def _wait(connection: Any) -> None:
    patience = CONNECTING if connection.status == STATUS_SETUP else ANSWERING
    while (state := connection.poll()) != POLL_OK:
        ready = select.poll()
        ready.register(connection.fileno(), select.POLLIN if state == POLL_READ else select.POLLOUT)
        if not ready.poll(patience * 1000):
            raise psycopg2.OperationalError(f"the database was silent for {patience} seconds")
