import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { PROJECT, runNpm } from './children.mjs';

const inProject = (...parts) => path.join(PROJECT, ...parts);
/** Outside dist, which is published. */
const STAMP = inProject('node_modules', '.cache', 'n8n-nodes-gong-call-access', 'build');
const BUILT_FROM = [
	'nodes',
	'credentials',
	'package.json',
	'tsconfig.json',
	'gulpfile.js',
	'scripts/lib/assets.cjs',
];

/** Installs the dependencies and builds the node, each only if it is missing or out of date. */
export async function setUp({ build }) {
	if (!dependenciesAreCurrent()) {
		await runNpm(
			['ci'],
			"Installing the project's dependencies (1 to 3 minutes, 600 MB in node_modules)",
		);
	}
	if (build && readStamp() !== buildState()) {
		await runNpm(['run', 'build', '--silent'], 'Building the node');
		writeStamp(buildState());
	}
}

/** Whether npm's record of the installed packages agrees with the lock file. */
function dependenciesAreCurrent() {
	const noted = inProject('node_modules', '.package-lock.json');
	if (!existsSync(noted)) return false;
	const installed = readJson(noted).packages;
	return Object.entries(readJson(inProject('package-lock.json')).packages).every(
		([folder, { version, optional, devOptional }]) =>
			// The project itself, and packages that are optional on this platform.
			folder === '' || optional || devOptional || installed[folder]?.version === version,
	);
}

function readJson(file) {
	return JSON.parse(readFileSync(file, 'utf8'));
}

/** Changes when the sources change, or when the built files were not made from them. */
function buildState() {
	return existsSync(inProject('dist')) ? hashOf([...BUILT_FROM, 'dist']) : 'not built';
}

function hashOf(paths) {
	const hash = createHash('sha256');
	for (const file of paths.flatMap(filesUnder).sort()) {
		hash
			.update(`${file}\0`)
			.update(readFileSync(inProject(file)))
			.update('\0');
	}
	return hash.digest('hex');
}

function filesUnder(relative) {
	if (!statSync(inProject(relative)).isDirectory()) return [relative];
	return readdirSync(inProject(relative)).flatMap((name) => filesUnder(path.join(relative, name)));
}

function readStamp() {
	try {
		return readFileSync(STAMP, 'utf8');
	} catch {
		return undefined;
	}
}

function writeStamp(state) {
	mkdirSync(path.dirname(STAMP), { recursive: true });
	writeFileSync(STAMP, state);
}
