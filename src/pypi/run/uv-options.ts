/** The options of `uv pip install`, `sync` and `compile`. */
import { optionTable, type OptionTable, writesAddress } from './option-table.js'

const lists = {
  flags: `
    --help/-h --version/-V --verbose/-v --quiet/-q --no-editable --all-extras --no-deps --deps
    --require-hashes --no-require-hashes --verify-hashes --no-verify-hashes
    --require-build-hashes --system --no-system --break-system-packages
    --no-break-system-packages --no-build --build --exact --inexact --strict --no-strict --dry-run
    --check --user --upgrade/-U --no-upgrade --pre --no-sources --reinstall/--force-reinstall
    --no-reinstall --compile-bytecode/--compile --no-compile-bytecode/--no-compile
    --no-build-isolation --build-isolation --no-cache/-n/--no-cache-dir --refresh --no-refresh
    --managed-python --no-managed-python --no-python-downloads --system-certs --native-tls
    --no-native-tls --no-system-certs --offline --no-offline --no-progress --no-config
    --allow-empty-requirements --no-allow-empty-requirements --strip-extras --no-strip-extras
    --strip-markers --no-strip-markers --annotate --no-annotate --header --no-header
    --generate-hashes --no-generate-hashes --universal --no-universal
    --no-emit-index-url --emit-find-links --no-emit-find-links --emit-build-options
    --no-emit-build-options --no-emit-index-annotation`,
  values: `
    --no-editable-package --extra --cert --target/-t --prefix --no-binary --only-binary
    --python-version --python-platform --output-format --index-strategy --keyring-provider
    --resolution --prerelease --prerelease-package --fork-strategy --exclude-newer
    --exclude-newer-package --no-sources-package --reinstall-package --link-mode
    --config-setting/--config-settings/-C --config-settings-package
    --no-build-isolation-package --refresh-package --python/-p --color --output-file/-o --format
    --annotation-style --custom-compile-command --no-emit-package/--unsafe-package`,
  files: `
    --requirements/--requirement/-r --constraints/--constraint/-c --overrides/--override
    --build-constraints/--build-constraint/-b --excludes/--exclude`,
  requirements: '--editable/-e --upgrade-package/-P',
  refused: {
    'names another index': '--index= --default-index= --index-url/-i= --extra-index-url=',
    'chooses an index of its own': '--torch-backend=',
    'brings files that no index lists': '--find-links/-f=',
    'takes the index away': '--no-index',
    'trusts another host': '--allow-insecure-host/--trusted-host=',
    'reads settings that may name an index': '--config-file= --project=',
    'makes file names mean other files': '--directory=',
    'brings files that were verified at another time, or never': '--cache-dir=',
    [writesAddress]: '--emit-index-url --emit-index-annotation',
    'reads requirements that are not looked at here; write them to a requirements file':
      '--group= --upgrade-group=',
  },
} as const

export const uvOptions: OptionTable = optionTable(lists)
