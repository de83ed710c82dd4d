/**
 * Measures how long packages take to load in n8n's loader, side by side:
 * `npx tsx scripts/loadTime.ts [folder of another built package …]`.
 * Also measures a node of one file that does nothing, written by this script. Each load is a new process, and
 * the packages take turns, so that other load on the machine affects all of them.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import Table from 'cli-table3';
import { median } from '../test/harness/judging/median';
import { packAndUnpack } from '../test/harness/package/packed';
import { loadOnce } from '../test/harness/package/program';

const ROUNDS = 15;

const MINIMAL_NODE = `'use strict';
exports.Minimal = class {
	constructor() {
		this.description = {
			displayName: 'Minimal', name: 'minimal', group: ['transform'], version: 1, description: 'Does nothing',
			defaults: { name: 'Minimal' }, inputs: ['main'], outputs: ['main'], properties: [],
		};
	}
};
`;

void (async () => {
	const packed = await packAndUnpack();
	try {
		const minimal = path.join(packed.folder, '..', 'minimal');
		writeMinimal(minimal);
		const folders: Record<string, string> = { ours: packed.folder, 'one file': minimal };
		for (const folder of process.argv.slice(2)) {
			folders[path.basename(folder)] = path.resolve(folder);
		}
		const times = await measure(folders);
		const ours = median(times.ours);
		const table = new Table({ head: ['package', 'least ms', 'median ms', 'ours takes, of that'] });
		for (const [name, took] of Object.entries(times)) {
			const middle = median(took);
			const least = Math.min(...took);
			table.push([name, least.toFixed(1), middle.toFixed(1), (ours / middle).toFixed(2)]);
		}
		console.log(table.toString());
	} finally {
		packed.dispose();
	}
})();

function writeMinimal(folder: string): void {
	mkdirSync(folder);
	const n8n = { n8nNodesApiVersion: 1, nodes: ['Minimal.node.js'], credentials: [] };
	const content = { name: 'n8n-nodes-minimal', version: '1.0.0', n8n };
	writeFileSync(path.join(folder, 'package.json'), JSON.stringify(content));
	writeFileSync(path.join(folder, 'Minimal.node.js'), MINIMAL_NODE);
}

async function measure(folders: Record<string, string>): Promise<Record<string, number[]>> {
	const times: Record<string, number[]> = Object.fromEntries(
		Object.keys(folders).map((name) => [name, []]),
	);
	for (let round = 0; round < ROUNDS; round++) {
		for (const [name, folder] of Object.entries(folders)) {
			const { took, nodes } = await loadOnce(folder);
			if (nodes.length === 0) throw new Error(`There is no node in ${folder}`);
			times[name].push(took);
		}
	}
	return times;
}
