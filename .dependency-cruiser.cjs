'use strict';

/**
 * Which way imports may point, checked by `npm run lint`. Imports of types count too: what a reader has to
 * follow is the same.
 * @type {import('dependency-cruiser').IConfiguration}
 */
module.exports = {
	forbidden: [
		{
			name: 'no-circular',
			comment:
				'Files that import each other, directly or around corners. Move what both need to a third.',
			severity: 'error',
			from: {},
			to: { circular: true },
		},
		{
			name: 'no-circular-folders',
			comment:
				'Folders whose files import each other, even where no two files do. A folder and one inside it count as one.',
			severity: 'error',
			scope: 'folder',
			from: { path: '^(nodes|credentials|test|scripts)(/|$)' },
			to: { circular: true },
		},
		{
			name: 'product-imports-no-tests-or-scripts',
			comment: 'The package is published without them.',
			severity: 'error',
			from: { path: '^(nodes|credentials)/' },
			to: { path: '^(test|scripts)/' },
		},
		{
			name: 'tests-do-not-import-tests-of-other-folders',
			comment: 'What tests of two folders need belongs in test/harness/.',
			severity: 'error',
			from: { path: '^test/(?!harness/)([^/]+)' },
			to: { path: '^test/(?!harness/)', pathNot: '^test/$1(/|$)' },
		},
		{
			name: 'harness-imports-no-tests',
			comment: 'The tests use the harness, and not the other way round.',
			severity: 'error',
			from: { path: '^test/harness/' },
			to: { path: '^test/(?!harness/)' },
		},
		{
			name: 'harness-imports-no-scripts',
			comment: 'Nor do the tests. What they share with a script belongs in test/harness/.',
			severity: 'error',
			from: { path: '^test/' },
			to: { path: '^scripts/' },
		},
		{
			name: 'only-harness-from-scripts',
			comment: 'Of test/, scripts may use the harness alone.',
			severity: 'error',
			from: { path: '^scripts/' },
			to: { path: '^test/(?!harness/)' },
		},
		{
			name: 'no-unresolved',
			comment: 'An import that leads nowhere escapes all other rules.',
			severity: 'error',
			from: {},
			to: { couldNotResolve: true },
		},
	],
	options: {
		exclude: { path: '(^|/)(node_modules|dist)/' },
		tsPreCompilationDeps: true,
	},
};
