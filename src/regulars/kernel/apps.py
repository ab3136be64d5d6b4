"""The kernel as a Django app: it owns the job table and, on PostgreSQL, the folding function."""

from django.apps import AppConfig


class KernelConfig(AppConfig):
    name = "regulars.kernel"
    label = "kernel"
