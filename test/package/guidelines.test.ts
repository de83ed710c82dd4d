import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';
import { builtCredential, builtNode } from '../harness/package/description';
import { filesIn, jsonOf, type PackageJson, PROJECT, textOf } from '../harness/package/project';

// The n8n guidelines that its lint does not check; docs/maintaining/verification.md lists them one by one.
const { description } = builtNode();
const credentials = jsonOf<PackageJson>('package.json').n8n.credentials.map(builtCredential);
const properties = everyProperty(description.properties);
// A list that the panel loads has no choices of its own.
const choices = properties.filter(({ type, options }) => type === 'options' && options);
const values = choices.flatMap(({ options }) => options as INodePropertyOptions[]);
const readable = [
	...properties.flatMap(({ displayName, description: tip = '', hint = '' }) => [
		displayName,
		tip,
		hint,
	]),
	...values.flatMap(({ name, description: tip = '', action = '' }) => [name, tip, action]),
	...(description.hints ?? []).map(({ message }) => message),
	description.description,
];

describe("n8n's guidelines on what people see", () => {
	it('has the sign-in first, then resource, then operation', () => {
		const [first, second, third] = description.properties;
		expect([first.name, second.name, third.name]).toEqual([
			'authentication',
			'resource',
			'operation',
		]);
	});

	it('sorts its choices alphabetically', () => {
		for (const { options } of choices) {
			const names = (options as INodePropertyOptions[]).map(({ name }) => name);
			expect(names).toEqual([...names].sort((a, b) => a.localeCompare(b)));
		}
	});

	it('sorts its options alphabetically', () => {
		const options = description.properties.find(({ name }) => name === 'options')?.options ?? [];
		const names = (options as INodeProperties[]).map(({ displayName }) => displayName);
		expect(names).toEqual([...names].sort((a, b) => a.localeCompare(b)));
	});

	it('has a default for every choice', () => {
		for (const { default: fallback, options } of choices) {
			expect((options as INodePropertyOptions[]).map(({ value }) => value)).toContain(fallback);
		}
	});

	it('says "Whether" of everything that is on or off, and "e.g." of every example', () => {
		const switches = properties.filter(({ type }) => type === 'boolean');
		expect(switches.filter(({ description: tip }) => !tip?.startsWith('Whether '))).toEqual([]);
		const examples = properties.filter(({ type, placeholder }) => placeholder && type === 'string');
		expect(examples.filter(({ placeholder }) => !placeholder?.startsWith('e.g. '))).toEqual([]);
	});

	it('names an operation with its object in the node list, without articles', () => {
		const operations = values.filter(({ action }) => action);
		expect(operations.map(({ value }) => value)).toEqual([
			'explain',
			'list',
			'grant',
			'replace',
			'revoke',
		]);
		for (const { action } of operations) {
			expect(action).toMatch(/\bcalls\b/);
			expect(action).toMatch(/^[A-Z][^A-Z]*$/);
			expect(action).not.toMatch(/\b(a|an|the)\b/);
		}
	});

	it('ends a tooltip with a full stop only if it has more than one sentence', () => {
		const tips = properties
			.filter(({ type }) => type !== 'notice')
			.map(({ description: tip = '' }) => tip.replace(/<[^>]*>/g, ''));
		const wrong = tips.filter((tip) => /\. [A-Z0-9]/.test(tip) !== tip.endsWith('.'));
		expect(wrong).toEqual([]);
	});

	// test/unit/messages.test.ts checks the messages for the same.
	it('does not say error, problem, failure or mistake', () => {
		// "On Error" is the name of a setting of n8n's.
		const forbidden = /\b((?<!On )errors?|problems?|failures?|mistakes?)\b/i;
		expect(readable.filter((text) => forbidden.test(text))).toEqual([]);
	});

	it('hides every secret as it is typed', () => {
		const fields = credentials.flatMap(({ properties: own }) => own);
		const secrets = fields.filter(({ name }) => /^accessKey(Secret)?$/.test(name));
		expect(secrets).toHaveLength(2);
		expect(secrets.filter(({ typeOptions }) => !typeOptions?.password)).toEqual([]);
	});

	it('gives at most ten fields in an item, so that Simplify is not needed', () => {
		const folder = path.join(PROJECT, 'nodes/GongCallAccess/__schema__/v1.0.0/callAccess');
		for (const file of filesIn(folder)) {
			const schema = JSON.parse(readFileSync(path.join(folder, file), 'utf8')) as {
				properties: object;
			};
			// On a dry run two lists stand in place of two others.
			const keys = Object.keys(schema.properties).filter((key) => !key.startsWith('would'));
			// Explain has two lists of names and three more fields only where an option asks for them.
			const asked = [
				'callTitle',
				'callUrl',
				'callStarted',
				'users',
				'inactiveUsers',
				'found',
				'playedSince',
			];
			const usual = file === 'explain.json' ? keys.filter((key) => !asked.includes(key)) : keys;
			expect(usual.length).toBeLessThanOrEqual(10);
		}
	});

	it('is in English, interface and documentation alike', () => {
		const documents = ['README.md', 'CHANGELOG.md', 'SECURITY.md', 'CONTRIBUTING.md'].concat(
			filesIn(path.join(PROJECT, 'docs'))
				.filter((file) => file.endsWith('.md'))
				.map((file) => `docs/${file}`),
		);
		const texts = [...readable, ...documents.map(textOf)];
		// Letters of other languages; only people can check the words.
		expect(texts.flatMap((text) => text.match(/(?![A-Za-z])\p{L}/gu) ?? [])).toEqual([]);
	});
});

describe("n8n's guidelines on what the code may touch", () => {
	const code = filesIn(path.join(PROJECT, 'dist'))
		.filter((file) => file.endsWith('.js'))
		.map((file) => textOf(`dist/${file}`));

	it('uses no environment variables, no files and no other programs', () => {
		const forbidden =
			/\bprocess\b\.|\b__dirname\b|\bglobalThis\b|\beval\(|new Function\(|\bconsole\.|set(Timeout|Interval|Immediate)\(/;
		expect(code.flatMap((text) => forbidden.exec(text)?.[0] ?? [])).toEqual([]);
	});
});

function everyProperty(list: readonly INodeProperties[]): INodeProperties[] {
	return list.flatMap((property) =>
		property.type === 'collection'
			? [property, ...everyProperty(property.options as INodeProperties[])]
			: [property],
	);
}
