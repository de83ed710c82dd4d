import { existsSync } from 'node:fs';
import path from 'node:path';
import { PICTURE_TEXTS, SCREENSHOTS } from '../harness/editor/pictures';
import { builtNode, textsIn } from '../harness/package/description';
import { jsonOf } from '../harness/package/project';

const PICTURES = Object.entries(jsonOf<Record<string, string[]>>(PICTURE_TEXTS));

describe('the pictures of the node', () => {
	const texts = textsIn(builtNode().description);

	it.each(PICTURES)('show no text that the node does not have any more: %s', (name, shown) => {
		expect(existsSync(path.join(SCREENSHOTS, `${name}.png`))).toBe(true);
		expect(shown.filter((text) => !texts.includes(text))).toEqual([]);
	});

	it('have the texts that matter most', () => {
		const { actions, panel } = Object.fromEntries(PICTURES);
		expect(actions).toContain(builtNode().description.description);
		expect(panel).toEqual(expect.arrayContaining(['Output Format', 'Include User Details']));
	});
});
