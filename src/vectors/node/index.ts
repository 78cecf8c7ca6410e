/**
 * Vectors from a folder, and clients that are programs of their own.
 *
 * @module tuffet/vectors/node
 */
export { loadRequirements } from './load-requirements.js'
export { loadVectorFolder } from './load-folder.js'
export { processClient, type ProcessClientOptions } from './process-client.js'
