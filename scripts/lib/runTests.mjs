import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { PROJECT, runNode, runTypeScript } from './children.mjs';

const JEST = path.join(PROJECT, 'node_modules', 'jest', 'bin', 'jest.js');
/** What `scripts/prepareN8n.ts` ends with when there is no n8n and no network to fetch it from. */
const NO_NETWORK = 3;

/** Runs jest with these arguments and ends with one plain line of numbers; gives the exit code. */
export async function runTests(args) {
	const env = { ...process.env };
	if (needsN8n(args)) {
		const code = await runTypeScript('scripts/prepareN8n.ts', []);
		if (code === NO_NETWORK) env.GONG_WITHOUT_N8N = '1';
		else if (code !== 0) return code;
	}
	const folder = mkdtempSync(path.join(tmpdir(), 'gong-call-access-tests-'));
	const results = path.join(folder, 'results.json');
	try {
		const code = await runNode([JEST, '--json', `--outputFile=${results}`, ...args], { env });
		if (env.GONG_WITHOUT_N8N) {
			console.log('The tests in a real n8n were SKIPPED: n8n could not be fetched (see above).');
		}
		console.log(summary(results));
		return code;
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
}

/** Whether, with these arguments, any test in a real n8n would run. */
function needsN8n(args) {
	const { stdout } = spawnSync(process.execPath, [JEST, '--listTests', ...args], {
		cwd: PROJECT,
		encoding: 'utf8',
	});
	return (stdout ?? '').split('\n').some((file) => /[\\/]test[\\/]n8n[\\/]/.test(file));
}

function summary(file) {
	let results;
	try {
		results = JSON.parse(readFileSync(file, 'utf8'));
	} catch {
		return '0 passed, 1 failed';
	}
	// A file that could not even be loaded has no tests to count, and is no success.
	const failed = results.numFailedTests + results.numRuntimeErrorTestSuites;
	const skipped = results.numPendingTests + results.numTodoTests;
	const counts = [`${results.numPassedTests} passed`, `${failed} failed`];
	if (skipped > 0) counts.push(`${skipped} skipped`);
	return counts.join(', ');
}
