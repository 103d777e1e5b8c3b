#!/usr/bin/env python3
"""Verifies the printed codes from public keys alone, with none of the project's own code.

Reads one code a line on standard input, as a scanner gives them: SMART Health Cards (`shc:/…`), VDS-NC
(`{…}`), or others, which are reported as they are. Writes one JSON object a line. Exit status 0 when every
health card and VDS-NC holds, 1 when one does not, with the reason on standard error.

    verify_codes.py --jwks jwks.json --csca csca.pem --at 2022-10-03 < codes
"""

import argparse
import base64
import datetime
import hashlib
import json
import re
import sys
import zlib

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

VDS_LETTERS = re.compile(r"[a-zA-Z0-9 !@#$%&'*+/=?^_`{|}~.\-]*\Z")
AUTHORITY_KEY_IDENTIFIER = "2.5.29.35"
EXTENDED_KEY_USAGE = "2.5.29.37"
SUBJECT_KEY_IDENTIFIER = "2.5.29.14"
DOCUMENT_TYPE = "2.23.136.1.1.6.2"
VDS_SIGNING = "2.23.136.1.1.14.2"


class Invalid(Exception):
    """Why a code does not hold."""


def require(condition, reason):
    if not condition:
        raise Invalid(reason)


def parse(text):
    """Strict JSON: a key given twice is refused."""

    def pairs(items):
        require(len({key for key, _ in items}) == len(items), "a key stands twice")
        return dict(items)

    try:
        return json.loads(text, object_pairs_hook=pairs)
    except ValueError as error:
        raise Invalid(f"not JSON: {error}") from error


def canonical(value):
    """RFC 8785 for what a VDS-NC may hold: objects, lists, strings and integers."""
    if isinstance(value, dict):
        keys = sorted(value, key=lambda key: key.encode("utf-16-be"))
        return "{" + ",".join(canonical(key) + ":" + canonical(value[key]) for key in keys) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(canonical, value)) + "]"
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    require(isinstance(value, int) and not isinstance(value, bool), "a value that is no text and no integer")
    return str(value)


def base64url(text):
    require(re.fullmatch(r"[A-Za-z0-9_-]*", text), "not base64url without padding")
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def verify_es256(key, signature, message):
    require(len(signature) == 64, "the signature is not r and s of 32 bytes each")
    r, s = (int.from_bytes(half, "big") for half in (signature[:32], signature[32:]))
    try:
        key.verify(encode_dss_signature(r, s), message, ec.ECDSA(SHA256()))
    except InvalidSignature as error:
        raise Invalid("the signature does not hold") from error


def health_card_key(jwks, kid):
    keys = [key for key in jwks["keys"] if key["kid"] == kid]
    require(len(keys) == 1, "the kid names no single published key")
    key = keys[0]
    require(set(key) >= {"kty", "kid", "use", "alg", "crv", "x", "y"} and "d" not in key, "not a public EC key")
    require((key["kty"], key["use"], key["alg"], key["crv"]) == ("EC", "sig", "ES256", "P-256"), "not ES256")
    members = {name: key[name] for name in ("crv", "kty", "x", "y")}
    digest = hashlib.sha256(canonical(members).encode()).digest()
    require(base64url(kid) == digest, "the kid is not the RFC 7638 thumbprint")
    x, y = (int.from_bytes(base64url(key[name]), "big") for name in ("x", "y"))
    return ec.EllipticCurvePublicNumbers(x, y, ec.SECP256R1()).public_key()


