import { type Browser, startBrowser, VIEWPORT } from '../harness/editor/browser';
import { Editor, marked } from '../harness/editor/editor';
import { keepPicture, THEMES } from '../harness/editor/pictures';
import {
	CALLS,
	REVIEW,
	sampleCalls,
	storeCredential,
	storeReview,
	storeWorkflow,
} from '../harness/editor/workflow';
import {
	DEMO_ACCOUNT,
	type LocalGong,
	SAMPLE_CALL_IDS,
	SAMPLE_USER_IDS,
	sampleData,
	SCOPES,
	QUICK,
	startLocalGong,
} from '../harness/gong';
import { OWNER } from '../harness/n8n/rest';
import { type RunningN8n, startN8n } from '../harness/n8n/running';
import { describeUnless, SET_UP_MS, SKIPPED_WITHOUT_N8N } from '../harness/n8n/skipping';
import { CHROMIUM, skippedFor } from '../harness/system/programs';

const SKIPPED = SKIPPED_WITHOUT_N8N || skippedFor(CHROMIUM);
const describeInEditor = describeUnless(SKIPPED);

jest.setTimeout(3 * 60_000);

const UNKNOWN_CALL = '9999999999999999999';

/** A key with every scope but the one to read who has access. */
const WITHOUT_ACCESS = {
	accessKey: 'KEY0THAT0MAY0LIST0USERS',
	accessKeySecret: 'another-secret-that-opens-only-the-local-gong',
	scopes: [SCOPES.readUsers],
};

