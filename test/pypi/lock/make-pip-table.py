"""Writes pip-table.json: what pip reads in requirements files, and what markers are to it.

    python3 -m pip install pip==26.3
    python3 test/pypi/lock/make-pip-table.py
"""

import base64
import json
import logging
import os
import sys
import tempfile
from pathlib import Path

import pip
from pip._internal.exceptions import PipError
from pip._internal.index.collector import LinkCollector
from pip._internal.index.package_finder import PackageFinder
from pip._internal.models.search_scope import SearchScope
from pip._internal.models.selection_prefs import SelectionPreferences
from pip._internal.network.session import PipSession
from pip._internal.req.constructors import install_req_from_parsed_requirement
from pip._internal.req.req_file import parse_requirements
from pip._vendor.packaging.markers import InvalidMarker, Marker
from pip._vendor.packaging.utils import canonicalize_name

A, B = "a" * 64, "b" * 64
URL = "https://files.example.com/foo-1.0-py3-none-any.whl"

TEXTS = [
    "foo",
    "foo==1.0",
    "Foo.Bar_baz == 1.0",
    "foo===1.0",
    "foo===2004d",
    "foo==1.*",
    "foo==1.0,>=0.5",
    "foo (==1.0)",
    "foo>=1,<2",
    "foo~=1.0",
    "foo~=1",
    "foo=1.0",
    "foo==",
    "foo==1.0 bar==2.0",
    "foo bar",
    "foo[a,b]==1.0",
    "foo[a]==1.0; extra == 'x'",
    "foo==1.0;python_version<'3.9'",
    "foo==1.0 ; python_version < '3.9' and (os_name == 'nt' or sys_platform != \"linux\")",
    "foo==1.0; nonsense",
    "foo==1.0; python_version < 3.9",
    "foo==1.0;",
    f"foo==1.0 --hash=sha256:{A}",
    f"foo==1.0 --hash sha256:{A}",
    f"foo==1.0 --hash=sha256:{A} --hash=sha256:{B}",
    f"foo==1.0 \\\n    --hash=sha256:{A} \\\n    --hash=sha512:{A}{B}\nbar==2.0",
    f"foo==1.0 \\\r\n    --hash=sha256:{A}\r\nbar==2.0\r\n",
    f"foo==1.0 '--hash=sha256:{A}'",
    f'foo==1.0 --hash="sha256:{A}"',
    f"foo==1.0 --hash=sha256:{A[:32]}\\\n{A[32:]}",
    f"foo==1.0 --hash=sha256:{A} # comment",
    f"foo==1.0\t--hash=sha256:{A}",
    f"foo==1.0 --hash=sha256:{A} --hash",
    "foo==1.0 --hash='sha256:",
    "foo==1.0 --unknown",
    "foo==1.0 -x",
    "# comment\nfoo==1.0",
    "   # comment\nfoo==1.0",
    "foo==1.0# no comment",
    "foo==1.0 #comment",
    "foo==1.0\t#comment",
    "# comment \\\nfoo==1.0",
    "foo==1.0 \\\n# comment\nbar==2.0",
    "foo==1.0 \\\n  # comment \\\nbar==2.0",
    "foo==1.0 \\\n\nbar==2.0",
    "foo==1.0 \\",
    "\\\\foo==1.0\\\\\n",
    "foo==\\\n1.0",
    "\n\n  foo==1.0  \n",
    "foo==1.0\rbar==2.0",
    "# comment\rfoo==1.0",
    "# comment\u2028foo==1.0",
    "# comment\u2029foo==1.0",
    "# comment\x85foo==1.0",
    "# comment\x0bfoo==1.0",
    "# comment\x0cfoo==1.0",
    "# comment\x1cfoo==1.0",
    "# comment\x1dfoo==1.0",
    "# comment\x1efoo==1.0",
    "# comment\x1ffoo==1.0",
    "foo==1.0\x1f# comment",
    "foo==1.0\u3000# comment",
    "foo==1.0\ufeff# comment",
    "\ufefffoo==1.0",
    "\u00a0foo==1.0\u00a0",
    "foo==1.0\x00",
    "föö==1.0",
    "-i https://a.example/simple",
    "-ihttps://a.example/simple",
    "--index-url https://a.example/simple\nfoo",
    "--index-url=https://a.example/simple",
    "--pypi-url https://a.example/simple",
    "--extra-index-url https://b.example/simple",
    "-i https://a.example/ --extra-index-url https://b.example/ --trusted-host b.example",
    "--find-links https://c.example/links",
    "-f https://c.example/links",
    "--no-index",
    "--no-index=1",
    "--pre\n--prefer-binary\n--require-hashes\n--no-binary :all:\n--only-binary=foo\nfoo",
    "--index-url",
    "--index-url 'https://a.example/",
    "  --index-url https://a.example/simple",
    "-i ${INDEX}",
    "-i ${MISSING}",
    "foo==${VERSION}",
    "foo==${version}",
    "foo==$VERSION",
    "foo==${VERSION} # ${VERSION}",
    f"foo @ {URL}",
    f"foo@{URL}",
    f"foo [a] @ {URL}",
    f"foo @ {URL}#sha256={A}",
    f"foo @ {URL}#egg=foo&sha256={A}",
    f"foo @ {URL} --hash=sha256:{A}",
    f"foo @ {URL} ; os_name == 'nt'",
    f"foo @ {URL};os_name == 'nt'",
    URL,
    f"{URL}#sha256={A}",
    f"{URL} ; os_name == 'nt'",
    f"{URL} --hash=sha256:{A}",
    "https://files.example.com/foo.tar.gz#egg=foo",
    "https://files.example.com/foo.tar.gz",
    "https://files.example.com/foo.tar.gz#egg=Foo.Bar&sha256=" + A,
    "git+https://git.example.com/foo.git@main#egg=foo",
    "foo @ git+https://git.example.com/foo.git@main",
    "-e git+https://git.example.com/foo.git#egg=foo",
    "--editable=git+https://git.example.com/foo.git#egg=foo",
    "-e git+ssh://git@git.example.com/foo.git#egg=foo",
    "svn+https://svn.example.com/foo#egg=foo",
    "foo==1.0 --config-settings a=b",
    "foo==1.0 -C a=b",
    "{}",
    "[[package]]",
    "<html>",
    "1.0",
    "-foo",
    "foo-==1.0",
    "_foo==1.0",
    "foo!=1.0",
    "foo==1.0,",
    "foo,==1.0",
    "foo==1.0 || true",
    "foo==1!2.0.post1+local.1",
]

