from django.urls import path

from regulars.areas.journal import pages
from regulars.kernel.http import for_everyone_signed_in, needs

urlpatterns = [
    path("changes/", needs("journal.view", pages.changes), name="journal"),
    path("changes/<int:number>/", needs("journal.view", pages.change), name="journal_change"),
    path("changes/proof/", needs("journal.verify", pages.proof), name="proof"),
    path("changes/proof/now/", needs("journal.verify", pages.prove), name="proof_now"),
    # everybody may take back her own deed of today; the page asks who made it
    path("changes/<int:number>/undo/conflicts.csv", for_everyone_signed_in(pages.conflicts), name="undo_conflicts"),
    path("changes/<int:number>/undo/", for_everyone_signed_in(pages.undo), name="undo"),
]
