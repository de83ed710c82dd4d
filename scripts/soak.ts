/**
 * `npm run soak -- --minutes N`: workflows that start by themselves keep a real n8n and the local Gong busy for
 * N minutes (30), with faults. Prints its progress every minute, and tables at the end. `--seed N` chooses
 * other faults; `--out docs` writes docs/reliability.md.
 */
import { writeFileSync } from 'node:fs';
import { arch, platform } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';

import { version } from '../package.json';
import { barsOf } from '../test/harness/soak/bars';
import { soak } from '../test/harness/soak/soak';
import { onScreen } from './bench/tables';
import { runBars } from './lib/runBars';
import { pageOf, sectionsOf } from './soak/page';

const PAGE = 'reliability.md';
const SHOWN = 20;

const say = (line = '') => console.log(line);

async function main(): Promise<boolean> {
	const { minutes, seed, out } = options();
	say(`This takes ${minutes} minutes, and about two more for start and end.`);
	const result = await soak({ minutes, seed, say });
	for (const { title, table } of sectionsOf(result)) say(`\n${title}\n${onScreen(table)}`);
	for (const words of result.violations.slice(0, SHOWN)) say(`  ${words}`);
	if (out !== undefined) {
		const file = path.join(out, PAGE);
		const setting = {
			packageVersion: version,
			system: `${platform()} ${arch()}`,
			date: new Date().toISOString().slice(0, 10),
		};
		writeFileSync(file, pageOf(result, setting));
		say(`\nWritten to ${file}.`);
	}
	return barsOf(result).every(({ met }) => met);
}

function options(): { minutes: number; seed: number; out: string | undefined } {
	const { values } = parseArgs({
		options: {
			minutes: { type: 'string', default: '30' },
			seed: { type: 'string', default: '1' },
			out: { type: 'string' },
		},
	});
	const [minutes, seed] = [Number(values.minutes), Number(values.seed)];
	if (!(minutes > 0) || !Number.isSafeInteger(seed)) {
		throw new Error('Usage: npm run soak -- [--minutes 30] [--seed 1] [--out docs]');
	}
	return { minutes, seed, out: values.out };
}

runBars(main);
