#!/usr/bin/env python3
"""Makes the keys and the barcode signer certificate that the centre's unit tests, example and bench sign with.

Needs the package `cryptography`. The keys come from labels: they protect nothing.
"""
import datetime
import hashlib
import pathlib

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

HERE = pathlib.Path(__file__).parent


def key(label):
    scalar = int.from_bytes(hashlib.sha256(b"konbini test " + label).digest(), "big") >> 1
    return ec.derive_private_key(scalar, ec.SECP256R1())


def write_key(name, private):
    HERE.joinpath(name).write_bytes(private.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))


authority, signer = key(b"csca"), key(b"barcode signer")
name = x509.Name([x509.NameAttribute(x509.NameOID.COUNTRY_NAME, "JP"),
                  x509.NameAttribute(x509.NameOID.COMMON_NAME, "KB")])
issuer = x509.Name([x509.NameAttribute(x509.NameOID.COUNTRY_NAME, "JP"),
                    x509.NameAttribute(x509.NameOID.COMMON_NAME, "KONBINI-TEST CSCA")])
document_type = bytes.fromhex("3009020100310413024E56")
certificate = (
    x509.CertificateBuilder().subject_name(name).issuer_name(issuer).public_key(signer.public_key())
    .serial_number(0x1122334455667788)
    .not_valid_before(datetime.datetime(2022, 1, 1)).not_valid_after(datetime.datetime(2032, 12, 31))
    .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(authority.public_key()), critical=False)
    .add_extension(x509.ExtendedKeyUsage([x509.ObjectIdentifier("2.23.136.1.1.14.2")]), critical=True)
    .add_extension(x509.UnrecognizedExtension(x509.ObjectIdentifier("2.23.136.1.1.6.2"), document_type), critical=False)
    .sign(authority, hashes.SHA256()))
write_key("health-card.key", key(b"health card"))
write_key("barcode-signer.key", signer)
HERE.joinpath("barcode-signer.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
