"""Composes a directive's text: the form of its type, filled with clauses of its fields.

Data: `forms.txt` (`@` types; `#` section, `=` part, `~` centred, `+` article, `>` address,
`-` paragraph, with names in braces for what is filled in) and `clauses.txt` (`@` field; name of
the gap, then a clause that may fill it).
"""

from collections import defaultdict
from functools import cache

from portal.demo.directives import Directive
from portal.demo.papers import Block, BlockKind, Paper, pdf, scan
from portal.demo.texts import rows
from portal.demo.word import docx

SUPERIOR = "ĐẢNG BỘ TỈNH TRÀ VINH"
ISSUER = "ĐẢNG ỦY KHỐI CÁC CƠ QUAN VÀ DOANH NGHIỆP"
MARKS: dict[str, BlockKind] = {
    "#": "section",
    "=": "part",
    "~": "centred",
    "+": "article",
    ">": "address",
    "-": "paragraph",
}
TYPES = {
    "nghi-quyet": "Nghị quyết",
    "chi-thi": "Chỉ thị",
    "ket-luan": "Kết luận",
    "quyet-dinh": "Quyết định",
    "quy-dinh": "Quy định",
    "quy-che": "Quy chế",
    "huong-dan": "Hướng dẫn",
    "chuong-trinh": "Chương trình",
    "ke-hoach": "Kế hoạch",
    "bao-cao": "Báo cáo",
    "to-trinh": "Tờ trình",
    "thong-bao": "Thông báo",
    "cong-van": "Công văn",
}
LETTER = "cong-van"
OF_THE_COMMITTEE = ("nghi-quyet", "chi-thi", "ket-luan")
UPWARD = ("bao-cao", "to-trinh")
COMMITTEE_MEMBERS = "- Các đồng chí Ủy viên Ban Chấp hành Đảng bộ Khối,"
OFFICE_COPY = "- Lưu Văn phòng Đảng ủy Khối."

WRITERS = {"pdf": pdf, "docx": docx, "scan": scan}

Clauses = dict[str, list[str]]


def file(directive: Directive) -> bytes:
    """Return the directive as the file that readers download; the same bytes every time."""
    return WRITERS[directive.file](paper(directive))


def paper(directive: Directive) -> Paper:
    """Return the directive as the paper that its office would draw up."""
    name = TYPES[directive.type]
    return Paper(
        superior=SUPERIOR,
        issuer=ISSUER,
        sign=directive.sign,
        place="Trà Vinh",
        issued_on=directive.issued_on,
        title=f"{name} số {directive.sign}",
        heading="" if directive.type == LETTER else name.upper(),
        abstract=directive.abstract if directive.type == LETTER else _subject(directive),
        blocks=_blocks(directive),
        recipients=_recipients(directive),
        authority=_authority(directive),
        position=directive.position.upper(),
        signer=directive.signer,
    )


def _subject(directive: Directive) -> str:
    """The abstract as it goes on from the name of the type."""
    return directive.abstract[0].lower() + directive.abstract[1:]


def _authority(directive: Directive) -> str:
    if directive.position.startswith("Chánh Văn phòng"):
        return "T/L BAN THƯỜNG VỤ"
    return "T/M ĐẢNG ỦY KHỐI" if directive.type in OF_THE_COMMITTEE else "T/M BAN THƯỜNG VỤ"


def _recipients(directive: Directive) -> tuple[str, ...]:
    if directive.type == LETTER:
        return "- Như trên,", "- Thường trực Đảng ủy Khối (b/c),", OFFICE_COPY
    if directive.type in UPWARD:
        return (
            "- Thường trực Tỉnh ủy (b/c),",
            "- Văn phòng Tỉnh ủy,",
            COMMITTEE_MEMBERS,
            OFFICE_COPY,
        )
    return (
        "- Thường trực Tỉnh ủy (b/c),",
        COMMITTEE_MEMBERS,
        "- Các chi bộ, đảng bộ cơ sở trực thuộc,",
        OFFICE_COPY,
    )


def _blocks(directive: Directive) -> tuple[Block, ...]:
    gaps = _gaps(directive)
    blocks = (
        Block(MARKS[line[0]], line[2:].format(**gaps).strip()) for line in _forms()[directive.type]
    )
    return tuple(block for block in blocks if block.text)


def _gaps(directive: Directive) -> dict[str, str]:
    """What fills the form; which of several clauses follows from the number of the paper."""
    turn = int(directive.sign.partition("-")[0])
    clauses = _clauses()[directive.fields[0]]
    effective = directive.effective_on
    gaps = {
        "basis": directive.basis,
        "name": TYPES[directive.type],
        "subject": _subject(directive),
        "first": directive.first,
        "second": directive.second,
        "effective": f"{effective:%d/%m/%Y}" if effective else "ký",
        "relation": _relation(directive),
        "adviser": clauses["adviser"][0],
    }
    for gap, choices in {**_clauses()["chung"], **clauses}.items():
        for place in range(3):
            clause = choices[(turn + place) % len(choices)]
            gaps[f"{gap}{place + 1 if place else ''}"] = clause.format(adviser=gaps["adviser"])
    return gaps


def _relation(directive: Directive) -> str:
    relation, name = directive.relation, TYPES[directive.type]
    if relation is None or relation.kind != "replaces":
        return ""
    return f"{name} này thay thế {name} số {relation.sign} của Ban Thường vụ Đảng ủy Khối."


@cache
def _forms() -> dict[str, list[str]]:
    """Type → lines of its form."""
    forms: dict[str, list[str]] = {}
    lines: list[str] = []
    for (line,) in rows("forms.txt"):
        if line.startswith("@"):
            lines = []
            forms.update(dict.fromkeys(line.split()[1:], lines))
        else:
            lines.append(line)
    return forms


@cache
def _clauses() -> dict[str, Clauses]:
    """Field → gap → clauses."""
    fields: dict[str, Clauses] = {}
    for (line,) in rows("clauses.txt"):
        gap, _, clause = line.partition(" ")
        if gap == "@":
            clauses = fields.setdefault(clause, defaultdict(list))
        else:
            clauses[gap].append(clause)
    return fields
