"""Lists brought in over HTTP: handed over, understood, corrected, tried, brought in."""

from typing import Annotated, Any, Literal

import orjson
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from ninja import File, Form, Path
from ninja.files import UploadedFile

from regulars.areas.customers.queries import masked_text
from regulars.areas.house.queries import today
from regulars.areas.intake import actions, queries
from regulars.areas.intake.actions.originals import LARGEST
from regulars.areas.intake.endpoints.shapes import (
    Existing,
    Feet,
    Holds,
    How,
    ImportListed,
    ImportPatch,
    ImportShown,
    MappingName,
    MappingShown,
    Order,
    PreviewRow,
    Repair,
    Tallied,
)
from regulars.areas.intake.models import Intake
from regulars.kernel.api import Routes, answer, nothing
from regulars.kernel.errors import Refused
from regulars.kernel.http import actor_of
from regulars.kernel.tables import moment

routes = Routes("Imports")
RIGHT = "customers.import"
VIEW = ("customers.view",)
Token = Annotated[str, Path(max_length=64, description="The import's `id`.")]
Mapped = Annotated[str, Path(max_length=100, description="The name of a kept mapping.")]


@routes.post(
    "/imports", right=RIGHT, also=VIEW, gives={201: ImportShown}, largest=LARGEST + (1 << 20), file=True, long=True
)
def hand_over(
    request: HttpRequest,
    file: Annotated[UploadedFile, File()],
    holds: Annotated[Holds, Form(description="What the rows are.")] = "customers",
    country: Annotated[str, Form(max_length=100)] = "",
    existing: Annotated[Existing, Form()] = "",
    source: Annotated[str, Form(max_length=100)] = "",
    how: Annotated[How, Form(description="How we have these people; `third_party` are to be told in a month.")] = "",
    prospects: Annotated[Literal["", "yes"], Form(description="Those who are new are not customers yet.")] = "",
    sheet: Annotated[str, Form(max_length=100)] = "",
    encoding: Annotated[str, Form(max_length=100)] = "",
    delimiter: Annotated[str, Form(max_length=5)] = "",
    repair: Annotated[Repair, Form(description="Whether garbled text (`MÃ¼ller`) is mended.")] = "",
    feet: Annotated[Feet, Form(description="`in` brings in what looks like totals under the table.")] = "",
    date_order: Annotated[Order, Form(description="For every column of dates.")] = "",
    mapping: Annotated[str, Form(max_length=100_000, description="A mapping as JSON, instead of a guess.")] = "",
) -> HttpResponse:
    """Hand a file over.

    CSV of any encoding and delimiter, a spreadsheet (xlsx, xls, ods), or an address book (vCard). It is looked through
    and kept enciphered; nothing of the register changes. The answer says what was understood, and what must be asked.
    """
    intake = actions.inspect(
        file=file.file if file.file is not None else file,  # type: ignore[arg-type]
        name=file.name or "",
        by=actor_of(request),
        at=timezone.now(),
        mapping=_mapping(mapping),
        **{"as": holds},
        country=country,
        existing=existing,
        source=source,
        how=how,
        prospects=prospects,
        sheet=sheet,
        encoding=encoding,
        delimiter=delimiter,
        repair=repair,
        feet=feet,
        date_order=date_order,
    )
    return answer(_told(request, intake), status=201, location=f"/api/v1/imports/{intake.token}")


@routes.get("/imports", right=RIGHT, gives=list[ImportListed])
def list_imports(request: HttpRequest) -> HttpResponse:
    """List the files that were handed over last."""
    listed = (
        {"id": each.token, "name": each.name, "state": each.state, "rows": each.rows, "changeset": each.changeset,
         "at": moment(each.made_at)}
        for each in queries.latest(actor_of(request), 100)
    )  # fmt: skip
    return answer(list(listed))


@routes.get("/imports/{token}", right=RIGHT, also=VIEW, gives=ImportShown, refuses=(404,))
def show_import(request: HttpRequest, token: Token) -> HttpResponse:
    """Show how a file stands: what was understood, how far it is, what came of it."""
    return answer(_told(request, queries.intake_for(actor_of(request), token)))