def verify_health_card(code, jwks):
    digits = code[len("shc:/"):]
    require(digits.isascii() and digits.isdigit() and len(digits) % 2 == 0, "not pairs of digits")
    jws = "".join(chr(int(digits[at:at + 2]) + 45) for at in range(0, len(digits), 2))
    require(len(jws) <= 1195, "the JWS is too long for one code")
    parts = jws.split(".")
    require(len(parts) == 3, "not three parts")
    header = parse(base64url(parts[0]))
    require(set(header) == {"zip", "alg", "kid"}, "header members")
    require(header["zip"] == "DEF" and header["alg"] == "ES256", "header values")
    key = health_card_key(jwks, header["kid"])
    verify_es256(key, base64url(parts[2]), f"{parts[0]}.{parts[1]}".encode())
    inflater = zlib.decompressobj(wbits=-15)
    raw = inflater.decompress(base64url(parts[1]), 100_000)
    require(inflater.eof and not inflater.unused_data, "not one raw DEFLATE stream")
    text = raw.decode("utf-8")
    payload = parse(text)
    require(json.dumps(payload, ensure_ascii=False, separators=(",", ":")) == text, "the payload is not minified")
    doses = check_bundle(payload)
    return {"kind": "health-card", "jws": len(jws), "doses": doses, "payload": payload}


def check_bundle(payload):
    require(set(payload) == {"iss", "nbf", "vc"}, "payload members")
    require(payload["iss"].startswith("https://") and not payload["iss"].endswith("/"), "issuer")
    require(isinstance(payload["nbf"], int), "nbf is no integer")
    require(payload["vc"]["type"] == ["https://smarthealth.cards#health-card"], "type")
    subject = payload["vc"]["credentialSubject"]
    require(subject["fhirVersion"] == "4.0.1", "FHIR version")
    bundle = subject["fhirBundle"]
    require((bundle["resourceType"], bundle["type"]) == ("Bundle", "collection"), "bundle")
    for number, entry in enumerate(bundle["entry"]):
        require(entry["fullUrl"] == f"resource:{number}", "fullUrl")
        require(not {"id", "meta", "text"} & set(entry["resource"]), "members that a printed card leaves out")
    resources = [entry["resource"] for entry in bundle["entry"]]
    patient, immunizations = resources[0], resources[1:]
    require(patient["resourceType"] == "Patient" and patient["name"] and patient["birthDate"], "patient")
    require(immunizations, "no dose")
    for dose in immunizations:
        require((dose["resourceType"], dose["status"]) == ("Immunization", "completed"), "immunization")
        require(dose["patient"] == {"reference": "resource:0"}, "patient reference")
        coding, = dose["vaccineCode"]["coding"]
        require(set(coding) == {"system", "code"}, "a coding carries more than system and code")
        require(coding["system"] == "http://hl7.org/fhir/sid/cvx" and coding["code"].isdigit(), "CVX")
        datetime.date.fromisoformat(dose["occurrenceDateTime"])
        require(dose["lotNumber"] and dose["performer"][0]["actor"]["display"], "lot or performer")
    return len(immunizations)


def verify_vds_nc(code, csca, at):
    vds = parse(code)
    require(canonical(vds) == code, "the text is not canonical JSON")
    require(set(vds) == {"data", "sig"} and set(vds["sig"]) == {"alg", "cer", "sigvl"}, "members")
    require(vds["sig"]["alg"] == "ES256", "algorithm")
    for name in ("cer", "sigvl"):
        require(len(vds["sig"][name]) % 4 == 0, f"{name} is not padded")
    signer = x509.load_der_x509_certificate(base64.urlsafe_b64decode(vds["sig"]["cer"]))
    check_signer(signer, csca, at)
    signature = base64.urlsafe_b64decode(vds["sig"]["sigvl"])
    verify_es256(signer.public_key(), signature, canonical(vds["data"]).encode())
    doses = check_vaccination(vds["data"])
    return {"kind": "vds-nc", "bytes": len(code.encode()), "doses": doses, "data": vds["data"]}


