import js from '@eslint/js';
import { n8nCommunityNodesPlugin } from '@n8n/eslint-plugin-community-nodes';
import { createTypeScriptImportResolver } from 'eslint-import-resolver-typescript';
import * as scan from 'eslint-plugin-community-nodes-0-29';
import importX from 'eslint-plugin-import-x';
import jest from 'eslint-plugin-jest';
import nodesBase from 'eslint-plugin-n8n-nodes-base';
import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';

// n8n's rules apply to the package, not to its tests and scripts.
const PUBLISHED = ['nodes/**/*.ts', 'credentials/**/*.ts', 'package.json'];
const OURS = ['test/**/*.ts', 'scripts/**/*.ts'];

/**
 * What `@n8n/node-cli/eslint` 0.48.3, n8n's config for community nodes, has, for the package's files alone.
 * Written out, since that tool brings 400 MB of packages that linting does not need.
 */
const NODE_CLI = [
	{
		files: PUBLISHED.slice(0, 2),
		extends: [
			js.configs.recommended,
			tseslint.configs.recommended,
			n8nCommunityNodesPlugin.configs.recommended,
			importX.configs['flat/recommended'],
		],
		rules: { 'prefer-spread': 'off', 'no-console': 'error' },
	},
	{
		plugins: { 'n8n-nodes-base': nodesBase },
		settings: { 'import-x/resolver-next': [createTypeScriptImportResolver()] },
	},
	{
		files: ['package.json'],
		extends: [n8nCommunityNodesPlugin.configs.recommended],
		rules: nodesBase.configs.community.rules,
		languageOptions: {
			parser: tseslint.parser,
			parserOptions: { extraFileExtensions: ['.json'] },
		},
	},
	{
		files: ['credentials/**/*.ts'],
		rules: {
			...nodesBase.configs.credentials.rules,
			'n8n-nodes-base/cred-class-field-documentation-url-miscased': 'off',
			'n8n-nodes-base/cred-class-field-type-options-password-missing': 'off',
		},
	},
	{
		files: ['nodes/**/*.ts'],
		rules: {
			...nodesBase.configs.nodes.rules,
			'n8n-nodes-base/node-class-description-inputs-wrong-regular-node': 'off',
			'n8n-nodes-base/node-class-description-outputs-wrong': 'off',
			'n8n-nodes-base/node-param-type-options-max-value-present': 'off',
		},
	},
];

export default defineConfig(
	globalIgnores(['dist', 'coverage']),
	{ linterOptions: { noInlineConfig: true, reportUnusedDisableDirectives: 'error' } },
	...NODE_CLI,
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
		rules: {
			'jest/expect-expect': 'error',
			// What must hold after each test stands there once.
			'jest/no-standalone-expect': ['error', { additionalTestBlockFunctions: ['afterEach'] }],
		},
	},
);
