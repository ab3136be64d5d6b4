"""Where we listen: plain http on loopback alone, elsewhere TLS or a refusal that says how."""

import socket
import ssl
import sys
from pathlib import Path

import pytest
from cryptography import x509

from regulars.interfaces.server import plan, tls
from regulars.interfaces.server.lock import HomeLock, serving_at
from regulars.kernel import keyfile
from regulars.kernel.errors import Refused


@pytest.fixture(autouse=True)
def fresh_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REGULARS_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("REGULARS_KEY_FILE", str(tmp_path / "key.json"))


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1", "127.5.5.5"])
def test_loopback_speaks_plain_http(host: str) -> None:
    made = plan.make(host, 8000, 1, {})
    assert not made.secure and made.base_url.startswith("http://") and made.base_url.endswith(":8000")


def test_behind_a_proxy_the_given_address_counts() -> None:
    made = plan.make("127.0.0.1", 8000, 1, {"REGULARS_BASE_URL": "https://crm.example/"})
    assert made.base_url == "https://crm.example" and not made.secure


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.7.7"])
def test_elsewhere_a_certificate_of_our_own_authority(host: str) -> None:
    made = plan.make(host, 8443, 1, {})
    assert made.secure and made.base_url.startswith("https://") and len(made.fingerprint) == 95
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(made.cert, made.key)
    assert Path(made.key).stat().st_mode & 0o077 == 0 and Path(made.key).parent.parent == keyfile.path().parent


def test_plain_http_elsewhere_is_refused() -> None:
    with pytest.raises(Refused, match="must begin with https"):
        plan.make("0.0.0.0", 8000, 1, {"REGULARS_BASE_URL": "http://crm.example"})


def test_half_a_certificate_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="go together"):
        plan.make("0.0.0.0", 8000, 1, {"REGULARS_TLS_CERT": str(tmp_path)})
    with pytest.raises(Refused, match="cannot be read"):
        plan.make("0.0.0.0", 8000, 1, {"REGULARS_TLS_CERT": "/no/cert", "REGULARS_TLS_KEY": "/no/key"})


def test_a_certificate_stays_until_the_names_change() -> None:
    first = tls.certificate_for(["crm.example", "127.0.0.1"])
    content, authority = first.cert.read_bytes(), tls.fingerprint(first.authority)
    assert tls.certificate_for(["crm.example"]).cert.read_bytes() == content
    second = tls.certificate_for(["other.example"])
    assert second.cert.read_bytes() != content and tls.fingerprint(second.authority) == authority


def test_the_certificate_is_signed_by_the_authority() -> None:
    made = tls.certificate_for(["crm.example"])
    leaf, authority = (x509.load_pem_x509_certificate(file.read_bytes()) for file in (made.cert, made.authority))
    leaf.verify_directly_issued_by(authority)


def test_a_taken_port_is_said() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(Refused, match=rf"--port {port + 1}"):
            plan.take_port("127.0.0.1", port)
    if kept := plan.take_port("127.0.0.1", port):
        kept.close()


@pytest.mark.skipif(sys.platform != "linux", reason="names that lie where ports lie")
def test_two_houses_that_start_at_once_do_not_share_a_port() -> None:
    """Neither listens yet when both look, and what they listen with may be shared by processes of one user."""
    kept = plan.take_port("127.0.0.1", 47_011)
    with pytest.raises(Refused, match=r"127\.0\.0\.1, port 47011: Address already in use\. .*--port 47012"):
        plan.take_port("127.0.0.1", 47_011)
    assert kept is not None
    kept.close()
    again = plan.take_port("127.0.0.1", 47_011)
    assert again is not None
    again.close()


def test_one_serve_per_home() -> None:
    first, second = HomeLock(), HomeLock()
    first.take("http://127.0.0.1:8000")
    with pytest.raises(Refused, match=r"at http://127\.0\.0\.1:8000, process \d+"):
        second.take("http://127.0.0.1:9000")
    assert serving_at() == "http://127.0.0.1:8000"
    first.release()
    assert not serving_at()
    second.take("http://127.0.0.1:9000")
