"""Writes an index with python-tuf, in RSTUF's form: python_tuf_index.py FOLDER OPTIONS, where OPTIONS is
JSON: distributions [{path, filename, project, version, metadata, requires_python, yanked}], bits."""

import hashlib
import json
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))

from python_tuf_repository import MetaFile, Repository


class Index(Repository):
    """Succinct bins, BLAKE2b digests, only versions in snapshot and timestamp, indented JSON; files are
    where the index serves them, not under hash-prefixed names."""

    def __init__(self, folder, options):
        form = {"layout": "succinct-bins", "hashes": ["blake2b-256"], "indent": True}
        super().__init__(folder, {**options, **form})

    def add_all(self):
        pages = {}
        for one in self.options["distributions"]:
            with open(one["path"], "rb") as file:
                data = file.read()
            digest = hashlib.blake2b(data, digest_size=32).hexdigest()
            path = f"{digest[:2]}/{digest[2:4]}/{digest[4:]}/{one['filename']}"
            self.add(path, data)
            entry = {
                "filename": one["filename"],
                "url": f"../{path}",
                "hashes": {"sha256": hashlib.sha256(data).hexdigest()},
                "requires-python": one.get("requires_python"),
                "size": len(data),
                "yanked": one.get("yanked", False),
                "core-metadata": False,
            }
            if "metadata" in one:
                metadata = one["metadata"].encode("utf-8")
                entry["core-metadata"] = {"sha256": hashlib.sha256(metadata).hexdigest()}
                self.put(f"targets/{path}.metadata", metadata)
            versions, files = pages.setdefault(one["project"], (set(), []))
            versions.add(one["version"])
            files.append(entry)
        for project, (versions, files) in pages.items():
            page = {
                "meta": {"api-version": "1.1"},
                "name": project,
                "versions": sorted(versions),
                "files": files,
            }
            self.add(f"simple/{project}", json.dumps(page).encode("utf-8"))

    def add(self, path, data):
        super().add(path, data)
        self.put(f"targets/{path}", data)

    def listed(self, version, data):
        return MetaFile(version)


if __name__ == "__main__":
    Index(sys.argv[1], json.loads(sys.argv[2])).write()
