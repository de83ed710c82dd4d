import { existsSync } from 'node:fs';
import path from 'node:path';
import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';
import { marked, type Token, type Tokens } from 'marked';
import { runNode } from '../harness/engine/engine';
import { QUICK, sampleData, startLocalGong } from '../harness/gong';
import { builtCredential, builtNode, itemKeys } from '../harness/package/description';
import { filesIn, jsonOf, type PackageJson, PROJECT, textOf } from '../harness/package/project';

const PAGES = [
	'README.md',
	'CONTRIBUTING.md',
	'SECURITY.md',
	'CODE_OF_CONDUCT.md',
	...filesIn(path.join(PROJECT, 'docs')).flatMap((file) => page(`docs/${file}`)),
	...filesIn(path.join(PROJECT, 'examples')).flatMap((file) => page(`examples/${file}`)),
];
/** The pages that describe the node to those who use it. */
const MANUAL = [
	'README.md',
	...['installation', 'items', 'options', 'scopes', 'troubleshooting'].map(
		(name) => `docs/${name}.md`,
	),
];
const MANUAL_TOKENS = MANUAL.flatMap(tokensOf);
// Longer than this, nobody reads it before they try the node.
const MAX_WORDS = 1_200;

/** Messages of n8n or Node, which are not in our code. */
const WORDS_OF_N8N = [
	'ENOTFOUND or ECONNREFUSED when you save the credential',
	'Domain not allowed',
	'Unrecognized node type',
	'No output data',
];

function page(file: string): string[] {
	return file.endsWith('.md') ? [file] : [];
}

/** Every token of a page, including nested ones. */
function tokensOf(file: string): Token[] {
	const found: Token[] = [];
	marked.walkTokens(marked.lexer(textOf(file)), (token) => void found.push(token));
	return found;
}

/** The targets of a page: its links, and the sources of its pictures. */
function targetsIn(file: string): string[] {
	const tokens = tokensOf(file);
	const written = tokens.flatMap((token) =>
		token.type === 'link' || token.type === 'image' ? [String(token.href)] : [],
	);
	const html = tokens.flatMap((token) => (token.type === 'html' ? [token.raw] : [])).join('\n');
	return [
		...written,
		...[...html.matchAll(/\b(?:src|srcset|href)="([^"]+)"/g)].map(([, to]) => to),
	];
}

/** The anchors that GitHub gives a page's headings. */
function anchorsOf(file: string): string[] {
	const headings = tokensOf(file).filter(({ type }) => type === 'heading') as Tokens.Heading[];
	return headings.map(({ text }) =>
		text
			.toLowerCase()
			.replace(/[^\p{L}\p{N}\s_-]/gu, '')
			.replace(/\s/g, '-'),
	);
}

/** The rows of the tables whose first column has this title, as plain text. */
function tableUnder(title: string): string[][] {
	const tables = MANUAL_TOKENS.filter(({ type }) => type === 'table') as Tokens.Table[];
	return tables
		.filter(({ header }) => header[0].text === title)
		.flatMap(({ rows }) => rows.map((row) => row.map(({ text }) => text)));
}

