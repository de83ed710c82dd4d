import { type LocalGong, sampleData, startLocalGong } from '../gong';
import { OWNER, type RunningN8n, startN8n } from '../n8n/running';
import { CHROMIUM, skippedFor } from '../system/programs';
import { type Browser, startBrowser } from './browser';
import { Editor } from './editor';

const SET_UP_MS = 20 * 60_000;
const SKIPPED =
	process.env.GONG_WITHOUT_N8N === '1' ? ' (SKIPPED: without n8n)' : skippedFor(CHROMIUM);

// Tests that cannot run count as skipped, never as passed.
const describeInEditor = SKIPPED === '' ? describe : describe.skip;

jest.setTimeout(3 * 60_000);

describeInEditor(`the node in n8n's editor${SKIPPED}`, () => {
	let gong: LocalGong;
	let n8n: RunningN8n;
	let browser: Browser;
	let editor: Editor;

	beforeAll(async () => {
		gong = await startLocalGong({ data: sampleData() });
		[n8n, browser] = await Promise.all([startN8n(), startBrowser()]);
		editor = new Editor(browser.page, n8n.url);
		await editor.signIn(OWNER);
	}, SET_UP_MS);

	afterAll(async () => {
		await browser?.close();
		await n8n?.dispose();
		await gong?.close();
	});

	it('is found by typing "gong", and shows what it can do', async () => {
		await editor.newWorkflow();
		await editor.searchNodes('gong');
		await editor.nodeEntry('Gong Call Access').click();
		await editor.nodeEntry('Get who has access to calls').waitFor();
		const actions = await editor.byTestId('node-creator-item-name').allInnerTexts();
		expect(actions.map((name) => name.trim())).toEqual(
			expect.arrayContaining([
				'Get who has access to calls',
				'Grant access to calls',
				'Replace access to calls and take others away',
				'Revoke access to calls and take it away',
			]),
		);
	});
});
