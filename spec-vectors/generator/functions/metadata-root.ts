/** The fields of root (4.3). */
import type { FunctionVector } from '../../../src/vectors/format.js'
import { accepted, refused, thresholds, type Path } from './metadata-rows.js'
import { sampleFile, sampleKeyid } from './sample-files.js'
import { refuses, type Terms } from './vector.js'

export function root(): readonly FunctionVector[] {
  const roles: Terms = { requirements: ['4.3-roles'] }
  const at = (...path: Path): Path => ['signed', 'roles', ...path]
  return [
    ...accepted({ requirements: ['4.3-consistent-snapshot'] }, [
      [
        'consistent-missing',
        'A root without consistent_snapshot is read',
        'root',
        ['signed', 'consistent_snapshot'],
        undefined,
      ],
      [
        'consistent-false',
        'A consistent_snapshot of false is read',
        'root',
        ['signed', 'consistent_snapshot'],
        false,
      ],
    ]),
    ...refused({ requirements: ['4.3-consistent-snapshot'] }, [
      [
        'consistent-text',
        'A consistent_snapshot that is text is refused',
        'root',
        ['signed', 'consistent_snapshot'],
        'false',
      ],
      [
        'consistent-null',
        'A consistent_snapshot that is null is refused',
        'root',
        ['signed', 'consistent_snapshot'],
        null,
      ],
      [
        'consistent-number',
        'A consistent_snapshot that is a number is refused',
        'root',
        ['signed', 'consistent_snapshot'],
        0,
      ],
    ]),
    ...refused(roles, [
      ['roles-missing', 'A root without roles is refused', 'root', at(), undefined],
      ['roles-list', 'Roles in a list are refused', 'root', at(), []],
      [
        'roles-no-root',
        'A root that does not name the root role is refused',
        'root',
        at('root'),
        undefined,
      ],
      [
        'roles-no-timestamp',
        'A root without the timestamp role is refused',
        'root',
        at('timestamp'),
        undefined,
      ],
      [
        'roles-no-snapshot',
        'A root without the snapshot role is refused',
        'root',
        at('snapshot'),
        undefined,
      ],
      [
        'roles-no-targets',
        'A root without the targets role is refused',
        'root',
        at('targets'),
        undefined,
      ],
      ['role-null', 'A role that is null is refused', 'root', at('targets'), null],
      [
        'keyids-missing',
        'A role without keyids is refused',
        'root',
        at('root', 'keyids'),
        undefined,
      ],
      [
        'keyids-text',
        'Keyids that are text are refused',
        'root',
        at('root', 'keyids'),
        sampleKeyid,
      ],
      ['keyids-null', 'A keyid that is null is refused', 'root', at('root', 'keyids', 0), null],
    ]),
    ...accepted(roles, [
      [
        'roles-mirrors',
        'The role mirrors is optional and may be there',
        'root',
        at('mirrors'),
        { keyids: [sampleKeyid], threshold: 1 },
      ],
    ]),
    ...refused({ requirements: ['4.3-threshold'] }, [
      [
        'threshold-missing',
        'A role without threshold is refused',
        'root',
        at('root', 'threshold'),
        undefined,
        thresholds,
      ],
      [
        'threshold-zero',
        'A threshold of 0 is refused',
        'root',
        at('root', 'threshold'),
        0,
        thresholds,
      ],
      [
        'threshold-negative',
        'A negative threshold is refused',
        'root',
        at('timestamp', 'threshold'),
        -1,
        thresholds,
      ],
      [
        'threshold-half',
        'A threshold of a half is refused',
        'root',
        at('snapshot', 'threshold'),
        0.5,
      ],
      [
        'threshold-text',
        'A threshold in quotes is refused',
        'root',
        at('targets', 'threshold'),
        '1',
      ],
      [
        'threshold-true',
        'A threshold that is true is refused',
        'root',
        at('targets', 'threshold'),
        true,
      ],
      [
        'threshold-null',
        'A threshold that is null is refused',
        'root',
        at('root', 'threshold'),
        null,
        thresholds,
      ],
      ['threshold-list', 'A threshold in a list is refused', 'root', at('root', 'threshold'), [1]],
    ]),
    refuses(
      { requirements: ['4.3-threshold'] },
      'metadata-threshold-infinite',
      'A threshold that is infinite as a double is refused',
      {
        type: 'root',
        document: JSON.stringify(sampleFile('root')).replace('"threshold":1', '"threshold":1e400'),
      },
    ),
    ...accepted(
      {
        requirements: ['4.3-threshold'],
        profile: 'tuffet',
        note: 'The file is well formed, but no signatures meet it. Some clients choose to refuse it at once.',
      },
      [
        [
          'threshold-beyond-keys',
          'A threshold above the number of keys is read, and never met',
          'root',
          at('targets', 'threshold'),
          2,
        ],
        [
          'keyids-empty',
          'A role without any key is read, and cannot be signed for',
          'root',
          at('targets', 'keyids'),
          [],
        ],
        [
          'keyids-undeclared',
          'A keyid that is not among the keys is read, and cannot sign',
          'root',
          at('targets', 'keyids'),
          [sampleKeyid, 'b'],
        ],
      ],
    ),
    ...refused(
      {
        requirements: ['4.3-threshold'],
        profile: 'tuffet',
        note: 'A threshold counts keys, and a role lists each key once. The specification does not say so of this list.',
      },
      [
        [
          'keyids-repeated',
          'A role that names a keyid twice is refused',
          'root',
          at('root', 'keyids'),
          [sampleKeyid, sampleKeyid],
        ],
      ],
    ),
  ]
}
