"""The names of the groups that give rights; migrations make them, code asks for them here."""

from typing import Final

CONTRIBUTORS: Final = "Cộng tác viên"
EDITORS: Final = "Biên tập viên"
LEADERS: Final = "Lãnh đạo"
CLERKS: Final = "Văn thư"
CADRES: Final = "Cán bộ"
ADMINISTRATORS: Final = "Quản trị"

ALL: Final = (CONTRIBUTORS, EDITORS, LEADERS, CLERKS, CADRES, ADMINISTRATORS)
# Whoever publishes without a second person, or gives others their rights, proves it is they.
SECOND_FACTOR: Final = frozenset({LEADERS, ADMINISTRATORS})
