"""Saving, renaming and removing segments and lists, work on many customers at once, and what leaves the house."""

from typing import TYPE_CHECKING

from regulars.kernel.late import late

if TYPE_CHECKING:
    from regulars.areas.segments.actions.agreeing import agree_to_export, ask_for_export, refuse_export
    from regulars.areas.segments.actions.exporting import record_export
    from regulars.areas.segments.actions.lists import change_list, make_list, remove_list
    from regulars.areas.segments.actions.many import act_on_many, prepare, run_to_end, stop_many, work_off
    from regulars.areas.segments.actions.saving import change_segment, remove_segment, rename_segment, save_segment
else:
    __getattr__ = late(__name__)

__all__ = [
    "act_on_many",
    "agree_to_export",
    "ask_for_export",
    "change_list",
    "change_segment",
    "make_list",
    "prepare",
    "record_export",
    "refuse_export",
    "remove_list",
    "remove_segment",
    "rename_segment",
    "run_to_end",
    "save_segment",
    "stop_many",
    "work_off",
]
