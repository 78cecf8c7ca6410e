/** Succinct roles (TAP 15). */
import type { FunctionVector } from '../../../src/vectors/format.js'
import { accepted, refused, thresholds } from './metadata-rows.js'
import { sampleKeys, sampleSuccinct, type Json } from './sample-files.js'
import type { Terms } from './vector.js'

export function succinct(): readonly FunctionVector[] {
  const tap15: Terms = { requirements: ['tap15-succinct'], profile: 'tap15' }
  const all = ['signed', 'delegations']
  const of = (changes: { readonly [name: string]: Json }): Json => ({
    keys: sampleKeys(),
    succinct_roles: { ...sampleSuccinct(), ...changes },
  })
  const { name_prefix: _, ...noPrefix } = sampleSuccinct()
  const { bit_length: __, ...noLength } = sampleSuccinct()
  return [
    ...accepted(tap15, [
      ['succinct', 'Succinct roles instead of roles are read', 'targets', all, of({})],
      ['succinct-one', 'A bit_length of 1 is read', 'targets', all, of({ bit_length: 1 })],
      ['succinct-32', 'A bit_length of 32 is read', 'targets', all, of({ bit_length: 32 })],
      [
        'succinct-unknown-field',
        'Succinct roles may contain other fields',
        'targets',
        all,
        of({ 'x-note': null }),
      ],
    ]),
    ...refused(tap15, [
      ['succinct-zero', 'A bit_length of 0 is refused', 'targets', all, of({ bit_length: 0 })],
      ['succinct-33', 'A bit_length of 33 is refused', 'targets', all, of({ bit_length: 33 })],
      [
        'succinct-negative',
        'A negative bit_length is refused',
        'targets',
        all,
        of({ bit_length: -8 }),
      ],
      [
        'succinct-fraction',
        'A bit_length with a fraction is refused',
        'targets',
        all,
        of({ bit_length: 8.5 }),
      ],
      [
        'succinct-text',
        'A bit_length in quotes is refused',
        'targets',
        all,
        of({ bit_length: '8' }),
      ],
      [
        'succinct-no-length',
        'Succinct roles without bit_length are refused',
        'targets',
        all,
        { keys: sampleKeys(), succinct_roles: noLength },
      ],
      [
        'succinct-no-prefix',
        'Succinct roles without name_prefix are refused',
        'targets',
        all,
        { keys: sampleKeys(), succinct_roles: noPrefix },
      ],
      [
        'succinct-prefix-null',
        'A name_prefix that is null is refused',
        'targets',
        all,
        of({ name_prefix: null }),
      ],
      [
        'succinct-threshold-zero',
        'Succinct roles with a threshold of 0 are refused',
        'targets',
        all,
        of({ threshold: 0 }),
        thresholds,
      ],
      [
        'succinct-list',
        'Succinct roles in a list are refused',
        'targets',
        all,
        { keys: sampleKeys(), succinct_roles: [sampleSuccinct()] },
      ],
      [
        'succinct-and-roles',
        'Succinct roles beside roles are refused',
        'targets',
        [...all, 'succinct_roles'],
        sampleSuccinct(),
      ],
    ]),
    ...refused(
      {
        ...tap15,
        profile: 'tuffet',
        note: '4.5 lists roles as a part of delegations; TAP 15 allows one or the other.',
      },
      [
        [
          'delegations-no-roles',
          'Delegations with neither roles nor succinct roles are refused',
          'targets',
          all,
          { keys: {} },
        ],
      ],
    ),
  ]
}
