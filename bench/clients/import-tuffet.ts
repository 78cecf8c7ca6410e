/** A process that imports this client and does nothing with it. */
import '../usage.js'
import 'tuffet'
