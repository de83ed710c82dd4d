'use strict';

const { src, dest } = require('gulp');

/** Copies the files that n8n reads and TypeScript does not write: icons, codex, schemas. */
function assets() {
	return src(['nodes/**/*.{svg,json}', 'credentials/**/*.svg'], {
		base: '.',
		encoding: false,
	}).pipe(dest('dist'));
}

exports.default = assets;
