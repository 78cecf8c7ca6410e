/** Small vector files, to be changed by tests. */
import type {
  FunctionVector,
  FunctionVectorFile,
  WorkflowOutcome,
  WorkflowStep,
  WorkflowVector,
  WorkflowVectorFile,
} from '../../../src/vectors/format.js'

export function functionSample(change: Partial<FunctionVector> = {}): FunctionVector {
  return {
    id: 'half-of-even',
    title: 'Half of an even number is a number',
    requirements: ['1.1-halves'],
    profile: 'spec',
    input: { number: 4 },
    result: 'accepted',
    output: { half: 2 },
    ...change,
  }
}

export function workflowSample(
  expect: WorkflowOutcome = { result: 'accepted' },
  step: Partial<WorkflowStep> = {},
): WorkflowVector {
  return {
    id: 'first-cycle',
    title: 'A first cycle is accepted',
    requirements: ['5.1-fixed-time'],
    profile: 'spec',
    anchor: '{}',
    steps: [{ time: '2026-01-01T00:00:00Z', command: 'refresh', expect, ...step }],
  }
}

export function functionFile(...vectors: readonly FunctionVector[]): FunctionVectorFile {
  const about = 'Halves of numbers.'
  return { format: 1, family: 'halves', kind: 'function', about, count: vectors.length, vectors }
}

export function workflowFile(...vectors: readonly WorkflowVector[]): WorkflowVectorFile {
  const about = 'Update cycles.'
  return { format: 1, family: 'cycles', kind: 'workflow', about, count: vectors.length, vectors }
}

/** One vector that uses every feature of a workflow. */
export const richWorkflow: WorkflowVector = workflowSample(
  {
    result: 'refused',
    step: '5.4.4',
    role: 'timestamp',
    trusted: { root: 1, timestamp: null },
    requests: ['2.root.json', 'timestamp.json'],
  },
  {
    serve: {
      'metadata/timestamp.json': 'text',
      'metadata/1.root.json': null,
      'metadata/2.root.json': { status: 500 },
      'targets/a/b%20c': { disconnectAfter: 1, text: 'abc' },
      'targets/d': { repeat: 'ab', length: 5 },
    },
    store: { 'timestamp.json': { base64: 'AAE=' }, 'snapshot.json': null },
  },
)
