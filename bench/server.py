"""`python -m bench.server TARGET PORT`: serve a factory of WSGI applications as bin/run does."""

import sys

from portal.serve import server

if __name__ == "__main__":
    server(sys.argv[1], int(sys.argv[2])).serve()
