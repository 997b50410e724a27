"""Personal data that has no place on a public page (Law 91/2025 on the protection of them)."""

import re
from collections.abc import Iterator

from core.problems import Problem
from core.proofreading.passage import Passage

# Codes of provinces and cities in identity numbers: Thông tư 59/2021/TT-BCA, appendix I.
_PROVINCES = frozenset(
    "001 002 004 006 008 010 011 012 014 015 017 019 020 022 024 025 026 027 030 031 033 034 035"
    " 036 037 038 040 042 044 045 046 048 049 051 052 054 056 058 060 062 064 066 067 068 070 072"
    " 074 075 077 079 080 082 083 084 086 087 089 091 092 093 094 095 096".split()
)
# After the province: 0 to 3 is century and sex of those born in 1900 to 2099.
_IDENTITY = re.compile(r"(?<![\w.,/\-])0\d{2}[ .]?[0-3]\d{2}[ .]?\d{3}[ .]?\d{3}(?![\w/]|[.,]\d)")
_OLD_IDENTITY = re.compile(
    r"(?:CMND|CMT|chứng minh(?: nhân dân)?)[^\d]{0,20}(?P<number>\d{9})(?!\d)", re.IGNORECASE
)
_NAMED_IDENTITY = re.compile(r"CCCD|căn cước|định danh", re.IGNORECASE)
_MOBILE = re.compile(
    r"(?<![\w.,/\-])(?:\+?84[ .\-]?|0)[35789]\d(?:[ .\-]?\d){7}(?![\w/]|[.,\-]?\d)"
)
_OF_AN_OFFICE = re.compile(r"đường dây nóng|hotline|trực ban|tổng đài|tiếp dân", re.IGNORECASE)
_ADDRESS = re.compile(r"[\w.+-]{1,64}@(?P<host>[\w-]{1,63}(?:\.[\w-]{1,63}){1,4})")
_PRIVATE_HOSTS = re.compile(
    r"(?:gmail|googlemail|icloud|me|proton|protonmail|zoho|aol)\.(?:com|me)"
    r"|(?:yahoo|ymail|hotmail|outlook|live|msn)\.com(?:\.vn)?|yahoo\.[a-z.]{2,6}",
    re.IGNORECASE,
)
_ADVICE = "Hãy bỏ hoặc che bớt, trừ khi người ấy đồng ý cho đăng."


def identity_numbers(passage: Passage) -> Iterator[Problem]:
    """Refuse identity numbers that are called so; point at those that only look like one."""
    for match in _IDENTITY.finditer(passage.text):
        if match[0][:3] not in _PROVINCES:
            continue
        called_so = _NAMED_IDENTITY.search(passage.text, max(0, match.start() - 60), match.start())
        if called_so:
            yield passage.error(
                "identity_number",
                f"“{match[0]}” là số căn cước của một người. Hãy bỏ số này: "
                "pháp luật không cho công khai.",
                match[0],
            )
        else:
            yield passage.warning(
                "identity_number", f"“{match[0]}” giống số căn cước. {_ADVICE}", match[0]
            )
    for match in _OLD_IDENTITY.finditer(passage.text):
        yield passage.error(
            "identity_number",
            f"“{match['number']}” là số chứng minh nhân dân. Hãy bỏ số này: "
            "pháp luật không cho công khai.",
            match["number"],
        )


def phone_numbers(passage: Passage) -> Iterator[Problem]:
    """Point at mobile numbers; landlines and hotlines are those of offices."""
    for match in _MOBILE.finditer(passage.text):
        before = passage.text[max(0, match.start() - 60) : match.start()]
        if not _OF_AN_OFFICE.search(before):
            yield passage.warning(
                "phone_number", f"“{match[0]}” giống số điện thoại riêng. {_ADVICE}", match[0]
            )


def addresses(passage: Passage) -> Iterator[Problem]:
    """Point at e-mail addresses of services for private persons."""
    for match in _ADDRESS.finditer(passage.text):
        if _PRIVATE_HOSTS.fullmatch(match["host"]):
            yield passage.warning(
                "private_address",
                f"“{match[0]}” giống hộp thư riêng. {_ADVICE} Thư của cơ quan thì dùng hộp thư "
                "công vụ.",
                match[0],
            )
