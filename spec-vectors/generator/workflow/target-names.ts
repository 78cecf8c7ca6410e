/** Names of targets and roles: as keys of objects, and as parts of URLs and file names. */
import type { WorkflowVector } from '../../../src/vectors/format.js'
import { graph } from './graph.js'
import { absent, received, refused, type More, type Versions } from './outcome.js'
import { workflow, type Terms } from './story.js'

const current: Versions = [1, 1, 1, 1]

/** Vectors of the family `workflow-target-files`. */
export function nameVectors(): readonly WorkflowVector[] {
  return [...keys(), ...urls(), ...roles()]
}

function target(terms: Terms, id: string, title: string, path: string): WorkflowVector {
  return workflow(terms, `name-${id}`, title, (story) => {
    const repo = story.repository()
    repo.addTarget(path, 'named')
    repo.publish()
    story.download(path, received('named', current))
  })
}

function keys(): readonly WorkflowVector[] {
  const terms: Terms = { requirements: ['5.7.2-absent', '4.5-targets'] }
  // Its tables were objects with a prototype.
  const inherited: Terms = { ...terms, tags: ['tuf-js'] }
  const missing = (
    id: string,
    title: string,
    path: string,
    listed = 'file',
    on = terms,
  ): WorkflowVector =>
    workflow(on, `name-${id}`, title, (story) => {
      const repo = story.repository()
      repo.addTarget(listed, 'x')
      repo.publish()
      story.download(path, absent(current))
    })
  return [
    missing(
      'constructor-absent',
      'A name that objects of some languages inherit is not a target',
      'constructor',
      'file',
      inherited,
    ),
    missing(
      'proto-absent',
      'The name of the prototype of objects is not a target',
      '__proto__',
      'file',
      inherited,
    ),
    missing('case', 'Names that differ by case are two names', 'File'),
    missing(
      'normalisation',
      'Names that differ by Unicode normalisation are two names',
      'caf\u00e9',
      'cafe\u0301',
    ),
    missing('trailing-space', 'A space at the end belongs to the name', 'file '),
    target(
      inherited,
      'constructor',
      'A target may be called like an inherited property',
      'constructor',
    ),
    target(inherited, 'proto', 'A target may be called like a prototype', '__proto__'),
    target(terms, 'metadata', 'A target may be called like a metadata file', 'timestamp.json'),
    target(terms, 'dots', 'A target may contain dots anywhere in its name', '.hidden/..a.b..'),
  ]
}

function urls(): readonly WorkflowVector[] {
  const terms: Terms = {
    requirements: ['4.5-target-path'],
    profile: 'tuffet',
    note: '4.5 recommends a path-relative URL string and does not say how other names become URLs. Here: percent-encoded, as RFC 3986 demands.',
  }
  const escapes = { tags: ['CVE-2021-41149', 'CVE-2026-24137'] } as const
  const unsafe = (
    id: string,
    title: string,
    path: string,
    more: Pick<Terms, 'tags'> = escapes,
  ): WorkflowVector =>
    workflow(
      {
        requirements: ['4.5-target-path'],
        profile: 'tuffet',
        ...more,
        note: 'Whatever sends the request would resolve the segment, and ask for another file.',
      },
      `name-${id}`,
      title,
      (story) => {
        const repo = story.repository()
        repo.addTarget(path, 'unsafe')
        repo.publish()
        const { result, trusted } = refused('5.7.3', current)
        story.download(path, { result, ...(trusted && { trusted }) })
      },
    )
  return [
    target(
      { requirements: ['4.5-target-path'] },
      'url',
      'A name of letters, digits and marks is not encoded in the URL',
      "a-b_c.d~e/f!$&'(g)*h+i,j;k=l:m@n",
    ),
    target(terms, 'space', 'A space in a name is encoded', 'a file'),
    target(
      terms,
      'unicode',
      'Characters beyond ASCII are encoded as UTF-8',
      'd\u00e9j\u00e0/\u{1f600}',
    ),
    target(terms, 'query', 'A question mark in a name begins no query', 'file?version=1'),
    target(terms, 'fragment', 'A number sign in a name begins no fragment', 'file#1'),
    target(terms, 'percent', 'A percent sign that encodes no character is encoded', '100%'),
    target(terms, 'backslash', 'A backslash in a name is not a separator', 'a\\b'),
    target(
      terms,
      'brackets',
      'Brackets and quotation marks in a name are encoded',
      'a[1]{"2"}<3>|^`',
    ),
    unsafe('parent', 'A segment that goes up is refused', 'a/../file'),
    unsafe('parent-first', 'A segment that goes up at the beginning is refused', '../file'),
    unsafe(
      'parent-encoded',
      'A percent-encoded segment that goes up is refused',
      'a/%2e%2E/file',
      {},
    ),
    unsafe('current', 'A segment that stays is refused', 'a/./file', {}),
  ]
}

function roles(): readonly WorkflowVector[] {
  const terms: Terms = {
    requirements: ['4.5-role-name'],
    profile: 'tuffet',
    note: 'The specification does not say how a role name becomes a file name. Here, as in python-tuf: all but unreserved characters is percent-encoded.',
  }
  const escapes: Terms = { ...terms, tags: ['CVE-2021-41131', 'CVE-2021-41150'] }
  const role = (
    on: Terms,
    id: string,
    title: string,
    name: string,
    stored: More = { roles: { [name]: 1 } },
  ): WorkflowVector =>
    workflow(on, `name-role-${id}`, title, (story) => {
      graph(story, { edges: { targets: [name] }, files: { [name]: { file: 'of the role' } } })
      story.download('file', received('of the role', current, stored))
    })
  return [
    role(
      { requirements: ['4.5-role-name'] },
      'plain',
      'A role’s file is called after the role',
      'Role-1_a.b~c',
    ),
    role(escapes, 'slash', 'A separator in a role’s name is encoded', 'team/role'),
    role(escapes, 'parent', 'A role whose name goes up stays in its folder', '../role'),
    role(
      escapes,
      'absolute',
      'A role whose name is an absolute path stays in its folder',
      '/etc/role',
    ),
    role(
      terms,
      'backslash',
      'A role whose name goes up on Windows stays in its folder',
      '..\\role',
    ),
    // Clients may write the name of this file in a way of their own.
    role(terms, 'dots', 'A role may be called like a parent folder', '..', {}),
    role(terms, 'url-marks', 'Marks that mean something in a URL are encoded', 'a?b#c%d&e'),
    role(terms, 'encoded', 'A name that looks encoded is encoded once more', '%2e%2e%2frole'),
    role(
      terms,
      'unicode',
      'Characters beyond ASCII in a role’s name are encoded as UTF-8',
      'r\u00f4le \u{1f600}',
    ),
    role(terms, 'proto', 'A role may be called like a prototype', '__proto__'),
    role(terms, 'version', 'A role may be called like a version of another', '1.targets'),
  ]
}
