"""Reads a lock file without tuffet, and prints one line of JSON for each file and hash in it.

usage: independent_reader.py FORMAT FILE

Tables are read by tomllib and json, pylock.toml by packaging's own reader, requirements.txt by pip.
Run by the interpreter of a new pip.
"""

import json
import re
import sys
from urllib.parse import unquote, urlsplit


def emit(name, version, filename, algorithm, digest):
    name = re.sub(r"[-_.]+", "-", name).lower()
    print(json.dumps([name, version, filename, algorithm, digest], ensure_ascii=False))


def last_segment(url):
    return unquote(urlsplit(url).path.rsplit("/", 1)[-1])


def listed(package, files):
    for one in files:
        filename = one["file"] if "file" in one else last_segment(one["url"])
        emit(package["name"], package["version"], filename, *one["hash"].split(":"))


def poetry_lock(document):
    for package in document["package"]:
        files = package.get("files")
        if files is None:
            files = document["metadata"]["files"][package["name"]]
        listed(package, files)


def pdm_lock(document):
    for package in document["package"]:
        listed(package, package.get("files", []))


def uv_lock(document):
    for package in document["package"]:
        sdist = [package["sdist"]] if "sdist" in package else []
        listed(package, sdist + package.get("wheels", []))


def pylock(document):
    from pip._vendor.packaging.pylock import Pylock, PylockValidationError

    for package in document["packages"]:
        # pipenv does not write it in the normal form, which packaging insists on.
        package["name"] = re.sub(r"[-_.]+", "-", package["name"]).lower()
        for one in package.get("tool", {}).get("pipenv", {}).get("hashes", []):
            emit(package["name"], package["version"], None, *one.split(":"))
    try:
        Pylock.from_dict(document)
    except PylockValidationError as error:
        # packaging takes no archive but .tar.gz and .zip; what is listed is listed all the same.
        if "Invalid sdist filename" not in str(error):
            raise
        for package in document["packages"]:
            for one in [package["sdist"]] if "sdist" in package else []:
                filename = one.get("name") or last_segment(one["url"])
                for algorithm, digest in one["hashes"].items():
                    emit(package["name"], package["version"], filename, algorithm, digest)
            package.pop("sdist", None)
    for package in Pylock.from_dict(document).packages:
        files = ([package.sdist] if package.sdist else []) + list(package.wheels or [])
        for one in files:
            filename = one.name or last_segment(one.url)
            for algorithm, digest in one.hashes.items():
                emit(package.name, str(package.version), filename, algorithm, digest)


def pipfile_lock(document):
    for category, packages in document.items():
        if category == "_meta":
            continue
        for name, package in packages.items():
            for one in package["hashes"]:
                emit(name, package["version"].removeprefix("=="), None, *one.split(":"))


def requirements(path):
    from pip._internal.network.session import PipSession
    from pip._internal.req.constructors import install_req_from_parsed_requirement
    from pip._internal.req.req_file import parse_requirements

    for parsed in parse_requirements(path, session=PipSession()):
        found = install_req_from_parsed_requirement(parsed)
        [specifier] = found.specifier
        assert specifier.operator == "=="
        for algorithm, digests in found.hash_options.items():
            for digest in digests:
                emit(found.name, specifier.version, None, algorithm, digest)


def main(form, path):
    if form == "requirements.txt":
        return requirements(path)
    if form == "Pipfile.lock":
        with open(path, "rb") as file:
            return pipfile_lock(json.load(file))
    import tomllib

    with open(path, "rb") as file:
        document = tomllib.load(file)
    readers = {
        "poetry.lock": poetry_lock,
        "pdm.lock": pdm_lock,
        "uv.lock": uv_lock,
        "pylock.toml": pylock,
    }
    readers[form](document)


main(*sys.argv[1:])
