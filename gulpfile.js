'use strict';

const { build } = require('esbuild');
const { parallel } = require('gulp');

const { n8n } = require('./package.json');
const { copyAssets } = require('./scripts/lib/assets.cjs');

function assets() {
	return copyAssets('dist');
}

/**
 * Few files, since each costs n8n time when it starts: one for each class that it loads then, and one for what
 * only a run needs. Not minified, with the name of each source file above its code.
 */
function code() {
	return build({
		entryPoints: [...n8n.nodes, ...n8n.credentials, 'dist/nodes/GongCallAccess/runtime.js'].map(
			(file) => file.replace(/^dist\/(.*)\.js$/, '$1.ts'),
		),
		outbase: '.',
		outdir: 'dist',
		bundle: true,
		external: ['n8n-workflow', './runtime.js'],
		format: 'cjs',
		platform: 'node',
		target: 'node20.15',
		charset: 'utf8',
		// As `require`, whose cache n8n can empty to load a package again.
		supported: { 'dynamic-import': false },
	});
}

exports.default = parallel(assets, code);
