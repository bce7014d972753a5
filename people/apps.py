"""Accounts, organisations and memberships."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "people"
    verbose_name = "Organisations et comptes"
