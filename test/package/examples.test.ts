import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

import { PROJECT } from '../harness/package/project';

const STICKY = 'n8n-nodes-base.stickyNote';
// The space of a node on the canvas, with its name below it.
const NODE = { width: 144, height: 144 };

interface Placed {
	readonly id: string;
	readonly name: string;
	readonly type: string;
	readonly position: readonly [number, number];
	readonly parameters: Readonly<Record<string, unknown>>;
}

interface Example {
	readonly name: string;
	readonly nodes: readonly Placed[];
	readonly connections: Readonly<
		Record<string, Readonly<Record<string, { node: string; index: number }[][]>>>
	>;
	readonly pinData: unknown;
}

const folder = path.join(PROJECT, 'examples');
const examples = readdirSync(folder)
	.filter((file) => file.endsWith('.json'))
	.map((file) => {
		const text = readFileSync(path.join(folder, file), 'utf8');
		return [file, text, JSON.parse(text) as Example] as const;
	});

const overlap = (a: Box, b: Box) =>
	a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;

describe('the example workflows', () => {
	it('are all described in their README', () => {
		const readme = readFileSync(path.join(folder, 'README.md'), 'utf8');
		const linked = [...readme.matchAll(/\]\(([\w-]+\.json)\)/g)].map(([, file]) => file);
		expect([...new Set(linked)].sort()).toEqual(examples.map(([file]) => file).sort());
	});

	it('have IDs and names of their own', () => {
		const nodes = examples.flatMap(([, , example]) => example.nodes);
		expect(new Set(nodes.map(({ id }) => id)).size).toBe(nodes.length);
		const names = examples.map(([, , { name }]) => name);
		expect(new Set(names).size).toBe(names.length);
	});

	describe.each(examples)('%s', (_file, text, { nodes, connections, pinData }) => {
		const stickies = nodes.filter(({ type }) => type === STICKY);
		const others = nodes.filter(({ type }) => type !== STICKY);

		it('contains no credentials, data or addresses of a person or company, and no n8n instance', () => {
			for (const kept of ['credentials', 'webhookId', 'instanceId', 'versionId', 'cachedResult']) {
				expect(text).not.toContain(`"${kept}`);
			}
			expect(pinData).toEqual({});
		});

		it('says in a note what it does', () => {
			const [first] = stickies;
			expect(String(first?.parameters.content)).toMatch(/^## .+\n\n.{80}/);
		});

		it('connects every node, and only nodes that exist', () => {
			const named = Object.entries(connections).flatMap(([from, byType]) => [
				from,
				...Object.values(byType).flatMap((outputs) => outputs.flat().map(({ node }) => node)),
			]);
			expect([...new Set(named)].sort()).toEqual(others.map(({ name }) => name).sort());
		});

		it('brings branches together before a node, since n8n runs a node once for each that reaches it', () => {
			const typeOf = new Map(nodes.map(({ name, type }) => [name, type]));
			const reached = Object.entries(connections)
				.filter(([from]) => !/trigger$/i.test(typeOf.get(from) ?? ''))
				.flatMap(([, { main = [] }]) => main.flat())
				// A loop goes on where it is reached again.
				.filter(({ node }) => typeOf.get(node) !== 'n8n-nodes-base.splitInBatches')
				.map(({ node, index }) => `${node}, input ${index}`);
			expect(reached.filter((one, place) => reached.indexOf(one) !== place)).toEqual([]);
		});

		it('refers in its expressions to nodes that exist', () => {
			const spokenOf = [...text.matchAll(/\$\('((?:[^'\\]|\\.)+)'\)/g)].map(([, name]) =>
				(JSON.parse(`"${name}"`) as string).replaceAll("\\'", "'"),
			);
			const names = others.map(({ name }) => name);
			expect(spokenOf.filter((name) => !names.includes(name))).toEqual([]);
		});

		it('leaves room between nodes, and between notes', () => {
			for (const boxes of [others.map(boxOfNode), stickies.map(boxOfSticky)]) {
				const meet = boxes.flatMap((a, place) =>
					boxes.slice(place + 1).flatMap((b) => (overlap(a, b) ? [[a.name, b.name]] : [])),
				);
				expect(meet).toEqual([]);
			}
		});

		it('has each node entirely inside or outside of a note', () => {
			const cut = others.flatMap((node) => {
				const box = boxOfNode(node);
				return stickies
					.map(boxOfSticky)
					.filter((sticky) => overlap(box, sticky) && !contains(sticky, box))
					.map((sticky) => [node.name, sticky.name]);
			});
			expect(cut).toEqual([]);
		});
	});
});

interface Box {
	readonly name: string;
	readonly x: number;
	readonly y: number;
	readonly width: number;
	readonly height: number;
}

function boxOfNode({ name, position: [x, y] }: Placed): Box {
	return { name, x: x - (NODE.width - 96) / 2, y, ...NODE };
}

function boxOfSticky({ name, position: [x, y], parameters }: Placed): Box {
	return { name, x, y, width: Number(parameters.width), height: Number(parameters.height) };
}

function contains(outer: Box, inner: Box): boolean {
	return (
		outer.x <= inner.x &&
		outer.y <= inner.y &&
		outer.x + outer.width >= inner.x + inner.width &&
		outer.y + outer.height >= inner.y + inner.height
	);
}
