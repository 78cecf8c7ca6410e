/** An empty process: what Node itself costs. */
import '../usage.js'
