from django.urls import path

from documents import downloads, export, verify, views

app_name = "documents"
urlpatterns = [
    path("van-ban/", views.index, name="index"),
    path("van-ban/tai-ve.csv", export.csv_file, name="csv"),
    path("van-ban/tai-ve.xlsx", export.xlsx_file, name="xlsx"),
    path("van-ban/kiem-tra/", verify.verify, name="verify"),
    path("van-ban/tep/<int:pk>/trang-dau.webp", downloads.preview, name="preview"),
    path("van-ban/tep/<int:pk>/<str:name>", downloads.file, name="file"),
    path("van-ban/<slug:slug>-<int:pk>/", views.document, name="document"),
]
