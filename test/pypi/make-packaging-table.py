"""Writes packaging-table.json: what PyPA's `packaging` says of names, versions and file names.

    python3 -m pip install packaging==26.3
    python3 test/pypi/make-packaging-table.py
"""

import json
import pathlib
import random

from packaging.utils import (
    InvalidName,
    InvalidSdistFilename,
    InvalidWheelFilename,
    canonicalize_name,
    canonicalize_version,
    parse_sdist_filename,
    parse_wheel_filename,
)
from packaging.version import InvalidVersion, Version

NAMES = """
requests|Django|oslo.concurrency|zope.interface|ruamel_yaml|a|A1|0x|a--b|a-_.b|a.b_c-d|_a|a_|-a|a-|.a|a.|.|..
../../x|a/b|a b|a\\b|é|a%2fb|a..b|__|my.Project__Name|x-|K|ſ||a:b
""".replace("\n", "|").strip("|").split("|")

VERSIONS = """
1|1.0|1.0.0|01.002|v1.2|V1.2|1!2|0!1|1.0a1|1.0alpha1|1.0-alpha.1|1.0_ALPHA_1|1.0a|1.0b2|1.0beta2|1.0c1|1.0rc1
1.0pre1|1.0-preview-3|1.0.post1|1.0-1|1.0-r4|1.0rev|1.0post|1.0.post|1.0.dev1|1.0dev|1.0-DEV-3|1.0a1.post2.dev3
1.0+abc|1.0+ABC.1|1.0+abc_1-2|1.0+001|1.0+1|1.0+a.b|2!1.0rc1.post2.dev3+x.4| 1.0 |\t1.0\n|1.0+|1.0.|.1|1..0|a1|1.0x
2004d|20040415120000|99999999999999999999|99999999999999999998|1.0.0.0.1|0|0.0|00|1.0--1|1.0-1-2|1.0.*|==1.0|1,0
1.0+a..b|1.0+a+b|!1|1!|1.0a1b2|1.0.dev1.post1|1.0dev1+2|1.1|1.10|1.9|0.0.1|1.0.post0|1.0.dev0|1.0a0|１.0|1.0é|1 .0
1.0+abc.def|1.0+2|1.0+10|1.0+9z|1.0rc|1.0.rc.1|1.0-rc_1|1.0r|1.0-post|1.0-0|1.0b|1.0a1.dev1|1.0.post1.dev2||v|1.0v1
""".replace("\n", "|").strip("|").split("|")

WHEELS = """
foo-1.0-py3-none-any.whl|Foo.Bar_baz-1.0-py2.py3-none-any.whl|foo_bar-1.0-1-py3-none-any.whl
foo-1.0-1abc-cp312-cp312-manylinux_2_17_x86_64.manylinux2014_x86_64.whl|foo-1.0-abc-py3-none-any.whl
foo-1.0.0-py3-none-any.whl|foo-v1-py3-none-any.whl|foo-1.0+local_1-py3-none-any.whl|foo__bar-1.0-py3-none-any.whl
foo-1.0-py3-none.whl|foo-py3-none-any.whl|foo-1.0-1-2-py3-none-any.whl|foo-x-py3-none-any.whl|foo-1.0-py3-none-any.zip
foo-1.0-py3-none-any|foo-1.0-py3..py2-none-any.whl|foo-1.0--none-any.whl|foo-1.0-py3-none-.whl|-1.0-py3-none-any.whl
foo-1.0-3py-none-any.whl|foo bar-1.0-py3-none-any.whl|foo-1.0-0-py3-none-any.whl|foo-01.02-py3-none-any.whl
litefeel_pycommon-0.1.1-py3-none-any.whl|foo-1.0-py3-none-any.WHL|foo-1!2.0-py3-none-any.whl|A-1-cp39.cp310-abi3-win32.whl
""".replace("\n", "|").strip("|").split("|")

SDISTS = """
foo-1.0.tar.gz|Foo-Bar-1.0.zip|foo_bar-1.0.tar.gz|foo.bar-1.0.tar.gz|foo-1.0-1.tar.gz|foo-1.0.tar.bz2|foo-1.0.tgz
foo.tar.gz|-1.0.tar.gz|foo-.tar.gz|foo-bar.tar.gz|foo-2-1.tar.gz|foo-1.0.post1.tar.gz|foo-1.0+x.tar.gz|foo-1.0.whl
foo-1.0.TAR.GZ|zope.interface-5.0.0a1.tar.gz|foo--1.0.tar.gz|foo-v1.zip|py-2004d.tar.gz|.tar.gz|foo-1.0.tar.gz.asc
""".replace("\n", "|").strip("|").split("|")


def attempt(function, *errors):
    try:
        return function()
    except errors:
        return None


def release(parsed):
    return parsed and [parsed[0], str(parsed[1])]


def made_versions():
    chance = random.Random(440)
    pieces = "1 0 10 . . ! a rc post dev + - _ x v c r".split()
    for _ in range(400):
        yield "".join(chance.choice(pieces) for _ in range(chance.randint(1, 7)))


texts = list(dict.fromkeys([*VERSIONS, *made_versions()]))
valid = [text for text in texts if attempt(lambda: Version(text), InvalidVersion)]
ordered = []
for version in sorted({Version(text) for text in valid}):
    ordered.append(str(version))

table = {
    "names": [
        [name, attempt(lambda: canonicalize_name(name, validate=True), InvalidName)]
        for name in dict.fromkeys(NAMES)
    ],
    "versions": [
        [text, *((str(Version(text)), canonicalize_version(text)) if text in valid else (None, None))]
        for text in texts
    ],
    "ordered": ordered,
    "wheels": [
        [name, release(attempt(lambda: parse_wheel_filename(name), InvalidWheelFilename))]
        for name in WHEELS
    ],
    "sdists": [
        [name, release(attempt(lambda: parse_sdist_filename(name), InvalidSdistFilename))]
        for name in SDISTS
    ],
}

target = pathlib.Path(__file__).with_name("packaging-table.json")
parts = []
for key, rows in table.items():
    lines = ",\n".join(json.dumps(row, ensure_ascii=True) for row in rows)
    parts.append(f"{json.dumps(key)}: [\n{lines}\n]")
target.write_text("{" + ",\n".join(parts) + "}\n")
