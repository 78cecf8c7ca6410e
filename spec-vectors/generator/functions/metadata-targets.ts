/** Target files (4.5). */
import type { FunctionVector } from '../../../src/vectors/format.js'
import { accepted, refused } from './metadata-rows.js'
import type { Terms } from './vector.js'

export function targets(): readonly FunctionVector[] {
  const file: Terms = { requirements: ['4.5-targets'] }
  const entry = ['signed', 'targets', 'dir/file.txt']
  return [
    ...accepted(file, [
      ['targets-empty', 'An empty map of targets is valid', 'targets', ['signed', 'targets'], {}],
      ['target-length-zero', 'A target may be empty', 'targets', [...entry, 'length'], 0],
      [
        'target-proto',
        'A target may bear an inherited name',
        'targets',
        ['signed', 'targets', '__proto__'],
        { length: 0, hashes: { sha256: '2b'.repeat(32) } },
      ],
      [
        'target-empty-path',
        'A target may use any path; names are judged when it is requested',
        'targets',
        ['signed', 'targets', '../x'],
        { length: 0, hashes: { sha256: '2b'.repeat(32) } },
      ],
      [
        'target-unknown-field',
        'A target may contain other fields',
        'targets',
        [...entry, 'x-note'],
        1,
        { requirements: ['4-unknown-fields'] },
      ],
    ]),
    ...refused(file, [
      [
        'targets-missing',
        'Targets metadata without targets is refused',
        'targets',
        ['signed', 'targets'],
        undefined,
      ],
      ['targets-list', 'Targets in a list are refused', 'targets', ['signed', 'targets'], []],
      ['targets-null', 'Targets that are null are refused', 'targets', ['signed', 'targets'], null],
      ['target-null', 'A target that is null is refused', 'targets', entry, null],
      [
        'target-length-missing',
        'A target without length is refused',
        'targets',
        [...entry, 'length'],
        undefined,
      ],
      [
        'target-length-negative',
        'A target of negative length is refused',
        'targets',
        [...entry, 'length'],
        -1,
      ],
      [
        'target-length-text',
        'A target whose length is in quotes is refused',
        'targets',
        [...entry, 'length'],
        '10',
      ],
      [
        'target-length-fraction',
        'A target whose length contains a fraction is refused',
        'targets',
        [...entry, 'length'],
        10.5,
      ],
      [
        'target-hashes-missing',
        'A target without hashes is refused',
        'targets',
        [...entry, 'hashes'],
        undefined,
      ],
      [
        'target-hashes-empty',
        'A target whose hashes name no hash is refused',
        'targets',
        [...entry, 'hashes'],
        {},
      ],
      [
        'target-hash-null',
        'A target with a digest that is null is refused',
        'targets',
        [...entry, 'hashes', 'sha256'],
        null,
      ],
    ]),
    ...accepted({ requirements: ['4.5-custom'] }, [
      ['custom-missing', 'A target needs no custom', 'targets', [...entry, 'custom'], undefined],
      [
        'custom-anything',
        'Custom may contain any value',
        'targets',
        [...entry, 'custom'],
        { length: 'x', hashes: [], deep: { a: [null, -1] } },
      ],
    ]),
    ...refused({ requirements: ['4.5-custom'] }, [
      ['custom-list', 'A custom that is a list is refused', 'targets', [...entry, 'custom'], []],
      ['custom-text', 'A custom that is text is refused', 'targets', [...entry, 'custom'], 'note'],
    ]),
  ]
}
