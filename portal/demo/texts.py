"""A year of articles, composed from the page's own phrases in a newsroom's frames.

Data: `articles.tsv` (date, category, topic, title, summary; a bar ends the subject of a title that
is a sentence), `current.tsv` (the same without dates), `phrases.txt` and `units.txt`.
"""

import random
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from html import escape
from pathlib import Path

from django.utils import timezone

from core.text import nfc

FOLDER = Path(__file__).parent
YEAR = 2023
SEED_DAY = datetime(YEAR, 12, 27, 15, 30)
BOARD = "Ban Tuyên giáo Đảng ủy Khối"
PEN_NAMES = ("Hạ Vy", "Thanh Trúc", "Phù Sa", "Gió Chướng", "Bằng Lăng", "Nắng Mai", "Ngọc Biển")
REPOSTED_FROM = (
    ("Tạp chí Tuyên giáo", "https://tuyengiao.vn/"),
    ("Báo Nhân Dân", "https://nhandan.vn/"),
    ("Báo điện tử Đảng Cộng sản Việt Nam", "https://dangcongsan.vn/"),
    ("Tạp chí Cộng sản", "https://www.tapchicongsan.org.vn/"),
)
PROPER_SUBJECTS = ("Đảng", "Chi bộ", "Ủy ban", "Ban ", "Đoàn Khối")
TOPIC_SCENES = {
    "nghi-quyet": ("conference", "document", "voting", "microphones"),
    "hoc-bac": ("books", "meeting", "rice_fields", "classroom", "coconuts"),
    "tuyen-truyen": ("loudspeakers", "microphones", "laptop", "phone"),
    "cuoc-thi": ("document", "laptop", "books"),
    "nen-tang": ("meeting", "laptop", "microphones", "conference"),
    "mang-xa-hoi": ("phone", "laptop"),
    "boi-duong": ("classroom", "books"),
    "dang-vien": ("meeting", "voting", "document"),
    "ky-niem": ("street_of_flags", "conference", "pagoda"),
    "doanh-nghiep": ("factory", "wind_turbines", "bridge", "laptop"),
    "doan-the": ("cycling", "meeting", "factory"),
    "an-sinh": ("tree_planting", "river", "rice_fields", "coconuts"),
    "que-huong": ("river", "bridge", "coconuts", "rice_fields"),
}
TITLE_SCENES = {
    "hiến máu": "blood_donation",
    "giọt máu": "blood_donation",
    "trồng cây": "tree_planting",
    "điện gió": "wind_turbines",
    "Ao Bà Om": "ao_ba_om",
    "cầu Cổ Chiên": "bridge",
    "Ok Om Bok": "river",
    "Khmer": "pagoda",
    "Đạp xe": "cycling",
    "Hội thao": "cycling",
    "trực tuyến": "laptop",
    "điện tử": "phone",
    "nông thôn mới": "rice_fields",
    "Sách": "books",
}
PROGRAMME = (
    ("7 giờ 30", "Đón tiếp đại biểu"),
    ("8 giờ 00", "Khai mạc, giới thiệu nội dung"),
    ("8 giờ 30", "Trình bày, trao đổi, thảo luận"),
    ("10 giờ 30", "Tổng kết, triển khai thực hiện"),
)


@dataclass(frozen=True)
class Draft:
    """One article to be written; `blocks` are HTML elements, `published_at` is aware."""

    title: str
    category: str
    unit: str
    pen_name: str
    summary: str
    blocks: tuple[str, ...]
    scene: str
    published_at: datetime
    figure_caption: str = ""
    source_name: str = ""
    source_url: str = ""


@dataclass(frozen=True)
class Plan:
    """A line of the year's plan."""

    at: datetime
    category: str
    topic: str
    subject: str
    rest: str
    summary: str

    @property
    def title(self) -> str:
        return f"{self.subject} {self.rest}".strip()


Phrases = dict[str, list[str]]


def rows(name: str) -> list[list[str]]:
    """The lines of a data file, in NFC, cut at tabs."""
    content = nfc((FOLDER / name).read_text(encoding="utf-8"))
    return [line.split("\t") for line in content.splitlines()]


def articles_of_the_year() -> list[Draft]:
    """The 144 articles that stand beside the page itself, in order of time."""
    plans = []
    for day, category, topic, title, summary in rows("articles.tsv"):
        minutes = random.Random(title).randrange(7 * 60 + 15, 17 * 60)
        month, day_of_month = map(int, day.split("-"))
        at = datetime.combine(date(YEAR, month, day_of_month), time(*divmod(minutes, 60)))
        plans.append(_plan(timezone.make_aware(at), category, topic, title, summary))
    return _drafts(plans)


def articles_of_this_month(now: datetime) -> list[Draft]:
    """A dozen articles between the first of the month (local time) and `now`."""
    local = timezone.localtime(now)
    begin = max(local.replace(day=1, hour=0, minute=0), local - timedelta(days=20))
    lines = rows("current.tsv")
    plans = []
    for number, (category, topic, title, summary) in enumerate(reversed(lines)):
        at = begin + (local - begin) * ((number + 0.9) / len(lines))
        in_office = at.replace(hour=8 + number % 9, minute=number * 7 % 60)
        if in_office >= local:
            in_office -= timedelta(days=1)
        at = in_office if in_office > begin else at
        title = title.format(month=f"{local:%m/%Y}")
        plans.append(_plan(at, category, topic, title, summary))
    return _drafts(plans)


