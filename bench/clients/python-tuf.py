"""python-tuf's ngclient, as its documentation has it, with its default fetcher."""

import json
import os
import resource
import sys
import time

from tuf.ngclient import Updater, UpdaterConfig

with open(sys.argv[1], encoding="utf-8") as file:
    task = json.load(file)
section = None


def cpu():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return 1000 * (usage.ru_utime + usage.ru_stime)


def measured(calls, work):
    global section
    before, start = cpu(), time.monotonic()
    work()
    wall = 1000 * (time.monotonic() - start)
    section = {"cpu": cpu() - before, "wall": wall, "calls": calls}


def peak():
    # Linux hands the peak of the process that spawned this one down to ru_maxrss.
    try:
        with open("/proc/self/status", encoding="ascii") as status:
            for line in status:
                if line.startswith("VmHWM:"):
                    return 1024 * int(line.split()[1])
    except OSError:
        pass
    unit = 1 if sys.platform == "darwin" else 1024
    return unit * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


os.makedirs(task["store"], exist_ok=True)
with open(task["root"], "rb") as file:
    root = file.read()
updater = Updater(
    task["store"],
    task["metadataUrl"],
    target_base_url=task["targetsUrl"],
    config=UpdaterConfig(snapshot_max_length=8_000_000, targets_max_length=32_000_000),
    bootstrap=root,
)
updater.refresh()
if updater.get_targetinfo(task["find"]) is None:
    raise RuntimeError("not found")
if "then" in task:
    paths = task["then"]

    def find_all():
        for path in paths:
            updater.get_targetinfo(path)

    measured(len(paths), find_all)
if "download" in task:
    download = task["download"]
    os.makedirs(download["folder"])

    def fetch_all():
        for path in download["paths"]:
            target = updater.get_targetinfo(path)
            updater.download_target(
                target, os.path.join(download["folder"], path.replace("/", "_"))
            )

    measured(len(download["paths"]), fetch_all)
print(json.dumps({"cpu": cpu(), "peak": peak(), "section": section}), flush=True)
