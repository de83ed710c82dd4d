/**
 * Runs every command of this project: `node scripts/run.mjs <command> [arguments]`. Works on a fresh clone:
 * missing dependencies and a missing build are made first. Only Node's own modules may be imported before the
 * set-up.
 */
const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 15)) {
	console.error(
		`This needs Node.js 20.15 or newer, and this is ${process.versions.node}. Newer ones: https://nodejs.org`,
	);
	process.exit(1);
}

const COMMANDS = {
	dev: { file: 'scripts/editor.ts', args: ['--watch'], needsBuild: false },
	// Without tsx's own cache, so that nothing of it stays on the machine.
	demo: { file: 'scripts/demo.ts', env: { TSX_DISABLE_CACHE: '1' }, needsBuild: true },
	editor: { file: 'scripts/editor.ts', needsBuild: true },
	gong: { file: 'test/harness/gong/cli.ts', needsBuild: false },
	bench: { file: 'scripts/bench.ts', needsBuild: true },
	soak: { file: 'scripts/soak.ts', needsBuild: true },
	programs: { file: 'scripts/preparePrograms.ts', needsBuild: false },
	test: { needsBuild: true },
	'test:all': { needsBuild: true, all: true },
	'test:n8n': { needsBuild: true, tests: 'test/n8n' },
	'test:queue': { needsBuild: true, tests: 'test/queue' },
	'test:editor': { needsBuild: true, tests: 'test/editor', programs: ['chromium'] },
};

const [name = '', ...args] = process.argv.slice(2);
const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
if (!command) {
	console.error(`Usage: node scripts/run.mjs <${Object.keys(COMMANDS).join('|')}> [arguments]`);
	process.exit(1);
}

const { setUp } = await import('./lib/setUp.mjs');
const { runTypeScript } = await import('./lib/children.mjs');
try {
	await setUp({ build: command.needsBuild });
	if (command.programs) await runTypeScript(COMMANDS.programs.file, command.programs);
	if (command.file) {
		const env = { ...process.env, ...command.env };
		process.exitCode = await runTypeScript(command.file, [...(command.args ?? []), ...args], env);
	} else {
		const { runTests } = await import('./lib/runTests.mjs');
		process.exitCode = await runTests(command.tests ? [command.tests, ...args] : args, command);
	}
} catch (error) {
	console.error(error instanceof Error ? error.message : error);
	process.exitCode = 1;
}