def _plan(at: datetime, category: str, topic: str, title: str, summary: str) -> Plan:
    subject, _, rest = title.rpartition(" | ")
    return Plan(at, category, topic, subject, rest, summary)


def _drafts(plans: Sequence[Plan]) -> list[Draft]:
    turns: Counter[str] = Counter()
    drafts = []
    for index, plan in enumerate(plans):
        drafts.append(_draft(plan, index, turns[plan.topic]))
        turns[plan.topic] += 1
    return drafts


def _draft(plan: Plan, index: int, turn: int) -> Draft:
    phrases = _phrases_for(plan)
    reposted = not plan.subject and index % 3 == 0
    source = REPOSTED_FROM[turn % len(REPOSTED_FROM)] if reposted else ("", "")
    return Draft(
        title=plan.title,
        category=plan.category,
        unit=_unit(plan, index),
        pen_name=PEN_NAMES[index % len(PEN_NAMES)] if index % 4 else "",
        summary=plan.summary,
        blocks=tuple(_blocks(plan, index, turn, phrases)),
        scene=_scene(plan, turn),
        published_at=plan.at,
        figure_caption="Một góc hoạt động ở cơ sở" if index % 5 == 3 else "",
        source_name=source[0],
        source_url=source[1],
    )


def _unit(plan: Plan, index: int) -> str:
    """The unit that the title speaks of; else the Board, or in turn one that sent the article."""
    if plan.subject in unit_names():
        return plan.subject
    contributors = [BOARD, *unit_names()]
    return BOARD if plan.subject else contributors[index % len(contributors)]


def _scene(plan: Plan, turn: int) -> str:
    for words, scene in TITLE_SCENES.items():
        if words in plan.title:
            return scene
    scenes = TOPIC_SCENES[plan.topic]
    return scenes[turn % len(scenes)]


def _blocks(plan: Plan, index: int, turn: int, phrases: Phrases) -> Iterator[str]:
    yield _paragraph(_lead(plan, turn, phrases))
    paragraphs = _turned(phrases["-"], turn * 2)[: 3 + turn % 2]
    yield from map(_paragraph, paragraphs[:2])
    if index % 3 == 0:
        yield f"<h2>{phrases['#'][0]}</h2>"
    yield from map(_paragraph, paragraphs[2:])
    if index % 4 == 1:
        yield from _list(phrases["*"][0])
    if index % 5 == 2:
        yield f"<blockquote><p>{phrases['>'][0]}</p></blockquote>"
    if index % 12 == 5:
        yield from _programme()
    common = _phrases()["chung"]
    if index % 2:
        yield _paragraph(common["-"][index // 2 % len(common["-"])])
    yield _paragraph(common["."][index % len(common["."])])


def _lead(plan: Plan, turn: int, phrases: Phrases) -> str:
    half = "Sáng" if plan.at.hour >= 12 else "Chiều"
    day = plan.at if plan.at.hour >= 12 else plan.at - timedelta(days=1)
    dateline = f"{half} ngày {day:%d/%m}" if plan.at.weekday() else f"Ngày {plan.at:%d/%m}"
    if not plan.subject:
        return f"{dateline}, {phrases['+'][turn % len(phrases['+'])]}"
    subject = plan.subject
    if not subject.startswith(PROPER_SUBJECTS):
        subject = subject[0].lower() + subject[1:]
    return f"{dateline}, {subject} {plan.rest}."


def _paragraph(text: str) -> str:
    return f"<p>{escape(text, quote=False)}</p>"


def _list(line: str) -> Iterator[str]:
    intro, *items = line.split("|")
    yield _paragraph(intro)
    yield "<ul>" + "".join(f"<li>{item}.</li>" for item in items) + "</ul>"


def _programme() -> Iterator[str]:
    yield "<h3>Chương trình</h3>"
    lines = "".join(f"<tr><td>{hour}</td><td>{what}</td></tr>" for hour, what in PROGRAMME)
    head = '<tr><th scope="col">Thời gian</th><th scope="col">Nội dung</th></tr>'
    yield f"<table><thead>{head}</thead><tbody>{lines}</tbody></table>"


def _turned(lines: list[str], places: int) -> list[str]:
    start = places % len(lines)
    return lines[start:] + lines[:start]


def _phrases_for(plan: Plan) -> Phrases:
    """The topic's phrases that may be said on the plan's day.

    `[08]` opens what became true in August 2023; figures of 2023 are for 2023 alone.
    """
    chosen: Phrases = defaultdict(list)
    for mark, lines in _phrases()[plan.topic].items():
        for line in lines:
            since, text = (int(line[1:3]), line[5:]) if line.startswith("[") else (1, line)
            in_time = plan.at.year == YEAR and since <= plan.at.month
            if in_time or (plan.at.year != YEAR and since == 1 and str(YEAR) not in text):
                chosen[mark].append(text)
    return chosen


@cache
def _phrases() -> dict[str, Phrases]:
    """`phrases.txt`: topic → mark → lines."""
    topics: dict[str, Phrases] = {}
    for (line,) in rows("phrases.txt"):
        mark, _, text = line.partition(" ")
        if mark == "@":
            topic = topics.setdefault(text, defaultdict(list))
        elif mark:
            topic[mark].append(text)
    return topics


@cache
def unit_names() -> dict[str, str]:
    """Name → short name of the 44 units."""
    return {row[0]: row[1] for row in rows("units.txt")}