BYTES = [
    b"\xef\xbb\xbffoo==1.0\r\n",
    "\ufefffoo==1.0\n".encode("utf-16-le"),
    "\ufefffoo==1.0\n".encode("utf-16-be"),
    "\ufefffoo==1.0\n".encode("utf-32-le"),
    "\ufefffoo==1.0\n".encode("utf-32-be"),
    b"# -*- coding: latin-1 -*-\nfoo==1.0 # \xe9\n",
    b"# -*- coding: latin-1 -*-\n# \x85foo==1.0\n",
    b"# one\n# vim: set fileencoding=iso_8859-1 :\n# \xe9\nfoo==1.0\n",
    b"# one\n# coding=ISO-8859-1\n# \xe9\nfoo==1.0\n",
    b"# coding: utf-8\n# \xc3\xa9\nfoo==1.0\n",
    b"# coding: ascii\n# \xc3\xa9\nfoo==1.0\n",
    b"foo==1.0\n# coding: ascii\nbar==2.0\n",
]

VALUES = [
    "python_version < '3.9'", "python_version >= '3.12'", "'3.12' <= python_version",
    "'3.13' <= python_version", "python_version == '3.12'", "python_version == '3.*'",
    "python_version != '3.12.*'", "python_version ~= '3.10'", "python_version ~= '4.0'",
    "python_version in '3.11 3.12'", "python_version not in '3.11 3.12'", "python_version > '3.12'",
    "python_full_version > '3.12'", "python_full_version < '3.12.1'", "python_full_version == '3.12.0'",
    "python_full_version >= '3.12.0rc1'", "python_full_version < '3.13.0rc1'",
    "python_full_version === '3.12.1'", "sys_platform == 'linux'", "sys_platform != 'linux'",
    "sys_platform == 'LINUX'", "'linux' in sys_platform", "sys_platform in 'linux darwin'",
    "os_name == 'posix' and sys_platform == 'win32'", "os_name == 'nt' or sys_platform == 'linux'",
    "os_name == 'nt' and os_name == 'nt' or os_name == 'posix'",
    "os_name == 'posix' or os_name == 'nt' and os_name == 'nt'",
    "(os_name == 'posix' or os_name == 'nt') and os_name == 'nt'",
    "((os_name == 'posix'))", "os.name == 'posix'", "python_implementation == 'CPython'",
    "platform.machine == 'x86_64'", "sys.platform == 'linux'", "extra == 'Foo_Bar'", "extra != 'foo-bar'",
    "'foo-bar' in extras", "'Foo_Bar' in extras", "'x' not in extras", "'dev' in dependency_groups",
    "implementation_name == 'cpython'", "implementation_version >= '3.12'", "platform_system == 'Linux'",
]
NO_MARKERS = [
    "", "python_version", "python_version <", "< '3'", "python_version < 3", "'a'", "foo == 'x'",
    "os_name == 'nt' and", "(os_name == 'nt'", "os_name == 'nt')", "os_name = 'nt'", "os_name == 'nt",
    "os_name == \"nt'", "os_name == 'nt' os_name == 'nt'", "not os_name == 'nt'", "os_name == 'nt' xor os_name == 'x'",
    "os_name == 'nt' && os_name == 'x'", "()", "os_name == ('nt')", "OS_NAME == 'nt'",
]
ENVIRONMENT = {
    "implementation_name": "cpython", "implementation_version": "3.12.1", "os_name": "posix",
    "platform_machine": "x86_64", "platform_release": "6.1.0", "platform_system": "Linux",
    "platform_version": "#1 SMP", "python_full_version": "3.12.1",
    "platform_python_implementation": "CPython", "python_version": "3.12", "sys_platform": "linux",
    "extra": "foo-bar", "extras": ["foo-bar"], "dependency_groups": ["dev"],
}


