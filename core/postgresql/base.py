"""The database backend of settings.DATABASES (docs/adr/0014)."""

import select

from django.db.backends.postgresql import base
from psycopg2.extensions import TRANSACTION_STATUS_IDLE


class DatabaseWrapper(base.DatabaseWrapper):
    """Looks at the socket before each request's first query, where Django asks SELECT 1."""

    def is_usable(self) -> bool:
        """Return whether the connection is there and takes statements; when in doubt, ask it."""
        return (not self.errors_occurred and self._is_silent()) or super().is_usable()

    def _is_silent(self) -> bool:
        """Nothing is under way, nor to be read: a server that ends closes its sockets (tcp(7))."""
        if self.connection.info.transaction_status != TRANSACTION_STATUS_IDLE:
            return False
        socket = select.poll()
        socket.register(self.connection.fileno(), select.POLLIN)
        return not socket.poll(0)
