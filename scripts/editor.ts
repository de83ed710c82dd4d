/**
 * `npm run editor`: a local Gong, a real n8n with the node in it, the example workflow run once, and its
 * result as a table. It then stays up for a look in the editor until Ctrl-C; `--once` ends after the table,
 * `--queue` has n8n in queue mode, with workers, where Redis and PostgreSQL can be started.
 * `npm run dev` is the same with `--watch`: the node is built anew and loaded again whenever its files change,
 * and the workflow is left for the editor to run.
 */
import { type Shown, startEditor } from './editor/stage';
import { CALL, EMAIL, NAME, showTable } from './lib/table';

// A terminal that is closed takes no more lines, and that must not cut the ending short.
process.stdout.on('error', () => {});
process.stderr.on('error', () => {});

const say = (line = '') => console.log(line);

async function main(): Promise<void> {
	const once = process.argv.slice(2).includes('--once');
	const queue = process.argv.slice(2).includes('--queue');
	const watch = process.argv.slice(2).includes('--watch');
	const stage = startEditor(say, { queue, watch });
	const interrupted = untilInterrupted();
	try {
		const shown = await Promise.race([stage.ready, interrupted]);
		if (!shown) return;
		if (!watch) sayResult(shown);
		if (once) return;
		say();
		say('n8n is running with this workflow in it. Look at it in the browser:');
		say();
		say(`  ${shown.editorUrl}`);
		say(`  e-mail    ${shown.owner.email}`);
		say(`  password  ${shown.owner.password}`);
		say();
		if (watch) say('Open the workflow, change a file of the node and save it: the editor follows.');
		say(
			'Nothing here reaches the real Gong, and what you change is gone when this ends. Press Ctrl-C to end it.',
		);
		await interrupted;
	} finally {
		if (!once) say('\nEnding n8n …');
		await stage.end();
	}
}

function sayResult({ rows, ranOn }: Shown): void {
	say();
	const where = ranOn ? `, run by ${ranOn}` : '';
	say(
		`This is what the workflow "Audit to table" gave${where}, one row for each user of each call:`,
	);
	say();
	say(showTable(rows, [CALL, NAME, EMAIL]));
}

/** Resolves at Ctrl-C, and when the terminal or the process that started this one goes away. */
async function untilInterrupted(): Promise<undefined> {
	await new Promise<void>((resolve) => {
		// Kept on: npm and the terminal may both send it, and the second must not cut the ending short.
		for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
			process.on(signal, () => resolve());
		}
	});
	return undefined;
}

main().then(
	() => process.exit(0),
	(error: unknown) => {
		console.error(error instanceof Error ? error.message : error);
		process.exit(1);
	},
);
