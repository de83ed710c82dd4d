import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { PROJECT, runNode, runTypeScript } from './children.mjs';

const JEST = path.join(PROJECT, 'node_modules', 'jest', 'bin', 'jest.js');
/** The exit code of `scripts/prepareN8n.ts` when n8n is missing and cannot be fetched without a network. */
const NO_NETWORK = 3;

/** First the tests that share the machine, then those that need it alone; see jest.config.js. */
const PHASES = ['together', 'alone'];
/** Tests that need a real n8n. */
const IN_N8N = /[\\/]test[\\/](n8n|editor|queue|soak)[\\/]/;

/**
 * Runs jest with these arguments and prints one plain line of numbers at the end; returns the exit code.
 * `--version 2.8.4` selects the n8n for the tests in a real one.
 */
export async function runTests(allArgs) {
	const args = [...allArgs];
	const env = { ...process.env };
	const at = args.indexOf('--version');
	if (at !== -1) env.GONG_N8N_VERSION = args.splice(at, 2)[1] ?? '';
	const phases = PHASES.map((name) => {
		const phase = { GONG_TEST_PHASE: name };
		return { phase, files: testFiles(args, { ...env, ...phase }) };
	}).filter(({ files }) => files.length > 0);
	if (phases.some(({ files }) => files.some((file) => IN_N8N.test(file)))) {
		const code = await runTypeScript('scripts/prepareN8n.ts', [], env);
		if (code === NO_NETWORK) env.GONG_WITHOUT_N8N = '1';
		else if (code !== 0) return code;
	}
	const folder = mkdtempSync(path.join(tmpdir(), 'gong-call-access-tests-'));
	const codes = [];
	const results = [];
	try {
		for (const [index, { phase }] of phases.entries()) {
			const file = path.join(folder, `${index}.json`);
			results.push(file);
			const jest = [JEST, '--json', `--outputFile=${file}`, ...args];
			codes.push(await runNode(jest, { env: { ...env, ...phase } }));
		}
		if (env.GONG_WITHOUT_N8N) {
			console.log('The tests in a real n8n were SKIPPED: n8n could not be fetched (see above).');
		}
		console.log(summary(results));
		return codes.length === 0 ? 1 : Math.max(...codes);
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
}

function testFiles(args, env) {
	const { stdout } = spawnSync(process.execPath, [JEST, '--listTests', ...args], {
		cwd: PROJECT,
		env,
		encoding: 'utf8',
	});
	return (stdout ?? '').split('\n').filter((line) => line.endsWith('.test.ts'));
}

function summary(files) {
	const total = { passed: 0, failed: files.length === 0 ? 1 : 0, skipped: 0 };
	for (const file of files) {
		try {
			const results = JSON.parse(readFileSync(file, 'utf8'));
			total.passed += results.numPassedTests;
			// A file that could not be loaded has no tests to count, and is a failure.
			total.failed += results.numFailedTests + results.numRuntimeErrorTestSuites;
			total.skipped += results.numPendingTests + results.numTodoTests;
		} catch {
			total.failed += 1;
		}
	}
	const skipped =
		total.skipped > 0 ? `${total.skipped} skipped, each with its reason in its title\n` : '';
	return `${skipped}${total.passed} passed, ${total.failed} failed`;
}
