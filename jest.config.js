'use strict';

/** Tests that need the machine to themselves: they run a browser, or n8n with its workers. */
const ALONE = '(editor|queue)/';
/** What `npm test` runs, except the tables that try everything with everything. */
const QUICK = '(unit|engine|model|package)/';
const TABLE = '\\.table\\.test\\.ts$';
/** The files that each phase of scripts/lib/runTests.mjs leaves out. */
const LEFT_OUT = {
	quick: [`<rootDir>/test/(?!${QUICK})`, TABLE],
	// The model is in both, each time with other random runs.
	more: [
		`<rootDir>/test/${ALONE}`,
		'<rootDir>/test/(unit|engine|package)/.*(?<!\\.table)\\.test\\.ts$',
	],
	together: [`<rootDir>/test/${ALONE}`],
	alone: [`<rootDir>/test/(?!${ALONE})`],
};
/** More than there are processors wait, and fewer where each test has an n8n or the machine. */
const WORKERS = { quick: 5, alone: 1 };
const ES_MODULES = [
	'env-paths',
	'get-port',
	'is-safe-filename',
	'marked',
	'p-timeout',
	'p-wait-for',
];
const phase = process.env.GONG_TEST_PHASE;

/** @type {import('jest').Config} */
module.exports = {
	testEnvironment: '<rootDir>/test/harness/system/endingAtOnce.cjs',
	roots: ['<rootDir>/test'],
	testMatch: ['**/*.test.ts'],
	testPathIgnorePatterns: ['/node_modules/', ...(LEFT_OUT[phase] ?? [])],
	setupFiles: ['<rootDir>/test/harness/engine/environment.ts'],
	transform: { '^.+\\.(ts|js)$': ['@swc/jest', { jsc: { target: 'es2022' } }] },
	// Installed packages are not transformed, except ES modules, which jest cannot load otherwise.
	transformIgnorePatterns: [`/node_modules/(?!(${ES_MODULES.join('|')})/)`, '/dist/'],
	testTimeout: 60_000,
	// Most of the time is waiting, for Gong's rate limit or for n8n.
	maxWorkers: WORKERS[phase] ?? 3,
};
