/**
 * The chain of trust of one target as a picture.
 *
 * @module tuffet/picture
 */
export type { ChainPicture, Witness } from './chain.js'
export { drawChain, type DrawOptions } from './draw.js'
export { chainPage } from './page.js'
export { pictureStyle } from './style.js'
export { TrustedRoles } from './trusted-roles.js'
