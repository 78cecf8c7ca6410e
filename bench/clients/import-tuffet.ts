/** A process that imports this client and ends. */
import '../usage.js'
import 'tuffet'
