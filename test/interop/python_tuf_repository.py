"""Writes a repository with python-tuf: python_tuf_repository.py FOLDER OPTIONS, where OPTIONS is JSON:
targets {path: text}, and perhaps layout ("plain", "hash-bins", "succinct-bins"), consistent, keys
("ed25519", "ecdsa", "ecdsa-384", "rsa", "ml-dsa-44", "ml-dsa-65", "ml-dsa-87"), hashes, indent, rotate."""

import json
import os
import sys
from datetime import datetime, timedelta, timezone

from cryptography.hazmat.primitives.asymmetric.ec import SECP384R1, generate_private_key
from securesystemslib.signer import CryptoSigner
from tuf.api.metadata import (
    DelegatedRole,
    Delegations,
    Metadata,
    MetaFile,
    Root,
    Snapshot,
    SuccinctRoles,
    TargetFile,
    Targets,
    Timestamp,
)
from tuf.api.serialization.json import JSONSerializer

MAKE_KEY = {
    "ed25519": CryptoSigner.generate_ed25519,
    "ecdsa": CryptoSigner.generate_ecdsa,
    "ecdsa-384": lambda: CryptoSigner(generate_private_key(SECP384R1())),
    "rsa": CryptoSigner.generate_rsa,
    "ml-dsa-44": lambda: CryptoSigner.generate_mldsa(scheme="ml-dsa-44/1"),
    "ml-dsa-65": lambda: CryptoSigner.generate_mldsa(scheme="ml-dsa-65/1"),
    "ml-dsa-87": lambda: CryptoSigner.generate_mldsa(scheme="ml-dsa-87/1"),
}


class Repository:
    def __init__(self, folder, options):
        self.folder = folder
        self.options = options
        self.consistent = options.get("consistent", True)
        self.hashes = options.get("hashes", ["sha256"])
        self.serializer = JSONSerializer(compact=not options.get("indent", False))
        self.expires = datetime.now(timezone.utc).replace(microsecond=0) + timedelta(days=30)
        self.make_key = MAKE_KEY[options.get("keys", "ed25519")]
        self.online = self.make_key()
        self.roles = {"targets": Targets(expires=self.expires)}

    def write(self):
        self.delegate()
        self.add_all()
        root_keys = [self.make_key(), self.make_key()]
        root = Root(expires=self.expires, consistent_snapshot=self.consistent)
        root.roles["root"].threshold = 2
        for key in root_keys:
            root.add_key(key.public_key, "root")
        for role in ("timestamp", "snapshot", "targets"):
            root.add_key(self.online.public_key, role)
        self.publish("root", root, root_keys)
        if self.options.get("rotate"):
            self.rotate(root, root_keys)

        snapshot = Snapshot(expires=self.expires, meta={})
        for name, role in self.roles.items():
            data = self.publish(name, role, [self.online])
            snapshot.meta[f"{name}.json"] = self.listed(role.version, data)
        data = self.publish("snapshot", snapshot, [self.online])
        meta = self.listed(snapshot.version, data)
        self.publish("timestamp", Timestamp(expires=self.expires, snapshot_meta=meta), [self.online])

    def listed(self, version, data):
        return MetaFile.from_data(version, data, ["sha256"])

    def rotate(self, root, old):
        """The next root has one other key of its own, and another online key."""
        root.version += 1
        new = [old[0], self.make_key()]
        root.revoke_key(old[1].public_key.keyid, "root")
        root.add_key(new[1].public_key, "root")
        former, self.online = self.online.public_key.keyid, self.make_key()
        for role in ("timestamp", "snapshot", "targets"):
            root.revoke_key(former, role)
            root.add_key(self.online.public_key, role)
        delegations = self.roles["targets"].delegations
        if delegations is not None:
            for role in delegations.roles or [None]:
                self.roles["targets"].revoke_key(former, role)
                self.roles["targets"].add_key(self.online.public_key, role)
        self.publish("root", root, [*old, new[1]])

    def delegate(self):
        key = self.online.public_key
        layout = self.options.get("layout", "plain")
        if layout == "plain":
            names = ["packages/python"]
            role = DelegatedRole(names[0], [key.keyid], 1, True, paths=["pkgs/*", "pkgs/*/*"])
            delegations = Delegations({key.keyid: key}, roles={role.name: role})
        elif layout == "hash-bins":
            names = [f"{first:x}0-{first:x}f" for first in range(16)]
            roles = {}
            for first, name in enumerate(names):
                prefixes = [f"{first * 16 + second:02x}" for second in range(16)]
                roles[name] = DelegatedRole(
                    name, [key.keyid], 1, False, path_hash_prefixes=prefixes
                )
            delegations = Delegations({key.keyid: key}, roles=roles)
        else:
            succinct = SuccinctRoles([key.keyid], 1, self.options.get("bits", 6), "bins")
            names = list(succinct.get_roles())
            delegations = Delegations({key.keyid: key}, succinct_roles=succinct)
        self.roles["targets"].delegations = delegations
        for name in names:
            self.roles[name] = Targets(expires=self.expires)

    def add_all(self):
        for path, text in self.options["targets"].items():
            self.add(path, text.encode("utf-8"))

    def add(self, path, data):
        file = TargetFile.from_data(path, data, self.hashes)
        delegations = self.roles["targets"].delegations
        homes = [name for name, _ in delegations.get_roles_for_target(path)]
        self.roles[homes[0] if homes else "targets"].targets[path] = file
        for name in file.get_prefixed_paths() if self.consistent else [path]:
            self.put(f"targets/{name}", data)

    def publish(self, name, signed, signers):
        metadata = Metadata(signed)
        for signer in signers:
            metadata.sign(signer, append=True)
        data = metadata.to_bytes(self.serializer)
        versioned = name == "root" or (self.consistent and name != "timestamp")
        self.put(f"metadata/{f'{signed.version}.' if versioned else ''}{name}.json", data)
        return data

    def put(self, name, data):
        path = os.path.join(self.folder, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as file:
            file.write(data)


if __name__ == "__main__":
    Repository(sys.argv[1], json.loads(sys.argv[2])).write()
