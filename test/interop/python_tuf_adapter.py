"""Answers function vectors with python-tuf: a question per line of standard input, as JSON
{"family", "input"}; an answer per line, {"result", "output"?, "reason"?}.

Whatever the library raises is a refusal."""

import base64
import hashlib
import json
import logging
import sys

import tuf
import urllib3
from securesystemslib.formats import encode_canonical
from securesystemslib.signer import Key, Signature
from tuf.api.exceptions import DownloadError
from tuf.api.metadata import (
    DelegatedRole,
    Delegations,
    MetaFile,
    Metadata,
    Root,
    TargetFile,
)
from tuf.ngclient import FetcherInterface, Updater

def body(value):
    if isinstance(value, str):
        return value.encode("utf-8")
    if "base64" in value:
        return base64.b64decode(value["base64"])
    part, length = value["repeat"].encode("utf-8"), value["length"]
    return (part * (length // len(part) + 1))[:length]


COMMON = {
    "_type": "timestamp",
    "spec_version": "1.0.31",
    "version": 1,
    "expires": "2030-01-01T00:00:00Z",
    "meta": {"snapshot.json": {"version": 1}},
}


def timestamp(signatures=(), **fields):
    file = {"signatures": list(signatures), "signed": {**COMMON, **fields}}
    return Metadata.from_bytes(json.dumps(file).encode("utf-8"))


def document(question):
    """As a field of a signed file that the library does not know; the field that is sorted last."""

    def signed_bytes(value):
        fields = json.dumps(COMMON)[:-1].encode("utf-8")
        file = b'{"signatures":[],"signed":' + fields + b',"~":' + value + b"}}"
        return Metadata.from_bytes(file).signed_bytes

    before = len(signed_bytes(b"null")) - len("null}")
    return signed_bytes(body(question["document"]))[before:-1].decode("utf-8")


def metadata(question):
    read = Metadata.from_bytes(body(question["document"]))
    if read.signed.type != question["type"]:
        raise ValueError("is of another type")


def keyids(question):
    key = Key.from_dict(question["keyid"], dict(question["key"]))
    return hashlib.sha256(encode_canonical(key.to_dict()).encode("utf-8")).hexdigest()


def signature(question):
    key = Key.from_dict("key", dict(question["key"]))
    key.verify_signature(Signature("key", question["sig"]), body(question["message"]))


def threshold(question):
    role = {"keyids": question["keyids"], "threshold": question["threshold"]}
    other = {"keyids": [], "threshold": 1}
    signed = {
        **COMMON,
        "_type": "root",
        "keys": question["keys"],
        "roles": {"root": other, "snapshot": other, "targets": other, "timestamp": role},
    }
    root = Metadata[Root].from_bytes(json.dumps({"signatures": [], "signed": signed}).encode())
    signatures = timestamp(question["signatures"]).signatures
    verdict = root.signed.get_verification_result(
        "timestamp", body(question["message"]), signatures
    )
    if not verdict:
        raise ValueError("fewer than the threshold")
    return {"signed": len(verdict.signed)}


def dates(question):
    return round(timestamp(expires=question["text"]).signed.expires.timestamp() * 1000)


def spec_version(question):
    timestamp(spec_version=question["text"])


def hashes(question):
    fields = {name: question[name] for name in ("length", "hashes") if name in question}
    MetaFile.from_dict({"version": 1, **fields}).verify_length_and_hashes(body(question["content"]))


def path_patterns(question):
    role = DelegatedRole("role", [], 1, False, paths=[question["pattern"]])
    return role.is_delegated_path(question["path"])


def hash_bins(question):
    delegations = Delegations.from_dict(question["delegations"])
    return [name for name, _ in delegations.get_roles_for_target(question["path"])]


class Asked(Exception):
    """Ends a download once its URL is known."""


class UrlFetcher(FetcherInterface):
    def _fetch(self, url):
        raise Asked(url)


def names(question):
    """What the updater asks its fetcher for, as urllib3 puts it into the request."""
    base = "http://localhost/base/"
    updater = Updater.__new__(Updater)
    updater._fetcher = UrlFetcher()
    updater._metadata_base_url = updater._target_base_url = base
    try:
        if "role" in question:
            updater._download_metadata(question["role"], 1, question.get("version"))
        elif "digest" in question:
            file = TargetFile(1, {"sha256": question["digest"]}, question["target"])
            updater._fetcher.download_bytes(base + file.get_prefixed_paths()[0], 1)
        else:
            updater._fetcher.download_bytes(base + question["target"], 1)
    except DownloadError as error:
        if not isinstance(error.__cause__, Asked):
            raise
        return requested(str(error.__cause__))
    raise RuntimeError("nothing was asked for")


def requested(url):
    path = urllib3.util.parse_url(url).request_uri
    return path.removeprefix("/base/")


FAMILIES = {
    "json": document,
    "canonical-json": document,
    "metadata": metadata,
    "keyids": keyids,
    "signatures-ed25519": signature,
    "signatures-ecdsa": signature,
    "signatures-rsa": signature,
    "signatures-ml-dsa": signature,
    "threshold": threshold,
    "dates": dates,
    "spec-version": spec_version,
    "hashes": hashes,
    "path-patterns": path_patterns,
    "hash-bins": hash_bins,
    "names": names,
}


def answer(question):
    if question["family"] not in FAMILIES:
        return {"result": "skipped", "reason": "the library has no function for this family"}
    try:
        output = FAMILIES[question["family"]](question["input"])
    except Exception as error:
        return {"result": "refused", "reason": f"{type(error).__name__}: {error}"[:300]}
    return {"result": "accepted", **({} if output is None else {"output": output})}


if __name__ == "__main__":
    logging.disable(logging.CRITICAL)
    if sys.argv[1:] == ["--version"]:
        print(f"python-tuf {tuf.__version__}")
        sys.exit()
    for line in sys.stdin.buffer:
        print(json.dumps(answer(json.loads(line))), flush=True)