def check_signer(signer, csca, at):
    """ICAO Doc 9303-12 for a barcode signer of the test type, and its chain of one step."""
    require(signer.issuer == csca.subject, "the signer is not issued by this CSCA")
    try:
        csca.public_key().verify(
            signer.signature, signer.tbs_certificate_bytes, ec.ECDSA(signer.signature_hash_algorithm)
        )
    except InvalidSignature as error:
        raise Invalid("the CSCA's signature over the signer does not hold") from error
    for certificate in (signer, csca):
        require(certificate.not_valid_before <= at <= certificate.not_valid_after, "outside its validity")
    basic = csca.extensions.get_extension_for_class(x509.BasicConstraints).value
    require(basic.ca and basic.path_length == 0, "the CSCA is no CA of path length 0")
    usage = csca.extensions.get_extension_for_class(x509.KeyUsage).value
    require(usage.key_cert_sign and usage.crl_sign, "the CSCA's key usage")
    require(isinstance(signer.public_key().curve, ec.SECP256R1), "the signer's key is not on P-256")
    attributes = {attribute.rfc4514_attribute_name: attribute.value for attribute in signer.subject}
    require(set(attributes) == {"C", "CN"} and len(attributes["CN"]) == 2, "the signer's subject")
    extensions = {extension.oid.dotted_string: extension.value for extension in signer.extensions}
    require(set(extensions) == {AUTHORITY_KEY_IDENTIFIER, EXTENDED_KEY_USAGE, DOCUMENT_TYPE}, "signer's extensions")
    require([usage.dotted_string for usage in extensions[EXTENDED_KEY_USAGE]] == [VDS_SIGNING], "key purpose")
    require(extensions[DOCUMENT_TYPE].value == bytes.fromhex("3009020100310413024e56"), "document type list")
    subject_key = csca.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value.digest
    require(extensions[AUTHORITY_KEY_IDENTIFIER].key_identifier == subject_key, "authority key identifier")


def check_vaccination(data):
    require(set(data) == {"hdr", "msg"} and data["hdr"] == {"t": "icao.vacc", "v": 1, "is": "JPN"}, "header")
    message = data["msg"]
    require(set(message) == {"uvci", "pid", "ve"}, "message members")
    limited(message["uvci"], 12)
    person = message["pid"]
    require(set(person) <= {"n", "dob", "sex", "i"} and {"n", "dob"} <= set(person), "person members")
    limited(person["n"], 39)
    limited(person.get("i", ""), 11)
    datetime.date.fromisoformat(person["dob"])
    events = message["ve"]
    require(len({(event["des"], event["nam"]) for event in events}) == len(events), "a product stands twice")
    numbers = []
    for event in events:
        require(set(event) == {"des", "nam", "dis", "vd"} and event["dis"] == "RA01.0", "event")
        limited(event["des"], 6)
        limited(event["nam"], 99)
        for dose in event["vd"]:
            require(set(dose) == {"dvc", "seq", "ctr", "adm", "lot"} and 1 <= dose["seq"] <= 99, "dose")
            datetime.date.fromisoformat(dose["dvc"])
            require(re.fullmatch("[A-Z]{3}", dose["ctr"]), "country")
            limited(dose["adm"], 20)
            limited(dose["lot"], 20)
            numbers.append(dose["seq"])
    require(len(set(numbers)) == len(numbers) > 0, "dose numbers")
    return len(numbers)


def limited(text, length):
    require(len(text) <= length and VDS_LETTERS.match(text), f"not up to {length} letters of the VDS-NC")


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--jwks", required=True)
    arguments.add_argument("--csca", required=True)
    arguments.add_argument("--at", required=True, type=datetime.datetime.fromisoformat)
    options = arguments.parse_args()
    with open(options.jwks, encoding="utf-8") as file:
        jwks = json.load(file)
    with open(options.csca, "rb") as file:
        csca = x509.load_pem_x509_certificate(file.read())
    status = 0
    for code in filter(None, (line.rstrip("\n") for line in sys.stdin)):
        try:
            if code.startswith("shc:/"):
                found = verify_health_card(code, jwks)
            elif code.startswith("{"):
                found = verify_vds_nc(code, csca, options.at)
            else:
                found = {"kind": "other", "text": code}
            print(json.dumps(found, ensure_ascii=False))
        except (Invalid, KeyError, TypeError, ValueError, zlib.error) as error:
            print(f"{code[:20]}…: {type(error).__name__}: {error}", file=sys.stderr)
            status = 1
    return status


if __name__ == "__main__":
    sys.exit(main())
