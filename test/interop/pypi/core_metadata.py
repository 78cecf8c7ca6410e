"""Prints the core metadata (METADATA or PKG-INFO) of a wheel or a source distribution."""

import sys
import tarfile
import zipfile


def read(path):
    if path.endswith(".whl"):
        with zipfile.ZipFile(path) as archive:
            return archive.read(outermost(archive.namelist(), ".dist-info/METADATA"))
    with tarfile.open(path) as archive:
        return archive.extractfile(outermost(archive.getnames(), "/PKG-INFO")).read()


def outermost(names, ending):
    """What a distribution brings along has metadata too."""
    return min((name for name in names if name.endswith(ending)), key=lambda name: name.count("/"))


sys.stdout.buffer.write(read(sys.argv[1]))
