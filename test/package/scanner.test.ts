import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type Packed, packAndUnpack } from '../harness/package/packed';
import { scan } from '../harness/package/program';
import { filesIn, PROJECT } from '../harness/package/project';

// n8n's own scan of community packages, as n8n runs it to verify one.
describe("n8n's scanner for community packages", () => {
	let packed: Packed;

	beforeAll(async () => {
		packed = await packAndUnpack();
	});

	afterAll(() => packed.dispose());

	it('reports nothing for the source', async () => {
		const { findings, passed, files } = await scan(PROJECT, 'source');
		expect(findings).toEqual([]);
		expect(passed).toBe(true);
		expect(files).toBeGreaterThan(30);
	});

	it('reports nothing for the unpacked package', async () => {
		const { findings, passed, files } = await scan(packed.folder, 'published');
		expect(findings).toEqual([]);
		expect(passed).toBe(true);
		const scanned = filesIn(packed.folder).filter((file) => /\.js(on)?$/.test(file));
		expect(files).toBe(scanned.length);
	});

	// Shows that the scanner really reports something.
	it('reports a package with a dependency', async () => {
		const file = path.join(packed.folder, 'package.json');
		const content = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
		writeFileSync(file, JSON.stringify({ ...content, dependencies: { lodash: '4.17.21' } }));
		const { findings, passed } = await scan(packed.folder, 'published');
		expect(passed).toBe(false);
		expect(findings.join('\n')).toContain('no-runtime-dependencies');
	});
});
