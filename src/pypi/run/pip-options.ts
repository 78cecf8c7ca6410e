/** The options of `pip install`, `download`, `wheel` and `lock`, in versions 19 to 26. */
import { optionTable, type OptionTable, writesAddress } from './option-table.js'

const lists = {
  flags: `
    --help/-h --version/-V --debug --require-virtualenv/--require-venv --verbose/-v --quiet/-q
    --no-input --no-cache-dir --disable-pip-version-check --no-color
    --no-python-version-warning --no-deps/--no-dependencies --only-deps/--only-dependencies
    --dry-run --user --no-user --upgrade/-U --force-reinstall --ignore-installed/-I
    --ignore-requires-python --no-build-isolation --use-pep517 --no-use-pep517
    --check-build-dependencies --break-system-packages --compile --no-compile
    --no-warn-script-location --no-warn-conflicts --require-hashes --no-require-hashes --no-clean
    --pre --prefer-binary --no-verify`,
  values: `
    --python --log/--log-file/--local-log --keyring-provider --retries
    --timeout/--default-timeout --exists-action --cert --client-cert --use-feature
    --use-deprecated --resume-retries --target/-t --platform --python-version --implementation
    --abi --root --prefix --src/--source/--source-dir/--source-directory --upgrade-strategy
    --config-settings/--config-setting/-C --global-option --build-option --install-option
    --progress-bar --root-user-action --all-releases --only-final --no-binary
    --only-binary --refresh-package --uploaded-prior-to
    --dest/--destination-dir/--destination-directory/-d --wheel-dir/-w --output/-o`,
  files: '--requirement/-r --constraint/-c --build-constraint',
  requirements: '--editable/-e',
  refused: {
    'names another index': '--index-url/-i/--pypi-url= --extra-index-url=',
    'brings files that no index lists': '--find-links/-f=',
    'takes the index away': '--no-index',
    'trusts another host': '--trusted-host=',
    'leads past the proxy': '--proxy= --no-proxy-env',
    'makes pip forget which index to ask': '--isolated',
    'brings files that were verified at another time, or never': '--cache-dir=',
    [writesAddress]: '--report=',
    'reads requirements that are not looked at here; write them to a requirements file':
      '--group= --requirements-from-script=',
  },
} as const

export const pipOptions: OptionTable = optionTable(lists)
