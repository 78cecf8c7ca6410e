/** Delegations (4.5). */
import type { FunctionVector } from '../../../src/vectors/format.js'
import { accepted, parser, refused, thresholds, type Row } from './metadata-rows.js'
import { otherKey, otherKeyid, sampleKeyid, sampleKeys, sampleRole } from './sample-files.js'
import type { Terms } from './vector.js'

export function delegations(): readonly FunctionVector[] {
  const shape: Terms = { requirements: ['4.5-delegations'] }
  const ways: Terms = { requirements: ['4.5-one-way'] }
  const names: Terms = { requirements: ['4.5-role-name-unique'] }
  const all = ['signed', 'delegations']
  const role = [...all, 'roles', 0]
  const { paths, ...neither } = sampleRole()
  const byHash = { ...neither, path_hash_prefixes: ['00', 'ff'] }
  const both = { ...byHash, paths: paths ?? [] }
  return [
    ...accepted(shape, [
      [
        'delegations-missing',
        'Targets metadata without delegations is valid',
        'targets',
        all,
        undefined,
      ],
      [
        'delegations-empty',
        'Delegations without roles are valid',
        'targets',
        all,
        { keys: {}, roles: [] },
      ],
      ['role-terminating', 'A role may be terminating', 'targets', [...role, 'terminating'], true],
      [
        'role-unknown-field',
        'A delegated role may contain other fields',
        'targets',
        [...role, 'x-note'],
        [],
        { requirements: ['4-unknown-fields'] },
      ],
    ]),
    ...refused({ ...shape, ...parser }, [
      ['delegations-null', 'Delegations that are null are refused', 'targets', all, null],
      ['delegations-list', 'Delegations in a list are refused', 'targets', all, []],
      [
        'delegations-no-keys',
        'Delegations without keys are refused',
        'targets',
        [...all, 'keys'],
        undefined,
      ],
      [
        'delegations-roles-object',
        'Roles by name instead of in order are refused',
        'targets',
        [...all, 'roles'],
        { project: sampleRole() },
      ],
      [
        'delegations-key-null',
        'A key of a delegation that is null is refused',
        'targets',
        [...all, 'keys', 'a'],
        null,
      ],
      ['role-entry-null', 'A delegated role that is null is refused', 'targets', role, null],
      [
        'role-name-missing',
        'A delegated role without name is refused',
        'targets',
        [...role, 'name'],
        undefined,
      ],
      [
        'role-name-number',
        'A delegated role whose name is a number is refused',
        'targets',
        [...role, 'name'],
        1,
      ],
      [
        'role-keyids-missing',
        'A delegated role without keyids is refused',
        'targets',
        [...role, 'keyids'],
        undefined,
      ],
      [
        'role-terminating-text',
        'A terminating that is text is refused',
        'targets',
        [...role, 'terminating'],
        'true',
      ],
      [
        'role-terminating-null',
        'A terminating that is null is refused',
        'targets',
        [...role, 'terminating'],
        null,
      ],
      [
        'role-terminating-number',
        'A terminating that is a number is refused',
        'targets',
        [...role, 'terminating'],
        1,
      ],
    ]),
    ...refused({ requirements: ['4.5-threshold'] }, [
      [
        'role-threshold-missing',
        'A delegated role without threshold is refused',
        'targets',
        [...role, 'threshold'],
        undefined,
        thresholds,
      ],
      [
        'role-threshold-zero',
        'A delegated role with a threshold of 0 is refused',
        'targets',
        [...role, 'threshold'],
        0,
        thresholds,
      ],
      [
        'role-threshold-negative',
        'A delegated role with a negative threshold is refused',
        'targets',
        [...role, 'threshold'],
        -2,
        thresholds,
      ],
      [
        'role-threshold-text',
        'A delegated role whose threshold is in quotes is refused',
        'targets',
        [...role, 'threshold'],
        '1',
      ],
    ]),
    ...accepted({ requirements: ['4.5-threshold'] }, [
      [
        'role-threshold-two',
        'A delegated role may ask for two keys',
        'targets',
        all,
        {
          keys: { ...sampleKeys(), [otherKeyid]: otherKey() },
          roles: [{ ...sampleRole(), keyids: [sampleKeyid, otherKeyid], threshold: 2 }],
        },
      ],
    ]),
    ...accepted(
      {
        ...shape,
        profile: 'tuffet',
        note: '4.5 lists it in the format and omits it from its own example.',
      },
      [
        [
          'role-terminating-missing',
          'A role that does not say so is not terminating',
          'targets',
          [...role, 'terminating'],
          undefined,
        ],
      ],
    ),
    ...accepted(ways, [
      ['role-by-hash', 'A role may be delegated to by hash prefixes', 'targets', role, byHash],
      ['role-no-paths', 'A role may list no path', 'targets', [...role, 'paths'], []],
    ]),
    ...refused(ways, [
      [
        'role-both-ways',
        'A role by paths and by hash prefixes at once is refused',
        'targets',
        role,
        both,
      ],
      [
        'role-paths-text',
        'Paths that are text are refused',
        'targets',
        [...role, 'paths'],
        'project/*',
      ],
      ['role-path-null', 'A path that is null is refused', 'targets', [...role, 'paths', 0], null],
      [
        'role-prefix-number',
        'A hash prefix that is a number is refused',
        'targets',
        role,
        { ...byHash, path_hash_prefixes: [8] },
      ],
      [
        'role-prefixes-text',
        'Hash prefixes that are text are refused',
        'targets',
        role,
        { ...byHash, path_hash_prefixes: '8f' },
      ],
    ]),
    ...refused(
      {
        ...ways,
        profile: 'tuffet',
        note: '4.5: "if used, exactly one": a role without either is for no path, or for all of them. The reference implementation refuses it too.',
      },
      [
        [
          'role-neither-way',
          'A role by neither paths nor hash prefixes is refused',
          'targets',
          role,
          neither,
        ],
      ],
    ),
    ...refused(names, [
      [
        'role-name-repeated',
        'Two roles of the same name are refused',
        'targets',
        [...all, 'roles'],
        [sampleRole(), { ...sampleRole(), paths: ['other/*'] }],
      ],
      [
        'role-name-repeated-apart',
        'Two roles of the same name are refused with another role in between',
        'targets',
        [...all, 'roles'],
        [sampleRole('a'), sampleRole('b'), sampleRole('a')],
      ],
    ]),
    ...accepted(names, [
      [
        'role-names-differ',
        'Names that differ by case are two roles',
        'targets',
        [...all, 'roles'],
        [sampleRole('a'), sampleRole('A')],
      ],
      [
        'role-name-inherited',
        'A role may bear an inherited name',
        'targets',
        [...all, 'roles'],
        [sampleRole('__proto__'), sampleRole('constructor'), sampleRole('toString')],
      ],
    ]),
    ...refused(
      {
        ...names,
        profile: 'tuffet',
        note: 'Not in the specification. Such a role would share the file name of a top-level one.',
      },
      [
        ...(['root', 'timestamp', 'snapshot', 'targets'] as const).map((name): Row => [
          `role-name-${name}`,
          `A delegated role by the name of ${name} is refused`,
          'targets',
          [...role, 'name'],
          name,
        ]),
      ],
    ),
    ...accepted(
      {
        requirements: ['4.5-delegations'],
        profile: 'tuffet',
        note: 'A name is only a name until it becomes part of a file name or URL; there it is encoded.',
      },
      [
        [
          'role-name-path',
          'A role may be named like a path',
          'targets',
          [...role, 'name'],
          '../../x',
        ],
      ],
    ),
  ]
}
