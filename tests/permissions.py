"""The permission table: every route of the house and what it needs, and every right and who has it.

It is written a second time here, apart from the code, so that a slip in a route or a role is seen. A new route without
a line fails `test_permissions.py`: add it, and think whom you let in.
"""

OPEN, SIGNED_IN = "open", "signed in"
ROLES = ("owner", "manager", "staff", "marketer", "auditor")

WHO_MAY = {
    "customers.view": "owner manager staff marketer auditor",
    "customers.edit": "owner manager staff",
    "customers.archive": "owner manager",
    "customers.unmask": "owner manager",
    "customers.export": "owner manager marketer",
    "customers.import": "owner manager",
    "journal.view": "owner manager auditor",
    "journal.undo": "owner manager",
    "journal.verify": "owner manager auditor",
    "segments.edit": "owner manager marketer",
    "house.settings": "owner manager",
    "access.users": "owner",
    "access.tokens": "owner manager marketer",
    "safekeeping.backup": "owner",
    SIGNED_IN: "owner manager staff marketer auditor",
}

# Route name → right. The parameters of addresses are made up by the test, or taken from its cast (`THINGS`).
PAGES = {
    # open: nobody is known yet, or a one-time secret in the address says who
    "asset": OPEN,
    "sign_in": OPEN,
    "first_start": OPEN,
    "join": OPEN,
    "come_in": OPEN,
    "safekeeping:healthz": OPEN,
    "api:docs": OPEN,
    "api:openapi": OPEN,
    "api:v1": OPEN,  # the door of the API: each of its routes asks for itself, see API below
    # intake
    "imports": "customers.import",
    "import": "customers.import",
    "import_columns": "customers.import",
    "import_try": "customers.import",
    "import_go": "customers.import",
    "import_forget": "customers.import",
    "import_refused": "customers.import",
    # access
    "sign_out": SIGNED_IN,
    "account": SIGNED_IN,
    "account_profile": SIGNED_IN,
    "account_password": SIGNED_IN,
    "session_end": SIGNED_IN,
    "token_make": "access.tokens",
    "token_revoke": SIGNED_IN,
    "recovery_sheet": "access.users",
    "people": "access.users",
    "person_add": "access.users",
    "person": "access.users",
    "person_role": "access.users",
    "person_end": "access.users",
    "person_reopen": "access.users",
    "person_link": "access.users",
    "person_token_revoke": "access.users",
    # house
    "house": "house.settings",
    # consent
    "consent:answer": "customers.edit",
    # the first page
    "start": SIGNED_IN,
    # journal
    "journal": "journal.view",
    "journal_change": "journal.view",
    "proof": "journal.verify",
    "proof_now": "journal.verify",
    "undo": SIGNED_IN,  # one's own deed of today; any other needs journal.undo
    # customers
    "customers:files": "customers.edit",
    "customers:file": "customers.view",
    "customers:remove_file": "customers.edit",
    "customers:fields": "house.settings",
    "customers:field": "house.settings",
    # segments
    "customers": "customers.view",
    "customers_words": "customers.view",
    "customers_columns": "customers.view",
    "customers_builder": "customers.view",
    "customers_many": "customers.view",  # each deed asks for its own right
    "customers_done": "customers.view",
    "customers_export": "customers.export",
    "customers_why": "customers.view",
    "list_make": "segments.edit",
    "list_remove": "segments.edit",
    "fixed_list": "segments.edit",
    "segments": "customers.view",
    "segment_save": "segments.edit",
    "segment_rename": "segments.edit",
    "segment_remove": "segments.edit",
    # dossier
    "dossier:new": "customers.edit",
    "dossier:pick": "customers.view",
    "dossier:card": "customers.view",
    "dossier:history": "journal.view",
    "dossier:block": "customers.view",
    "dossier:edit": "customers.edit",
    "dossier:item": "customers.edit",
    "dossier:remove": "customers.edit",
    "dossier:archive": "customers.archive",
    "dossier:unarchive": "customers.archive",
    "dossier:standing": "customers.edit",
    "dossier:delete": "customers.archive",
    "dossier:unmask": "customers.unmask",
    "dossier:unmask_row": "customers.unmask",
}

# Method and path → rights, the first is the one a token is asked for first.
API = {
    "GET /changesets": "journal.view",
    "GET /changesets/{changeset}": "journal.view",
    "POST /changesets/{changeset}/undo": "journal.undo",
    "GET /verify": "journal.verify",
    "GET /settings": "customers.view",
    "PATCH /settings": "house.settings",
    "GET /me": SIGNED_IN,
    "GET /tokens": "access.tokens",
    "POST /tokens": "access.tokens",
    "DELETE /tokens/{token}": SIGNED_IN,  # its own; others of its owner need access.tokens
    "GET /users": "access.users",
    "POST /users": "access.users",
    "PATCH /users/{user}": "access.users",
    "POST /customers": "customers.edit, customers.view",
    "GET /customers/{number}": "customers.view",
    "PATCH /customers/{number}": "customers.edit, customers.view",
    "DELETE /customers/{number}": "customers.archive, customers.view",
    "POST /customers/{number}/delete": "customers.archive, customers.view",
    "GET /customers/{number}/history": "journal.view, customers.view",
    "POST /customers/{number}/unmask": "customers.unmask, customers.view",
    "PUT /customers/{number}/standings/{kind}": "customers.edit, customers.view",
    "DELETE /customers/{number}/standings/{kind}": "customers.edit, customers.view",
    "POST /customers/{number}/files": "customers.edit, customers.view",
    "GET /customers/{number}/files/{key}": "customers.view",
    "DELETE /customers/{number}/files/{key}": "customers.edit, customers.view",
    "GET /fields": "customers.view",
    "POST /fields": "house.settings",
    "PATCH /fields/{name}": "house.settings",
    "GET /customers": "customers.view",
    "GET /criteria": "customers.view",
    "GET /vocabulary": "customers.view",
    "GET /segments": "customers.view",
    "POST /segments": "segments.edit, customers.view",
    "GET /segments/{name}": "customers.view",
    "PATCH /segments/{name}": "segments.edit, customers.view",
    "DELETE /segments/{name}": "segments.edit, customers.view",
    "GET /customers/{number}/consent": "customers.view",
    "POST /customers/{number}/consent": "customers.edit, customers.view",
    "POST /imports": "customers.import, customers.view",
    "GET /imports": "customers.import",
    "GET /imports/{token}": "customers.import, customers.view",
    "GET /imports/{token}/preview": "customers.import, customers.view",
    "PATCH /imports/{token}": "customers.import, customers.view",
    "POST /imports/{token}/dry-run": "customers.import, customers.view",
    "POST /imports/{token}/go": "customers.import, customers.view",
    "GET /imports/{token}/rejected": "customers.import, customers.view",
    "DELETE /imports/{token}": "customers.import",
    "GET /mappings": "customers.import",
    "POST /imports/{token}/mapping": "customers.import",
    "DELETE /mappings/{name}": "customers.import",
}
