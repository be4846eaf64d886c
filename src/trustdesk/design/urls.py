from django.urls import path

from trustdesk.design import views

app_name = "design"
urlpatterns = [
    path("", views.home, name="home"),
    path("design/", views.living, name="living"),
    path("preferences/", views.preferences, name="preferences"),
    path("choose/", views.choose, name="choose"),
]
