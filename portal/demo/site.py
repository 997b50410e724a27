"""What stands around the demonstration's articles: settings, menu, pages, links, categories."""

from django.contrib.auth.models import Group, User

from news.models import Article, Assignment, Category, Unit
from portal import roles
from portal.demo import ACCOUNTS, AUTHOR_USERNAME, DEMO_PASSWORD, DEMO_USERNAME
from portal.demo.texts import rows, unit_names
from portal.models import MenuItem, Page, SiteSettings, WebLink

OWNER = "Đảng ủy Khối các cơ quan và doanh nghiệp tỉnh Trà Vinh"
SETTINGS = {
    "name": OWNER,
    "short_name": "Đảng ủy Khối Trà Vinh",
    "superior": "Tỉnh ủy Trà Vinh",
    "description": "Trang thông tin điện tử của Đảng ủy Khối. Bản này chạy với nội dung minh họa.",
    "owner": OWNER,
    "responsible": "Trưởng Ban Biên tập Trang thông tin điện tử Đảng ủy Khối",
    "address": "Phường 1, thành phố Trà Vinh, tỉnh Trà Vinh",
    "licence": "Giấy phép số 00/GP-STTTT (minh họa)",
}
MENU = (
    ("Tin tức – Sự kiện", "/chuyen-muc/tin-tuc-su-kien/"),
    ("Xây dựng Đảng", "/chuyen-muc/xay-dung-dang/"),
    ("Tuyên giáo", "/chuyen-muc/tuyen-giao/"),
    ("Học tập và làm theo Bác", "/chuyen-muc/hoc-tap-va-lam-theo-bac/"),
    ("Bảo vệ nền tảng tư tưởng", "/chuyen-muc/bao-ve-nen-tang-tu-tuong/"),
    ("Lý luận chính trị", "/chuyen-muc/ly-luan-chinh-tri/"),
    ("Đoàn thể", "/chuyen-muc/doan-the/"),
    ("Văn bản", "/van-ban/"),
    ("Giới thiệu", "/gioi-thieu/"),
    ("Liên hệ", "/lien-he/"),
)
LINKS = (
    ("Cổng thông tin điện tử tỉnh Trà Vinh", "https://www.travinh.gov.vn/"),
    ("Báo điện tử Đảng Cộng sản Việt Nam", "https://dangcongsan.vn/"),
    ("Báo Nhân Dân", "https://nhandan.vn/"),
    ("Tạp chí Cộng sản", "https://www.tapchicongsan.org.vn/"),
    ("Tạp chí Tuyên giáo", "https://tuyengiao.vn/"),
    ("Cổng thông tin điện tử Chính phủ", "https://chinhphu.vn/"),
    ("Trang tin về Chủ tịch Hồ Chí Minh", "https://hochiminh.vn/"),
    ("Báo Trà Vinh", "https://www.baotravinh.vn/"),
)
PAGES = {
    "gioi-thieu": (
        "Giới thiệu",
        "<p>Trang thông tin điện tử của Đảng ủy Khối các cơ quan và doanh nghiệp tỉnh Trà Vinh "
        "đăng tải những định hướng tư tưởng, tuyên truyền, phổ biến các sự kiện ý nghĩa lịch sử "
        "của đất nước, của dân tộc, các văn bản chỉ đạo của Tỉnh ủy, của Đảng ủy Khối.</p>"
        "<h2>Nhiệm vụ</h2>"
        "<ul><li>Đưa tin hoạt động của các chi bộ, đảng bộ cơ sở trực thuộc.</li>"
        "<li>Tuyên truyền chủ trương, nghị quyết của Đảng, chính sách, pháp luật của Nhà nước.</li>"
        "<li>Giới thiệu cách làm hay, gương người tốt, việc tốt.</li></ul>"
        "<h2>Về nội dung minh họa</h2>"
        "<p>Trừ bài “Công tác tuyên giáo của Đảng bộ Khối…”, các tin, bài ở bản này được soạn để "
        "minh họa: tên đơn vị và sự việc không phải là tin thật; mọi hình ảnh đều là tranh vẽ.</p>",
    ),
    "lien-he": (
        "Liên hệ",
        "<p><strong>Ban Biên tập Trang thông tin điện tử Đảng ủy Khối</strong></p>"
        "<p>Địa chỉ: Phường 1, thành phố Trà Vinh, tỉnh Trà Vinh.</p>"
        "<p>Bạn đọc và cộng tác viên gửi tin, bài về Ban Tuyên giáo Đảng ủy Khối trong giờ hành "
        "chính, từ thứ Hai đến thứ Sáu.</p>"
        "<p>Thông tin liên hệ ở bản này là minh họa.</p>",
    ),
}


def author() -> User:
    """The account that signs the demonstration's content; nobody can sign in with it."""
    user, created = User.objects.get_or_create(
        username=AUTHOR_USERNAME, defaults={"last_name": "Nội dung minh họa"}
    )
    if created:
        user.set_unusable_password()
        user.save()
    return user


def accounts() -> None:
    """Create the accounts to try the portal with, one of each role; existing ones stay."""
    for username, (name, role) in ACCOUNTS.items():
        user, created = User.objects.get_or_create(
            username=username, defaults={"last_name": name, "is_staff": role != roles.CADRES}
        )
        if created:
            user.set_password(DEMO_PASSWORD)
            user.save()
            user.groups.add(Group.objects.get(name=role))


def assign() -> None:
    """Give the editor every section, and the contributor one unit."""
    editor, contributor = (
        User.objects.get(username=name) for name in (DEMO_USERNAME, "congtacvien")
    )
    for category in Category.objects.filter(parent=None):
        Assignment.objects.get_or_create(user=editor, category=category)
    if unit := Unit.objects.order_by("pk").first():
        Assignment.objects.get_or_create(user=contributor, unit=unit)


def categories() -> dict[str, Category]:
    """Slug → category; the missing ones are created, two levels, in the order of the file."""
    found: dict[str, Category] = {}
    for order, (slug, parent, name, description) in enumerate(rows("categories.tsv")):
        values = {
            "name": name,
            "parent": found.get(parent),
            "description": description,
            "order": order,
            "on_home": not parent,
        }
        found[slug], _ = Category.objects.get_or_create(slug=slug, defaults=values)
    return found


def units() -> dict[str, Unit]:
    """Name → unit; the missing ones are created."""
    return {
        name: Unit.objects.get_or_create(name=name, defaults={"short_name": short})[0]
        for name, short in unit_names().items()
    }


def furnish(lead: Article) -> None:
    """Create the pages, links, menu and settings that are missing; nothing is overwritten.

    A site without settings, or one that leads with nothing, leads with `lead`.
    """
    settings, _ = SiteSettings.objects.get_or_create(pk=1, defaults=SETTINGS)
    if settings.lead_id is None:
        settings.lead = lead
        settings.save(update_fields=["lead"])
    for slug, (title, body) in PAGES.items():
        Page.objects.get_or_create(slug=slug, defaults={"title": title, "body": body})
    for order, (label, url) in enumerate(LINKS):
        WebLink.objects.get_or_create(url=url, defaults={"label": label, "order": order})
    if not MenuItem.objects.exists():
        MenuItem.objects.bulk_create(
            MenuItem(label=label, url=url, order=order) for order, (label, url) in enumerate(MENU)
        )
