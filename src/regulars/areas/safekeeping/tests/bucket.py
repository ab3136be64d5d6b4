"""The little of S3 that a second place needs, on loopback: put, get, list, delete. It looks at no signature, which is
the library's matter and not ours; what we ask of the library is what is tried here."""

import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self
from urllib.parse import parse_qs, unquote, urlsplit
from xml.sax.saxutils import escape, unescape

_LISTED = (
    "<Contents><Key>{key}</Key><Size>{size}</Size><LastModified>2026-11-24T01:00:00.000Z</LastModified>"
    '<ETag>"0"</ETag></Contents>'
)


class Service:
    """The service, with what lies in it by its key."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}
        self.asked: list[str] = []  # what was fetched, by its key
        self.uploads: dict[str, dict[int, bytes]] = {}
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.address = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        service = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def _asked(self) -> tuple[str, dict[str, list[str]]]:
                address = urlsplit(self.path)
                return unquote(address.path).removeprefix("/safe").lstrip("/"), parse_qs(
                    address.query, keep_blank_values=True
                )

            def _body(self) -> bytes:
                return self.rfile.read(int(self.headers.get("Content-Length") or 0))

            def do_PUT(self) -> None:
                key, query = self._asked()
                if not self.path.startswith("/safe"):
                    self._body()
                    self._answer(404, "<Error><Code>NoSuchBucket</Code></Error>")
                    return
                if "partNumber" in query:
                    service.uploads[query["uploadId"][0]][int(query["partNumber"][0])] = self._body()
                else:
                    service.kept[key] = self._body()
                self._answer(200)

            def do_POST(self) -> None:
                key, query = self._asked()
                body = self._body().decode()
                if not self.path.startswith("/safe"):
                    self._answer(404, "<Error><Code>NoSuchBucket</Code></Error>")
                    return
                if "delete" in query:
                    gone = [unescape(each) for each in re.findall("<Key>(.*?)</Key>", body)]
                    for each in gone:
                        service.kept.pop(each, None)
                    told = "".join(f"<Deleted><Key>{escape(each)}</Key></Deleted>" for each in gone)
                    self._answer(200, f"<DeleteResult>{told}</DeleteResult>")
                    return
                if "uploads" in query:
                    service.uploads[key] = {}
                    self._answer(200, f"<InitiateMultipartUploadResult><Bucket>safe</Bucket><Key>{escape(key)}</Key>"
                                 f"<UploadId>{escape(key)}</UploadId></InitiateMultipartUploadResult>")  # fmt: skip
                    return
                parts = service.uploads.pop(query["uploadId"][0])
                service.kept[key] = b"".join(parts[number] for number in sorted(parts))
                self._answer(200, '<CompleteMultipartUploadResult><ETag>"0"</ETag></CompleteMultipartUploadResult>')

            def do_GET(self) -> None:
                key, query = self._asked()
                if key:
                    service.asked.append(key)
                    self._answer(200 if key in service.kept else 404, service.kept.get(key, b""))
                    return
                prefix = query.get("prefix", [""])[0]
                found = [(key, kept) for key, kept in sorted(service.kept.items()) if key.startswith(prefix)]
                told = "".join(_LISTED.format(key=escape(key), size=len(kept)) for key, kept in found)
                self._answer(200, f"<ListBucketResult><IsTruncated>false</IsTruncated>{told}</ListBucketResult>")

            def _answer(self, status: int, told: str | bytes = "") -> None:
                body = told.encode() if isinstance(told, str) else told
                self.send_response(status)
                self.send_header("ETag", '"0"')
                self.send_header("Last-Modified", "Tue, 24 Nov 2026 01:00:00 GMT")
                self.send_header("Content-Type", "application/xml")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_given: object) -> None:
                pass

        return Handler
