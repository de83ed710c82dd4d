'use strict';

/** Tests that need the machine to themselves: they run a browser, or n8n with its workers. */
const ALONE = '(editor|queue)/';
const LEFT_OUT = {
	together: [`<rootDir>/test/${ALONE}`],
	alone: [`<rootDir>/test/(?!${ALONE})`],
};
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
	testEnvironment: 'node',
	roots: ['<rootDir>/test'],
	testMatch: ['**/*.test.ts'],
	testPathIgnorePatterns: ['/node_modules/', ...(LEFT_OUT[phase] ?? [])],
	setupFiles: ['<rootDir>/test/harness/engine/environment.ts'],
	transform: { '^.+\\.(ts|js)$': ['@swc/jest', { jsc: { target: 'es2022' } }] },
	// Installed packages are not transformed, except ES modules, which jest cannot load otherwise.
	transformIgnorePatterns: [`/node_modules/(?!(${ES_MODULES.join('|')})/)`, '/dist/'],
	testTimeout: 60_000,
	// Most of the time is waiting, for Gong's rate limit or for n8n.
	maxWorkers: phase === 'alone' ? 1 : 3,
};
