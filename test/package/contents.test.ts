import { existsSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { type Packed, packAndUnpack } from '../harness/package/packed';
import { loadOnce } from '../harness/package/program';
import { filesIn, jsonOf, type PackageJson } from '../harness/package/project';

// Code that is not minified, most of it Explain, the reading of IDs and every message; 342,000 bytes when this was set.
const MOST_BYTES = 380_000;
const { name, main, n8n } = jsonOf<PackageJson>('package.json');
/** Names and default values. */
const IN_TWO_FILES = ['parameters/labels', 'parameters/operationNames', 'parameters/optionDefaults']
	.concat('transport/defaultRate')
	.map((name) => `nodes/GongCallAccess/${name}.ts`);
const ENTRIES = [main, ...n8n.nodes, ...n8n.credentials];

describe('the package as it is published', () => {
	let packed: Packed;
	let files: string[];
	const read = (file: string): string => readFileSync(path.join(packed.folder, file), 'utf8');

	beforeAll(async () => {
		packed = await packAndUnpack();
		files = filesIn(packed.folder);
	});

	afterAll(() => packed.dispose());

	it('holds only the built files and its documents', () => {
		const top = new Set(files.map((file) => (file.startsWith('dist/') ? 'dist/' : file)));
		expect([...top].sort()).toEqual([
			'LICENSE.md',
			'README.md',
			'dist/',
			'index.js',
			'package.json',
		]);
		const below = new Set(files.filter((file) => file.startsWith('dist/')).map(endingOf));
		expect([...below].sort()).toEqual(['.js', '.json', '.svg']);
	});

	it('holds no tests, no source maps and no references to source maps', () => {
		expect(files.filter((file) => /test|spec|fixture|mock|\.map$/i.test(file))).toEqual([]);
		const code = files.filter((file) => file.endsWith('.js'));
		expect(code.filter((file) => read(file).includes('sourceMappingURL'))).toEqual([]);
	});

	it('is small', () => {
		const sizes = files.map((file) => statSync(path.join(packed.folder, file)).size);
		expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(MOST_BYTES);
	});

	it('has no unreachable code, and requires only its own files and n8n-workflow', () => {
		const { reached, foreign } = reachableFrom(ENTRIES, read, (file) => files.includes(file));
		expect(files.filter((file) => file.endsWith('.js'))).toEqual([...reached].sort());
		expect([...foreign]).toEqual(['n8n-workflow']);
	});

	it('has no icon, codex or schema that n8n would not look for', () => {
		const code = files.filter((file) => file.endsWith('.js')).map((file) => [file, read(file)]);
		const icons = code.flatMap(([file, text]) =>
			[...text.matchAll(/'file:([^']+\.svg)'/g)].map(([, icon]) => beside(file, icon)),
		);
		const codex = n8n.nodes.map((file) => file.replace(/\.js$/, '.json'));
		const [node] = n8n.nodes;
		const schemas = ['list', 'explain', 'grant', 'replace', 'revoke'].map((operation) =>
			beside(node, `__schema__/v1.0.0/callAccess/${operation}.json`),
		);
		const rest = files.filter((file) => file.startsWith('dist/') && !file.endsWith('.js'));
		expect(rest).toEqual([...new Set([...icons, ...codex, ...schemas])].sort());
	});

	it("loads in n8n's loader, at its start only the files that n8n asks for", async () => {
		const { nodes, credentials, code } = await loadOnce(packed.folder);
		expect(nodes).toEqual(['gongCallAccess']);
		expect(credentials).toEqual(['gongApi', 'gongCallAccessOAuth2Api']);
		expect(code).toEqual([...n8n.nodes, ...n8n.credentials]);
	});

	it('does not sort or show by language when it is loaded, which takes longer than all else', () => {
		const code = [...n8n.nodes, ...n8n.credentials].map(read).join('\n');
		expect(code).not.toMatch(/localeCompare|\bIntl\b|toLocale/);
	});

	it('has a source file in two of its files only where that keeps no state', () => {
		const sources = files.flatMap((file) => [...sourcesIn(read(file))]);
		expect(sources).toContain('nodes/GongCallAccess/transport/rateLimiter.ts');
		const twice = sources.filter((source, place) => sources.indexOf(source) < place);
		expect(twice.sort()).toEqual(IN_TWO_FILES);
	});

	it('has the name under which the other tests install it', () => {
		expect(name).toBe('n8n-nodes-gong-call-access');
		expect(existsSync(path.join(packed.folder, main))).toBe(true);
	});
});

/** The source files that a built file was made from: their names stand above their code. */
function sourcesIn(code: string): Set<string> {
	return new Set(code.match(/(?<=^\/\/ )(nodes|credentials)\/.+\.ts$/gm));
}

function endingOf(file: string): string {
	return path.posix.extname(file);
}

function beside(file: string, other: string): string {
	return path.posix.join(path.posix.dirname(file), other);
}

/** Follows `require` and `import()` from file to file; everything but relative paths is foreign. */
function reachableFrom(
	entries: readonly string[],
	read: (file: string) => string,
	exists: (file: string) => boolean,
): { reached: Set<string>; foreign: Set<string> } {
	const reached = new Set<string>();
	const foreign = new Set<string>();
	const follow = (file: string): void => {
		if (reached.has(file)) return;
		reached.add(file);
		for (const [, asked] of read(file).matchAll(/\b(?:require|import)\(["']([^"']+)["']\)/g)) {
			if (!asked.startsWith('.')) foreign.add(asked);
			else follow([asked, `${asked}.js`].map((path) => beside(file, path)).find(exists) ?? asked);
		}
	};
	entries.forEach(follow);
	return { reached, foreign };
}
