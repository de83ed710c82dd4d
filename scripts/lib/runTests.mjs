import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { PROJECT, runNode, runNpm, runTypeScript } from './children.mjs';

const JEST = path.join(PROJECT, 'node_modules', 'jest', 'bin', 'jest.js');
/** The exit code of `scripts/prepareN8n.ts` when n8n is missing and cannot be fetched without a network. */
const NO_NETWORK = 3;

/**
 * Which tests run in which order; jest.config.js has the files of each phase. Those of the last phase need the
 * machine to themselves.
 */
const PHASES = { quick: ['quick'], all: ['more', 'alone'], named: ['together', 'alone'] };
const SAYING = {
	quick:
		"Parts of the node, the built node in n8n's own engine, what is published, and half a minute of random runs. The rest: npm run test:all",
	all: "What npm test leaves out: every fault with every way to meet it, more random runs, a real n8n with and without load, n8n's editor, and queue mode.",
};
/** Seconds of random runs that the second phase adds to those of `npm test`. */
const MORE_MODEL_SECONDS = '50';
/** Tests that need a real n8n. */
const IN_N8N = /[\\/]test[\\/](n8n|editor|queue|soak)[\\/]/;

/**
 * Runs the tests that the arguments name, or else those of `npm test`, or with `all` those that it leaves out.
 * Prints one plain line of numbers at the end; returns the exit code. `--version 2.8.4` selects the n8n for the
 * tests in a real one; other arguments are jest's.
 */
export async function runTests(allArgs, { all = false } = {}) {
	const args = [...allArgs];
	const env = { ...process.env };
	const at = args.indexOf('--version');
	if (at !== -1) env.GONG_N8N_VERSION = args.splice(at, 2)[1] ?? '';
	const kind = args.some((arg) => /^test\b/.test(arg)) ? 'named' : all ? 'all' : 'quick';
	if (kind in SAYING) console.log(`${SAYING[kind]}\n`);
	const phases = PHASES[kind]
		.map((name) => {
			const phase = { GONG_TEST_PHASE: name };
			if (name === 'more') phase.GONG_MODEL_SECONDS = env.GONG_MODEL_SECONDS ?? MORE_MODEL_SECONDS;
			return { phase, files: testFiles(args, { ...env, ...phase }) };
		})
		.filter(({ files }) => files.length > 0);
	const needsN8n = phases.some(({ files }) => files.some((file) => IN_N8N.test(file)));
	if (needsN8n) {
		const code = await runTypeScript('scripts/prepareN8n.ts', [], env);
		if (code === NO_NETWORK) env.GONG_WITHOUT_N8N = '1';
		else if (code !== 0) return code;
	}
	const folder = mkdtempSync(path.join(tmpdir(), 'gong-call-access-tests-'));
	const codes = [];
	const results = [];
	try {
		// Each n8n installs the package, which need not be packed each time.
		if (needsN8n) env.GONG_PACKED ??= await pack(folder);
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

async function pack(folder) {
	await runNpm(['pack', '--ignore-scripts', '--pack-destination', folder], 'Packing the node');
	const [tarball] = readdirSync(folder);
	return path.join(folder, tarball);
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
