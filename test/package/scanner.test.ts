import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type Packed, packAndUnpack } from '../harness/package/packed';
import { scan } from '../harness/package/program';
import { PROJECT } from '../harness/package/project';

// n8n's own scan of community packages, as n8n runs it before it verifies one.
describe("n8n's scanner for community packages", () => {
	let packed: Packed;

	beforeAll(async () => {
		packed = await packAndUnpack();
	});

	afterAll(() => packed.dispose());

	it('has nothing to say about the source', async () => {
		const { told, passed, files } = await scan(PROJECT, 'source');
		expect(told).toEqual([]);
		expect(passed).toBe(true);
		expect(files).toBeGreaterThan(30);
	});

	it('has nothing to say about the unpacked package', async () => {
		const { told, passed, files } = await scan(packed.folder, 'published');
		expect(told).toEqual([]);
		expect(passed).toBe(true);
		expect(files).toBeGreaterThan(30);
	});

	// So that silence means something.
	it('does speak up about a package with a dependency', async () => {
		const file = path.join(packed.folder, 'package.json');
		const content = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
		writeFileSync(file, JSON.stringify({ ...content, dependencies: { lodash: '4.17.21' } }));
		const { told, passed } = await scan(packed.folder, 'published');
		expect(passed).toBe(false);
		expect(told.join('\n')).toContain('no-runtime-dependencies');
	});
});
