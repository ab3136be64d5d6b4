"""The kernel's own tables: jobs to be done, what the clock does next, marks. They are not journaled."""

from django.db import models
from django.db.models import Q


class Job(models.Model):
    """One piece of background work. Written in the transaction that asks for it, so neither is there without the other.

    waiting → running → done | refused | dead; a failed attempt goes back to waiting, later each time. `lease_until` is
    extended while the worker lives; a lease that ran out makes the job waiting again, after its last attempt dead.
    """

    WAITING, RUNNING, DONE, REFUSED, DEAD = "waiting", "running", "done", "refused", "dead"
    OPEN = (WAITING, RUNNING)

    ticket = models.CharField(max_length=32, unique=True)
    task = models.CharField(max_length=200)
    arguments = models.JSONField(default=dict)
    key = models.CharField(max_length=200, null=True)
    priority = models.SmallIntegerField(default=0)
    state = models.CharField(max_length=8, default=WAITING)
    due = models.DateTimeField()
    made_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    tried_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    attempts = models.SmallIntegerField(default=0)
    most_attempts = models.SmallIntegerField(default=3)
    worker = models.CharField(max_length=200, default="")
    lease_until = models.DateTimeField(null=True)
    done = models.BigIntegerField(default=0)
    total = models.BigIntegerField(null=True)
    note = models.TextField(default="")
    result = models.JSONField(null=True)
    error = models.TextField(default="")
    traceback = models.TextField(default="")

    class Meta:
        indexes = (
            models.Index(fields=("state", "due"), name="kernel_job_due", condition=Q(state="waiting")),
            models.Index(fields=("lease_until",), name="kernel_job_lease", condition=Q(state="running")),
        )
        constraints = (
            models.UniqueConstraint(
                fields=("key",), condition=Q(state__in=("waiting", "running")), name="kernel_job_one_open_per_key"
            ),
        )

    def __str__(self) -> str:
        return f"{self.task} ({self.state})"


class Mark(models.Model):
    """What the database knows of the program that keeps it: the names of its keys, the migrations it has had."""

    name = models.CharField(max_length=40, primary_key=True)
    value = models.TextField()

    def __str__(self) -> str:
        return self.name


class Chore(models.Model):
    """When the clock's daily work is due next; one row per name, taken by conditional update."""

    name = models.CharField(max_length=100, primary_key=True)
    due = models.DateTimeField()

    def __str__(self) -> str:
        return self.name
