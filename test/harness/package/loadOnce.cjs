'use strict';

// Loads one package in n8n's loader and prints the milliseconds that it took, without loading n8n itself.
const { realpathSync } = require('node:fs');
const path = require('node:path');
const { PackageDirectoryLoader } = require('n8n-core');

// Needed once by every package, so that the first one does not pay for it.
require('n8n-workflow');

void (async () => {
	const folder = process.argv[2];
	const started = process.hrtime.bigint();
	const loader = new PackageDirectoryLoader(folder, [], []);
	await loader.loadAll();
	const took = Number(process.hrtime.bigint() - started) / 1e6;
	process.stdout.write(
		JSON.stringify({
			took,
			code: Object.keys(require.cache)
				.map((file) => path.relative(realpathSync(folder), file).split(path.sep).join('/'))
				.filter((file) => !file.startsWith('../') && file.endsWith('.js')),
			nodes: Object.keys(loader.known.nodes),
			credentials: Object.keys(loader.known.credentials),
		}),
	);
	process.exit(0);
})();