describeInEditor(`the node in n8n's editor${SKIPPED}`, () => {
	const { apiAccess } = sampleData();
	const [firstCall, secondCall] = SAMPLE_CALL_IDS;

	let gong: LocalGong;
	let n8n: RunningN8n;
	let browser: Browser;
	let editor: Editor;

	beforeAll(async () => {
		gong = await startLocalGong({
			latency: QUICK,
			data: sampleData(),
			accounts: [DEMO_ACCOUNT, WITHOUT_ACCESS],
		});
		[n8n, browser] = await Promise.all([startN8n(), startBrowser()]);
		editor = new Editor(browser.page, n8n.url);
		await editor.signIn(OWNER);
	}, SET_UP_MS);

	afterAll(async () => {
		await browser?.close();
		await n8n?.dispose();
		await gong?.close();
	});

	afterEach(async () => {
		gong.reset();
		await editor.useTheme('light');
	});

	const newWorkflowWithTrigger = async (): Promise<void> => {
		await editor.newWorkflow();
		await editor.addNode('manual', 'Trigger manually');
	};

	it.each(THEMES)('is found by typing "gong", and shows its actions (%s)', async (theme) => {
		await editor.useTheme(theme);
		await newWorkflowWithTrigger();
		await editor.searchNodes('gong');
		await editor.nodeEntry('Gong Call Access').click();
		await editor.nodeEntry('Get who was given access to calls').waitFor();
		// The list that it came from slides out.
		await editor.nodeEntry('Gong').waitFor({ state: 'detached' });
		expect(await editor.nodeEntries()).toEqual([
			'Explain who can see calls and why',
			'Get who was given access to calls',
			'Grant users access to calls',
			'Replace who has access to calls',
			"Revoke users' access to calls",
		]);
		const part = { around: [editor.nodeList], height: 530 };
		// Some icons there do not change when the theme changes while they are shown.
		await keepPicture(browser.page, 'actions', part, [theme]);
	});

	it('shows in its credential window what is wrong with a key, and that a key works', async () => {
		await newWorkflowWithTrigger();
		await editor.searchNodes('gong');
		await editor.nodeEntry('Gong Call Access').click();
		await editor.nodeEntry('Get who was given access to calls').click();
		const { credentialWindow } = editor;
		await credentialWindow.openNew();
		const { accessKey, accessKeySecret } = DEMO_ACCOUNT;
		await credentialWindow.fill({ baseUrl: 'api.gong.io' });
		const notice = credentialWindow.text('Base URL must start with https://');
		await notice.waitFor();
		await credentialWindow.fill({ baseUrl: 'https://api.gong.io' });
		await notice.waitFor({ state: 'hidden' });
		await credentialWindow.fill({ accessKey, accessKeySecret: 'mistyped' });
		await keepPicture(browser.page, 'credential', {
			around: [credentialWindow.whole],
			height: 640,
		});
		await credentialWindow.fill({ baseUrl: gong.url });
		await credentialWindow.save();
		const refused = await credentialWindow.whyRefused();
		expect(refused).toContain('Gong did not accept this key');
		expect(refused).toContain('Check Access Key and Access Key Secret, ');
		await credentialWindow.fill({ accessKeySecret });
		await credentialWindow.save();
		// A new credential that works closes its window.
		await credentialWindow.whole.waitFor({ state: 'hidden' });
		await credentialWindow.openChosen();
		await credentialWindow.text('Connection tested successfully').waitFor();
	});

	it('works between its neighbours, with the calls of a period', async () => {
		const credential = await storeCredential(n8n.rest, gong, 'Gong account', DEMO_ACCOUNT);
		await editor.openWorkflow(await storeReview(n8n.rest, credential));
		const [, ours] = REVIEW;
		await editor.nodeOnCanvas(ours).getByText('explain: call access').waitFor();
		for (const name of REVIEW) {
			expect(await marked(editor.nodeOnCanvas(name), 'node-issues').count()).toBe(0);
		}
		await keepPicture(browser.page, 'canvas', {
			around: REVIEW.map((name) => editor.nodeOnCanvas(name)),
			space: 80,
		});
		const panel = await editor.openNode(ours);
		await panel.execute();
		await panel.asTable(panel.output);
		// All of its columns stand in test/package/readme.test.ts.
		const rows = await panel.cells(panel.output);
		expect(rows.map(([, title]) => title)).toContain('Northwind Traders: product demo');
	});

	it('explains who can see calls, and says what it does not look at', async () => {
		const credential = await storeCredential(n8n.rest, gong, 'Gong to explain', DEMO_ACCOUNT);
		const options = { includeUserDetails: true };
		const parameters = { callsFrom: 'field', callIdField: 'id', options };
		const id = await storeWorkflow(n8n.rest, [{ name: 'Who can see it', credential, parameters }]);
		await editor.openWorkflow(id);
		// Wide enough for all the columns that say why.
		await browser.page.setViewportSize({ width: 1920, height: 900 });
		await editor.nodePanel.makeRoom({ left: 9, main: 19, right: 72 });
		const panel = await editor.openNode('Who can see it');
		await panel.choose('operation', 'Explain');
		await panel.notices().filter({ hasText: 'Not a complete list' }).waitFor();
		await panel.choose('splitInto', 'One Item per User of Each Call');
		await panel.execute();
		await panel.asTable(panel.output);
		expect(await panel.hints().count()).toBe(0);
		const rows = await panel.cells(panel.output);
		const { samuel } = SAMPLE_USER_IDS;
		expect(rows.map(([, , userId]) => userId)).toEqual(expect.arrayContaining([samuel]));
		await keepPicture(browser.page, 'explain', { around: [panel.parameters, panel.output] });
		await browser.page.setViewportSize(VIEWPORT);
	});

	describe('on the canvas', () => {
		beforeAll(async () => {
			const { rest } = n8n;
			const credential = await storeCredential(rest, gong, 'Gong (local)', DEMO_ACCOUNT);
			const less = await storeCredential(rest, gong, 'Gong (less)', WITHOUT_ACCESS);
			const byUser = { callsFrom: 'field', callIdField: 'id', splitInto: 'users' };
			const unknown = { callIds: `${firstCall}, ${UNKNOWN_CALL}` };
			const workflowId = await storeWorkflow(rest, [
				{ name: 'Typed', credential },
				{ name: 'Expression', credential },
				{ name: 'Field', credential },
				{ name: 'By user', credential, parameters: byUser },
				{ name: 'Unknown call', credential, parameters: unknown },
				{ name: 'No call ID', credential, parameters: { callIds: '={{ $json.title }}' } },
				{ name: 'Too few scopes', credential: less, parameters: byUser },
				{ name: 'Nobody', credential, parameters: byUser },
				{ name: 'Writes', credential },
				{ name: 'Between operations', credential },
			]);

			await editor.openWorkflow(workflowId);
		}, SET_UP_MS);

		it('gives rows in a table for call IDs that are typed', async () => {
			const panel = await editor.openNode('Typed');
			await panel.type('callIds', `${firstCall}, ${secondCall}`);
			await panel.execute();
			await panel.asTable(panel.output);
			expect(await panel.hints().count()).toBe(0);
			const rows = (await panel.cells(panel.output)).map(([callId]) => callId);
			// Each of the four input items names both calls.
			expect(rows).toEqual([1, 2, 3, 4].flatMap(() => [firstCall, secondCall]));
		});

		it('accepts a field that is dragged onto Call IDs as an expression', async () => {
			const panel = await editor.openNode('Expression');
			await panel.drag(CALLS, 'id', 'callIds');
			await panel.parameter('callIds').getByText('{{ $json.id }}').waitFor();
			await panel.execute();
			await panel.asTable(panel.output);
			const rows = (await panel.cells(panel.output)).map(([callId]) => callId);
			expect(rows).toEqual(SAMPLE_CALL_IDS);
		});

		it('accepts a field that is dragged onto Call ID Field as its name', async () => {
			const panel = await editor.openNode('Field');
			await panel.choose('callsFrom', 'Input Field');
			await panel.drag(CALLS, 'id', 'callIdField');
			await panel.holds('callIdField', 'id');
			await panel.choose('splitInto', 'One Item per User of Each Call');
			await panel.execute();
			await panel.asTable(panel.output);
			const rows = (await panel.cells(panel.output)).map(([callId, userId]) => [callId, userId]);
			expect(rows).toEqual(
				SAMPLE_CALL_IDS.flatMap((callId) => apiAccess[callId].map((userId) => [callId, userId])),
			);
		});

		it('shows which input a row came from while the mouse is over it', async () => {
			const panel = await editor.openNode('By user');
			await panel.execute();
			await panel.asTable(panel.input);
			await panel.asTable(panel.output);
			for (const [place, callId] of [
				[1, secondCall],
				[4, SAMPLE_CALL_IDS[2]],
			] as const) {
				await panel.rows(panel.output).nth(place).hover();
				const { title } = sampleCalls().find(({ id }) => id === callId) ?? {};
				await panel
					.markedRows(panel.input)
					.filter({ hasText: `${title}` })
					.waitFor();
				expect(await panel.markedRows(panel.input).count()).toBe(1);
			}
		});

		it('names the calls that Gong does not know, and what to do', async () => {
			const panel = await editor.openNode('Unknown call');
			// The calls are typed, and there are four input items: told before the node runs, too.
			await panel.hints().filter({ hasText: "turn on 'Execute Once'" }).waitFor();
			await panel.execute();
			const { message, description } = await panel.failure();
			expect(message).toContain(`Gong does not know call ${UNKNOWN_CALL}`);
			expect(message).toContain('Some calls not found');
			expect(description).toContain("'Unknown Calls' to 'Report'");
		});

		it('refuses a bad call ID, naming the parameter, the value and the item', async () => {
			const panel = await editor.openNode('No call ID');
			await panel.execute();
			const { message, description } = await panel.failure();
			expect(message).toBe(
				`'Call IDs' has a value that is not a call ID: "Acme Corp: renewal and seat expansion" [item 0]`,
			);
			expect(description).toContain('Give call IDs such as');
		});

		it('names the scope that a key lacks', async () => {
			const panel = await editor.openNode('Too few scopes');
			await panel.execute();
			const { message, description } = await panel.failure();
			expect(message).toContain('The credential lacks the scope');
			expect(message).toContain(`lacks the scope ${SCOPES.readAccess}`);
			expect(description).toContain('Ask a Gong technical administrator what this key may do');
		});

		it('puts no text above a result, not even where no rows came out', async () => {
			gong.state.load({ ...sampleData(), apiAccess: {} });
			const panel = await editor.openNode('Nobody');
			expect(await panel.hints().count()).toBe(0);
			await panel.execute();
			expect(await panel.hints().count()).toBe(0);
			expect(await panel.notices().count()).toBe(1);
			expect(await panel.rows(panel.output).count()).toBe(0);
		});

		it('keeps what was typed under Users, and a period that a change cannot use says so', async () => {
			const panel = await editor.openNode('Between operations');
			await panel.choose('operation', 'Grant');
			await panel.type('userIds', 'maria.keller@example.com');
			await panel.choose('operation', 'Explain');
			await panel.choose('callsFrom', 'Period');
			await panel.choose('operation', 'Grant');
			await panel.holds('userIds', 'maria.keller@example.com');
			await panel.execute();
			const { message, description } = await panel.failure();
			expect(message).toContain("'Period' works only with Get Many and Explain");
			expect(description).toContain('put Get Many before this node');
		});

		describe.each(THEMES)('in the %s theme', (theme) => {
			beforeEach(async () => await editor.useTheme(theme));

			it('shows an icon made for the theme', async () => {
				await editor.nodePanel.close();
				const icon = editor.nodeOnCanvas('Typed').locator('img');
				const file = theme === 'dark' ? 'gongCallAccess.dark.svg' : 'gongCallAccess.svg';
				await icon.and(browser.page.locator(`[src$="/${file}"]`)).waitFor();
				const width = await icon.evaluate(async (element) => {
					const image = element as unknown as { decode(): Promise<void>; naturalWidth: number };
					await image.decode();
					return image.naturalWidth;
				});
				expect(width).toBeGreaterThan(0);
			});

			it('says before a write what it takes away and what not', async () => {
				const panel = await editor.openNode('Writes');
				await panel.choose('operation', 'Grant');
				await panel.parameter('userIds').waitFor();
				expect(await panel.notices().allInnerTexts()).toEqual([]);
				await panel.choose('operation', 'Revoke');
				await panel
					.notices()
					.filter({ hasText: "Takes away only access given through Gong's API" })
					.waitFor();
				await panel.choose('operation', 'Replace');
				await panel.notices().filter({ hasText: "from everyone you don't list" }).waitFor();
				expect(await panel.notices().count()).toBe(1);
			});
		});
	});
});
