"""The API: every room's `endpoints.py` at `/api/v1/`, behind one door, with one shape of refusal and one document.

`urls` knows the addresses without loading anything else; the first call loads `service` (ninja, pydantic, the shapes of
the registry), so that a worker's first page does not wait for it. `door` asks for token and right, `keeping` keeps
answers for their idempotency key, `document` writes OpenAPI 3.1, `pages` shows it.
"""