describe('the documentation', () => {
	it.each(PAGES)('links only to existing targets: %s', (file) => {
		const gone = targetsIn(file).filter((target) => {
			if (/^(https?|mailto):/.test(target)) return false;
			const [to, anchor] = target.split('#');
			const other = to === '' ? file : path.posix.join(path.posix.dirname(file), to);
			if (!existsSync(path.join(PROJECT, other))) return true;
			return anchor !== undefined && !anchorsOf(other).includes(anchor);
		});
		expect(gone).toEqual([]);
	});

	it('is short in the README, which shows before it tells how to install', () => {
		const words = textOf('README.md')
			.split(/\s+/)
			.filter((word) => /[\p{L}\p{N}]/u.test(word));
		expect(words.length).toBeLessThanOrEqual(MAX_WORDS);
		const sections = tokensOf('README.md').filter(
			(token): token is Tokens.Heading => token.type === 'heading' && token.depth === 2,
		);
		expect(sections.map(({ text }) => text)).toEqual([
			'Examples',
			'Installation',
			'Credentials',
			'Operations',
			'Troubleshooting',
			'Compatibility',
			'More',
		]);
	});

	it('links to every example, by no address whose owner may not exist', () => {
		const files = filesIn(`${PROJECT}/examples`).filter((file) => file.endsWith('.json'));
		const targets = targetsIn('README.md');
		expect(files.filter((file) => !targets.includes(`examples/${file}`))).toEqual([]);
		const { repository } = jsonOf<PackageJson>('package.json');
		const owner = repository.url.split('/').at(-2) as string;
		expect(targets.filter((target) => target.includes(`/${owner}/`))).toEqual([]);
		expect(targets.join()).not.toContain('raw.githubusercontent.com');
	});

	it('shows rows in the README that the node gives', async () => {
		const sample = (tokensOf('README.md') as Tokens.Table[]).find(({ type }) => type === 'table');
		const columns = sample?.header.map(({ text }) => text) ?? [];
		const gong = await startLocalGong({ latency: QUICK, data: sampleData() });
		try {
			const parameters = {
				operation: 'explain',
				callsFrom: 'period',
				splitInto: 'users',
				options: { includeCallDetails: true, includeUserDetails: true },
			};
			const { items } = await runNode(gong, { parameters });
			const given = items.map(({ json }) => columns.map((column) => String(json[column])));
			const shown = sample?.rows.map((row) => row.map(({ text }) => text)) ?? [];
			expect(shown.length).toBeGreaterThan(3);
			expect(given).toEqual(expect.arrayContaining(shown));
		} finally {
			await gong.close();
		}
	});

	it('describes every option, by its name on the screen', () => {
		const { properties } = builtNode().description;
		const options = properties.find(({ name }) => name === 'options')?.options as INodeProperties[];
		const described = tableUnder('option').map(([name]) => name.replaceAll('*', ''));
		expect(described).toEqual(options.map(({ displayName }) => displayName));
	});

	it('names every operation and every output format', () => {
		const text = textOf('README.md');
		const names = builtNode()
			.description.properties.filter(({ name }) => ['operation', 'splitInto'].includes(name))
			.flatMap(({ options }) => options as INodePropertyOptions[])
			.map(({ name }) => name);
		expect(names.length).toBe(11);
		expect(names.filter((name) => !text.includes(name))).toEqual([]);
	});

	it('quotes only messages that really appear on the screen', () => {
		const sources = ['nodes', 'credentials']
			.flatMap((folder) => filesIn(path.join(PROJECT, folder)).map((file) => `${folder}/${file}`))
			.filter((file) => file.endsWith('.ts'))
			.map(textOf)
			.join('\n');
		const words = tableUnder('what the screen says').map(([text]) => text);
		expect(words.length).toBeGreaterThan(10);
		const made = words
			.filter((text) => !WORDS_OF_N8N.includes(text))
			.filter((text) => {
				const said = text
					.split('…')
					.map((part) => part.trim())
					.filter((part) => part !== '');
				return !said.every((part) => sources.includes(part));
			});
		expect(made).toEqual([]);
	});

	it('names every scope that the node requires, and no other', () => {
		const scopes = (text: string) => [...new Set(text.match(/api:[a-z:-]+[a-z]/g))].sort();
		const folder = 'nodes/GongCallAccess/gong';
		const sources = filesIn(path.join(PROJECT, folder)).map((file) => textOf(`${folder}/${file}`));
		const needed = scopes(sources.join());
		expect(scopes(textOf('docs/scopes.md'))).toEqual(needed);
		expect(needed).toEqual(expect.arrayContaining(scopes(textOf('README.md'))));
	});

	it('names every switch of the OAuth2 credential where it names the scopes', () => {
		const { properties } = builtCredential(
			'dist/credentials/GongCallAccessOAuth2Api.credentials.js',
		);
		const switches = properties.filter(({ type }) => type === 'boolean');
		expect(switches.length).toBeGreaterThan(3);
		const named = switches.filter(
			({ displayName }) => !textOf('docs/scopes.md').includes(`**${displayName}**`),
		);
		expect(named).toEqual([]);
	});

	it('shows items with the keys that items have', () => {
		const known = new Set([...Object.values(itemKeys()).flat(), ...KEYS_OF_SPLITS]);
		const samples = MANUAL_TOKENS.filter(
			(token): token is Tokens.Code => token.type === 'code' && token.lang === 'json',
		);
		expect(samples.length).toBeGreaterThan(4);
		const keys = samples.flatMap(({ text }) => Object.keys(JSON.parse(text) as object));
		expect(keys.filter((key) => !known.has(key))).toEqual([]);
	});
});

/** The keys of items split by users and by people, which n8n has no schemas for. */
const KEYS_OF_SPLITS = [
	'userId',
	'userName',
	'userEmail',
	'userActive',
	'viaApi',
	'viaParticipation',
	'viaProfile',
	'viaComment',
	'viaFolder',
	'onlyViaApi',
	'profileName',
	'permissionLevel',
	'why',
	'certainty',
	'certaintyWithoutApi',
	'onlyViaApiCallIds',
	'callIds',
	'callCount',
	'requestIds',
];