@routes.get("/imports/{token}/preview", right=RIGHT, also=VIEW, gives=list[PreviewRow], refuses=(404,))
def preview_import(request: HttpRequest, token: Token) -> HttpResponse:
    """Show the first twenty rows as they will be.

    For who handed the file over, and who may see what cards hide.
    """
    intake = queries.intake_for(actor_of(request), token)
    queries.ask_to_see_whole(intake, actor_of(request))
    rows = queries.preview(intake, today(timezone.now()))
    return answer(
        [
            {
                "row": each.number,
                "card": each.card,
                "problem": each.problem.as_json() if each.problem else None,
                "doubts": [] if each.problem else [doubt.as_json() for doubt in each.doubts],
            }
            for each in rows
        ]
    )


@routes.patch("/imports/{token}", right=RIGHT, also=VIEW, gives=ImportShown, refuses=(404,))
def correct_import(request: HttpRequest, token: Token, wanted: ImportPatch) -> HttpResponse:
    """Correct what was understood of a file, answer what is asked.

    Takes the result of a dry run away.
    """
    told = wanted.model_dump(exclude_unset=True, exclude={"mapping", "answers"})
    answers: dict[int, dict[str, str]] = {}
    for each in wanted.answers:
        answers.setdefault(each.index, {})[each.asks] = each.choice
    options = {"as" if name == "holds" else name: value for name, value in told.items() if value is not None}
    intake = actions.correct(
        token=token, by=actor_of(request), at=timezone.now(), mapping=wanted.mapping, answers=answers, **options
    )
    return answer(_told(request, intake))


@routes.post("/imports/{token}/dry-run", right=RIGHT, also=VIEW, gives=ImportShown, refuses=(404,), long=True)
def try_import(request: HttpRequest, token: Token) -> HttpResponse:
    """Try a file.

    Does everything and keeps nothing: counts, and each row that will be refused with its reason. A long file is tried
    in the background (`state` is `trying` until then).
    """
    return answer(_told(request, actions.dry_run(token=token, by=actor_of(request), at=timezone.now())))


@routes.post("/imports/{token}/go", right=RIGHT, also=VIEW, gives={202: ImportShown}, refuses=(404,), long=True)
def start_import(request: HttpRequest, token: Token) -> HttpResponse:
    """Bring a file in.

    Goes on in the background, also after a kill; `GET /imports/{token}` says how far it is. Refused while questions are
    open: they stand in `questions`.
    """
    actions.start_import(token=token, by=actor_of(request), at=timezone.now())
    return answer(
        _told(request, queries.intake_for(actor_of(request), token)), status=202, location=f"/api/v1/imports/{token}"
    )


@routes.post("/imports/{token}/stop", right=RIGHT, also=VIEW, gives=ImportShown, refuses=(404,))
def stop_import(request: HttpRequest, token: Token) -> HttpResponse:
    """Stop a file on its way in, or a dry run.

    What is in stays in. `go` brings in the rest, by the same deed; `take-back` takes it all back.
    """
    return answer(_told(request, actions.stop_import(token=token, by=actor_of(request), at=timezone.now())))


@routes.post("/imports/{token}/take-back", right="journal.undo", also=(RIGHT, *VIEW), gives=ImportShown, refuses=(404,))
def take_back_import(request: HttpRequest, token: Token) -> HttpResponse:
    """Take a whole import back, also one that was stopped half way.

    As undoing its changeset: what was edited later is kept.
    """
    by = actor_of(request)
    undone = actions.take_back(token=token, by=by, at=timezone.now())
    return answer(_told(request, queries.intake_for(by, token)), changeset=undone.changeset)


