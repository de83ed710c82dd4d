import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { readMemory } from '../harness/soak/memory';

const MB = 1024 * 1024;
const COUNT = 90;
const folder = mkdtempSync(path.join(tmpdir(), 'gong-call-access-memory-'));

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The memory of a process whose live heap, in MB, had these values, one per sample. */
function memoryOf(live: (place: number) => number) {
	const file = path.join(folder, 'memory.jsonl');
	const samples = Array.from({ length: COUNT }, (_, at) => {
		const bytes = live(at) * MB;
		return JSON.stringify({ at, pid: at < 80 ? 1 : 2, rss: 2 * bytes, heap: bytes, live: bytes });
	});
	writeFileSync(file, `${samples.join('\n')}\n{"at":`);
	return readMemory(file, 0, COUNT);
}

const UNEVEN = (place: number) => (place * 7) % 5;

test('reports no growth for memory that only goes up and down', () => {
	expect(memoryOf((place) => 200 + UNEVEN(place)).live.growth).toBeCloseTo(0, 0);
});

test('reports no growth for memory that grows only while n8n warms up', () => {
	expect(memoryOf((place) => 200 + Math.min(place, 30)).live.growth).toBeCloseTo(0, 0);
});

test('reports growth for a leak, however uneven memory is', () => {
	const { live, rss } = memoryOf((place) => 200 + UNEVEN(place) + place);
	expect(live.growth).toBeCloseTo(30, 0);
	expect(rss.growth).toBeCloseTo(60, 0);
});

test('reports no growth for a single outlier', () => {
	expect(memoryOf((place) => (place === 85 ? 900 : 200)).live.growth).toBeCloseTo(0, 0);
});

test('reports a restart when another process takes its place', () => {
	expect(memoryOf(() => 200).sameProcess).toBe(false);
});
