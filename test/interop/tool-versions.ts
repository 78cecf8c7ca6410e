/**
 * Which versions of each tool the tests run: the oldest that still installs, the newest, and those
 * beside a change of behaviour that a test is about. This is the one place that names them.
 */

/** One version of a tool. */
export interface ToolVersion {
  readonly version: string
  /** Installed beside it; for old versions, the releases of their time. */
  readonly with?: readonly string[]
  /** The Python that it needs, `3.9`. Default: the one that PYTHON names. */
  readonly python?: string
}

/** Oldest first. */
export const toolVersions = {
  pip: [
    { version: '20.3.4', python: '3.9' },
    { version: '23.0.1' },
    { version: '24.3.1' },
    { version: '26.3' },
  ],
  uv: [
    { version: '0.4.0' },
    // The last one that takes a wheel whose archive ends before the file does.
    { version: '0.8.5' },
    // The last one that does so with a source distribution.
    { version: '0.11.0' },
    { version: '0.13.9' },
  ],
  'pip-tools': [
    { version: '5.5.0', with: ['pip==20.3.4', 'setuptools<60'], python: '3.9' },
    { version: '6.14.0', with: ['pip==23.0.1'] },
    { version: '7.6.2', with: ['pip==26.3'] },
  ],
  poetry: [
    { version: '1.1.15', with: ['urllib3<2', 'setuptools<60'], python: '3.9' },
    { version: '1.8.5' },
    { version: '2.5.1' },
  ],
  pdm: [
    { version: '2.4.9', with: ['unearth<0.8', 'urllib3<2'], python: '3.9' },
    { version: '2.12.4', with: ['unearth<0.15'] },
    // It no longer imports newer ones of these two.
    { version: '2.25.4', with: ['unearth<0.18', 'hishel<0.1'] },
  ],
  pipenv: [
    { version: '2020.11.15', with: ['setuptools<60', 'virtualenv<20.22'], python: '3.9' },
    { version: '2022.12.19', with: ['setuptools<70', 'virtualenv<20.22'], python: '3.9' },
    { version: '2026.10.3' },
  ],
} satisfies Readonly<Record<string, readonly ToolVersion[]>>

export type ToolName = keyof typeof toolVersions

/** In the order of the table. */
export const toolNames = Object.keys(toolVersions).filter(isToolName)

export function isToolName(name: string): name is ToolName {
  return Object.hasOwn(toolVersions, name)
}

/** The tools that must exist when PYTHON names a complete environment. */
export const neededTools: readonly ToolName[] = ['pip-tools', 'pip', 'uv']