@routes.get(
    "/imports/{token}/rejected",
    right=RIGHT,
    also=VIEW,
    gives={200: None},
    refuses=(404,),
    extra={"responses": {200: {"description": "CSV.", "content": {"text/csv": {"schema": {"type": "string"}}}}}},
)
def fetch_rejected(request: HttpRequest, token: Token) -> HttpResponseBase:
    """Fetch the refused rows, as CSV.

    Each as it stands in the file, its number and every reason before its cells, so that it can be mended and brought in
    again. For who handed the file over, and who may see what cards hide.
    """
    actor = actor_of(request)
    rows = queries.refused_csv(queries.intake_for(actor, token), actor)
    response = StreamingHttpResponse(rows, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = content_disposition_header(True, f"{_('refused rows')}.csv") or "attachment"
    return response


@routes.delete("/imports/{token}", right=RIGHT, gives={204: None}, refuses=(404,))
def forget_import(request: HttpRequest, token: Token) -> HttpResponse:
    """Put away a file that was not brought in."""
    actions.forget_upload(token=token, by=actor_of(request))
    return nothing()


# --- mappings ---------------------------------------------------------------------------------------------------------


@routes.get("/mappings", right=RIGHT, gives=list[MappingShown])
def list_mappings(request: HttpRequest) -> HttpResponse:
    """List the mappings kept for files with the same headings."""
    kept = queries.mappings(actor_of(request))
    return answer([{"name": each.name, "mapping": each.mapping} for each in kept])


@routes.post("/imports/{token}/mapping", right=RIGHT, gives={201: MappingShown}, refuses=(404,))
def keep_mapping(request: HttpRequest, token: Token, named: MappingName) -> HttpResponse:
    """Keep a file's mapping under a name, for all with the same headings."""
    by = actor_of(request)
    changeset = actions.save_mapping(token=token, name=named.name, by=by, at=timezone.now())
    kept = next(each for each in queries.mappings(by) if each.name == named.name.strip())
    return answer({"name": kept.name, "mapping": kept.mapping}, status=201, changeset=changeset)


@routes.get("/mappings/{name}", right=RIGHT, gives=MappingShown, refuses=(404,))
def show_mapping(request: HttpRequest, name: Mapped) -> HttpResponse:
    """Show a kept mapping."""
    kept = queries.mapping_named(actor_of(request), name)
    return answer({"name": kept.name, "mapping": kept.mapping})


@routes.patch("/mappings/{name}", right=RIGHT, gives=MappingShown, refuses=(404,))
def rename_mapping(request: HttpRequest, name: Mapped, named: MappingName) -> HttpResponse:
    """Rename a kept mapping.

    The source of its references stays, so that customers who came in with it are known again.
    """
    by = actor_of(request)
    changeset = actions.rename_mapping(name=name, to=named.name, by=by, at=timezone.now())
    kept = queries.mapping_named(by, named.name.strip())
    return answer({"name": kept.name, "mapping": kept.mapping}, changeset=changeset)


@routes.put("/imports/{token}/mapping/{name}", right=RIGHT, also=VIEW, gives=ImportShown, refuses=(404,))
def use_mapping(request: HttpRequest, token: Token, name: Mapped) -> HttpResponse:
    """Take a kept mapping for a file.

    A file with the same headings takes it by itself. Columns that this file has not are passed over, those that the
    mapping does not name are left out.
    """
    return answer(_told(request, actions.use_mapping(token=token, name=name, by=actor_of(request), at=timezone.now())))


@routes.delete("/mappings/{name}", right=RIGHT, gives={204: None}, refuses=(404,))
def remove_mapping(request: HttpRequest, name: Mapped) -> HttpResponse:
    """Take a kept mapping away."""
    return nothing(changeset=actions.remove_mapping(name=name, by=actor_of(request), at=timezone.now()))


def _told(request: HttpRequest, intake: Intake) -> dict[str, Any]:
    told = queries.result(intake)
    asked = queries.questions(intake) if intake.state in ("waiting", "trying", "failed") else []
    if not queries.sees_whole(intake, actor_of(request)):
        for each in (*told["rejected"], *told["doubts"], *told["blacked"], *told["set_aside"]):
            each["value"] = masked_text(each["value"] or None) or ""
    return {
        **dict.fromkeys(Tallied.model_fields),
        **told,
        "alike": queries.alike(intake, actor_of(request)),
        "name": intake.name,
        "tried": intake.trial is not None,
        "questions": asked,
        "done": queries.handled(intake),
        "seconds_left": queries.seconds_left(intake, timezone.now()) if intake.state == "running" else None,
    }


def _mapping(text: str) -> dict[str, Any] | None:
    if not text.strip():
        return None
    try:
        mapping = orjson.loads(text)
    except orjson.JSONDecodeError:
        raise Refused(_("The mapping is not JSON."), where="mapping") from None
    if not isinstance(mapping, dict):
        raise Refused(_("A mapping is an object: columns, source."), where="mapping")
    return mapping
