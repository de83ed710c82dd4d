'use strict';

const { dest, series, src, watch } = require('gulp');

const ASSETS = ['nodes/**/*.{svg,json}', 'credentials/**/*.svg'];

/**
 * Puts what n8n reads and TypeScript does not write into a folder: icons, codex, schemas.
 * @param {string} folder
 */
function copyAssets(folder) {
	return src(ASSETS, { base: '.', encoding: false }).pipe(dest(folder));
}

/**
 * Does so now and whenever one of them changes, and calls `copied` each time.
 * @param {string} folder
 * @param {() => void} copied
 * @returns {{ close(): Promise<void> }}
 */
function watchAssets(folder, copied) {
	const copy = () => copyAssets(folder);
	const tell = async () => copied();
	return watch(ASSETS, { ignoreInitial: false }, series(copy, tell));
}

module.exports = { copyAssets, watchAssets };
