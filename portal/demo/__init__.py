"""Demonstration content: one real page, a year of articles made from it, drawn pictures."""

from portal import roles

DEMO_USERNAME = "bientap"
CADRE_USERNAME = "canbo"
DEMO_PASSWORD = "tra-vinh-minh-hoa"
# Signs everything that the demonstration writes and cannot sign in; what the editor of the
# demonstration writes is thereby told apart from it.
AUTHOR_USERNAME = "noi-dung-minh-hoa"
# What else one may sign in as: user name → name shown, role.
ACCOUNTS = {
    "congtacvien": ("Cộng tác viên", roles.CONTRIBUTORS),
    DEMO_USERNAME: ("Biên tập viên", roles.EDITORS),
    "lanhdao": ("Lãnh đạo", roles.LEADERS),
    "vanthu": ("Văn thư", roles.CLERKS),
    "quantri": ("Quản trị", roles.ADMINISTRATORS),
    CADRE_USERNAME: ("Cán bộ", roles.CADRES),
}
