"""The options of bin/run, judged first of all, when only the standard library is there."""

import argparse
import errno
import os
import socket
import sys
from typing import NoReturn

HOST = "127.0.0.1"
HELP = """\
Cách dùng: bin/run [--port SỐ] [--no-demo]

Chạy trang thông tin trên máy này và giữ nó chạy cho đến khi bấm Ctrl-C.

  --port SỐ    cổng của trang, từ 1 đến 65535; mặc định 8000
  --no-demo    không nạp nội dung minh họa ở lần chạy đầu tiên
  --help       in hướng dẫn này"""


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        given = " ".join(sys.argv[1:])  # argparse's own message is English
        sys.exit(f"Tùy chọn không hợp lệ: {given}. Hãy chạy bin/run --help để xem cách dùng.")


def parse(arguments: list[str]) -> argparse.Namespace:
    """Return `port`, `no_demo` and `help`; exit with one Vietnamese sentence on anything else."""
    parser = _Parser(add_help=False, allow_abbrev=False)
    parser.add_argument("--port", default="8000")
    parser.add_argument("--no-demo", action="store_true")
    parser.add_argument("--help", "-h", action="store_true")
    options = parser.parse_args(arguments)
    options.port = _port(options.port)
    return options


def _port(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:6]) <= 65535):
        sys.exit(f"Cổng {text!r} không hợp lệ: hãy dùng --port với một số từ 1 đến 65535.")
    return int(text)


def require_free(port: int) -> None:
    """Exit with one Vietnamese sentence unless `port` can be listened on."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            sys.exit(_refusal(port, error))


def _refusal(port: int, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"Cổng {port} đang được chương trình khác dùng: hãy thử --port {port % 65535 + 1}."
    if error.errno == errno.EACCES:
        return f"Không được phép dùng cổng {port}: hãy chọn một cổng từ 1024 trở lên."
    return f"Không mở được cổng {port}: {os.strerror(error.errno or 0)}."


if __name__ == "__main__":
    choices = parse(sys.argv[1:])
    if choices.help:
        print(HELP)
    else:
        require_free(choices.port)
