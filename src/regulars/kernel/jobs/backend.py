"""The queue as a backend of `django.tasks`."""

from typing import Any

from django.tasks.backends.base import BaseTaskBackend
from django.tasks.base import TaskError, TaskResult, TaskResultStatus
from django.tasks.exceptions import TaskResultDoesNotExist
from django.utils.module_loading import import_string

from regulars.kernel.jobs import queue

_STATUS = {
    "waiting": TaskResultStatus.READY,
    "running": TaskResultStatus.RUNNING,
    "done": TaskResultStatus.SUCCESSFUL,
    "refused": TaskResultStatus.FAILED,
    "dead": TaskResultStatus.FAILED,
}


class Backend(BaseTaskBackend):
    """Jobs are rows of `kernel_job`; a result's id is the job's ticket."""

    task_class = queue.OwnTask
    supports_defer = True
    supports_get_result = True
    supports_priority = True

    def enqueue(self, task: Any, args: Any, kwargs: Any) -> Any:
        self.validate_task(task)
        return self._result(queue.put(task, list(args), dict(kwargs), due=None, key=None))

    def get_result(self, result_id: str) -> "TaskResult[..., Any]":
        from regulars.kernel.models import Job

        row = Job.objects.filter(ticket=result_id).first()
        if row is None:
            raise TaskResultDoesNotExist(result_id)
        return self._result(row)

    def _result(self, row: Any) -> "TaskResult[..., Any]":
        result: TaskResult[..., Any] = TaskResult(
            task=import_string(row.task),
            id=row.ticket,
            status=_STATUS[row.state],
            enqueued_at=row.made_at,
            started_at=row.started_at,
            finished_at=row.finished_at,
            last_attempted_at=row.tried_at,
            args=row.arguments["args"],
            kwargs=row.arguments["kwargs"],
            backend=self.alias,
            errors=[TaskError(exception_class_path="builtins.Exception", traceback=row.traceback)] if row.error else [],
            worker_ids=[row.worker] * row.attempts,
        )
        object.__setattr__(result, "_return_value", row.result)
        return result