def read(data: bytes) -> object:
    session = PipSession()
    scope = SearchScope.create([], [], no_index=False)
    finder = PackageFinder.create(LinkCollector(session, scope), SelectionPreferences(allow_yanked=False))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "requirements.txt")
        path.write_bytes(data)
        found = []
        try:
            for parsed in parse_requirements(str(path), session, finder=finder):
                one = install_req_from_parsed_requirement(parsed)
                _ = one.hashes(trust_internet=True)
                pins = list(one.req.specifier) if one.req and not one.link else []
                pinned = len(pins) == 1 and pins[0].operator in ("==", "===") and not pins[0].version.endswith(".*")
                hashes = [f"{name}:{digest}" for name, all in one.hashes(True)._allowed.items() for digest in all]
                found.append({
                    "name": canonicalize_name(one.req.name) if one.req else "",
                    "version": pins[0].version if pinned else None,
                    "url": one.link.url_without_fragment if one.link else None,
                    "marker": str(one.markers) if one.markers else None,
                    "hashes": sorted(hashes),
                    "line": int(parsed.comes_from.rsplit(" ", 1)[1][:-1]),
                })
        except (PipError, UnicodeError, LookupError, ValueError) as error:
            return {"error": type(error).__name__}
    scope = finder.search_scope
    return {"requirements": found, "indexes": scope.index_urls, "links": scope.find_links}


def evaluate(text: str) -> object:
    environment = {key: set(value) if isinstance(value, list) else value for key, value in ENVIRONMENT.items()}
    try:
        return Marker(text).evaluate(environment, context="lock_file")
    except InvalidMarker:
        return None


def main() -> None:
    logging.disable()
    os.environ.update(INDEX="https://env.example/simple", VERSION="1.5", version="9")
    os.environ.pop("MISSING", None)
    table = {
        "pip": pip.__version__,
        "texts": [[text, read(text.encode("utf-8", "surrogatepass"))] for text in TEXTS],
        "bytes": [[base64.b64encode(data).decode(), read(data)] for data in BYTES],
        "environment": ENVIRONMENT,
        "markers": [[text, evaluate(text)] for text in VALUES + NO_MARKERS],
    }
    path = Path(__file__).with_name("pip-table.json")
    path.write_text(json.dumps(table, indent=1, ensure_ascii=True) + "\n", "utf-8")
    print(len(TEXTS), len(BYTES), len(VALUES + NO_MARKERS), file=sys.stderr)


main()
