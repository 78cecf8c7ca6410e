"""The command line of tuf-conformance over tuf.ngclient. The trusted root is kept apart from what
the repository sends and given to every updater as `bootstrap`."""

import argparse
import os
import sys


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--metadata-dir", required=True)
    parser.add_argument("--metadata-url")
    parser.add_argument("--target-name", action="append", default=[])
    parser.add_argument("--target-dir")
    parser.add_argument("--target-base-url")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("init").add_argument("root")
    commands.add_parser("refresh")
    commands.add_parser("download")
    args = parser.parse_args()

    anchor = os.path.join(args.metadata_dir, "anchor")
    if args.command == "init":
        with open(args.root, "rb") as source, open(anchor, "wb") as destination:
            destination.write(source.read())
        return

    # Slow to import, and init needs none of it.
    from tuf.ngclient import Updater

    with open(anchor, "rb") as file:
        bootstrap = file.read()
    updater = Updater(
        args.metadata_dir,
        args.metadata_url,
        args.target_dir,
        args.target_base_url,
        bootstrap=bootstrap,
    )
    updater.refresh()
    for name in args.target_name:
        target = updater.get_targetinfo(name)
        if target is None:
            sys.exit("there is no such target")
        if updater.find_cached_target(target) is None:
            updater.download_target(target)


if __name__ == "__main__":
    main()
