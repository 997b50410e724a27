"""Demonstration content: one real page, a year of articles made from it, drawn pictures."""

DEMO_USERNAME = "bientap"
CADRE_USERNAME = "canbo"
DEMO_PASSWORD = "tra-vinh-minh-hoa"
# Signs everything that the demonstration writes and cannot sign in; what the editor of the
# demonstration writes is thereby told apart from it.
AUTHOR_USERNAME = "noi-dung-minh-hoa"
EDITORS_GROUP = "Biên tập viên"
