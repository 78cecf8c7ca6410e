/**
 * Several repositories, and how many of them must agree on a target (TAP 4).
 *
 * @module tuffet/multi
 */

export { parseMap, type Mapping, type RepositoryMap } from './map.js'
export { MultiRepository, type MultiExplanation } from './multi-repository.js'
export {
  MultiUpdater,
  type MultiEvent,
  type MultiUpdaterOptions,
  type RepositorySettings,
} from './multi-updater.js'
