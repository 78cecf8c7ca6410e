'use strict'

module.exports = require('tuffet/tuf-js')
