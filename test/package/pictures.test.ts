import { existsSync } from 'node:fs';
import path from 'node:path';
import { PICTURE_TEXTS, SCREENSHOTS } from '../harness/editor/pictures';
import { builtNode, everyText } from '../harness/package/description';
import { jsonOf } from '../harness/package/project';

const PICTURES = jsonOf<Record<string, string[]>>(PICTURE_TEXTS);

describe('the pictures of the node', () => {
	const texts = new Set(everyText());

	it.each(Object.keys(PICTURES))('show only texts that the node has: %s', (name) => {
		expect(existsSync(path.join(SCREENSHOTS, `${name}.png`))).toBe(true);
		expect(PICTURES[name].filter((text) => !texts.has(text))).toEqual([]);
	});

	it('show what people read first', () => {
		const { actions, credential, explain } = PICTURES;
		expect(actions).toContain(builtNode().description.description);
		expect(credential).toContain('Access Key Secret');
		expect(explain).toContain('One Item per User of Each Call');
	});
});
