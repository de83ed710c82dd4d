import { config as nodeCli } from '@n8n/node-cli/eslint';
import * as scan from 'eslint-plugin-community-nodes-0-29';
import jest from 'eslint-plugin-jest';
import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';

// n8n's rules apply to the package, not to its tests and scripts.
const PUBLISHED = ['nodes/**/*.ts', 'credentials/**/*.ts', 'package.json'];
const OURS = ['test/**/*.ts', 'scripts/**/*.ts'];

/** n8n's config for community nodes lints every .ts as if it were a node; here only the package's. */
const forPackage = nodeCli.map((entry) => ({
	...entry,
	...(entry.files?.includes('**/*.ts') ? { files: PUBLISHED.slice(0, 2) } : {}),
}));

export default defineConfig(
	globalIgnores(['dist', 'coverage']),
	{ linterOptions: { noInlineConfig: true, reportUnusedDisableDirectives: 'error' } },
	...forPackage,
	{
		// n8n's scan of published packages has an older version of the same rules; both must pass.
		files: PUBLISHED,
		plugins: { 'n8n-scan': { rules: scan.rules } },
		rules: Object.fromEntries(Object.keys(scan.rules).map((rule) => [`n8n-scan/${rule}`, 'error'])),
	},
	{
		files: ['nodes/**/*.ts', 'credentials/**/*.ts'],
		rules: { '@typescript-eslint/no-explicit-any': 'error' },
	},
	{
		files: OURS,
		extends: [tseslint.configs.strict, tseslint.configs.stylistic],
		rules: {
			'@typescript-eslint/no-explicit-any': 'error',
			'@typescript-eslint/no-empty-function': 'off',
		},
	},
	{
		files: ['test/**/*.test.ts'],
		extends: [jest.configs['flat/recommended']],
		rules: { 'jest/expect-expect': 'error' },
	},
);
