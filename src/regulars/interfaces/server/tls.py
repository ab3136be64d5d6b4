"""The house's own small certificate authority (ECDSA P-256), for serving off loopback without a bought certificate.

It lies beside the keys, outside the home. A browser trusts it once somebody has put the authority's certificate into it
and compared the fingerprint. The server's certificate holds 397 days and is made anew when it is about to end or when
the machine's names change; the authority holds ten years.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from regulars.kernel import keyfile, places

_SERVER = timedelta(days=397)
_AUTHORITY = timedelta(days=3653)
_RENEW = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Certificate:
    """Files in PEM: the server's chain and key, and the authority to be trusted."""

    cert: Path
    key: Path
    authority: Path


def certificate_for(names: Sequence[str]) -> Certificate:
    """A certificate for these host names and addresses, the one at hand while it still fits."""
    folder = places.folder(keyfile.path().with_suffix(".tls"))
    made = Certificate(folder / "server.pem", folder / "server.key", folder / "authority.pem")
    if not _fits(made, names):
        _issue(made, _authority(folder), names)
    return made


def fingerprint(path: Path) -> str:
    """SHA-256 of the first certificate in the file, as browsers show it."""
    digest = x509.load_pem_x509_certificate(path.read_bytes()).fingerprint(hashes.SHA256())
    return ":".join(f"{byte:02X}" for byte in digest)


def _fits(made: Certificate, names: Sequence[str]) -> bool:
    if not (made.cert.is_file() and made.key.is_file() and made.authority.is_file()):
        return False
    cert = x509.load_pem_x509_certificate(made.cert.read_bytes())
    issuer = x509.load_pem_x509_certificate(made.authority.read_bytes())
    held = cert.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    fresh = cert.not_valid_after_utc - datetime.now(UTC) > _RENEW
    return fresh and cert.issuer == issuer.subject and set(_alternatives(names)) <= set(held)


def _authority(folder: Path) -> tuple[x509.Certificate, ec.EllipticCurvePrivateKey]:
    cert_file, key_file = folder / "authority.pem", folder / "authority.key"
    if not (cert_file.is_file() and key_file.is_file()):
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"Regulars {places.home_id()[:8]}")])
        cert = (
            _builder(name, name, key.public_key(), _AUTHORITY)
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(_usage(signs_certificates=True), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
            .sign(key, hashes.SHA256())
        )
        places.write_whole(key_file, _private(key))
        places.write_whole(cert_file, cert.public_bytes(serialization.Encoding.PEM), mode=0o644)
    loaded = serialization.load_pem_private_key(key_file.read_bytes(), password=None)
    assert isinstance(loaded, ec.EllipticCurvePrivateKey)
    return x509.load_pem_x509_certificate(cert_file.read_bytes()), loaded


def _issue(
    made: Certificate, authority: tuple[x509.Certificate, ec.EllipticCurvePrivateKey], names: Sequence[str]
) -> None:
    issuer, issuer_key = authority
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, names[0][:64])])
    cert = (
        _builder(subject, issuer.subject, key.public_key(), _SERVER)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs_certificates=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectAlternativeName(_alternatives(names)), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), critical=False)
        .sign(issuer_key, hashes.SHA256())
    )
    both = cert.public_bytes(serialization.Encoding.PEM) + issuer.public_bytes(serialization.Encoding.PEM)
    places.write_whole(made.key, _private(key))
    places.write_whole(made.cert, both, mode=0o644)


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey, lasts: timedelta
) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + lasts)
    )


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        encipher_only=False,
        decipher_only=False,
    )


def _alternatives(names: Sequence[str]) -> list[x509.GeneralName]:
    return [_alternative(name) for name in names]


def _alternative(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _private(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
