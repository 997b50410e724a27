from django.urls import path

from news import views

app_name = "news"
urlpatterns = [
    path("tin-tuc/", views.index, name="index"),
    path("tin-tuc/<int:year>/<int:month>/", views.month, name="month"),
    path("tin-tuc/<int:pk>/xem-truoc/", views.preview, name="preview"),
    path("xem-truoc/<str:token>/", views.shared, name="shared"),
    path("tin-tuc/<slug:slug>-<int:pk>/", views.article, name="article"),
    path("chuyen-muc/<slug:slug>/", views.category, name="category"),
]
