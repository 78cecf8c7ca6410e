/** The worker's program, where the page does not name one of its own. */
import { serveUpdater } from './thread.js'

serveUpdater()
