from django.apps import AppConfig


class IsolationConfig(AppConfig):
    name = "trustdesk.isolation"
