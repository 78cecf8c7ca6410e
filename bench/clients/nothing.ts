/** An empty process: the cost of Node itself. */
import '../usage.js'
