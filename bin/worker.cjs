'use strict'
// A thread of a scan.

module.exports = require('./load.cjs').load('worker.cjs')
