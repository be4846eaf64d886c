from django.apps import AppConfig


class DesignConfig(AppConfig):
    name = "trustdesk.design"
    label = "design"
