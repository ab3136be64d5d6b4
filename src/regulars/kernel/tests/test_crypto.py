"""What the one cryptography module promises."""

from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.kernel import crypto

KEY = bytes(range(32))
OTHER = bytes(32)


@given(st.binary(max_size=300), st.binary(max_size=30))
def test_a_sealed_value_opens_in_its_place(plain: bytes, place: bytes) -> None:
    blob = crypto.seal("k1", KEY, plain, place)
    assert crypto.sealed_by(blob) == "k1"
    assert crypto.unseal({"k1": KEY}, blob, place) == plain


def test_a_sealed_value_does_not_open_elsewhere() -> None:
    blob = crypto.seal("k1", KEY, b"DK123", b"identity:7:value")
    with pytest.raises(crypto.Tampered):
        crypto.unseal({"k1": KEY}, blob, b"identity:8:value")
    with pytest.raises(crypto.Tampered):
        crypto.unseal({"k1": OTHER}, blob, b"identity:7:value")


@given(st.integers(min_value=0, max_value=36), st.integers(min_value=1, max_value=255))
def test_every_flipped_bit_is_found(at: int, flip: int) -> None:
    blob = bytearray(crypto.seal("k1", KEY, b"secret", b""))
    blob[at % len(blob)] ^= flip
    with pytest.raises((crypto.Tampered, KeyError)):
        crypto.unseal({"k1": KEY}, bytes(blob), b"")


def test_equal_values_get_unequal_ciphertexts() -> None:
    assert len({crypto.seal("k1", KEY, b"same", b"") for _each in range(100)}) == 100


def test_blind_index_folds_and_keeps_facts_apart() -> None:
    one = crypto.blind_index(KEY, "passport", "Søren 17")
    assert one == crypto.blind_index(KEY, "passport", "  SOREN 17 ") and len(one) == 8
    assert one != crypto.blind_index(KEY, "licence", "Søren 17")
    assert one != crypto.blind_index(OTHER, "passport", "Søren 17")


@pytest.mark.parametrize("size", [0, 1, crypto._SEGMENT, crypto._SEGMENT + 1, 3 * crypto._SEGMENT])
def test_a_file_comes_back_whole(size: int) -> None:
    sealed, plain = BytesIO(), BytesIO()
    crypto.seal_stream("k1", KEY, BytesIO(b"x" * size), sealed, b"original")
    sealed.seek(0)
    crypto.unseal_stream({"k1": KEY}, sealed, plain, b"original")
    assert plain.getvalue() == b"x" * size


@pytest.mark.parametrize("harm", ["cut", "swap", "append"])
def test_a_harmed_file_is_refused(harm: str) -> None:
    sealed = BytesIO()
    crypto.seal_stream("k1", KEY, BytesIO(bytes(3 * crypto._SEGMENT)), sealed, b"")
    blob, part = sealed.getvalue(), crypto._SEGMENT + 16
    head = blob[: len(blob) - 3 * part]
    one, two, three = (blob[len(head) + n * part : len(head) + (n + 1) * part] for n in range(3))
    harmed = {"cut": head + one + two, "swap": head + two + one + three, "append": blob + three}[harm]
    with pytest.raises(crypto.Tampered):
        crypto.unseal_stream({"k1": KEY}, BytesIO(harmed), BytesIO(), b"")


def test_signatures() -> None:
    signature = crypto.sign(KEY, b"head")
    assert crypto.verify(crypto.public_key(KEY), b"head", signature)
    assert not crypto.verify(crypto.public_key(KEY), b"heads", signature)
    assert not crypto.verify(crypto.public_key(OTHER), b"head", signature)


def test_known_answers() -> None:
    """RFC 4231 case 2, FIPS 180-4 'abc', RFC 8032 test 1."""
    assert (
        crypto.mac(b"Jefe", b"what do ya want ", b"for nothing?").hex().startswith("5bdcc146bf60754e6a042426089575c7")
    )
    assert crypto.sha256(b"a", b"bc").hex().startswith("ba7816bf8f01cfea414140de5dae2223")
    seed = bytes.fromhex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60")
    assert crypto.public_key(seed).hex().startswith("d75a980182b10ab7d54bfed3c964073a")
