"""A small site with every kind of public page on it."""

from dataclasses import dataclass, fields
from datetime import UTC, date, datetime, timedelta

from django.db import connection, transaction
from django.utils import timezone

from core.publishing import move
from core.workflow import Action
from documents.models import Field, Signer
from portal.models import MenuItem, Page, SiteSettings, WebLink
from stats import totals
from stats.models import Drop, Kind, ObjectDay, Opening, SiteDay
from tests.factories import (
    attached,
    make_article,
    make_category,
    make_document,
    make_document_draft,
    make_issuer,
    make_photo,
    make_relation,
    make_type,
    make_unit,
)

TITLE = "Công tác tuyên giáo của Đảng bộ Khối: Đổi mới, nâng cao chất lượng, đáp ứng yêu cầu"
BODY = """<h2>Kết quả</h2><p>Năm 2023 đã mở 11 lớp cho 944 đồng chí, <em>đạt</em> kế hoạch.</p>
<figure class="photo"><img src="{photo}" alt="Hội nghị" width="60" height="40">
<figcaption>Báo cáo viên</figcaption></figure>
<table><caption>Số liệu</caption><thead><tr><th scope="col">Chỉ tiêu tuyên truyền miệng</th>
<th scope="col">Năm trước</th><th scope="col">Năm nay</th><th scope="col">Nhận xét</th></tr></thead>
<tbody><tr><td>Cuộc</td><td>3.265</td><td>64.260</td><td>Vượt</td></tr></tbody></table>
<blockquote><p>“Kiên quyết, kiên trì”</p></blockquote><ol><li>Một là</li><li>Hai là</li></ol>
<p>Xem <a href="https://nhandan.vn/bai">bài của Báo Nhân Dân</a>.</p>"""


@dataclass(frozen=True)
class Addresses:
    """An address of each kind of public page."""

    home: str
    article: str
    category: str
    index: str
    month: str
    page: str
    gone: str
    documents: str
    document: str
    verify: str
    verified: str
    sign_in: str = "/dang-nhap/?next=/van-ban/"
    statistics: str = "/thong-ke/?ngay=90"
    missing: str = "/tin-tuc/khong-co-bai-nay-999999/"

    def __iter__(self):
        return (getattr(self, field.name) for field in fields(self))


def publish_site():
    """Fill the database: more articles than a page of three takes; return the addresses."""
    section = make_category("Tuyên giáo", description="Công tác tư tưởng.")
    make_category("Báo cáo viên", parent=section)
    _furnish(section)
    now, unit = datetime.now(UTC), make_unit()
    photo = make_photo(size=(1300, 900), caption="Báo cáo viên", credit="Ảnh minh họa")
    for days in range(1, 7):
        make_article(
            f"Đảng bộ cơ sở số {days} sinh hoạt chuyên đề",
            category=section,
            summary="Sinh hoạt chuyên đề quý này.",
            lead_photo=photo if days < 3 else None,
            at=now - timedelta(days=days * 9),
        )
    article = make_article(
        TITLE,
        category=section,
        summary="Năm 2023, đã tuyên truyền 3.265 cuộc.",
        body=BODY.format(photo=make_photo().url),
        lead_photo=photo,
        pen_name="Ban Tuyên giáo",
        unit=unit,
        source_name="Báo Trà Vinh",
        source_url="https://baotravinh.vn/bai",
    )
    gone = make_article(category=section)
    move(gone.live, Action.WITHDRAW, reason="Số liệu chưa chính xác.")
    document = _publish_library()
    _count(article, document)
    return Addresses(
        home="/",
        article=article.get_absolute_url(),
        category=section.get_absolute_url(),
        index="/tin-tuc/?trang=2",
        month=f"/tin-tuc/{article.published_at:%Y}/{article.published_at.month}/",
        page=Page.objects.get().get_absolute_url(),
        gone=gone.get_absolute_url(),
        documents="/van-ban/?sap-xep=cu",
        document=document.get_absolute_url(),
        verify="/van-ban/kiem-tra/",
        verified=f"/van-ban/kiem-tra/?sha256={document.files.get().sha256}",
    )


def _count(article, document):
    """Write a year and a half of visits, with views, downloads and what the old site had."""
    today = timezone.localdate()
    totals.add({(Kind.ARTICLE, article.pk): 1_234, (Kind.DOWNLOAD, document.pk): 56})
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL portal.maintenance = 'on'")
        SiteDay.objects.bulk_create(
            SiteDay(day=today - timedelta(days=n), visits=200 + n, views=500, phone_views=300)
            for n in range(550)
        )
        ObjectDay.objects.create(day=today, kind=Kind.ARTICLE, object_id=article.pk, amount=1_234)
        Drop.objects.create(day=today, reason="crawler", hits=13_058)
    common = {"source": "Khối Thống kê truy cập của trang cũ", "dated": date(2022, 12, 31)}
    Opening.objects.create(amount=721_618, **common)
    Opening.objects.create(amount=-40, reason="Đếm lặp khi chuyển máy chủ.", **common)


def _publish_library():
    """Publish documents of every kind of force; return one that has a file and relations."""
    issuer = make_issuer("Đảng ủy Khối các cơ quan và doanh nghiệp tỉnh Trà Vinh")
    topic = Field.objects.create(name="Tuyên giáo", slug="tuyen-giao")
    common = {"issuer": issuer, "fields": [topic], "type": make_type("Kế hoạch")}
    old = make_document("7-KH/ĐUK", issued_on=date(2020, 3, 1), **common)
    make_document("8-KH/ĐUK", issued_on=date(2021, 3, 1), expires_on=date(2022, 1, 1), **common)
    make_document("9-KH/ĐUK", **common)
    signer = Signer.objects.create(name="Nguyễn Văn Bình", position="Bí thư")
    draft = make_document_draft(
        "112-KH/ĐUK",
        abstract="Tổ chức học tập, quán triệt Nghị quyết Hội nghị lần thứ tám",
        issued_on=date(2023, 12, 18),
        signer=signer,
        **common,
    )
    attached(draft, "Kế hoạch học tập nghị quyết.", name="Kế hoạch 112.pdf")
    make_relation(source=draft, kind="replaces", target=old)
    return move(draft, Action.PUBLISH)


def _furnish(section):
    SiteSettings.objects.create(
        pk=1,
        name="Đảng ủy Khối các cơ quan và doanh nghiệp tỉnh Trà Vinh",
        superior="Tỉnh ủy Trà Vinh",
        owner="Đảng ủy Khối",
        address="Số 1, phường 2",
        phone="0294 3855 555",
        email="dangukhoi@example.vn",
    )
    MenuItem.objects.create(label="Trang chủ", url="/")
    MenuItem.objects.create(label=section.name, url=section.get_absolute_url())
    WebLink.objects.create(label="Báo Nhân Dân", url="https://nhandan.vn")
    Page.objects.create(title="Giới thiệu", slug="gioi-thieu", body=BODY.format(photo=""))
