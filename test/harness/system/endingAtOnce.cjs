'use strict';

const { TestEnvironment } = require('jest-environment-node');

// A worker that has run many files has a heap of hundreds of MB. Node frees it bit by bit before the process ends, unless
// it is told to exit, and jest takes a worker that needs half a second for that for one that hangs.
process.once('beforeExit', () => process.exit());

module.exports = TestEnvironment;
